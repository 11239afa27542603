// SPDX-License-Identifier: GPL-3.0-or-later
import Schema

extension DisturbanceDefinition {
  /// Ends all crashes of the timeline at its agents. What else holds them down goes on doing so.
  static let recover = DisturbanceDefinition(
    name: "recover", meaning: "agents come up again that crashes of the timeline hold down",
    parameters: [.nodes], holds: false, verb: "recovers", ends: "crash",
    change: { arguments in
      switch arguments.nodes {
      case .centre: .centre(.bringUp)
      case .agents(let selector): .agents(selector, .bringUp)
      }
    })
}
