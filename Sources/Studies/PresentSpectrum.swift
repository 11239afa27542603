// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Networks
import Quantities
import Simulation

/// Between what the second singular value of the combination matrix of the present graph lies, at the times of
/// measurements of replication 0. Of a graph in pieces it is one.
///
/// What changes a network depends on nothing that agents do, so a run without steps and messages shows it.
package struct PresentSpectrum: Sendable, Equatable, Encodable {
  /// At the first measurement.
  package let start: Double
  package let least: Double
  package let greatest: Double

  /// Of larger networks it would take too long.
  private static let mostAgents = 200
  /// Multiplications that the decompositions of an arm may take: a second or so.
  private static let operationLimit = 2e9

  /// - Returns: nothing where the network stays what it is, is large, or has no weights.
  package init?(_ settings: SimulationSettings, in world: World) {
    guard settings.changesNetwork, settings.strategy.facts.combinesNeighbourhood, settings.network.sendTo == .all,
      world.agentCount == world.network.nodeCount, (2...Self.mostAgents).contains(world.agentCount),
      let skeleton = Self.skeleton(of: settings),
      let task = try? skeleton.task.drawn(
        TaskDraw(
          agents: world.agents.keys, learner: skeleton.learner, seed: skeleton.seed, replication: 0))
    else { return nil }
    let bare = World(
      network: world.network, task: task, typicalStepDurations: world.typicalStepDurations,
      latencies: world.latencies)
    let size = Double(world.agentCount)
    let most = max(10, Self.operationLimit / (20 * size * size * size))
    let measurements = settings.measurement.until.seconds / settings.measurement.every.seconds + 1
    nonisolated(unsafe) var graph = PresentLinks(world, settings.network)
    nonisolated(unsafe) var first: Double?
    nonisolated(unsafe) var range: ClosedRange<Double>?
    nonisolated(unsafe) var number = 0
    nonisolated(unsafe) var isKnown = true
    let stride = max(1, Int((measurements / most).rounded(.up)))
    let observer = RunObserver { occurrence in
      graph.note(occurrence)
      guard occurrence.kind == .measured else { return }
      defer { number += 1 }
      guard number % stride == 0, isKnown else { return }
      guard let value = graph.secondSingularValue() else {
        isKnown = false
        return
      }
      first = first ?? value
      range = min(range?.lowerBound ?? value, value)...max(range?.upperBound ?? value, value)
    }
    guard (try? simulate(skeleton, in: bare, observer: observer)) != nil, isKnown, let first, let range else {
      return nil
    }
    (start, least, greatest) = (first, range.lowerBound, range.upperBound)
  }

  /// The same network with agents that do nothing; nothing where that cannot be.
  private static func skeleton(of settings: SimulationSettings) -> SimulationSettings? {
    var skeleton = settings
    skeleton.task = .averaging(AveragingSettings(dimension: 1))
    skeleton.learner = LearnerSettings(algorithm: .none, stepSize: .law(.constant(0)), initial: .constant(0))
    skeleton.strategy = StrategySettings(timing: .slotted, missingNeighbour: .itself)
    // Its only slot ends with the run.
    skeleton.strategy.slots.duration = settings.measurement.until
    skeleton.conditions.failures = nil
    skeleton.measurement = MeasurementSettings(until: settings.measurement.until, every: settings.measurement.every)
    // Changes of tasks, which agents do not have. Whom one of them chose nobody else can ask for then.
    skeleton.timeline = settings.timeline.filter { if case .tasks = $0.change { false } else { true } }
    let asksForEvents = settings.timeline.contains { entry in
      if case .event = entry.change?.agentSelector { true } else { false }
    }
    return asksForEvents && skeleton.timeline.count < settings.timeline.count ? nil : skeleton
  }
}

/// The links and agents that are there, as a run tells of them.
private struct PresentLinks {
  private let network: Network
  private let settings: NetworkSettings
  private let noiseVariances: [Double]?
  private var isLinkThere: [Bool]
  private var isAgentThere: [Bool]
  /// That of the present graph, until it changes.
  private var known: Double?

  init(_ world: World, _ settings: NetworkSettings) {
    (network, self.settings, noiseVariances) = (world.network, settings, world.task.observationNoise)
    isLinkThere = Array(repeating: true, count: network.linkCount)
    isAgentThere = Array(repeating: true, count: network.nodeCount)
  }

  mutating func note(_ occurrence: Occurrence) {
    switch occurrence.kind {
    case .edgeGoes, .edgeComes:
      guard let link = occurrence.link else { return }
      isLinkThere[link.index] = occurrence.kind == .edgeComes
    case .joins, .leaves:
      guard let agent = occurrence.agent else { return }
      isAgentThere[agent.index] = occurrence.kind == .joins
    default: return
    }
    known = nil
  }

  /// Of the matrix that the scenario's rule makes of the present graph.
  mutating func secondSingularValue() -> Double? {
    if let known { return known }
    let present = isAgentThere.indices.filter { isAgentThere[$0] }
    guard present.count > 1 else { return 0 }
    known =
      network.piece(present, settings, noiseVariances: noiseVariances) { isLinkThere[$0] }?.secondSingularValue
    return known
  }
}
