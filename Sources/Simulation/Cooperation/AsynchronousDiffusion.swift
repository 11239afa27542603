// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Quantities

/// Diffusion ATC in which an agent uses what it has: when its step ends it sends, combines with what its mailbox
/// holds at that instant, and begins again.
struct AsynchronousDiffusion: Cooperation, ~Copyable {
  static var mailboxDepth: Int { 1 }

  private let rule: StrategySettings.MissingNeighbourRule
  private let sends: StrategySettings.MessageContent
  /// ψ_k between the end of a step and the combination of the same instant.
  private let intermediate: Column<SnapshotHandle>

  init(_ settings: StrategySettings, agents: Int) {
    rule = settings.missingNeighbour
    sends = settings.message
    intermediate = Column(repeating: .none, count: agents)
  }

  mutating func begin<Learner: LearnerBank & ~Copyable>(_ node: NodeID, _ run: inout RunState<Learner>) {
    run.launchStep(node)
  }

  mutating func stepEnded<Learner: LearnerBank & ~Copyable>(
    _ node: NodeID, _ psi: SnapshotHandle, _ run: inout RunState<Learner>
  ) {
    intermediate[node.index] = psi
    if sends == .psi { run.broadcast(psi, from: node) }
    run.requestCombine(node)
  }

  mutating func received<Learner: LearnerBank & ~Copyable>(_ message: Message, _ run: inout RunState<Learner>) {
    run.keep(message, round: 0)
  }

  mutating func combineDue<Learner: LearnerBank & ~Copyable>(_ node: NodeID, _ run: inout RunState<Learner>) {
    let psi = intermediate[node.index]
    intermediate[node.index] = .none
    run.combine(node, own: psi, round: nil, missing: rule)
    if sends == .combined {
      let combined = run.snapshot(of: node)
      run.broadcast(combined, from: node)
      run.snapshots.release(combined)
    }
    run.scheduleBegin(node)
  }

  mutating func changed<Learner: LearnerBank & ~Copyable>(
    _ node: NodeID, _ change: LifeChange, _ run: inout RunState<Learner>
  ) {
    switch change {
    case .crash:
      if intermediate[node.index] != .none { run.snapshots.release(intermediate[node.index]) }
      intermediate[node.index] = .none
    case .recovery:
      run.scheduleBegin(node)
    }
  }
}
