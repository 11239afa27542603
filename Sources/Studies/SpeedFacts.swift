// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Quantities
import Simulation

/// What is known beforehand of speeds that change with time, by spells and by a trace.
package struct SpeedFacts: Sendable, Codable, Equatable {
  /// Slow spells, of those that have some.
  package struct Spells: Sendable, Codable, Equatable {
    /// The share of their time that is slow, in the long run.
    package let slowShare: Double
    package let slowdown: Double
    /// How long a slow spell lasts in the mean, seconds.
    package let slowSeconds: Double
    /// How many agents have such spells.
    package let agents: Int
    /// Whether they begin as at any other time; else with a normal spell.
    package let isStationary: Bool
  }

  package let spells: Spells?
  /// The file that says speeds.
  package let trace: String?
  /// Over agents and a long time, all causes but the timeline together; by a trace over the time of the run.
  package let meanSpeed: Double
  /// The slowest agent's.
  package let leastSpeed: Double
  /// Whether speeds do anything: not in slots, where a step takes its part of the slot.
  package let matters: Bool

  /// Nothing where speeds do not change.
  package init?(_ settings: SimulationSettings, in world: World) {
    let compute = settings.conditions.compute
    guard compute.hasChangingSpeeds else { return nil }
    let agents = settings.slowAgents(of: world.agents).count
    spells = compute.spells.map { spells in
      Spells(
        slowShare: spells.shareOfTime, slowdown: spells.slowdown, slowSeconds: spells.slow.mean, agents: agents,
        isStationary: spells.resolvedStart == .stationary)
    }
    trace = compute.trace?.file
    let speeds = settings.meanSpeeds(of: world.agents)
    meanSpeed = speeds.reduce(0, +) / Double(max(1, speeds.count))
    leastSpeed = speeds.min() ?? 1
    matters = settings.heedsSpeeds
  }

  /// A few sentences that say it.
  package func sentence(number: (Double) -> String, seconds: (Double) -> String) -> String {
    guard matters else {
      return "Changing speeds do nothing in slots, where a step takes its part of the slot."
    }
    var sentences: [String] = []
    if let spells {
      let start = spells.isStationary ? "" : "; at first everybody has the usual speed"
      let who = "\(counted(spells.agents, "agent")) \(spells.agents == 1 ? "has" : "have")"
      sentences.append(
        "\(who) slow spells of \(seconds(spells.slowSeconds)) in the mean, \(number(spells.slowdown)) times slower for "
          + "\(number(spells.slowShare * 100)) % of the time\(start).")
    }
    if let trace { sentences.append("Speeds follow \(trace).") }
    sentences.append("The mean speed is \(number(meanSpeed)), of the slowest agent \(number(leastSpeed)).")
    return sentences.joined(separator: " ")
  }
}
