// SPDX-License-Identifier: GPL-3.0-or-later
import Schema

extension DisturbanceDefinition {
  /// Ends all pauses of the timeline at its agents, or at the fusion centre.
  static let resume = DisturbanceDefinition(
    name: "resume", meaning: "agents go on that pauses of the timeline hold up",
    parameters: [.nodes], holds: false, verb: "goes on", ends: "pause",
    change: { .speeds($0.nodes, .resume) })
}
