// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Quantities
import RandomScenarios
import Randomness
import Records
import Simulation

/// What holds in every run of a scenario.
struct RunRules {
  let scenario: RandomScenario
  let settings: SimulationSettings
  /// Directed links of the network.
  let links: Int
  /// Its agents.
  let agents: [EntityKey]

  init(_ scenario: RandomScenario, _ settings: SimulationSettings, _ world: World) {
    (self.scenario, self.settings) = (scenario, settings)
    links = world.network.linkCount
    agents = Array(world.network.keys.prefix(world.agentCount))
  }

  /// What is wrong with a run.
  func faults(of record: RunRecord) -> [String] {
    standstill(record) + fates(record) + overload(record) + costsThatFall(record) + estimatesOutside(record)
  }

  /// What a run holds is no more than what is said of it beforehand.
  func excess(of memory: MemoryUse, in world: World) -> [String] {
    let need = MemoryNeed(ExpectedLoad(settings, in: world)).bytes
    return Double(memory.bytes) <= need ? [] : ["\(memory) takes more than the \(need) B announced"]
  }

  /// Where nobody crashes, everybody who is there can go on: what is lost is sent again or given up.
  private func standstill(_ record: RunRecord) -> [String] {
    record.ending == .stalled && !scenario.hasCrashes && !everybodyLeaves ? ["stalled at \(record.endTime) s"] : []
  }

  private var everybodyLeaves: Bool {
    settings.timeline.contains { entry in
      guard case .members(let selector, .leave) = entry.change else { return false }
      if case .random(let amount) = selector { return amount.count(of: agents.count) == agents.count }
      return selector == .all
    }
  }

  private func fates(_ record: RunRecord) -> [String] {
    let messages = record.messages
    return messages.accounted == messages.sent ? [] : ["fates sum to \(messages.accounted) of \(messages.sent)"]
  }

  /// A link carries at most its bandwidth × time, and the rest of the message in service at the end.
  private func overload(_ record: RunRecord) -> [String] {
    // What is offered to a link that is cut costs its bytes and takes no time of it; what is in service when an edge goes
    // has cost all of its bytes.
    guard !scenario.cutsLinks, settings.network.edgesComeAndGo == nil,
      let bandwidth = settings.conditions.links.bandwidth?.same
    else { return [] }
    let numbers = settings.parameterCount + 1
    let widest = max(
      UInt64(numbers * settings.bytesPerParameter) + settings.conditions.links.overhead.bytes,
      settings.uploadBytes(samples: settings.mostSamplesPerStep),
      settings.strategy.retransmission.acknowledgementSize.bytes)
    let most = Double(links) * (bandwidth.bytesPerSecond * record.endTime + Double(widest))
    let carried = Double(record.messages.bytes)
    return carried <= most * (1 + 1e-12) ? [] : ["\(carried) B over links that carry \(most) B"]
  }

  /// What has been spent does not become less.
  private func costsThatFall(_ record: RunRecord) -> [String] {
    [MetricDefinition.updates, .episodes, .samples, .messages, .bytes].compactMap { metric in
      guard let values = record.series.first(where: { $0.metric == metric.name })?.values else { return nil }
      let falls = zip(values, values.dropFirst()).contains { $0 > $1 }
      return falls ? "\(metric.name) falls" : nil
    }
  }

  /// Agents that only average stay between the values that they start from. So of N agents none is farther from the mean,
  /// in squares, than (max − min)² ≤ 2 Σ (x − mean)² = 2 N times the mean square deviation at the start.
  private func estimatesOutside(_ record: RunRecord) -> [String] {
    guard settings.task.definition == .averaging else { return [] }
    let averaging = AveragingSettings(dimension: settings.parameterCount)
    // The first measurement is no start: it comes after what happens at the first instant.
    let start = deviationAtStart(averaging, replication: UInt32(record.identity.replication))
    let deviations = record.series.first { $0.metric == MetricDefinition.msdAll.name }?.values ?? []
    guard let worst = deviations.max() else { return ["nothing was measured"] }
    // Rounding: of a start at one value its square may be at most 1e-20.
    let most = 2 * Double(agents.count) * start * (1 + 1e-12) + 1e-20
    return worst <= most ? [] : ["an estimate left the hull: MSD \(worst) of at most \(most)"]
  }

  /// The mean square deviation of initial parameters from their mean.
  private func deviationAtStart(_ averaging: AveragingSettings, replication: UInt32) -> Double {
    let learner = PureAveraging(
      averaging, initial: settings.learner.initial, agents: agents, seed: settings.seed, replication: replication)
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: averaging.dimension) { start in
      guard let parameters = start.baseAddress else { return 0 }
      let sum = agents.indices.reduce(0) { sum, rank in
        learner.initialise(NodeID(rank), into: parameters)
        return sum + learner.squaredErrors(NodeID(rank), at: parameters).toNetworkOptimum
      }
      return sum / Double(agents.count)
    }
  }
}
