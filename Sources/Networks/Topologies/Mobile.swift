// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Randomness
import Schema

extension TopologyDefinition {
  /// Agents that move on the unit square, linked while close. The graph is that of all links that there can ever be.
  ///
  /// Source: Camp, Boleng and Davies, "A survey of mobility models for ad hoc network research", Wireless Communications and
  /// Mobile Computing 2 (2002).
  package static let mobile = TopologyDefinition(
    name: "mobile",
    meaning: "agents that move on the unit square, linked while close",
    parameters: [
      .agents,
      Parameter(
        "radius", .number(Bounds(lower: 0, includesLower: false, upper: 1.5)),
        "agents of the unit square hear each other at this distance", .alternative),
      .meanDegree,
      Parameter(
        "movement", .choice(MovementSettings.Movement.allCases.map(\.rawValue)),
        "random-direction: straight on, with a new direction at times, opposite sides joined; random-waypoint: from one "
          + "random point to the next", .otherwise(.text(MovementSettings.Movement.randomDirection.rawValue))),
      Parameter(
        "crossing", .law(.positiveDuration),
        "how long a mobile agent takes for a side of the square; a law is drawn for each stretch", example: "20 s"),
      Parameter(
        "turn",
        .described(.either([.word(MovementSettings.never), .law(.positiveDuration)]), "never, or a duration or law"),
        "how long a mobile agent keeps its direction", .optional, example: "20 s"),
      Parameter("pause", .law(.duration), "how long a mobile agent rests at each point of random-waypoint", .optional),
      Parameter("every", .duration(.positiveDuration), "how often the links of mobile agents are made anew"),
    ],
    examples: [0.4, 0.5].map {
      Arguments([
        "agents": .count(12), "radius": .number($0), "crossing": .special(Distribution.constant(20)),
        "turn": .text(MovementSettings.never), "every": .duration(VirtualDuration(nanoseconds: 1_000_000_000)),
      ])
    },
    links: { Double($0.count("agents")) * Double($0.count("agents") - 1) },
    check: { MovementSettings.fault($0) },
    graph: { (arguments, _) throws(NetworkError) -> Graph in
      let names = try numberedNames(arguments.count("agents"))
      return Graph(names: names, edges: allPairs(0..<UInt32(names.count)))
    })
}
