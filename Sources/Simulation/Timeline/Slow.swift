// SPDX-License-Identifier: GPL-3.0-or-later
import Schema

extension DisturbanceDefinition {
  /// A cause that divides the speed of agents. Causes multiply.
  static let slow = DisturbanceDefinition(
    name: "slow", meaning: "agents compute more slowly: a step ends when the work that it takes is done",
    parameters: [
      .agents,
      Parameter(
        "factor", .number(Bounds(lower: 1, includesLower: false, upper: 1e9)), "how many times longer a step takes",
        example: "10"),
    ],
    holds: true, verb: "is slowed down",
    change: { .speeds(.agents($0.agents), .slow($0.number("factor") ?? 1)) })
}
