// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Quantities

/// The parameters of the last slots of each agent, for gradients that are some slots stale.
struct ParameterHistory<Scalar: ParameterScalar>: ~Copyable {
  private let depth: Int
  /// A ring of depth + 1 vectors for each agent.
  private let vectors: Column<SnapshotHandle>

  /// - Parameter depth: how many slots gradients are stale; zero keeps nothing.
  init(agents: Int, depth: Int) {
    self.depth = depth
    vectors = Column(repeating: .none, count: depth == 0 ? 0 : agents * (depth + 1))
  }

  /// Keeps the parameters of a slot, which are given up to the history, and gives those of `depth` slots ago; in the
  /// first slots those of the first. The history goes on holding what it gives.
  func exchange(
    _ present: SnapshotHandle, of node: NodeID, at slot: UInt64, _ run: inout RunState<Scalar>
  ) -> SnapshotHandle {
    let start = node.index * (depth + 1)
    let length = UInt64(depth + 1)
    let place = start + Int(slot % length)
    if vectors[place] == .none {
      // The first slot of this life: what was before it counts as equal to it.
      for position in start..<start + depth + 1 where vectors[position] == .none {
        run.snapshots.retain(present)
        vectors[position] = present
      }
    }
    run.snapshots.release(vectors[place])
    vectors[place] = present
    return vectors[start + Int((slot + 1) % length)]
  }

  func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    try memory.column("parameters of slots", vectors)
  }

  /// Forgets an agent's vectors.
  func forget(_ node: NodeID, _ run: inout RunState<Scalar>) {
    guard depth > 0 else { return }
    for position in node.index * (depth + 1)..<(node.index + 1) * (depth + 1) where vectors[position] != .none {
      run.snapshots.release(vectors[position])
      vectors[position] = .none
    }
  }
}
