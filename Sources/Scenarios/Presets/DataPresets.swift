// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Schema

/// What each agent learns from.
extension PresetDefinition {
  static let slowAndDifferent = PresetDefinition(
    "H1", "slow-and-different", .data,
    "some agents are ten times slower, and the minimisers of as many lie elsewhere: theirs, or others'",
    parameters: [
      Parameter("share", .probability, "of the agents that are slow", .otherwise(.number(0.3))),
      Parameter("distance", .number(.positive), "of their minimisers from the others'", .otherwise(.number(1))),
      Parameter(
        "correlation", .count(0...1), "1: the slow ones lie elsewhere; 0: as many agents, drawn apart",
        .otherwise(.count(1))),
    ]
  ) { ground throws(PresetTrouble) in
    let share = "{share: \(ground.value("share"))}"
    let who = ground.arguments["correlation"]?.count == 0 ? share : "stragglers"
    return [
      ("conditions.compute.stragglers", "{agents: \(share), slowdown: 10}"),
      ("task.truth.offset", "{agents: \(who), distance: \(ground.value("distance"))}"),
    ]
  }
}
