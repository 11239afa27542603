// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Quantities

/// Agents whose gradients wait for a fusion centre, in the order in which they came, each at most once.
struct GradientLine: ~Copyable {
  /// A ring.
  private let ranks: Column<UInt32>
  private var first = 0
  private(set) var count = 0

  init(agents: Int) { ranks = Column(repeating: 0, count: agents) }

  private func place(_ position: Int) -> Int { (first + position) % ranks.count }

  mutating func append(_ node: NodeID) {
    ranks[place(count)] = node.rank
    count += 1
  }

  /// Takes the agent out that has waited longest; there is one.
  mutating func takeFirst() -> NodeID {
    let node = NodeID(rank: ranks[first])
    first = place(1)
    count -= 1
    return node
  }

  /// Takes an agent out, wherever it stands.
  mutating func remove(_ node: NodeID) {
    var kept = 0
    for position in 0..<count where ranks[place(position)] != node.rank {
      ranks[place(kept)] = ranks[place(position)]
      kept += 1
    }
    count = kept
  }

  mutating func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    try memory.column("gradients that wait", ranks)
    try memory.value("first of them", &first)
    try memory.value("how many wait", &count)
  }
}
