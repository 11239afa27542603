// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Randomness
import Schema

/// How agents move, and how often their links are made anew.
package struct MovementSettings: Sendable, Equatable {
  package enum Movement: String, Sendable, CaseIterable {
    /// Straight on at one speed, with a new direction at the times of `turn`; opposite sides of the square are joined. Agents
    /// are uniform and independent at every time, so degrees are binomial(N − 1, π r²).
    case randomDirection = "random-direction"
    /// To a uniform point, a pause, and on to the next. It starts uniform, and thins out at the rim with time.
    case randomWaypoint = "random-waypoint"
  }

  /// The word of directions that are kept.
  static let never = "never"
  /// All links that there can ever be are kept, so there are bounds.
  package static let mostAgents = 1000

  package let movement: Movement
  let reach: NetworkSettings.Reach
  /// Seconds for a side of the square, on each stretch.
  let crossing: Distribution
  /// Seconds until the next direction; nothing for never.
  let turn: Distribution?
  let pause: Distribution?
  /// How often the graph is made anew.
  package let every: VirtualDuration

  /// The movement of a topology; nothing of one whose agents stay.
  package init?(_ topology: NetworkSettings.Topology) {
    guard topology.definition.name == TopologyDefinition.mobile.name else { return nil }
    let arguments = topology.arguments
    movement = arguments.text("movement").flatMap(Movement.init(rawValue:)) ?? .randomDirection
    reach = arguments.number("radius").map { .radius($0) } ?? .meanDegree(arguments.number("mean-degree") ?? 0)
    crossing = arguments["crossing"]?.law ?? .constant(1)
    turn = arguments["turn"].flatMap { $0.text == nil ? $0.law : nil }
    pause = arguments["pause"]?.law
    every = arguments.duration("every")
  }

  /// Seconds for which an agent goes straight on, in the mean of a run of such a length; infinite where it never turns.
  package func secondsOfStretch(within run: Double) -> Double {
    switch movement {
    case .randomDirection: turn?.mean(within: run) ?? .infinity
    // Two random points of a unit square are 0.5214 apart in the mean.
    case .randomWaypoint: 0.5214 * crossing.mean(within: run) + (pause?.mean(within: run) ?? 0)
    }
  }

  /// What about the values cannot be.
  static func fault(_ arguments: Arguments) -> Fault? {
    if arguments.count("agents") > mostAgents {
      return Fault("agents", "is \(arguments.count("agents")), but at most \(mostAgents) agents can move")
    }
    let isDirection = arguments.text("movement") != Movement.randomWaypoint.rawValue
    if isDirection {
      if let radius = arguments.number("radius"), radius > 0.5 { return Fault("radius", "must be at most 0.5") }
      if arguments["turn"] == nil {
        return Fault("turn", "is missing: how long an agent keeps its direction, or never")
      }
      if arguments["pause"] != nil { return Fault("pause", "goes with movement random-waypoint only") }
    } else if arguments["turn"] != nil {
      return Fault("turn", "goes with movement random-direction only")
    }
    return meanDegreeFault(arguments)
  }
}
