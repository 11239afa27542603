// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import EventEngine
import Learners
import Networks
import Quantities

/// The estimates of synchronous rounds on their way: sent, acknowledged, and sent again (`Retransmission.swift`).
///
/// *Randomness*: latency and loss are keyed by (link, round, attempt).
struct RoundMessenger<Scalar: ParameterScalar>: ~Copyable {
  let acknowledges: Bool
  let backOff: Double
  let acknowledgementSize: UInt64
  let losesAcknowledgements: Bool
  /// How long until the first repetition, by link.
  let timeouts: Column<VirtualDuration>
  /// Two by link: of even and of odd rounds. An agent is at most one round ahead of a neighbour that it waits for.
  let outstanding: Column<OutstandingEstimate>
  /// From which round on each link counts, where links come and go.
  private let firstRounds: Column<UInt32>
  private let phaseCount: UInt32

  init(_ settings: SimulationSettings, world: World, messageSize: UInt64) {
    let retransmission = settings.strategy.retransmission
    acknowledges = settings.usesAcknowledgements
    backOff = retransmission.backOff
    acknowledgementSize = retransmission.acknowledgementSize.bytes
    losesAcknowledgements = retransmission.losesAcknowledgements
    let links = acknowledges ? world.network.linkCount : 0
    timeouts = Column(settings.retransmissionTimeouts(world: world, messageSize: messageSize).prefix(links))
    outstanding = Column(repeating: OutstandingEstimate(), count: 2 * links)
    phaseCount = UInt32(settings.phaseCount)
    firstRounds = Column(repeating: 0, count: settings.changesNetwork ? world.network.linkCount : 0)
  }

  /// Whether a link takes part in a round: it is there, and has been since before the round.
  @inline(__always)
  func counts(_ link: Int, round: UInt32, _ run: borrowing RunState<Scalar>) -> Bool {
    let turn = UInt64(round / phaseCount)
    if run.peers.isOn, !run.peers.uses(LinkID(link), turn: turn, run.topology, run.present) { return false }
    return !run.present.changes || run.present.has(link) && round >= firstRounds[link]
  }

  /// Has a link that has come take part from a round on.
  func admit(_ link: LinkID, from round: UInt32) { firstRounds[link.index] = round }

  /// Sends an agent's estimate of a round to all its neighbours.
  func broadcast(_ estimate: SnapshotHandle, round: UInt32, from node: NodeID, _ run: inout RunState<Scalar>) {
    let parcel = run.parcel(estimate, of: node)
    for position in run.topology.outgoing(node) {
      let link = run.topology.outgoing(at: position)
      guard counts(link.index, round: round, run) else { continue }
      send(
        parcel, round: round, over: link, index: UInt64(round),
        bytes: run.outbox.bytes(of: run.agents[node.index].phase), &run)
    }
    run.snapshots.release(parcel)
  }

  /// Sends an estimate of a round, as messages carry it, over one link.
  ///
  /// - Parameter index: keys its draws, together with the attempt.
  func send(
    _ estimate: SnapshotHandle, round: UInt32, over link: LinkID, index: UInt64, bytes: UInt32,
    _ run: inout RunState<Scalar>
  ) {
    let node = run.topology.senders[link.index]
    let firstNumber = run.transmissions.sent(over: link) + 1
    run.send(
      estimate, over: link, round: round, attempt: 0, index: index, birth: run.now,
      updates: run.agents[node.index].updates, bytes: bytes)
    guard acknowledges else { return }
    let position = link.index * 2 + Int(round & 1)
    settle(position, &run)
    run.snapshots.retain(estimate)
    outstanding[position] = OutstandingEstimate(
      estimate: estimate, round: round, index: index, firstNumber: firstNumber, birth: run.now,
      updates: run.agents[node.index].updates, bytes: bytes,
      timer: run.setTimer(
        node, tag: TimerTag.retransmission, payload: UInt32(position), after: timeouts[link.index]))
  }

  func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    try memory.column("outstanding estimates", outstanding)
    try memory.column("first rounds of links", firstRounds)
  }

}
