// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Quantities

/// Push-sum in slots: at (i + 1/4) slots everybody sends its shares, at (i + 3/4) slots everybody adds what has
/// arrived, link after link in the order of the senders' names. So the latency changes nothing as long as it is below
/// half a slot; what comes later is added in a later slot.
///
/// With something to learn this is subgradient-push: at i slots an agent takes a step at its estimate z = s / mass, and
/// adds the increment to s before it sends (a step that takes longer than a quarter of a slot: when it ends). So z as
/// measured at i slots is that of the source's recursion. A recovered agent begins with the next slot.
///
/// Source: Nedić and Olshevsky, "Distributed optimization over time-varying directed graphs", IEEE TAC 60 (2015).
struct SlottedPushSum<Scalar: ParameterScalar>: Cooperation, ~Copyable {
  static var numbersBeside: Int { 1 }

  private var ledger: PushSumLedger<Scalar>
  private let width: Int
  private let duration: VirtualDuration
  /// The number of the slot that each agent is in.
  private let slots: Column<Int>
  /// What has arrived over each link and is still to be added (links × (M + 1)), and whether there is any.
  private let arrived: Column<Double>
  private let hasArrived: Column<Bool>
  /// Whether the increment of an agent's step waits for its next message.
  private let hasIncrement: Column<Bool>
  private let changes: Column<UInt64>

  init(_ context: StrategyContext) throws(SimulationError) {
    let (settings, world, parameters) = (context.settings, context.world, context.layout.sharedCount)
    ledger = try PushSumLedger(settings, parameters: parameters, world: world)
    width = parameters + 1
    duration = settings.strategy.slots.duration
    slots = Column(repeating: 0, count: world.network.nodeCount)
    arrived = Column(repeating: 0, count: world.network.linkCount * width)
    hasArrived = Column(repeating: false, count: world.network.linkCount)
    hasIncrement = Column(repeating: false, count: world.network.nodeCount)
    changes = Column(repeating: 0, count: world.network.nodeCount)
  }

  mutating func begin(_ node: NodeID, _ run: inout RunState<Scalar>) {
    ledger.open(run)
    enterNextSlot(node, &run)
  }

  mutating func timerFired(_ node: NodeID, tag: UInt8, payload: UInt32, _ run: inout RunState<Scalar>) {
    switch tag {
    case TimerTag.slotBegin: beginSlot(node, &run)
    case TimerTag.sharesSend: send(node, &run)
    default: addArrivals(node, &run)
    }
  }

  mutating func stepEnded(_ node: NodeID, _ psi: SnapshotHandle, _ run: inout RunState<Scalar>) {
    run.snapshots.release(psi)
    run.staleness.stepped(afterUpdates: changes[node.index])
    changes[node.index] = 0
    ledger.addIncrement(node, run)
  }

  mutating func received(_ message: Message, _ run: inout RunState<Scalar>) {
    let link = message.link.index
    let makeUp = run.realised.carries ? run.realised.carried.waiting(for: run.topology.receivers[link]) : nil
    guard ledger.add(message, to: arrived.base + link * width, madeOf: makeUp, &run) else { return }
    hasArrived[link] = true
    run.tellDelivery(of: message, isUsed: true)
    guard run.realised.isOn else { return }
    run.realised.births[link] = message.birth
    if run.realised.carries { run.realised.carried.wait(on: link, mass: arrived[link * width + width - 1]) }
  }

  mutating func combineDue(_ node: NodeID, _ run: inout RunState<Scalar>) {}

  mutating func changed(_ node: NodeID, _ change: LifeChange, _ run: inout RunState<Scalar>) {
    changes[node.index] = 0
    hasIncrement[node.index] = false
    ledger.open(run)
    if change == .recovery || change == .arrival { enterNextSlot(node, &run) }
  }

  mutating func linkChanged(_ link: LinkID, _ change: LinkStateChange, _ run: inout RunState<Scalar>) {
    if change == .removal { ledger.takeBack(link, &run) }
  }

  mutating func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    try ledger.visit(&memory)
    try memory.column("slots", slots)
    try memory.column("arrived shares", arrived)
    try memory.column("links with arrivals", hasArrived)
    try memory.column("increments to add", hasIncrement)
    try memory.column("changes", changes)
  }

  borrowing func masses(_ run: borrowing RunState<Scalar>) -> PushSumMasses? {
    PushSumMasses(sums: conservedSums(run), held: ledger.masses)
  }

  borrowing func conservedSums(_ run: borrowing RunState<Scalar>) -> [Double] {
    var sums = ledger.conservedSums(run)
    guard !sums.isEmpty else { return sums }
    for index in 0..<arrived.count { sums[index % width] += arrived[index] }
    return sums
  }

  // MARK: - A slot

  private func start(of slot: Int) -> VirtualTime { VirtualTime(duration * slot) }

  private func enterNextSlot(_ node: NodeID, _ run: inout RunState<Scalar>) {
    let whole = Int(run.now.sinceStart.count(of: duration))
    let slot = start(of: whole) == run.now ? whole : whole + 1
    slots[node.index] = slot
    run.setTimer(node, tag: TimerTag.slotBegin, at: start(of: slot))
  }

  private func beginSlot(_ node: NodeID, _ run: inout RunState<Scalar>) {
    let slot = slots[node.index]
    run.tellRound(UInt64(slot), of: node)
    run.setTimer(node, tag: TimerTag.sharesSend, at: start(of: slot) + duration.end(ofPart: 1, of: 4))
    run.setTimer(node, tag: TimerTag.sharesAdd, at: start(of: slot) + duration.end(ofPart: 3, of: 4))
    run.setTimer(node, tag: TimerTag.slotBegin, at: start(of: slot + 1))
    slots[node.index] = slot + 1
    if run.learner.adapts { hasIncrement[node.index] = run.takeStep(node) }
  }

  private mutating func send(_ node: NodeID, _ run: inout RunState<Scalar>) {
    if hasIncrement[node.index] { ledger.addIncrement(node, run) }
    hasIncrement[node.index] = false
    ledger.split(node, &run)
  }

  private func addArrivals(_ node: NodeID, _ run: inout RunState<Scalar>) {
    if run.isObserved { tellArrivals(node, run) }
    let own = ledger.holdings(of: node)
    if run.realised.isOn { realiseArrivals(node, run) }
    for link in run.topology.incoming(node) where hasArrived[link] {
      let shares = arrived.base + link * width
      for entry in 0..<width {
        own[entry] += shares[entry]
        shares[entry] = 0
      }
      hasArrived[link] = false
    }
    ledger.publish(node, run)
    if run.agents[node.index].isComputing { changes[node.index] += 1 }
  }

  /// Counts what has arrived at an agent, which is about to be added: a combination whose weights are shares of mass.
  private func realiseArrivals(_ node: NodeID, _ run: borrowing RunState<Scalar>) {
    let links = run.topology.incoming(node)
    var whole = ledger.mass(of: node)
    for link in links where hasArrived[link] { whole += arrived[link * width + width - 1] }
    var count = 0
    for link in links where hasArrived[link] && whole > 0 {
      let weight = arrived[link * width + width - 1] / whole
      run.realised.gather(count, on: link, weight: weight, age: run.now - run.realised.births[link], slot: .none)
      count += 1
    }
    if count > 0 { run.realised.account.count(of: node, terms: count) }
    if run.realised.carries { run.realised.carried.takeWaiting(node, over: links) }
  }

  /// Tells what an agent adds, as shares of the mass that it has then.
  private func tellArrivals(_ node: NodeID, _ run: borrowing RunState<Scalar>) {
    let links = run.topology.incoming(node).filter { hasArrived[$0] }
    guard !links.isEmpty else { return }
    let own = ledger.mass(of: node)
    let whole = links.reduce(own) { $0 + arrived[$1 * width + width - 1] }
    run.tellCombination(node, of: links.count, own: own / whole)
    for link in links {
      let weight = arrived[link * width + width - 1] / whole
      run.tellPart(0, on: LinkID(link), of: node, weight: weight, birth: .zero, .old)
    }
  }
}
