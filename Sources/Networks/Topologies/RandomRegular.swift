// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Randomness
import Schema

extension TopologyDefinition {
  /// A graph in which every agent has the same number of neighbours, almost uniformly among all such graphs.
  ///
  /// Every agent has as many open ends as it is to have neighbours. Two ends of different agents that are not linked
  /// yet are joined at random, until none is open. Where the ends that remain do not fit, all is begun anew. Graphs
  /// with more than half of all edges are made as what such a graph with the other edges leaves.
  ///
  /// *Randomness*: one stream for the whole graph, as its edges depend on each other.
  ///
  /// Source: Steger and Wormald, "Generating random regular graphs quickly", Combinatorics, Probability and Computing
  /// 8, 1999, algorithm 2; asymptotically uniform for degrees below the cube root of the agents: Kim and Vu,
  /// "Generating random regular graphs", STOC 2003. For higher degrees the graphs are regular and random, but how
  /// close to uniform is not known.
  package static let randomRegular = TopologyDefinition(
    name: "random-regular",
    meaning: "a random graph in which every agent has the same number of neighbours",
    parameters: [
      .agents,
      Parameter("degree", .count(0...TopologyDefinition.mostAgents), "neighbours of every agent", example: "4"),
    ],
    examples: [(1, 0), (2, 1), (10, 3), (12, 8), (13, 4), (9, 8)].map {
      Arguments(["agents": .count($0.0), "degree": .count($0.1)])
    },
    links: { Double($0.count("agents")) * Double($0.count("degree")) },
    check: { arguments in
      let (agents, degree) = (arguments.count("agents"), arguments.count("degree"))
      if degree >= agents {
        return Fault("degree", "is \(degree), but an agent has only \(counted(agents - 1, "other"))")
      }
      guard agents % 2 == 1, degree % 2 == 1 else { return nil }
      return Fault(
        "degree", "is \(degree), but \(agents) agents cannot all have an odd number of neighbours",
        hint: "make one of the two even")
    },
    remedy: { "degree than \($0.count("degree"))" },
    graph: { (arguments, draw) throws(NetworkError) -> Graph in
      let (agents, degree) = (arguments.count("agents"), arguments.count("degree"))
      let names = try numberedNames(agents)
      var draws = draw.draws(.networkEdges, "random-regular")
      let isDense = 2 * degree > agents - 1
      var pairing = OpenEnds(agents: agents, degree: isDense ? agents - 1 - degree : degree)
      while !pairing.joinAll(&draws) {}
      return Graph(names: names, edges: isDense ? pairing.missingEdges : pairing.edges)
    })
}

/// Open ends of edges to be, and the neighbours that agents have so far.
private struct OpenEnds {
  /// Rejections in a row after which the fitting pairs are counted instead.
  private static let patience = 64
  /// The most agents with open ends among which fitting pairs are counted.
  private static let mostCounted = 2000

  private let agents: Int
  private let degree: Int
  /// The agent of each open end.
  private var ends: [UInt32] = []
  /// As many places for each agent as it is to have neighbours.
  private var neighbours: [UInt32] = []
  private var counts: [Int] = []

  init(agents: Int, degree: Int) {
    self.agents = agents
    self.degree = degree
  }

  /// The edges so far, each once.
  var edges: [Graph.Edge] {
    var edges: [Graph.Edge] = []
    edges.reserveCapacity(agents * degree / 2)
    for node in 0..<UInt32(agents) {
      for other in row(Int(node)) where node < other { edges.append(Graph.Edge(node, other)) }
    }
    return edges
  }

  /// All other edges.
  var missingEdges: [Graph.Edge] {
    (0..<agents).flatMap { node -> [Graph.Edge] in
      let present = Set(row(node))
      return (UInt32(node)..<UInt32(agents)).dropFirst().filter { !present.contains($0) }
        .map { Graph.Edge(UInt32(node), $0) }
    }
  }

  private func row(_ node: Int) -> ArraySlice<UInt32> { neighbours[node * degree..<node * degree + counts[node]] }

  /// Joins ends until none is open; false if those that remained did not fit.
  mutating func joinAll(_ draws: inout Draws) -> Bool {
    ends = []
    ends.reserveCapacity(agents * degree)
    for node in 0..<UInt32(agents) { ends.append(contentsOf: repeatElement(node, count: degree)) }
    neighbours = [UInt32](repeating: 0, count: agents * degree)
    counts = [Int](repeating: 0, count: agents)
    var rejections = 0
    while !ends.isEmpty {
      let first = Int(draws.integer(below: UInt32(ends.count)))
      let second = Int(draws.integer(below: UInt32(ends.count)))
      if first != second, fits(ends[first], ends[second]) {
        join(first, second)
        rejections = 0
      } else {
        rejections += 1
        guard rejections % Self.patience == 0 else { continue }
        switch fittingPair(&draws) {
        case .none: return false
        case .found(let first, let second): join(first, second)
        case .tooManyToCount: break
        }
      }
    }
    return true
  }

  private func fits(_ first: UInt32, _ second: UInt32) -> Bool {
    first != second && !row(Int(first)).contains(second)
  }

  private mutating func join(_ first: Int, _ second: Int) {
    let (one, other) = (ends[first], ends[second])
    link(one, to: other)
    link(other, to: one)
    close(max(first, second))
    close(min(first, second))
  }

  private mutating func link(_ node: UInt32, to other: UInt32) {
    neighbours[Int(node) * degree + counts[Int(node)]] = other
    counts[Int(node)] += 1
  }

  /// Takes an end out; the last one takes its place.
  private mutating func close(_ place: Int) {
    ends[place] = ends[ends.count - 1]
    ends.removeLast()
  }

  private enum Pair {
    case none
    case found(Int, Int)
    case tooManyToCount
  }

  /// A random one of all pairs of ends that fit, which is what going on with rejections would end with.
  private func fittingPair(_ draws: inout Draws) -> Pair {
    guard ends.count <= Self.mostCounted else { return .tooManyToCount }
    var pairs: [(Int, Int)] = []
    for first in ends.indices {
      for second in ends.indices.dropFirst(first + 1) where fits(ends[first], ends[second]) {
        pairs.append((first, second))
      }
    }
    guard !pairs.isEmpty else { return .none }
    let pair = pairs[Int(draws.integer(below: UInt32(pairs.count)))]
    return .found(pair.0, pair.1)
  }
}
