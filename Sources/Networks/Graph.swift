// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

/// A graph without self-loops and doubled edges. Nodes are ranks; rows are sorted, so two graphs with the same names
/// and edges are equal however they were listed.
///
/// In an undirected graph every link goes both ways, and whom a node hears and who hears it are the same.
package struct Graph: Sendable, Equatable {
  /// An edge between two nodes, by rank; of a directed graph the link from the first to the second.
  package struct Edge: Sendable, Equatable {
    package let first: UInt32
    package let second: UInt32

    package init(_ first: UInt32, _ second: UInt32) {
      self.first = first
      self.second = second
    }
  }

  /// For each node a row of others, in the order of ranks.
  struct Rows: Sendable, Equatable {
    /// Where the row of each node starts in `nodes`; one entry more than nodes.
    let start: [Int]
    let nodes: [UInt32]

    subscript(_ node: Int) -> ArraySlice<UInt32> { nodes[start[node]..<start[node + 1]] }
  }

  /// The most agents a graph can have.
  static let agentLimit = Int(Int32.max)
  /// The most directed links a graph can have.
  static let linkLimit = Int(UInt32.max)

  /// The names of the nodes in natural order; the position is the rank.
  package let names: [String]
  /// Whether links go one way only.
  package let isDirected: Bool
  /// Whom each node hears.
  let incoming: Rows
  /// Who hears each node.
  let outgoing: Rows
  /// Where each node lies in the unit square; nothing for a topology without places.
  package let positions: [SIMD2<Double>]?

  /// The number of nodes, N.
  package var nodeCount: Int { names.count }
  /// The number of directed links.
  package var linkCount: Int { incoming.nodes.count }
  /// The nodes that a node hears, itself not counted, in the order of ranks.
  package func neighbours(of node: Int) -> ArraySlice<UInt32> { incoming[node] }
  /// The nodes that hear a node, itself not counted, in the order of ranks.
  package func listeners(of node: Int) -> ArraySlice<UInt32> { outgoing[node] }
  /// The number of nodes that a node hears, itself not counted.
  package func degree(_ node: Int) -> Int { incoming.start[node + 1] - incoming.start[node] }

  /// Makes the graph of nodes and edges.
  ///
  /// - Parameters:
  ///   - names: different names in natural order.
  ///   - edges: each pair of different nodes at most once; of a directed graph, in each direction.
  ///   - positions: where each node lies in the unit square, for topologies that have places.
  package init(names: [String], edges: [Edge], isDirected: Bool = false, positions: [SIMD2<Double>]? = nil) {
    self.names = names
    self.positions = positions
    self.isDirected = isDirected
    incoming = Rows(count: names.count, edges: edges, forwards: true, backwards: !isDirected)
    outgoing = isDirected ? Rows(count: names.count, edges: edges, forwards: false, backwards: true) : incoming
  }
}

extension Graph {
  /// Places are no part of it: they say how to draw a graph, not who hears whom.
  package static func == (left: Graph, right: Graph) -> Bool {
    left.names == right.names && left.isDirected == right.isDirected && left.incoming == right.incoming
  }
}

extension Graph.Rows {
  /// - Parameters:
  ///   - forwards: puts the first end of each edge into the row of the second.
  ///   - backwards: puts the second end of each edge into the row of the first.
  fileprivate init(count: Int, edges: [Graph.Edge], forwards: Bool, backwards: Bool) {
    var start = [Int](repeating: 0, count: count + 1)
    for edge in edges {
      if backwards { start[Int(edge.first) + 1] += 1 }
      if forwards { start[Int(edge.second) + 1] += 1 }
    }
    for node in 0..<count { start[node + 1] += start[node] }
    var next = start
    var nodes = [UInt32](repeating: 0, count: start[count])
    nodes.withUnsafeMutableBufferPointer { nodes in
      func put(_ node: UInt32, intoRowOf other: UInt32) {
        nodes[next[Int(other)]] = node
        next[Int(other)] += 1
      }
      for edge in edges {
        if backwards { put(edge.second, intoRowOf: edge.first) }
        if forwards { put(edge.first, intoRowOf: edge.second) }
      }
      for node in 0..<count {
        let row = start[node]..<start[node + 1]
        // Rows are short, and of most topologies sorted already.
        if !Self.isSorted(nodes, row) { nodes[row].sort() }
      }
    }
    self.start = start
    self.nodes = nodes
  }

  private static func isSorted(_ nodes: UnsafeMutableBufferPointer<UInt32>, _ row: Range<Int>) -> Bool {
    var place = row.lowerBound + 1
    while place < row.upperBound, nodes[place - 1] < nodes[place] { place += 1 }
    return place >= row.upperBound
  }
}

/// The names of agents that were not named by the user: agent-0, agent-1 and so on, which is their natural order.
func numberedNames(_ count: Int) throws(NetworkError) -> [String] {
  guard count >= 1, count <= Graph.agentLimit else { throw .agentCount(count) }
  return (0..<count).map { "agent-\($0)" }
}
