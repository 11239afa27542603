// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

/// An undirected graph without self-loops and doubled edges. Nodes are ranks; rows are sorted, so two graphs with the
/// same names and edges are equal however they were listed.
package struct Graph: Sendable, Equatable {
  /// An edge between two nodes, by rank.
  package struct Edge: Sendable, Equatable {
    package let first: UInt32
    package let second: UInt32

    package init(_ first: UInt32, _ second: UInt32) {
      self.first = first
      self.second = second
    }
  }

  /// The most agents a graph can have.
  static let agentLimit = Int(Int32.max)
  /// The most directed links (twice the edges) a graph can have.
  static let linkLimit = Int(UInt32.max)

  /// The names of the nodes in natural order; the position is the rank.
  package let names: [String]
  /// Where the neighbours of each node start in `neighbours`; one entry more than nodes.
  let rowStart: [Int]
  /// The neighbours of all nodes, node by node, each row in the order of ranks.
  let neighbours: [UInt32]

  /// The number of nodes, N.
  package var nodeCount: Int { names.count }
  /// The neighbours of a node, itself not counted, in the order of ranks.
  package func neighbours(of node: Int) -> ArraySlice<UInt32> { neighbours[rowStart[node]..<rowStart[node + 1]] }
  /// The number of neighbours of a node, itself not counted.
  package func degree(_ node: Int) -> Int { rowStart[node + 1] - rowStart[node] }

  /// Makes the graph of nodes and edges.
  ///
  /// - Parameters:
  ///   - names: different names in natural order.
  ///   - edges: each pair of different nodes at most once.
  init(names: [String], edges: [Edge]) {
    var start = [Int](repeating: 0, count: names.count + 1)
    for edge in edges {
      start[Int(edge.first) + 1] += 1
      start[Int(edge.second) + 1] += 1
    }
    for node in names.indices { start[node + 1] += start[node] }
    var next = start
    var neighbours = [UInt32](repeating: 0, count: 2 * edges.count)
    for edge in edges {
      neighbours[next[Int(edge.first)]] = edge.second
      next[Int(edge.first)] += 1
      neighbours[next[Int(edge.second)]] = edge.first
      next[Int(edge.second)] += 1
    }
    for node in names.indices { neighbours[start[node]..<start[node + 1]].sort() }
    self.names = names
    rowStart = start
    self.neighbours = neighbours
  }
}

extension Graph {
  /// The connected pieces of the graph.
  package struct Pieces: Sendable, Equatable {
    /// How many pieces there are; one for a connected graph.
    package let count: Int
    /// The number of the piece of each node, from zero; pieces are numbered by their lowest rank.
    package let pieceOfNode: [Int]
  }

  /// Finds the connected pieces by a search with a stack of its own, so the depth of the graph does not matter.
  package func pieces() -> Pieces {
    var piece = [Int](repeating: -1, count: nodeCount)
    var count = 0
    var waiting: [Int] = []
    for root in 0..<nodeCount where piece[root] < 0 {
      piece[root] = count
      waiting.append(root)
      while let node = waiting.popLast() {
        for neighbour in neighbours(of: node) where piece[Int(neighbour)] < 0 {
          piece[Int(neighbour)] = count
          waiting.append(Int(neighbour))
        }
      }
      count += 1
    }
    return Pieces(count: count, pieceOfNode: piece)
  }

  /// Refuses a graph in several pieces, naming two agents that no path joins.
  func requireConnection() throws(NetworkError) {
    let pieces = pieces()
    guard pieces.count > 1, let other = pieces.pieceOfNode.firstIndex(of: 1) else { return }
    throw .notConnected(pieces: pieces.count, first: names[0], second: names[other])
  }
}
