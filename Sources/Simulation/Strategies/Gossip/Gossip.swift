// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Quantities

/// Randomised gossip: an agent whose clock rings exchanges estimates with one neighbour, each equally probable.
///
/// With exchange `push` its estimate goes over the link, and the receiver moves half way towards it when it arrives,
/// at once and whatever came before: w ← w + (message − w)/2. With exchange `pairwise` both move half way towards each
/// other at the instant of the ring, as if messages took no time.
///
/// Local steps follow an average (`combine-then-adapt`: whoever has moved takes one), or come before the exchange
/// (`adapt-then-combine`: whose clock rings takes one and exchanges the outcome when it ends). An estimate that moves
/// while a step is running keeps what it gained: the step's increment is added to the estimate as it is at the end.
///
/// Clocks go on while an agent is down; its turns in that time are missed. A turn whose step died with a crash passes.
///
/// Source: Boyd, Ghosh, Prabhakar and Shah, "Randomized gossip algorithms", IEEE Trans. Inf. Theory 52 (2006).
///
/// *Randomness*: `RandomNeighbours` at the number of the agent's turn; `AgentTurns`; loss and latency as of any message.
struct Gossip<Scalar: ParameterScalar>: Cooperation, ~Copyable {
  private let settings: GossipSettings
  private var turns: AgentTurns<Scalar>
  private let neighbours: RandomNeighbours
  /// The turn of each agent that its next exchange belongs to: the latest, or that of the step under way.
  private let presentTurn: Column<UInt64>
  /// The latest turn of each agent, whose step is owed while one is under way.
  private let latestTurn: Column<UInt64>
  /// How often each agent's parameters have changed during the step under way.
  private let changes: Column<UInt64>
  /// The link in the other direction, for each link (pairwise only).
  private let opposite: Column<LinkID>

  /// - Throws: if pairs average over a link that goes in one direction only, or a clock rings without end.
  init(_ context: StrategyContext) throws(SimulationError) {
    let (settings, world, replication) = (context.settings, context.world, context.replication)
    let isPairwise = settings.strategy.gossip.exchange == .pairwise
    let oppositeLinks = isPairwise ? try world.network.oppositeLinks() : []
    turns = try AgentTurns(settings, world: world, replication: replication)
    self.settings = settings.strategy.gossip
    neighbours = RandomNeighbours(context)
    let agentCount = world.network.nodeCount
    presentTurn = Column(repeating: 0, count: agentCount)
    latestTurn = Column(repeating: 0, count: agentCount)
    changes = Column(repeating: 0, count: agentCount)
    opposite = Column(oppositeLinks)
  }

  mutating func begin(_ node: NodeID, _ run: inout RunState<Scalar>) {
    turns.start(node, &run)
  }

  @inline(__always)
  mutating func timerFired(_ node: NodeID, tag: UInt8, payload: UInt32, _ run: inout RunState<Scalar>) {
    if let turn = turns.rang(for: node, run) { take(turn.number, turn.agent, &run) }
    turns.wind(node, &run)
  }

  @inline(__always)
  private mutating func take(_ turn: UInt64, _ node: NodeID, _ run: inout RunState<Scalar>) {
    latestTurn[node.index] = turn
    let isStepUnderWay = settings.order == .adaptThenCombine && run.agents[node.index].isComputing
    if !isStepUnderWay { presentTurn[node.index] = turn }
    if settings.order == .adaptThenCombine, run.learner.adapts {
      guard run.takeAndApplyStep(node) else { return }
    }
    exchange(node, &run)
  }

  mutating func stepEnded(_ node: NodeID, _ psi: SnapshotHandle, _ run: inout RunState<Scalar>) {
    run.adopt(node, psi)
    run.staleness.stepped(afterUpdates: changes[node.index])
    changes[node.index] = 0
    if settings.order == .adaptThenCombine {
      exchange(node, &run)
      presentTurn[node.index] = latestTurn[node.index]
    }
  }

  @inline(__always)
  mutating func received(_ message: Message, _ run: inout RunState<Scalar>) {
    let receiver = run.topology.receivers[message.link.index]
    run.noteUse(of: message)
    run.tellMixing(message.sendNumber, on: message.link, weight: 0.5, birth: message.birth)
    run.mix(receiver, with: run.snapshots.values(message.snapshot))
    if run.realised.isOn { run.realiseMixing(receiver, with: message) }
    moved(receiver, &run)
  }

  mutating func combineDue(_ node: NodeID, _ run: inout RunState<Scalar>) {}

  mutating func changed(_ node: NodeID, _ change: LifeChange, _ run: inout RunState<Scalar>) {
    switch change {
    case .crash, .departure:
      changes[node.index] = 0
      turns.crashed(node, &run)
    case .recovery, .arrival:
      turns.start(node, &run)
    }
  }

  mutating func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    try turns.visit(&memory)
    try memory.column("present turns", presentTurn)
    try memory.column("latest turns", latestTurn)
    try memory.column("changes", changes)
  }

  // MARK: - Exchanges

  private mutating func exchange(_ node: NodeID, _ run: inout RunState<Scalar>) {
    guard let link = neighbours.link(of: node, at: presentTurn[node.index], run) else { return }
    switch settings.exchange {
    case .push:
      run.hand(run.parcel(of: node), over: link)
    case .pairwise:
      average(link, &run)
    }
  }

  /// Both ends of a link average at this instant. A partner that is down answers nothing.
  private mutating func average(_ link: LinkID, _ run: inout RunState<Scalar>) {
    let caller = run.topology.senders[link.index]
    let partner = run.topology.receivers[link.index]
    let back = opposite[link.index]
    // Whom an agent cannot hear is no partner.
    guard run.present.has(back.index) else { return }
    var loss = run.lossAtOnce(over: link, index: run.transmissions.sent(over: link))
    // An exchange that is lost as a whole needs both ways.
    if settings.loss == .exchange, run.cuts.isCut(back) { loss = .cut }
    run.passAtOnce(over: link, loss: loss)
    guard run.agents[partner.index].isUp else { return }
    let answerLoss =
      settings.loss == .exchange ? loss : run.lossAtOnce(over: back, index: run.transmissions.sent(over: back))
    run.passAtOnce(over: back, loss: answerLoss)
    run.mix(caller, hears: answerLoss == nil, partner, isHeard: loss == nil)
    if run.realised.isOn { run.realisePair(link, isHeard: loss == nil, back, answerIsHeard: answerLoss == nil) }
    if answerLoss == nil { moved(caller, &run) }
    if loss == nil { moved(partner, &run) }
  }

  /// What an agent does whose parameters have just been averaged.
  @inline(__always)
  private mutating func moved(_ node: NodeID, _ run: inout RunState<Scalar>) {
    guard run.learner.adapts else { return }
    if run.agents[node.index].isComputing { changes[node.index] += 1 }
    if settings.order == .combineThenAdapt { _ = run.takeAndApplyStep(node) }
  }
}

extension StrategyDefinition {
  package static let gossip = StrategyDefinition(
    "gossip", "pairs of agents average",
    source: "Boyd, Ghosh, Prabhakar and Shah, Randomized gossip algorithms, IEEE Trans. Inf. Theory 52 (2006)",
    facts: StrategyFacts(
      audience: .oneNeighbour, recursion: .pairs, bringsWeights: true, timingsByClock: [.asynchronous],
      keys: ["gossip", "clock"]),
    forms: [StrategyForm([.asynchronous], Gossip<Float>.self, Gossip<Double>.self)])
}
