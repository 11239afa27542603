// SPDX-License-Identifier: GPL-3.0-or-later
import Schema

extension DisturbanceDefinition {
  /// Lets agents exist from then on. Before, they have no links, do nothing, draw nothing, and no metric counts them.
  static let join = DisturbanceDefinition(
    name: "join", meaning: "agents exist from then on, which were not there before",
    parameters: [
      .agents,
      Parameter(
        "start", .choice([JoinStart.initial, .neighbour].map(\.rawValue)),
        "initial: from initial parameters of their own; neighbour: from those of one live neighbour, which cost their bytes",
        .otherwise(.text(JoinStart.initial.rawValue))),
    ],
    holds: false, isKnownBefore: true,
    change: {
      .members($0.agents, .join(startsFromNeighbour: $0.text("start") == JoinStart.neighbour.rawValue))
    })

  private enum JoinStart: String {
    case initial
    case neighbour
  }
}
