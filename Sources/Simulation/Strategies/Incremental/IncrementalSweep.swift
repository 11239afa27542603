// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Quantities

/// Agents take turns one after the other, in the order of their names, sweep after sweep.
///
/// With learners that take no turns of their own (`StepBank.takesTurns`) the token carries the estimate: whoever gets it takes
/// it for its own, adapts it with its own data, and passes it on. That is incremental gradient descent.
///
/// Other learners take local steps all the time, side by side, and a turn after each: an agent whose step has ended waits for
/// the token, for the estimates of this sweep of the neighbours before it and for those of the last sweep of the neighbours
/// behind it; at its turn it moves, tells all neighbours, passes the token on, which then says no more than whose turn it is,
/// and begins its next step. In the order of data there is no token: turns are the same, and may overlap in time.
///
/// Who is not a neighbour gets the token over others, which pass it on as they are. A message that is lost stops everybody,
/// unless it is sent again (`RoundMessenger`), and so does an agent that is down, unless it is skipped: everybody knows at
/// once who is down, its edges are out, and whoever had the token before it sends it on.
///
/// Source: Bertsekas, "Incremental gradient, subgradient, and proximal methods", 2011, and Lopes and Sayed, "Incremental
/// adaptive strategies over distributed networks", 2007, for estimates that walk; Wei and Ozdaglar, 2012, for turns.
struct IncrementalSweep<Scalar: ParameterScalar>: Cooperation, ~Copyable {
  static func mailboxDepth(phases: Int) -> Int { 1 }

  static func numbersOfSome(_ settings: SimulationSettings, shared: Int) -> Int {
    settings.strategy.incremental.resynchronises && settings.learner.algorithm.takesTurns ? shared : 0
  }

  private let inPlace = InPlace()
  /// Whether the learner takes turns; else the token carries the estimate.
  let takesTurns: Bool
  let settings: IncrementalSettings
  let agentCount: UInt32
  let messenger: RoundMessenger<Scalar>
  let routes: TokenRoutes
  let tokenBytes: UInt32
  /// Of an estimate that has the multipliers of its edge behind it.
  private let bytesWithMultipliers: UInt32
  /// Turns that each agent has taken or missed: sweeps.
  let sweeps: Column<UInt32>
  /// Whether the step has ended after which an agent takes its next turn.
  let isReady: Column<Bool>
  /// The leg by which each agent has the token; zero where it has not.
  let tokens: Column<UInt32>
  /// The latest leg heard over each link.
  let legsHeard: Column<UInt32>
  /// From which sweep on the edge of each link counts: the later end hears the earlier one in that sweep for the first time.
  let firstSweeps: Column<UInt32>
  /// What the receiver of each link keeps for the edge (links × shared parameters).
  let multipliers: Column<Scalar>
  private let sharedCount: Int
  /// Room for the neighbours of a turn.
  private let neighbours: Column<NeighbourEstimate<Scalar>>
  var token: SweepToken

  init(_ context: StrategyContext) throws(SimulationError) {
    let (settings, network) = (context.settings, context.world.network)
    let takesTurns = settings.learner.algorithm.takesTurns
    if !takesTurns, settings.strategy.incremental.order == .dataflow {
      throw SimulationError("A learner that takes no turns needs the token, which carries the estimate.")
    }
    self.takesTurns = takesTurns
    self.settings = settings.strategy.incremental
    agentCount = UInt32(network.nodeCount)
    messenger = RoundMessenger(settings, world: context.world, messageSize: context.messageSize())
    routes = TokenRoutes(agents: network.nodeCount)
    tokenBytes = UInt32(
      clamping: takesTurns
        ? settings.conditions.links.messageSize(numbers: 1, bytesPerParameter: MemoryLayout<Int64>.size)
        : context.messageSize())
    bytesWithMultipliers = UInt32(clamping: context.messageSize(numbersBeside: context.layout.sharedCount))
    sweeps = Column(repeating: 0, count: network.nodeCount)
    isReady = Column(repeating: false, count: network.nodeCount)
    tokens = Column(repeating: 0, count: network.nodeCount)
    let links = network.linkCount
    legsHeard = Column(repeating: 0, count: links)
    firstSweeps = Column(repeating: 0, count: takesTurns ? links : 0)
    sharedCount = context.layout.sharedCount
    multipliers = Column(repeating: 0, count: takesTurns ? links * sharedCount : 0)
    let widest = (0..<network.nodeCount).map { network.degree(NodeID($0)) }.max() ?? 0
    let nothing = NeighbourEstimate<Scalar>(nil, isNew: false, comesBefore: false, multiplier: multipliers.base)
    neighbours = Column(repeating: nothing, count: widest)
    // The first turn is that of the first agent, which has the token from the beginning.
    token = SweepToken(leg: agentCount, place: NodeID(0))
    tokens[0] = agentCount
  }

  // MARK: - Steps

  mutating func begin(_ node: NodeID, _ run: inout RunState<Scalar>) {
    guard !run.agents[node.index].isComputing else { return }
    if takesTurns ? !isReady[node.index] : tokens[node.index] > 0 { run.launchStep(node) }
  }

  mutating func stepEnded(_ node: NodeID, _ psi: SnapshotHandle, _ run: inout RunState<Scalar>) {
    if takesTurns {
      // Such a step moves nothing that is shared: it says what the turn is about.
      run.snapshots.release(psi)
      isReady[node.index] = true
      review(node, &run)
    } else {
      run.adopt(node, psi)
      sweeps[node.index] += 1
      passOn(from: node, &run)
    }
  }

  // MARK: - Turns

  /// Lets an agent take its turn at this instant if nothing is missing.
  mutating func review(_ node: NodeID, _ run: inout RunState<Scalar>) {
    if takesTurns, canTakeTurn(node, run) { run.requestCombine(node) }
  }

  private func canTakeTurn(_ node: NodeID, _ run: borrowing RunState<Scalar>) -> Bool {
    guard isReady[node.index], run.agents[node.index].isUp else { return false }
    let sweep = sweeps[node.index] + 1
    if settings.order == .token { guard sweepOf(tokens[node.index]) == sweep else { return false } }
    if settings.resynchronises { return true }
    for link in run.topology.incoming(node) where counts(link, of: node, in: sweep, run) {
      let awaited = comesBefore(link, node, run) ? sweep : sweep - 1
      guard heard(link, run) >= awaited else { return false }
    }
    return true
  }

  /// Whether an agent heeds a link at its turn of a sweep.
  private func counts(_ link: Int, of node: NodeID, in sweep: UInt32, _ run: borrowing RunState<Scalar>) -> Bool {
    if settings.deadAgents == .wait { return true }
    guard run.agents[run.topology.senders[link].index].isUp else { return false }
    return comesBefore(link, node, run) ? sweep >= firstSweeps[link] : sweep > firstSweeps[link]
  }

  /// The latest sweep of which an estimate has been heard over a link.
  private func heard(_ link: Int, _ run: borrowing RunState<Scalar>) -> UInt32 {
    guard let position = run.mailboxes.newest(link) else { return 0 }
    let round = run.mailboxes[position].round
    return round == MailboxSlot.roundBeforeStart ? 0 : SweepCode.number(round)
  }

  private func comesBefore(_ link: Int, _ node: NodeID, _ run: borrowing RunState<Scalar>) -> Bool {
    run.topology.senders[link].rank < node.rank
  }

  mutating func combineDue(_ node: NodeID, _ run: inout RunState<Scalar>) {
    guard canTakeTurn(node, run) else { return }
    let sweep = sweeps[node.index] + 1
    run.tellTurn(node) { counts($0, of: node, in: sweep, run) }
    var count = 0
    for link in run.topology.incoming(node) where counts(link, of: node, in: sweep, run) {
      let (multiplier, isEarlier) = (multipliers.base + link * sharedCount, comesBefore(link, node, run))
      let known = run.neighbourEstimate(on: link, comesBefore: isEarlier, multiplier: multiplier)
      neighbours[count] = known
      count += 1
      guard settings.resynchronises, !isEarlier, known.isNew, let estimate = known.estimate else { continue }
      // The later end has said what it keeps: there is nothing to follow.
      multiplier.update(from: estimate + sharedCount, count: sharedCount)
      neighbours[count - 1] = NeighbourEstimate(
        estimate, isNew: false, comesBefore: false, multiplier: multiplier)
    }
    run.takeTurn(node, with: neighbours, count: count)
    sweeps[node.index] = sweep
    isReady[node.index] = false
    tellNeighbours(node, round: SweepCode.estimate(sweep: sweep), &run)
    if settings.order == .token { passOn(from: node, &run) }
    run.scheduleBegin(node)
  }

  /// Sends an agent's estimate to all neighbours, to those before it with what it keeps for their edges where they are sent
  /// these.
  private func tellNeighbours(_ node: NodeID, round: UInt32, _ run: inout RunState<Scalar>) {
    guard settings.resynchronises else {
      let estimate = run.snapshot(of: node)
      messenger.broadcast(estimate, round: round, from: node, &run)
      return run.snapshots.release(estimate)
    }
    for position in run.topology.outgoing(node) {
      let link = run.topology.outgoing(at: position)
      let isEarlier = run.topology.receivers[link.index].rank < node.rank
      let parcel = run.parcel(of: node)
      let behind = run.snapshots.values(parcel) + sharedCount
      if isEarlier {
        let kept = multipliers.base + run.topology.reverse[link.index].index * sharedCount
        for entry in 0..<sharedCount { behind[entry] = run.outbox.rounded(kept[entry]) }
      } else {
        behind.update(repeating: 0, count: sharedCount)
      }
      messenger.send(
        parcel, round: round, over: link, index: UInt64(round),
        bytes: isEarlier ? bytesWithMultipliers : run.outbox.bytes, &run)
      run.snapshots.release(parcel)
    }
  }

  /// Forgets the multipliers of all edges of an agent, at both ends.
  func forgetMultipliers(_ node: NodeID, atBothEnds: Bool, _ run: borrowing RunState<Scalar>) {
    guard takesTurns else { return }
    for link in run.topology.incoming(node) {
      (multipliers.base + link * sharedCount).update(repeating: 0, count: sharedCount)
      guard atBothEnds else { continue }
      let back = run.topology.reverse[link].index
      (multipliers.base + back * sharedCount).update(repeating: 0, count: sharedCount)
    }
  }

  // MARK: - Messages

  mutating func received(_ message: Message, _ run: inout RunState<Scalar>) {
    let link = message.link.index
    messenger.answer(message, &run)
    if SweepCode.isToken(message.round) { return receivedToken(message, &run) }
    let sweep = SweepCode.number(message.round)
    guard sweep > heard(link, run) else { return run.note(.duplicate, message) }
    run.keep(message, round: message.round)
    review(run.topology.receivers[link], &run)
  }

  mutating func acknowledged(_ acknowledgement: Message, _ run: inout RunState<Scalar>) {
    messenger.acknowledged(acknowledgement, &run)
  }

  mutating func timerFired(_ node: NodeID, tag: UInt8, payload: UInt32, _ run: inout RunState<Scalar>) {
    let position = Int(payload)
    messenger.timeout(position, from: node, isWanted: isWanted(position, run), &run)
  }

  mutating func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    try messenger.visit(&memory)
    try memory.column("sweeps", sweeps)
    try memory.column("agents that are ready", isReady)
    try memory.column("tokens", tokens)
    try memory.column("legs heard", legsHeard)
    try memory.column("first sweeps of edges", firstSweeps)
    try memory.column("multipliers", multipliers)
    try memory.value("token", &token)
  }
}

extension StrategyDefinition {
  package static let incremental = StrategyDefinition(
    "incremental", "agents take turns one after the other: a token that carries an estimate, or says whose turn it is",
    source: "Lopes and Sayed, Incremental adaptive strategies over distributed networks, 2007; Wei and Ozdaglar, "
      + "Distributed alternating direction method of multipliers, 2012",
    facts: StrategyFacts(
      audience: .inTurn, recursion: .none(model: "agents that take turns"),
      usualTiming: .synchronousLocal, keys: ["incremental"], repeatsWhatMayBeLost: false),
    forms: [
      StrategyForm([.synchronousLocal], IncrementalSweep<Float>.self, IncrementalSweep<Double>.self)
    ])
}
