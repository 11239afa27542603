// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Simulation

/// Kind `diffusion-lms`: slotted network LMS with exact expectations, in slots of one second. What needs neither
/// random activity nor random links nor delay runs in rounds with a global barrier instead, which must come to the same.
struct DiffusionVerification: ReferenceCase {
  static let kind = "diffusion-lms"

  struct Experiment: Decodable, Sendable {
    struct Expected: Decodable, Sendable {
      let networkMsdDb: Double
      let agentMsdDb: [Double]
      /// Slots with the network MSD in dB.
      let transient: [ReferencePoint<Double>]?
    }

    struct Averaging: Decodable, Sendable {
      let runs: Int
      /// Slots [from, to).
      let window: [Int]
    }

    let name: String
    let strategy: String
    let activity: String?
    let agentActiveProbability: ScalarOrList?
    let linkDeliveryProbability: Double?
    let messageDelaySlots: Int?
    let expected: Expected
    let `protocol`: Averaging
  }

  let id: String
  let network: ReferenceGraph
  let weights: ReferenceWeights
  let data: ReferenceData
  let experiments: [Experiment]
  let tolerance: DeviationBars

  func report(_ verifier: Verifier) throws -> VerificationReport {
    var report = VerificationReport()
    let network = try ReferenceNetwork(self.network, weights: weights)
    report.checks += try network.ruleCheck(id)
    let regression = try ReferenceRegression(data, on: network.network, verifier: verifier)
    let world = try regression.world()
    for experiment in experiments {
      try check(experiment, agents: network.network.nodeCount)
      let settings = try settings(of: experiment, regression)
      let expected = experiment.expected.transient ?? []
      let runs = verifier.runs(experiment.protocol.runs)
      let (steady, transient) = try regression.outcomes(
        settings, in: world, runs: runs, transient: expected.map(\.at),
        transientRuns: verifier.runs(max(experiment.protocol.runs, tolerance.transientNeedsRuns ?? 0)))
      report.checks += regression.checks(
        "\(id)/\(experiment.name)", steady: steady, transient: transient,
        expectedNetwork: experiment.expected.networkMsdDb, expectedAgents: experiment.expected.agentMsdDb,
        expectedTransient: expected.map { ("slot \($0.index)", $0.value) }, bars: tolerance)
    }
    return report
  }

  /// Refuses what no run can be.
  private func check(_ experiment: Experiment, agents: Int) throws {
    let place = "experiment '\(experiment.name)':"
    let window = experiment.protocol.window
    guard window.count == 2, window[0] >= 0, window[1] > max(1, window[0]), window[1] <= Int(ReferenceLimits.latest)
    else {
      throw ReferenceError(
        "\(place) the window \(window) is no span of slots from 0 to \(Int(ReferenceLimits.latest)).")
    }
    try ReferenceLimits.checkRuns(experiment.protocol.runs, "\(place) protocol.runs")
    try ReferenceLimits.checkRuns(tolerance.transientNeedsRuns ?? 1, "tolerance.transient_needs_runs")
    try ReferenceLimits.checkDelay(experiment.messageDelaySlots ?? 0, "\(place) message_delay_slots")
    guard experiment.expected.agentMsdDb.count == agents else {
      throw ReferenceError(
        "\(place) agent_msd_db has \(experiment.expected.agentMsdDb.count) numbers for \(agents) agents.")
    }
    for point in experiment.expected.transient ?? [] where point.at != point.at.rounded() {
      throw ReferenceError("\(place) the transient has a point at \(point.at), which is no whole slot.")
    }
  }

  private func settings(of experiment: Experiment, _ regression: ReferenceRegression) throws -> SimulationSettings {
    let from = Double(experiment.protocol.window[0])
    let lastTransient = experiment.expected.transient?.map(\.at).max() ?? 0
    let until = max(Double(experiment.protocol.window[1] - 1), lastTransient)
    return try regression.settings(
      try strategy(of: experiment, agents: regression.network.nodeCount),
      loss: 1 - (experiment.linkDeliveryProbability ?? 1),
      measurement: MeasurementSettings(until: .seconds(until), every: .seconds(1), finalWindow: 1 - from / until))
  }

  private func strategy(of experiment: Experiment, agents: Int) throws -> StrategySettings {
    let kinds: [String: StrategyDefinition] = [
      "atc": .diffusionATC, "cta": .diffusionCTA, "consensus": .consensus, "noncooperative": .nonCooperative,
    ]
    guard let kind = kinds[experiment.strategy] else {
      throw ReferenceError("the strategy '\(experiment.strategy)' is not known.")
    }
    guard let activity = SlotSettings.Activity(rawValue: experiment.activity ?? "compute") else {
      throw ReferenceError("the activity '\(experiment.activity ?? "")' is not known.")
    }
    let probabilities = (experiment.agentActiveProbability ?? .scalar(1)).values(count: agents)
    guard probabilities.count == agents, probabilities.allSatisfy((0...1).contains) else {
      throw ReferenceError("agent_active_probability is not one probability per agent.")
    }
    let delay = experiment.messageDelaySlots ?? 0
    let isLockstep =
      probabilities.allSatisfy { $0 == 1 } && experiment.linkDeliveryProbability ?? 1 == 1
      && experiment.messageDelaySlots == nil
    if isLockstep { return StrategySettings(kind: kind, timing: .synchronousGlobal) }
    return StrategySettings(
      kind: kind, timing: .slotted, mailboxStart: delay > 0 ? .initial : .empty,
      slots: SlotSettings(activity: activity, activeProbability: .values(probabilities), messageDelay: delay))
  }
}
