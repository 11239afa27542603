// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Networks
import Quantities
import Randomness

/// How fast agents are in the mean over time.
extension SimulationSettings {
  /// Whether speeds that change with time do anything: in slots a step takes its part of the slot.
  package var heedsSpeeds: Bool { strategy.timing != .slotted }

  /// Whether the timeline changes speeds that do anything.
  package var timelineChangesSpeeds: Bool {
    heedsSpeeds && timeline.contains { if case .speeds = $0.change { true } else { false } }
  }

  /// Whether a run is ready for changes of speeds by its timeline.
  var followsScriptedSpeeds: Bool { timelineChangesSpeeds || heedsSpeeds && isBranchable }

  /// Whether the speed of anybody changes with time and does anything.
  package var hasChangingSpeeds: Bool {
    heedsSpeeds && conditions.compute.hasChangingSpeeds || timelineChangesSpeeds
  }

  /// Those among whom keys choose once per study.
  package func ground(of agents: Network) -> SelectionGround {
    SelectionGround(
      agents: agents, groups: conditions.groups, regionOfAgent: conditions.links.regionOfAgent(agents.names))
  }

  /// The ranks of the agents that have slow spells.
  package func slowAgents(of agents: Network) -> [Int] {
    conditions.compute.spells?.ranks(in: ground(of: agents), seed: seed) ?? []
  }

  /// The mean speed of each agent over a long time, without what the timeline says.
  package func meanSpeeds(of agents: Network) -> [Double] {
    speeds(of: agents) { $0.meanSpeed }
  }

  /// The same over the time of the run, or a little more.
  func meanSpeedsWithinRun(of agents: Network) -> [Double] { speeds(of: agents, speedWithinRun) }

  /// The same of agents on average, before these are known.
  func meanSpeedWithinRun(agents: Int) -> Double {
    guard heedsSpeeds, agents > 0, let spells = conditions.compute.spells else { return 1 }
    let share = min(1, spells.agents.atMost(of: Double(agents)) / Double(agents))
    return 1 - share * (1 - speedWithinRun(spells))
  }

  private func speeds(of agents: Network, _ slow: (SlowSpellSettings) -> Double) -> [Double] {
    guard heedsSpeeds else { return Array(repeating: 1, count: agents.nodeCount) }
    var speeds = conditions.compute.meanTracedSpeeds(of: agents, seed: seed, until: measurement.until.seconds)
    guard let spells = conditions.compute.spells else { return speeds }
    for rank in slowAgents(of: agents) { speeds[rank] *= slow(spells) }
    return speeds
  }

  /// Who begins with a normal spell is faster than in the long run.
  private func speedWithinRun(_ spells: SlowSpellSettings) -> Double {
    guard spells.resolvedStart == .normal else { return spells.meanSpeed }
    let until = measurement.until.seconds
    return max(spells.meanSpeed, min(1, spells.normal.mean(within: until) / until))
  }
}
