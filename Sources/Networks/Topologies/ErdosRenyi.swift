// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Quantities
import Randomness
import Schema

extension TopologyDefinition {
  /// Every two agents are linked with the same probability, independently of all others.
  ///
  /// *Randomness*: agent i draws, from the stream of its name, which agents of lower number it is linked with; the
  /// lengths of the gaps between them are geometric. So agents keep their edges when others join, as long as the
  /// probability stays.
  ///
  /// *Complexity*: agents and edges, not pairs.
  ///
  /// Source: Gilbert, "Random graphs", 1959; Batagelj and Brandes, "Efficient generation of large random networks",
  /// Physical Review E 71, 2005, algorithm 1, here row by row.
  package static let erdosRenyi = TopologyDefinition(
    name: "erdos-renyi", title: "Erdős-Rényi",
    meaning: "every two agents are linked with the same probability",
    parameters: [
      .agents,
      Parameter("probability", .probability, "of an edge between two agents", .alternative),
      .meanDegree,
    ],
    examples: [
      Arguments(["agents": .count(1), "probability": .number(0.5)]),
      Arguments(["agents": .count(12), "probability": .number(1)]),
      Arguments(["agents": .count(20), "probability": .number(0.3)]),
      Arguments(["agents": .count(40), "mean-degree": .number(6)]),
    ],
    links: { arguments in
      let agents = Double(arguments.count("agents"))
      return agents * (agents - 1) * edgeProbability(arguments)
    },
    check: meanDegreeFault,
    remedy: { arguments in
      arguments.number("probability").map { "probability than \(plainNumber($0))" }
        ?? "mean degree than \(plainNumber(arguments.number("mean-degree") ?? 0))"
    },
    graph: { (arguments, draw) throws(NetworkError) -> Graph in
      let names = try numberedNames(arguments.count("agents"))
      let probability = edgeProbability(arguments)
      var edges: [Graph.Edge] = []
      for node in names.indices.dropFirst() {
        var draws = draw.draws(.networkEdges, names[node])
        forEachChosen(of: node, probability: probability, &draws) {
          edges.append(Graph.Edge(UInt32(node), UInt32($0)))
        }
        guard 2 * edges.count <= Graph.linkLimit else { throw .tooManyLinks }
      }
      return Graph(names: names, edges: edges)
    })
}

/// The probability of each edge.
private func edgeProbability(_ arguments: Arguments) -> Double {
  if let probability = arguments.number("probability") { return probability }
  let others = Double(arguments.count("agents") - 1)
  return others > 0 ? (arguments.number("mean-degree") ?? 0) / others : 0
}

/// Calls `body` with each number below a count that is chosen, each independently with a probability.
private func forEachChosen(of count: Int, probability: Double, _ draws: inout Draws, _ body: (Int) -> Void) {
  guard probability > 0 else { return }
  guard probability < 1 else { return (0..<count).forEach(body) }
  let scale = 1 / log1p(-probability)
  var next = 0.0
  while true {
    next += (log1p(-draws.uniform()) * scale).rounded(.down)
    guard next < Double(count) else { return }
    body(Int(next))
    next += 1
  }
}

extension Parameter {
  /// The mean number of neighbours, instead of another way to say how many edges there are.
  static var meanDegree: Parameter {
    Parameter(
      "mean-degree", .number(.positive),
      "mean number of neighbours", .alternative)
  }
}

/// A mean degree that no graph of so many agents has.
@Sendable func meanDegreeFault(_ arguments: Arguments) -> Fault? {
  let others = arguments.count("agents") - 1
  guard let degree = arguments.number("mean-degree"), degree > Double(others) else { return nil }
  return Fault("mean-degree", "is \(plainNumber(degree)), but an agent has only \(counted(others, "other"))")
}
