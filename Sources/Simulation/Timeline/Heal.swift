// SPDX-License-Identifier: GPL-3.0-or-later
import Schema

extension DisturbanceDefinition {
  /// Ends partitions. What else cuts links goes on doing so.
  static let heal = DisturbanceDefinition(
    name: "heal", meaning: "partitions end",
    parameters: [
      Parameter(
        "partitions",
        .described(.either([.word("all"), .oneOf([partitionEvent])]), "all, or {event: NAME} for that of an event"),
        "which of those that hold")
    ],
    holds: false, ends: "partition", change: { .heal(event: $0["partitions"]?.record?.text("event")) })

  private static let partitionEvent = Parameter("event", .line, "the partition of this name", .optional)
}
