// SPDX-License-Identifier: GPL-3.0-or-later
import Schema

/// How what agents learn from differs.
extension PresetDefinition {
  static let slowAndDifferent = PresetDefinition(
    "H1", "slow-and-different", .data, "the slow agents learn something else than the others",
    source: "the case in which asynchronous learning could be biased towards fast agents",
    parameters: [
      Parameter("share", .probability, "of agents that are slow", .otherwise(.number(0.3))),
      Parameter("factor", .number(Bounds(lower: 1, upper: 1e9)), "how slow", .otherwise(.number(10))),
      Parameter("distance", .number(.notNegative), "between their truths and the others'", .otherwise(.number(1))),
      Parameter(
        "correlation", .choice(["0", "1"]), "1: the slow ones differ; 0: as many, drawn apart", .otherwise(.text("1"))),
    ]
  ) { ground throws(PresetTrouble) in
    let differing = ground.value("correlation") == "1" ? "stragglers" : "{share: \(ground.value("share"))}"
    return [
      (
        "conditions.compute.stragglers",
        "{agents: {share: \(ground.value("share"))}, slowdown: \(ground.value("factor"))}"
      ), ("task.truth.offset", "{agents: \(differing), distance: \(ground.value("distance"))}"),
    ]
  }
}
