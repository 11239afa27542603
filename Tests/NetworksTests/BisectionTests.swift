// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Testing

private func neighbours(_ nodes: Int, _ edges: [[Int]]) -> [[Int]] {
  (0..<nodes).map { node in edges.filter { $0.contains(node) }.map { $0[0] == node ? $0[1] : $0[0] }.sorted() }
}

private func path(_ nodes: Int) -> [[Int]] { neighbours(nodes, (1..<nodes).map { [$0 - 1, $0] }) }

/// A row is cut in its middle, the larger half first.
@Test func aPathIsCutInItsMiddle() {
  for nodes in 1...9 {
    let half = Array(0..<(nodes + 1) / 2)
    #expect(Bisection.spectral.firstHalf(of: path(nodes)) == half)
    // Breadth first from the end that is farthest from the first node.
    #expect(Bisection.breadthFirst.firstHalf(of: path(nodes)) == half.map { nodes - 1 - $0 }.sorted())
  }
}

/// Two cliques that one edge joins are parted at this edge, however their nodes are numbered.
@Test func twoCliquesArePartedWhereTheyAreJoined() {
  for numbers in [Array(0..<10), [3, 9, 1, 7, 5, 0, 2, 8, 6, 4]] {
    var edges: [[Int]] = []
    for start in [0, 5] {
      for first in start..<start + 5 { for second in first + 1..<start + 5 { edges.append([first, second]) } }
    }
    edges.append([2, 7])
    let half = Bisection.spectral.firstHalf(
      of: neighbours(10, edges.map { [numbers[$0[0]], numbers[$0[1]]] }))
    let cliques = [numbers[..<5].sorted(), numbers[5...].sorted()]
    #expect(half.map { cliques.contains($0) } == true)
  }
}

/// Where the eigenvalue is multiple, as on rings and tori, the outcome is fixed by the ranks.
@Test func aRingIsCutIntoTwoArcs() throws {
  for nodes in [4, 6, 8, 12] {
    let half = try #require(
      Bisection.spectral.firstHalf(of: neighbours(nodes, (0..<nodes).map { [$0, ($0 + 1) % nodes] })))
    let cuts = (0..<nodes).count { half.contains($0) != half.contains(($0 + 1) % nodes) }
    #expect(half.count == nodes / 2 && cuts == 2)
    #expect(half.contains(0))
  }
}

/// Nodes that are not reached come last; a graph in two pieces of one size is parted into these.
@Test func piecesThatAreNotJoinedAreSides() {
  let pieces = neighbours(6, [[0, 2], [2, 4], [1, 3], [3, 5]])
  #expect(Bisection.spectral.firstHalf(of: pieces) == [0, 2, 4])
  #expect(Bisection.breadthFirst.firstHalf(of: pieces) == [0, 2, 4])
  #expect(Bisection.breadthFirst.firstHalf(of: [[], [], []]) == [0, 1])
}
