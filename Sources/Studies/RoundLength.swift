// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Quantities
import Randomness
import Simulation

/// How long a global round lasts in the mean: as long as the longest step of all agents, with what messages take.
///
/// With steps X_k that are drawn apart, messages that all take L, and nothing that goes wrong, a round lasts
///
/// | strategy | mean |
/// |---|---|
/// | step, then messages, or messages, then step | E[max X_k] + L |
/// | consensus: the step while messages travel | E[max(X_1, …, X_N, L)] |
/// | fusion centre, whose own step takes S | E[max X_k] + E[S] + 2 L |
///
/// *Edge cases*: the first round is longer where agents start at times of their own.
package struct RoundLength: Sendable, Codable, Equatable {
  /// Seconds; nothing where no closed form covers it.
  package private(set) var seconds: Double?
  /// Why there is none.
  package private(set) var reason: String?
  /// The steps of which the longest is meant.
  package let steps: Int

  /// Nothing where no global barrier ends rounds.
  package init?(_ settings: SimulationSettings, in world: World) {
    guard settings.strategy.facts.cooperates, settings.strategy.timing == .synchronousGlobal else { return nil }
    steps = world.agentCount
    if let reason = settings.reasonForNoRoundLength(in: world) {
      self.reason = reason
      return
    }
    let longest = LongestOf(
      of: settings.conditions.compute.withinAgent, times: Array(world.typicalStepDurations.prefix(steps)))
    guard longest.isWithinReach else {
      reason = "The mean of the longest step is not tried for more than \(LongestOf.mostFactors) different agents."
      return
    }
    let latency = world.network.linkCount > 0 ? world.latencies.law.mean : 0
    let strategy = settings.strategy
    if strategy.facts.hasCentre {
      seconds = longest.mean + strategy.centre.stepTime.mean + 2 * latency
    } else if strategy.facts.arrangement == .consensus {
      seconds = longest.mean(atLeast: latency)
    } else {
      seconds = longest.mean + latency
    }
    if seconds?.isFinite != true { (seconds, reason) = (nil, "The law of steps has no mean.") }
  }

  /// One sentence that says it.
  package func sentence(seconds text: (Double) -> String) -> String {
    guard let seconds else { return "No mean round is predicted. \(reason ?? "")" }
    let what = steps == 1 ? "the one step" : "the longest of \(steps) steps"
    return "A round lasts \(text(seconds)) in the mean: \(what), with what messages take."
  }
}

extension SimulationSettings {
  /// Why no closed form covers the length of a global round.
  fileprivate func reasonForNoRoundLength(in world: World) -> String? {
    let (compute, links) = (conditions.compute, conditions.links)
    if !resample.isEmpty { return "What rounds depend on is drawn anew in every replication." }
    if hasOutages { return "Who crashes is not waited for." }
    if changesNetwork || network.sendTo != .all { return "Whom a round waits for changes." }
    let changesRounds = timeline.contains { if case .tasks = $0.change { false } else { true } }
    if changesRounds { return "The timeline changes rounds." }
    if hasChangingSpeeds { return "The speeds of agents change with time, so one round depends on another." }
    if compute.work != nil { return "Steps take as long as what they compute." }
    if phaseCount > 1 { return "The phases of a step share its draw." }
    if !messageLosses.isEmpty { return "Messages get lost and are sent again." }
    if links.bandwidth != nil { return "Messages share links of limited bandwidth." }
    guard world.latencies.scales.isEmpty, world.latencies.law.isConstant else {
      return "Latencies differ between messages."
    }
    let isSilent = (0..<world.network.nodeCount).contains { world.network.outgoing(NodeID($0)).isEmpty }
    if world.latencies.law.mean > 0, isSilent { return "Some agents have nobody to send to." }
    return nil
  }
}
