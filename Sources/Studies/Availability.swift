// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Quantities
import Simulation

/// Who goes down by itself, by which causes, and how much of the time agents are up.
///
/// Where what every cause does is known for all times, as of exponential laws, of hours of the day and of traces, it is the
/// share of the run; else the share of time in the long run, which is exact too. Causes do not know of each other, so an
/// agent is up with the product of what they leave.
package struct Availability: Sendable, Codable, Equatable {
  package struct Cause: Sendable, Codable, Equatable {
    /// What kind of cause it is.
    package let kind: String
    /// How many agents it can take down.
    package let agents: Int
    /// The mean share of time that these are up, as far as this cause goes.
    package let share: Double
  }

  package let causes: [Cause]
  /// The mean over all agents.
  package let mean: Double
  /// Of the agent that is up least.
  package let least: Double
  /// Whether the shares are those of the run.
  package let isOfRun: Bool
  /// Whether nothing else takes agents down: no event of the timeline, which is not counted.
  package let isAlone: Bool

  /// Points of time and agents that are looked at together.
  private static let mostPoints = 200_000

  /// - Returns: nothing where nobody goes down by itself, or it cannot be told who.
  package init?(_ settings: SimulationSettings, in world: World) {
    let causes = settings.conditions.outageCauses
    guard !causes.isEmpty,
      let outages = try? Outages(causes, settings.outageContext(in: world, replication: 0))
    else { return nil }
    isAlone = !settings.timelineTakesDown
    let agents = (0..<world.agentCount).map { NodeID($0) }
    let processes = outages.causes.map(\.process)
    isOfRun = processes.allSatisfy { process in
      agents.allSatisfy { process.availability(of: $0, at: 0) != nil }
    }
    let count = max(20, Self.mostPoints / max(1, agents.count * causes.count))
    let until = settings.measurement.until.seconds
    let times = isOfRun ? (0..<count).map { (Double($0) + 0.5) / Double(count) * until } : [.infinity]
    // Of each agent the mean over all times, of each cause and of all together.
    var sums = Array(repeating: 0.0, count: causes.count)
    var together: [Double] = []
    for agent in agents {
      var sum = 0.0
      for time in times {
        var product = 1.0
        for (number, process) in processes.enumerated() {
          let share = process.availability(of: agent, at: time) ?? 1
          sums[number] += share / Double(times.count)
          product *= share
        }
        sum += product / Double(times.count)
      }
      together.append(sum)
    }
    mean = together.reduce(0, +) / Double(max(1, agents.count))
    least = together.min() ?? 1
    self.causes = causes.indices.map { number in
      let process = processes[number]
      let hit = Set(
        (0..<process.lineCount).flatMap { line in
          (0..<process.agentCount(of: line)).map { process.agent($0, of: line) }
        })
      let down = Double(agents.count) - sums[number]
      return Cause(
        kind: causes[number].kind.name, agents: hit.count, share: 1 - down / Double(max(1, hit.count)))
    }
  }
}
