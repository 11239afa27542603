// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Quantities

/// Every agent for itself: adapt, keep, begin again. Nothing is sent.
struct NonCooperative<Scalar: ParameterScalar>: Cooperation {
  init(_ context: StrategyContext) {}

  mutating func begin(_ node: NodeID, _ run: inout RunState<Scalar>) {
    run.launchStep(node)
  }

  mutating func stepEnded(_ node: NodeID, _ psi: SnapshotHandle, _ run: inout RunState<Scalar>) {
    run.adopt(node, psi)
    run.advancePhase(node)
    run.scheduleBegin(node)
  }

  mutating func received(_ message: Message, _ run: inout RunState<Scalar>) {}

  mutating func combineDue(_ node: NodeID, _ run: inout RunState<Scalar>) {}

  mutating func changed(_ node: NodeID, _ change: LifeChange, _ run: inout RunState<Scalar>) {
    if change == .recovery || change == .arrival { run.scheduleBegin(node) }
  }

  mutating func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {}
}
