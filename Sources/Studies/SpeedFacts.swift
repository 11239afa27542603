// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Quantities
import Simulation

/// What is known beforehand of speeds that change with time.
package struct SpeedFacts: Sendable, Codable, Equatable {
  /// Of those with slow spells: the mean over a long time, one at their usual speed.
  package let meanSpeed: Double
  /// The share of their time that is slow, in the long run.
  package let slowShare: Double
  package let slowdown: Double
  /// How long a slow spell lasts in the mean, seconds.
  package let slowSeconds: Double
  /// How many agents have such spells.
  package let agents: Int
  /// Whether they begin as at any other time; else with a normal spell.
  package let isStationary: Bool
  /// Whether speeds do anything: not in slots, where a step takes its part of the slot.
  package let matters: Bool

  /// Nothing where speeds do not change.
  package init?(_ settings: SimulationSettings, in world: World) {
    guard let spells = settings.conditions.compute.spells else { return nil }
    meanSpeed = spells.meanSpeed
    slowShare = spells.shareOfTime
    slowdown = spells.slowdown
    slowSeconds = spells.slow.mean
    agents = settings.slowAgents(of: world.agents).count
    isStationary = spells.resolvedStart == .stationary
    matters = settings.heedsSpeeds
  }

  /// One or two sentences that say it.
  package func sentence(number: (Double) -> String, seconds: (Double) -> String) -> String {
    guard matters else { return "Slow spells do nothing in slots, where a step takes its part of the slot." }
    let start = isStationary ? "" : "; at first everybody has the usual speed"
    let who = "\(counted(agents, "agent")) \(agents == 1 ? "has" : "have")"
    return "\(who) slow spells of \(seconds(slowSeconds)) in the mean, \(number(slowdown)) times slower for "
      + "\(number(slowShare * 100)) % of the time: mean speed \(number(meanSpeed))\(start)."
  }
}
