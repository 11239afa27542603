// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Quantities

/// Every agent for itself: adapt, keep, begin again. Nothing is sent.
struct NonCooperative: Cooperation {
  mutating func begin<Learner: LearnerBank & ~Copyable>(_ node: NodeID, _ run: inout RunState<Learner>) {
    run.launchStep(node)
  }

  mutating func stepEnded<Learner: LearnerBank & ~Copyable>(
    _ node: NodeID, _ psi: SnapshotHandle, _ run: inout RunState<Learner>
  ) {
    run.adopt(node, psi)
    run.advancePhase(node)
    run.scheduleBegin(node)
  }

  mutating func received<Learner: LearnerBank & ~Copyable>(_ message: Message, _ run: inout RunState<Learner>) {}

  mutating func combineDue<Learner: LearnerBank & ~Copyable>(_ node: NodeID, _ run: inout RunState<Learner>) {}

  mutating func changed<Learner: LearnerBank & ~Copyable>(
    _ node: NodeID, _ change: LifeChange, _ run: inout RunState<Learner>
  ) {
    if change == .recovery { run.scheduleBegin(node) }
  }
}
