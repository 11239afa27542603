// SPDX-License-Identifier: GPL-3.0-or-later
import EventEngine
import Learners
import Quantities

/// Diffusion and consensus in rounds: an agent combines round i when it has the round-i estimates of its neighbours.
///
/// Adapt-then-combine sends ψ when the step of the round has ended. Combine-then-adapt sends w when the round begins,
/// and steps when it has combined. Consensus sends w when the round begins, steps meanwhile, and combines when its step
/// has ended too.
///
/// With the *local* barrier it then begins round i + 1 at once, and presumes a neighbour dead only when a timeout has
/// passed since it had nothing to do but wait; in that round it waits for nobody any more. With the *global* barrier the next round begins for all when the last live agent has combined; this
/// barrier is ideal: it knows who is alive, and costs neither time nor bytes.
///
/// Where a step has phases, rounds take turns: round i is about phase i modulo their number. So each phase has its own
/// messages and barrier.
///
/// Round numbers survive a crash, as sequence numbers of a protocol do. An agent whose neighbours have gone on
/// without it (it recovered, or they presumed it dead) enters at the highest round that it has heard.
struct SynchronousDiffusion<Scalar: ParameterScalar>: Cooperation, ~Copyable {
  enum Barrier {
    case local
    case global
  }

  static func mailboxDepth(phases: Int) -> Int { max(2, phases) }

  private let arrangement: Arrangement
  private let barrier: Barrier
  private let rule: StrategySettings.MissingNeighbourRule
  private let peerTimeout: VirtualDuration?
  private let messenger: RoundMessenger<Scalar>
  private let places: Column<RoundPlace>
  /// Whether the receiver of a link presumes its sender dead.
  private let isPresumedDead: Column<Bool>
  private let phaseCount: UInt32
  private var globalRound: UInt32 = 0
  /// Agents that the present global round still waits for.
  private var stragglers: Int

  init(_ context: StrategyContext) {
    let (settings, world) = (context.settings, context.world)
    let barrier = settings.strategy.timing == .synchronousLocal ? Barrier.local : .global
    phaseCount = UInt32(context.layout.phases.count)
    arrangement = settings.strategy.facts.arrangement
    self.barrier = barrier
    rule = settings.strategy.missingNeighbour
    // Who waits for ever has no timeout. (Not asked of `rule`: Swift 6.3 frees a half-made value twice that `&&` captures.)
    let losesPatience = barrier == .local && settings.strategy.missingNeighbour != .wait
    peerTimeout = losesPatience ? settings.strategy.peerTimeout : nil
    messenger = RoundMessenger(settings, world: world, messageSize: context.messageSize())
    stragglers = world.network.nodeCount
    places = Column(repeating: RoundPlace(), count: world.network.nodeCount)
    isPresumedDead = Column(repeating: false, count: world.network.linkCount)
  }

  // MARK: - The round of an agent

  mutating func begin(_ node: NodeID, _ run: inout RunState<Scalar>) {
    run.agents[node.index].phase = UInt8(places[node.index].round % phaseCount)
    if arrangement == .adaptThenCombine {
      places[node.index].stage = .computing
      run.launchStep(node)
    } else {
      if arrangement == .consensus { run.launchStep(node) }
      enterRound(node, with: run.snapshot(of: node), &run)
    }
  }

  mutating func stepEnded(_ node: NodeID, _ psi: SnapshotHandle, _ run: inout RunState<Scalar>) {
    switch arrangement {
    case .adaptThenCombine:
      enterRound(node, with: psi, &run)
    case .consensus:
      run.snapshots.release(psi)
      startPatience(node, &run)
      reviewAwaited(node, &run)
    case .combineThenAdapt, .alone:
      run.snapshots.release(psi)
      run.adopt(node, places[node.index].own)
      places[node.index].own = .none
      run.applyIncrement(node)
      places[node.index].stage = .idle
      endRound(node, &run)
    }
  }

  private mutating func enterRound(_ node: NodeID, with estimate: SnapshotHandle, _ run: inout RunState<Scalar>) {
    places[node.index].own = estimate
    enterRound(node, mustJump(node) ? latestRound(for: node) : places[node.index].round, &run)
  }

  /// Sends the estimate as that of a round and waits for the neighbours'.
  private mutating func enterRound(_ node: NodeID, _ round: UInt32, _ run: inout RunState<Scalar>) {
    places[node.index].round = round
    places[node.index].stage = .waiting
    messenger.broadcast(places[node.index].own, round: round, from: node, &run)
    startPatience(node, &run)
    reviewAwaited(node, &run)
  }

  /// From now on the agent only waits, unless its step is still running.
  private func startPatience(_ node: NodeID, _ run: inout RunState<Scalar>) {
    guard let peerTimeout else { return }
    _ = run.scheduler.cancel(places[node.index].peerTimer)
    places[node.index].hasLostPatience = false
    guard places[node.index].stage == .waiting, !run.agents[node.index].isComputing else { return }
    places[node.index].peerTimer = run.setTimer(node, tag: TimerTag.peers, after: peerTimeout)
  }

  /// Whether the neighbours have gone on without the agent. Where they wait for ever, they never do.
  private func mustJump(_ node: NodeID) -> Bool {
    let place = places[node.index]
    guard barrier == .local, rule != .wait else { return false }
    return latestRound(for: node) > place.round + (place.isRejoining ? 0 : 1)
  }

  /// The highest round heard that is about the same phase as the agent's own.
  private func latestRound(for node: NodeID) -> UInt32 {
    let (heard, own) = (places[node.index].highestHeard, places[node.index].round)
    return heard < own ? heard : heard - (heard - own) % phaseCount
  }

  /// Counts the estimates that are still to come, and combines if none is.
  private mutating func reviewAwaited(_ node: NodeID, _ run: inout RunState<Scalar>) {
    guard places[node.index].stage == .waiting else { return }
    let round = places[node.index].round
    var awaited = 0
    if !places[node.index].hasLostPatience {
      for link in run.topology.incoming(node) where !isServed(link, round: round, run) { awaited += 1 }
    }
    places[node.index].awaited = awaited
    if awaited == 0, !run.agents[node.index].isComputing { run.requestCombine(node) }
  }

  /// Whether a round need not wait for a link: its estimate is here, or its sender counts as dead.
  private func isServed(_ link: Int, round: UInt32, _ run: borrowing RunState<Scalar>) -> Bool {
    if !messenger.counts(link, round: round, run) { return true }
    let slot = run.mailboxes[run.mailboxes.position(link, round: round)]
    if !slot.isEmpty, slot.round == round { return true }
    if rule == .wait { return false }
    if barrier == .local { return isPresumedDead[link] }
    return run.cuts.isCut(LinkID(link)) || isAbsent(run.topology.senders[link], run)
  }

  /// Whether an agent takes no part in the present global round: it is down, or has recovered since the round began.
  private func isAbsent(_ node: NodeID, _ run: borrowing RunState<Scalar>) -> Bool {
    !run.agents[node.index].isUp || (places[node.index].isRejoining && !places[node.index].isInRound)
  }

  mutating func combineDue(_ node: NodeID, _ run: inout RunState<Scalar>) {
    guard places[node.index].stage == .waiting, places[node.index].awaited == 0 else { return }
    let round = places[node.index].round
    let own = places[node.index].own
    if arrangement == .combineThenAdapt {
      places[node.index].own = run.combined(node, own: own, round: round, missing: rule)
    } else {
      run.combine(node, own: own, round: round, missing: rule, addsIncrement: arrangement == .consensus)
      places[node.index].own = .none
    }
    places[node.index].stage = .idle
    places[node.index].round = round + 1
    places[node.index].isRejoining = false
    _ = run.scheduler.cancel(places[node.index].peerTimer)
    if arrangement == .combineThenAdapt {
      places[node.index].stage = .computing
      run.launchStep(node, at: places[node.index].own)
    } else {
      endRound(node, &run)
    }
  }

  /// The agent has done all of a round.
  private mutating func endRound(_ node: NodeID, _ run: inout RunState<Scalar>) {
    switch barrier {
    case .local:
      run.scheduleBegin(node)
    case .global:
      leaveGlobalRound(node, &run)
    }
  }

  // MARK: - Messages

  mutating func received(_ message: Message, _ run: inout RunState<Scalar>) {
    let link = message.link.index
    let node = run.topology.receivers[link]
    messenger.answer(message, &run)
    isPresumedDead[link] = false
    places[node.index].highestHeard = max(places[node.index].highestHeard, message.round)
    let slot = run.mailboxes[run.mailboxes.position(link, round: message.round)]
    if !slot.isEmpty, slot.round == message.round {
      run.note(.duplicate, message)
    } else if message.round < places[node.index].round, rule != .lastHeard || slot.holds(laterThan: message.round) {
      run.note(.late, message)
    } else {
      run.keep(message, round: message.round)
      proceed(node, after: message, &run)
    }
  }

  /// Lets an agent go on that waited for a message.
  private mutating func proceed(_ node: NodeID, after message: Message, _ run: inout RunState<Scalar>) {
    guard places[node.index].stage == .waiting else { return }
    if mustJump(node) {
      enterRound(node, latestRound(for: node), &run)
    } else if message.round == places[node.index].round {
      reviewAwaited(node, &run)
    }
  }

  mutating func acknowledged(_ acknowledgement: Message, _ run: inout RunState<Scalar>) {
    messenger.acknowledged(acknowledgement, &run)
  }

  mutating func timerFired(_ node: NodeID, tag: UInt8, payload: UInt32, _ run: inout RunState<Scalar>) {
    if tag == TimerTag.retransmission {
      messenger.timeout(Int(payload), from: node, isWanted: isWanted(Int(payload) / 2, run), &run)
      return
    }
    guard places[node.index].stage == .waiting else { return }
    let round = places[node.index].round
    for link in run.topology.incoming(node) where !isServed(link, round: round, run) { isPresumedDead[link] = true }
    places[node.index].hasLostPatience = true
    reviewAwaited(node, &run)
  }

  /// Whether a link's receiver may still wait for what was sent: unless the rule lets agents go on without a peer
  /// and this peer counts as dead.
  private func isWanted(_ link: Int, _ run: borrowing RunState<Scalar>) -> Bool {
    if rule == .wait { return true }
    return barrier == .global
      ? !isAbsent(run.topology.receivers[link], run)
      : !isPresumedDead[run.topology.reverse[link].index]
  }

  // MARK: - Crashes, recoveries and the global barrier

  mutating func changed(_ node: NodeID, _ change: LifeChange, _ run: inout RunState<Scalar>) {
    switch change {
    case .crash, .departure:
      leave(node, &run)
    case .arrival:
      arrive(node, &run)
    case .recovery:
      for link in run.topology.incoming(node) { isPresumedDead[link] = false }
      places[node.index].isRejoining = true
      rejoin(node, &run)
    }
  }

  /// The ideal barrier knows which links are up; who has only a timeout finds out by it. Everybody knows which are there.
  mutating func linkChanged(_ link: LinkID, _ change: LinkStateChange, _ run: inout RunState<Scalar>) {
    let (sender, receiver) = (run.topology.senders[link.index], run.topology.receivers[link.index])
    switch change {
    case .appearance:
      let latest = barrier == .global ? globalRound : max(roundUnderWay(sender), roundUnderWay(receiver))
      messenger.admit(link, from: latest + 1)
      isPresumedDead[link.index] = false
    case .removal:
      messenger.abandon(link, &run)
      reviewAwaited(receiver, &run)
    case .cut, .restoration:
      if barrier == .global { reviewAwaited(receiver, &run) }
    }
  }

  /// The round that an agent has begun: combine-then-adapt counts the next one from its combination on.
  private func roundUnderWay(_ node: NodeID) -> UInt32 {
    let place = places[node.index]
    return arrangement == .combineThenAdapt && place.stage == .computing ? place.round - 1 : place.round
  }

  /// An agent has come: it takes part from the next global round on, or from the round after the latest of its neighbours'.
  private mutating func arrive(_ node: NodeID, _ run: inout RunState<Scalar>) {
    places[node.index].isRejoining = true
    guard barrier == .local else {
      if stragglers == 0 { beginGlobalRound(&run) }
      return
    }
    let links = run.links(of: node).filter { run.present.has($0.index) }
    let neighbours = links.flatMap { [run.topology.senders[$0.index], run.topology.receivers[$0.index]] }
    let rounds = neighbours.filter { $0 != node }.map { roundUnderWay($0) + 1 }
    // Rounds of its phase: it begins with the first.
    let first = rounds.max() ?? places[node.index].round
    places[node.index].round = first + (phaseCount - first % phaseCount) % phaseCount
    for link in links { messenger.admit(link, from: places[node.index].round) }
    run.scheduleBegin(node)
  }

  private mutating func leave(_ node: NodeID, _ run: inout RunState<Scalar>) {
    if places[node.index].own != .none { run.snapshots.release(places[node.index].own) }
    places[node.index].own = .none
    places[node.index].stage = .idle
    if run.keepsMemory(node) { messenger.suspend(node, &run) } else { messenger.abandon(node, &run) }
    guard barrier == .global else { return }
    for position in run.topology.outgoing(node) {
      reviewAwaited(run.topology.receivers[run.topology.outgoing(at: position).index], &run)
    }
    if places[node.index].isInRound { leaveGlobalRound(node, &run) }
  }

  private mutating func rejoin(_ node: NodeID, _ run: inout RunState<Scalar>) {
    // A cause that came later may have made it forget.
    if run.keepsMemory(node) { messenger.resume(node, &run) } else { messenger.abandon(node, &run) }
    switch barrier {
    case .local:
      run.scheduleBegin(node)
    case .global where stragglers == 0:
      beginGlobalRound(&run)
    case .global where rule == .wait && places[node.index].round <= globalRound:
      // The others wait for this agent's estimate of the present round.
      enterGlobalRound(node, &run)
    case .global:
      break
    }
  }

  private mutating func enterGlobalRound(_ node: NodeID, _ run: inout RunState<Scalar>) {
    places[node.index].round = globalRound
    places[node.index].isInRound = true
    stragglers += 1
    run.scheduleBegin(node)
  }

  private mutating func leaveGlobalRound(_ node: NodeID, _ run: inout RunState<Scalar>) {
    places[node.index].isInRound = false
    stragglers -= 1
    if stragglers == 0 { beginGlobalRound(&run) }
  }

  /// Begins the next round for all live agents, in the order of their names.
  private mutating func beginGlobalRound(_ run: inout RunState<Scalar>) {
    globalRound += 1
    for rank in 0..<run.topology.nodeCount where run.agents[rank].isUp { enterGlobalRound(NodeID(rank), &run) }
  }
}

extension SynchronousDiffusion {
  mutating func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    try messenger.visit(&memory)
    try memory.column("places", places)
    try memory.column("presumed dead", isPresumedDead)
    try memory.value("global round", &globalRound)
    try memory.value("stragglers", &stragglers)
  }
}
