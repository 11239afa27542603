// SPDX-License-Identifier: GPL-3.0-or-later
import Schema

extension DisturbanceDefinition {
  /// Ends all cuts of the timeline at its links. What else cuts them, such as a partition, goes on doing so.
  static let restore = DisturbanceDefinition(
    name: "restore", meaning: "links work again that cuts of the timeline hold cut",
    parameters: [.links, .direction], holds: false, ends: "cut",
    change: { .links($0.links, $0.direction, .restore) })
}
