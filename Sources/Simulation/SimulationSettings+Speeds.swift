// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
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

  /// Whether the speed of anybody changes with time and does anything.
  package var hasChangingSpeeds: Bool {
    heedsSpeeds && conditions.compute.hasChangingSpeeds || timelineChangesSpeeds
  }

  /// The mean speed of each agent over a long time, without what the timeline says.
  package func meanSpeeds(of names: [String]) -> [Double] {
    guard heedsSpeeds, let spells = conditions.compute.spells else { return names.map { _ in 1 } }
    return names.map { spells.concerns($0) ? spells.meanSpeed : 1 }
  }

  /// The same over the time of the run, or a little more, of somebody with slow spells: one who begins with a normal spell
  /// is faster.
  private func speedWithinRun(_ spells: SlowSpellSettings) -> Double {
    guard spells.resolvedStart == .normal else { return spells.meanSpeed }
    let until = measurement.until.seconds
    return max(spells.meanSpeed, min(1, spells.normal.mean(within: until) / until))
  }

  /// What agents gain or lose by their speeds within the run: factors of the times of their steps.
  func slowdownsWithinRun(of names: [String]) -> [Double] {
    guard heedsSpeeds, let spells = conditions.compute.spells else { return names.map { _ in 1 } }
    let speed = speedWithinRun(spells)
    return names.map { spells.concerns($0) ? 1 / speed : 1 }
  }

  /// The same of so many agents on average, before their names are known: of their rates.
  func meanSlowdownWithinRun(agents: Int) -> Double {
    guard heedsSpeeds, agents > 0, let spells = conditions.compute.spells else { return 1 }
    let share = Double(spells.agents?.count ?? agents) / Double(agents)
    return 1 / (1 - share * (1 - speedWithinRun(spells)))
  }
}
