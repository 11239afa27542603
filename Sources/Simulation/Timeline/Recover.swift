// SPDX-License-Identifier: GPL-3.0-or-later
import Schema

extension DisturbanceDefinition {
  /// Ends all crashes of the timeline at its agents. What else holds them down goes on doing so.
  static let recover = DisturbanceDefinition(
    name: "recover", meaning: "agents come up again that crashes of the timeline hold down",
    parameters: [.agents], holds: false, verb: "recovers", ends: "crash",
    change: { .agents($0.agents, .bringUp) })
}
