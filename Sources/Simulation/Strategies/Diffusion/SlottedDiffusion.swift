// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Quantities
import Randomness

/// Diffusion and consensus in slots: slot i begins at time i (in slots).
///
/// | time | adapt, then combine | combine, then adapt | consensus |
/// |---|---|---|---|
/// | i | active agents begin a step | everybody sends w | everybody sends w, active agents begin a step |
/// | i + 1/4 | steps end, everybody sends ψ | | steps end |
/// | i + 1/2 | | everybody combines, active agents begin a step | everybody combines and adds its increment |
/// | i + 3/4 | everybody combines | steps end | |
///
/// Steps take a quarter of a slot, whatever the compute times of the scenario. So any latency up to half a slot gives the
/// same results; a message that takes longer is late and never used.
///
/// With Bernoulli agents and links this is exactly the asynchronous model of Zhao and Sayed, "Asynchronous adaptation
/// and learning over networks, part I", 2015.
///
/// *Randomness*: `activity` of the agent at the number of the slot, one uniform number.
struct SlottedDiffusion<Scalar: ParameterScalar>: Cooperation, ~Copyable {
  private let inPlace = InPlace()
  private let arrangement: Arrangement
  private let slots: SlotSettings
  private let rule: StrategySettings.MissingNeighbourRule
  /// Whether neighbours count from the start with their initial parameters.
  private let startsWithInitial: Bool
  private let activity: SlotActivity
  /// The slot that each agent is in.
  private let slot: Column<UInt64>
  /// Whether each agent is active in its slot.
  private let isActive: Column<Bool>
  /// ψ_k, or the w_k that was sent, until the agent combines; then φ_k until the slot ends.
  private let own: Column<SnapshotHandle>
  private let history: ParameterHistory<Scalar>

  init(_ context: StrategyContext) {
    let (settings, world) = (context.settings, context.world)
    let agents = world.network.nodeCount
    let strategy = settings.strategy
    arrangement = strategy.facts.arrangement
    slots = strategy.slots
    rule = strategy.missingNeighbour
    startsWithInitial = strategy.mailboxStart == .initial
    activity = SlotActivity(
      strategy.slots.activeProbability, agents: world.network.keys, seed: settings.seed,
      replication: context.replication)
    slot = Column(repeating: 0, count: agents)
    isActive = Column(repeating: false, count: agents)
    own = Column(repeating: .none, count: agents)
    history = ParameterHistory(agents: agents, depth: strategy.slots.gradientDelay)
  }

  // MARK: - A slot

  mutating func begin(_ node: NodeID, _ run: inout RunState<Scalar>) {
    guard isAtStartOfSlot(node, run) else {
      // It started or recovered within a slot: it takes part from the next one.
      slot[node.index] = UInt64(run.now.sinceStart.count(of: slots.duration)) + 1
      run.scheduleBegin(node, at: time(of: node, quarter: 0))
      return
    }
    run.tellRound(slot[node.index], of: node)
    let active = activity.isActive(node, slot: slot[node.index])
    isActive[node.index] = active
    if run.timeRecord.isOn { run.recordSlot(node, isAsleep: slots.activity == .sleep && !active) }
    switch arrangement {
    case .adaptThenCombine, .alone:
      adapt(node, until: 1, &run)
      if !active { run.setTimer(node, tag: TimerTag.slotSend, at: time(of: node, quarter: 1)) }
    case .combineThenAdapt:
      send(run.snapshot(of: node), from: node, &run)
    case .consensus:
      send(run.snapshot(of: node), from: node, &run)
      adapt(node, until: 1, &run)
    }
    run.scheduleCombine(node, at: time(of: node, quarter: quarterOfCombination))
  }

  /// The quarter of a slot at whose begin agents combine.
  private var quarterOfCombination: Int {
    switch arrangement {
    case .adaptThenCombine, .alone: 3
    case .combineThenAdapt, .consensus: 2
    }
  }

  /// Whether a slot begins at this instant, which is then the agent's.
  private func isAtStartOfSlot(_ node: NodeID, _ run: borrowing RunState<Scalar>) -> Bool {
    if run.now == time(of: node, quarter: 0) { return true }
    let next = Int(run.now.sinceStart.count(of: slots.duration))
    guard VirtualTime(slots.duration * next) == run.now else { return false }
    slot[node.index] = UInt64(next)
    return true
  }

  /// When a quarter of an agent's slot begins.
  private func time(of node: NodeID, quarter: Int) -> VirtualTime {
    VirtualTime(slots.duration * Int(slot[node.index]) + slots.duration.end(ofPart: quarter, of: 4))
  }

  /// Starts the step of an active agent, which ends with a quarter of the slot.
  ///
  /// - Parameter phi: the point of the step; nothing means the agent's parameters. Where gradients are stale, the
  ///   point is that of `gradientDelay` slots ago.
  private func adapt(
    _ node: NodeID, at phi: SnapshotHandle = .none, until quarter: Int, _ run: inout RunState<Scalar>
  ) {
    var point = UnsafePointer(phi == .none ? run.row(node) : run.snapshots.values(phi))
    if slots.gradientDelay > 0 {
      if phi != .none { run.snapshots.retain(phi) }
      let present = phi == .none ? run.snapshot(of: node) : phi
      let past = history.exchange(present, of: node, at: slot[node.index], &run)
      point = UnsafePointer(run.snapshots.values(past))
    }
    if isActive[node.index] { run.launchStep(node, at: point, until: time(of: node, quarter: quarter)) }
  }

  mutating func stepEnded(_ node: NodeID, _ psi: SnapshotHandle, _ run: inout RunState<Scalar>) {
    switch arrangement {
    case .adaptThenCombine, .alone:
      send(psi, from: node, &run)
    case .consensus:
      run.snapshots.release(psi)
    case .combineThenAdapt:
      run.snapshots.release(psi)
      run.adopt(node, own[node.index])
      own[node.index] = .none
      run.applyIncrement(node)
    }
  }

  /// An agent that takes no step sends what it has.
  mutating func timerFired(_ node: NodeID, tag: UInt8, payload: UInt32, _ run: inout RunState<Scalar>) {
    send(run.snapshot(of: node), from: node, &run)
  }

  /// Keeps what the agent will combine as its own, and sends it unless the agent sleeps.
  private func send(_ estimate: SnapshotHandle, from node: NodeID, _ run: inout RunState<Scalar>) {
    own[node.index] = estimate
    if arrangement == .alone || slots.activity == .sleep && !isActive[node.index] { return }
    run.broadcast(
      estimate, from: node, round: UInt32(truncatingIfNeeded: slot[node.index]), turn: slot[node.index],
      delay: slots.duration * slots.messageDelay)
  }

  mutating func received(_ message: Message, _ run: inout RunState<Scalar>) {
    let node = run.topology.receivers[message.link.index]
    let due = UInt64(message.round) + UInt64(slots.messageDelay)
    if slots.activity == .sleep, !activity.isActive(node, slot: due) {
      run.note(.toDeadAgent, message)
    } else if due < slot[node.index], rule != .lastHeard {
      run.note(.late, message)
    } else {
      run.keep(message, round: 0)
    }
  }

  mutating func combineDue(_ node: NodeID, _ run: inout RunState<Scalar>) {
    var estimate = own[node.index]
    own[node.index] = .none
    let active = isActive[node.index]
    let combines = arrangement != .alone && (active || slots.activity == .compute)
    if combines { estimate = combined(node, estimate, &run) }
    if arrangement == .combineThenAdapt { adapt(node, at: estimate, until: 3, &run) }
    if arrangement == .combineThenAdapt, active {
      own[node.index] = estimate
    } else {
      run.adopt(node, estimate)
      if arrangement == .consensus, active { run.applyIncrement(node) }
    }
    slot[node.index] += 1
    run.scheduleBegin(node, at: time(of: node, quarter: 0))
  }

  /// The average of an estimate with the messages that count in the agent's slot; the estimate is given up.
  private func combined(_ node: NodeID, _ estimate: SnapshotHandle, _ run: inout RunState<Scalar>) -> SnapshotHandle {
    let isBeforeFirstMessage = slot[node.index] < UInt64(slots.messageDelay)
    let round = slot[node.index] &- UInt64(slots.messageDelay)
    return run.combined(
      node, own: estimate, round: isBeforeFirstMessage ? nil : UInt32(truncatingIfNeeded: round),
      missing: isBeforeFirstMessage && startsWithInitial ? .lastHeard : rule)
  }

  // MARK: - Crashes and recoveries

  mutating func changed(_ node: NodeID, _ change: LifeChange, _ run: inout RunState<Scalar>) {
    switch change {
    case .crash, .departure:
      if own[node.index] != .none { run.snapshots.release(own[node.index]) }
      own[node.index] = .none
      isActive[node.index] = false
      history.forget(node, &run)
    case .recovery, .arrival:
      run.scheduleBegin(node)
    }
  }

  mutating func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    try memory.column("slots", slot)
    try memory.column("active agents", isActive)
    try memory.column("own estimates", own)
    try history.visit(&memory)
  }
}
