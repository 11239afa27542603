// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Quantities

/// Push-sum in which every agent sends shares when its clock rings, and adds what arrives when it arrives.
///
/// With something to learn this is subgradient-push: when the clock rings an agent takes a step at its estimate
/// z = s / mass, adds the increment to s when the step ends, and sends its shares then. Clocks go on while an agent is
/// down; what arrives in that time is lost, with running sums only until the next message of the link.
///
/// Source: Nedić and Olshevsky, "Distributed optimization over time-varying directed graphs", IEEE TAC 60 (2015).
struct AsynchronousPushSum<Scalar: ParameterScalar>: Cooperation, ~Copyable {
  static var numbersBeside: Int { 1 }

  private var ledger: PushSumLedger<Scalar>
  private var turns: AgentTurns<Scalar>
  /// How often each agent's parameters have changed during the step under way.
  private let changes: Column<UInt64>

  init(_ context: StrategyContext) throws(SimulationError) {
    let (settings, world) = (context.settings, context.world)
    let ledger = try PushSumLedger<Scalar>(settings, parameters: context.layout.sharedCount, world: world)
    turns = try AgentTurns(settings, world: world, replication: context.replication)
    self.ledger = ledger
    changes = Column(repeating: 0, count: world.network.nodeCount)
  }

  mutating func begin(_ node: NodeID, _ run: inout RunState<Scalar>) {
    ledger.open(run)
    turns.start(node, &run)
  }

  mutating func timerFired(_ node: NodeID, tag: UInt8, payload: UInt32, _ run: inout RunState<Scalar>) {
    if let turn = turns.rang(for: node, run) { takeTurn(turn.agent, &run) }
    turns.wind(node, &run)
  }

  private mutating func takeTurn(_ node: NodeID, _ run: inout RunState<Scalar>) {
    if run.learner.adapts {
      guard run.takeStep(node) else { return }
      ledger.addIncrement(node, run)
    }
    ledger.split(node, &run)
  }

  mutating func stepEnded(_ node: NodeID, _ psi: SnapshotHandle, _ run: inout RunState<Scalar>) {
    run.snapshots.release(psi)
    run.staleness.stepped(afterUpdates: changes[node.index])
    changes[node.index] = 0
    ledger.addIncrement(node, run)
    ledger.split(node, &run)
  }

  mutating func received(_ message: Message, _ run: inout RunState<Scalar>) {
    let receiver = run.topology.receivers[message.link.index]
    let before = ledger.mass(of: receiver)
    let makeUp = run.realised.carries ? run.realised.carried.makeUp(of: receiver, 0) : nil
    guard ledger.add(message, to: ledger.holdings(of: receiver), madeOf: makeUp, &run) else { return }
    let whole = ledger.mass(of: receiver)
    if run.realised.isOn { run.realiseShares(receiver, of: message, mass: whole - before, whole: whole) }
    if run.isObserved {
      // What has come is so much of the whole mass.
      run.tellMixing(message.sendNumber, on: message.link, weight: 1 - before / whole, birth: message.birth)
    }
    ledger.publish(receiver, run)
    if run.agents[receiver.index].isComputing { changes[receiver.index] += 1 }
  }

  mutating func combineDue(_ node: NodeID, _ run: inout RunState<Scalar>) {}

  mutating func changed(_ node: NodeID, _ change: LifeChange, _ run: inout RunState<Scalar>) {
    changes[node.index] = 0
    ledger.open(run)
    if change == .recovery || change == .arrival { turns.start(node, &run) }
  }

  mutating func linkChanged(_ link: LinkID, _ change: LinkStateChange, _ run: inout RunState<Scalar>) {
    if change == .removal { ledger.takeBack(link, &run) }
  }

  mutating func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    try ledger.visit(&memory)
    try turns.visit(&memory)
    try memory.column("changes", changes)
  }

  borrowing func masses(_ run: borrowing RunState<Scalar>) -> PushSumMasses? {
    PushSumMasses(sums: conservedSums(run), held: ledger.masses)
  }

  borrowing func conservedSums(_ run: borrowing RunState<Scalar>) -> [Double] {
    ledger.conservedSums(run)
  }
}
