// SPDX-License-Identifier: GPL-3.0-or-later
import Schema

extension DisturbanceDefinition {
  /// A cause that lets agents, or the fusion centre, stand still. What a paused node goes on with, `Pauses` says.
  static let pause = DisturbanceDefinition(
    name: "pause",
    meaning: "agents stand still: the step under way waits and none begins, but they receive, keep and acknowledge",
    parameters: [.nodes], holds: true, verb: "pauses",
    change: { .speeds($0.nodes, .pause) })
}
