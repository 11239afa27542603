// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Networks
import Schema

extension DisturbanceDefinition {
  /// A cause that cuts every link between different sides, both ways. Nobody is told.
  static let partition = DisturbanceDefinition(
    name: "partition", meaning: "the network falls into sides, and every link between two of them is cut",
    parameters: [
      Parameter(
        "groups",
        .described(
          .either([.list(.list(.line)), .dictionary(.list(.line))]),
          "a map of sides such as {west: [agent-0], east: [agent-1]}, or a list of lists"),
        "the sides; who is not named is one more side", .alternative),
      Parameter("by", .choice(PartitionSettings.Kind.allCases.map(\.rawValue)), "each is a side", .alternative),
      Parameter(
        "bisect", .choice(Bisection.allCases.map(\.rawValue)),
        "two halves: spectral cuts few links, bfs half of the agents nearest to one at the rim", .alternative),
      Parameter(
        "centre-with", .line, "a side, or an agent, on whose side a fusion centre is; by default on the first",
        .optional),
      .inFlight,
      .known,
    ],
    holds: true,
    change: { .partition(PartitionSettings($0)) })
}
