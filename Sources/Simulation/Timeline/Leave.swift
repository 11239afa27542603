// SPDX-License-Identifier: GPL-3.0-or-later
import Schema

extension DisturbanceDefinition {
  /// Takes agents away for good, and everybody knows: their links vanish, what they have said is forgotten, and metrics count
  /// them no more. Silent for good is a crash without an end.
  static let leave = DisturbanceDefinition(
    name: "leave", meaning: "agents leave for good, and everybody knows", parameters: [.agents], holds: false,
    verb: "leaves",
    change: { .members($0.agents, .leave) })
}
