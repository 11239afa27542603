// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Networks
import Scenarios
import Simulation
import Synchronization
import Workers

/// What is known about an arm before it runs.
package struct ArmFacts: Sendable {
  package let network: NetworkFacts
  /// The network itself, in replication 0; nothing for one that is too large to be kept.
  package let drawn: Network?
  /// Between what sigma2 of the present graph lies; nothing where the network stays what it is.
  package let presentSpectrum: PresentSpectrum?
  /// The greatest utilisation among the links; nothing without a bandwidth limit.
  package let utilisation: Double?
  package let prediction: Prediction
  /// Seconds that a global round lasts in the mean; nothing where there is no closed form, or no barrier.
  package let predictedRound: Double?
  /// How much of the time agents are up; nothing where nobody goes down by itself, or the timeline takes somebody down.
  package let predictedAvailability: Double?
  /// The share of messages that get lost; nothing where there is no closed form, or one probability says it.
  package let predictedLoss: Double?
}

extension Study {
  /// Multiplications that all predictions of a study may take together: ten seconds or so.
  private static let operationLimit = 3e10

  /// The facts about all arms, in their order. Arms with the same network and task share the work on the network, and
  /// many arms share the patience for predictions.
  ///
  /// - Parameters:
  ///   - jobs: threads that work.
  ///   - mostAgents: of a network that is kept.
  ///   - isCancelled: once true, the rest is left.
  /// - Returns: nothing after a cancellation.
  /// - Throws: if a world cannot be drawn, with the name of the first such arm.
  package func facts(
    jobs: Int, keepingUpTo mostAgents: Int, isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws(StudyError) -> [ArmFacts]? {
    let known = KnownNetworks()
    let limit = min(Prediction.operationLimit, Self.operationLimit / Double(max(1, scenario.arms.count)))
    let outcomes = inParallel(count: scenario.arms.count, jobs: jobs) { arm -> Result<ArmFacts, StudyError>? in
      guard !isCancelled() else { return nil }
      return Result { () throws(StudyError) in
        let settings = scenario.arms[arm].settings
        let world = try world(of: arm)
        let network = known.facts(of: world.networkOfFacts(settings), settings)
        let isKept = world.network.nodeCount <= mostAgents
        return ArmFacts(
          network: network.facts, drawn: isKept ? network.drawn : nil,
          presentSpectrum: PresentSpectrum(settings, in: world),
          utilisation: ExpectedRates(settings, in: world).utilisation,
          prediction: Prediction(settings, in: world, limit: limit),
          predictedRound: RoundLength(settings, in: world)?.seconds,
          predictedAvailability: settings.timelineTakesDown
            ? nil : Availability(settings, in: world).flatMap { $0.isOfRun ? $0.mean : nil },
          predictedLoss: LossPrediction(settings, in: world)?.share)
      }
    }
    var facts: [ArmFacts] = []
    for outcome in outcomes {
      guard let outcome else { return nil }
      facts.append(try outcome.get())
    }
    return facts
  }

  /// The facts about the network of each arm in replication 0.
  ///
  /// - Throws: if a world cannot be drawn.
  package func networkFacts() throws(StudyError) -> [NetworkFacts] {
    let known = KnownNetworks()
    var facts: [NetworkFacts] = []
    for (position, arm) in scenario.arms.enumerated() {
      facts.append(known.facts(of: try world(of: position).networkOfFacts(arm.settings), arm.settings).facts)
    }
    return facts
  }
}

/// Networks that have been looked at.
private final class KnownNetworks: Sendable {
  private struct Entry {
    let network: NetworkSettings
    let task: TaskSettings
    let hasCentre: Bool
    let drawn: Network
    let facts: NetworkFacts
  }

  /// A sweep over networks has few of them at a time.
  private static let most = 16
  private let entries = Mutex<[Entry]>([])

  /// The facts about a network, and the first network of the same settings, so that all arms share one.
  func facts(of drawn: Network, _ settings: SimulationSettings) -> (facts: NetworkFacts, drawn: Network) {
    let hasCentre = settings.strategy.facts.hasCentre
    let known = entries.withLock { entries in
      entries.last { $0.network == settings.network && $0.task == settings.task && $0.hasCentre == hasCentre }
    }
    if let known { return (known.facts, known.drawn) }
    let facts =
      hasCentre ? NetworkFacts(starOf: drawn.nodeCount - 1) : NetworkFacts(drawn, settings.network)
    entries.withLock { entries in
      if entries.count == Self.most { entries.removeFirst() }
      entries.append(
        Entry(network: settings.network, task: settings.task, hasCentre: hasCentre, drawn: drawn, facts: facts))
    }
    return (facts, drawn)
  }
}
