// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Quantities

/// Adapt, then combine, but an agent tells one neighbour at a time: when its step ends it sends the intermediate estimate
/// to a neighbour that is drawn anew, each equally probable, and combines it with what its mailbox holds of all of them.
///
/// A message a step instead of one for each neighbour; what the others know of the agent is older by the number of its
/// neighbours. An estimate that is not heard is replaced by the rule for missing neighbours, so with `last-heard` the
/// fixed point is that of adapt-then-combine diffusion, whatever is drawn.
///
/// *Randomness*: `RandomNeighbours` at the number of the attempt.
struct RandomNeighbourPush<Scalar: ParameterScalar>: Cooperation, ~Copyable {
  private let rule: StrategySettings.MissingNeighbourRule
  private let sends: StrategySettings.MessageContent
  private let neighbours: RandomNeighbours
  /// ψ_k between the end of a step and the combination of the same instant.
  private let intermediate: Column<SnapshotHandle>

  init(_ context: StrategyContext) {
    rule = context.settings.strategy.missingNeighbour
    sends = context.settings.strategy.message
    neighbours = RandomNeighbours(context)
    intermediate = Column(repeating: .none, count: context.world.network.nodeCount)
  }

  mutating func begin(_ node: NodeID, _ run: inout RunState<Scalar>) { run.launchStep(node) }

  mutating func stepEnded(_ node: NodeID, _ psi: SnapshotHandle, _ run: inout RunState<Scalar>) {
    intermediate[node.index] = psi
    if sends == .psi { tellSomebody(run.parcel(psi, of: node), node, &run) }
    run.requestCombine(node)
  }

  /// Sends numbers that are as messages carry them to a neighbour, and gives them up.
  private func tellSomebody(_ parcel: SnapshotHandle, _ node: NodeID, _ run: inout RunState<Scalar>) {
    let attempt = run.agents[node.index].attempts - 1
    guard let link = neighbours.link(of: node, at: attempt, run) else {
      return run.snapshots.release(parcel)
    }
    run.hand(parcel, over: link)
  }

  mutating func received(_ message: Message, _ run: inout RunState<Scalar>) {
    run.keep(message, round: message.round)
  }

  mutating func combineDue(_ node: NodeID, _ run: inout RunState<Scalar>) {
    let psi = intermediate[node.index]
    intermediate[node.index] = .none
    run.combine(node, own: psi, round: nil, missing: rule)
    if sends == .combined { tellSomebody(run.parcel(of: node), node, &run) }
    run.advancePhase(node)
    run.scheduleBegin(node)
  }

  mutating func changed(_ node: NodeID, _ change: LifeChange, _ run: inout RunState<Scalar>) {
    switch change {
    case .crash, .departure:
      if intermediate[node.index] != .none { run.snapshots.release(intermediate[node.index]) }
      intermediate[node.index] = .none
    case .recovery, .arrival:
      run.scheduleBegin(node)
    }
  }

  mutating func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    try memory.column("intermediate estimates", intermediate)
  }
}

extension StrategyDefinition {
  /// One neighbour at a time, drawn anew.
  package static let randomNeighbourPush = StrategyDefinition(
    "random-neighbour-push", "adapt, tell one neighbour that is drawn anew, and combine what is known of all of them",
    source: "after Boyd, Ghosh, Prabhakar and Shah, Randomized gossip algorithms, IEEE Trans. Inf. Theory 52 (2006)",
    facts: StrategyFacts(
      audience: .oneNeighbour, recursion: .none(model: "messages to one neighbour at a time"),
      arrangement: .adaptThenCombine, usualMessage: .psi),
    forms: [StrategyForm([.asynchronous], RandomNeighbourPush<Float>.self, RandomNeighbourPush<Double>.self)])
}
