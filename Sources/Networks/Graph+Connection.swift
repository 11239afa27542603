// SPDX-License-Identifier: GPL-3.0-or-later

extension Graph {
  /// The connected pieces of the graph.
  package struct Pieces: Sendable, Equatable {
    /// How many pieces there are; one for a connected graph.
    package let count: Int
    /// The number of the piece of each node, from zero; pieces are numbered by their lowest rank.
    package let pieceOfNode: [Int]
  }

  /// Finds the pieces that are joined by links of either direction.
  package func pieces() -> Pieces {
    var piece = [Int](repeating: -1, count: nodeCount)
    var count = 0
    for root in 0..<nodeCount where piece[root] < 0 {
      spread(count, from: root, over: isDirected ? [incoming, outgoing] : [incoming], &piece)
      count += 1
    }
    return Pieces(count: count, pieceOfNode: piece)
  }

  /// Refuses a graph in several pieces, naming two agents that no path joins; of a directed graph, no path in the
  /// direction of its links.
  func requireConnection() throws(NetworkError) {
    let pieces = pieces()
    if pieces.count > 1, let other = pieces.pieceOfNode.firstIndex(of: 1) {
      throw .notConnected(pieces: pieces.count, first: names[0], second: names[other])
    }
    guard isDirected else { return }
    // All are reached from one node, and reach it: then all reach all.
    for (rows, isFrom) in [(outgoing, true), (incoming, false)] {
      var reached = [Int](repeating: -1, count: nodeCount)
      spread(0, from: 0, over: [rows], &reached)
      guard let other = reached.firstIndex(of: -1) else { continue }
      throw .notReached(from: names[isFrom ? 0 : other], to: names[isFrom ? other : 0])
    }
  }

  /// Marks a node and all that can be reached from it over rows, by a search with a stack of its own, so that the
  /// depth of the graph does not matter.
  private func spread(_ mark: Int, from root: Int, over rows: [Rows], _ marks: inout [Int]) {
    marks[root] = mark
    var waiting = [root]
    while let node = waiting.popLast() {
      for rows in rows {
        for neighbour in rows[node] where marks[Int(neighbour)] < 0 {
          marks[Int(neighbour)] = mark
          waiting.append(Int(neighbour))
        }
      }
    }
  }
}
