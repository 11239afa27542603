// SPDX-License-Identifier: GPL-3.0-or-later
import Schema

private let loss = "conditions.links.loss"

/// Which messages get lost.
extension PresetDefinition {
  static let noise = PresetDefinition(
    "P1", "noise", .loss, "every message by itself with the same probability",
    parameters: [Parameter("loss", .probability, "of a message", .otherwise(.number(0.1)))]
  ) { ground throws(PresetTrouble) in [(loss, ground.value("loss"))] }

  static let bursts = PresetDefinition(
    "P2", "bursts", .loss, "losses in bursts, in messages or in seconds",
    source:
      "Gilbert 1960, Elliott 1963; Hasslinger and Hohlfeld, The Gilbert-Elliott model for packet loss in real time "
      + "services on the internet, MMB 2008",
    parameters: [
      Parameter("mean", .probability, "share of messages lost in the long run", .otherwise(.number(0.1))),
      Parameter(
        "length", .line, "how long a bad spell lasts: such as 10 messages, or a duration",
        .otherwise(.text("10 messages"))),
      Parameter("when-bad", .probability, "of a loss in a bad spell", .otherwise(.number(1))),
    ]
  ) { ground throws(PresetTrouble) in
    [
      (
        loss,
        "{burst: {mean: \(ground.value("mean")), length: \(ground.value("length")), "
          + "when-bad: \(ground.value("when-bad"))}}"
      )
    ]
  }

  static let oneWayLoss = PresetDefinition(
    "P3", "one-way", .loss, "every edge loses in one direction only, drawn once per study",
    parameters: [Parameter("loss", .probability, "of a message that way", .otherwise(.number(0.3)))]
  ) { ground throws(PresetTrouble) in [(loss, "{one-way: \(ground.value("loss"))}")] }
}
