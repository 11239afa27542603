// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import EventEngine
import Learners
import Networks
import Quantities

/// An estimate of a round that its receiver has not acknowledged.
struct OutstandingEstimate: BitwiseCopyable {
  var estimate = SnapshotHandle.none
  var round: UInt32 = 0
  /// Under which its draws are keyed, together with the attempt.
  var index: UInt64 = 0
  /// The number of its first message on the link.
  var firstNumber: UInt64 = 0
  var attempt: UInt32 = 0
  var birth = VirtualTime.zero
  /// The sender's update number when the estimate was made.
  var updates: UInt64 = 0
  var bytes: UInt32 = 0
  var timer = EventHandle.none
}

/// The estimates of synchronous rounds on their way: sent, acknowledged, and sent again after a timeout that grows
/// from attempt to attempt.
///
/// *Randomness*: latency and loss are keyed by (link, round, attempt).
struct RoundMessenger<Scalar: ParameterScalar>: ~Copyable {
  /// The back-off grows no further after so many attempts.
  private static var greatestBackOffExponent: UInt32 { 10 }

  let acknowledges: Bool
  private let backOff: Double
  private let acknowledgementSize: UInt64
  private let losesAcknowledgements: Bool
  /// How long until the first repetition, by link.
  private let timeouts: Column<VirtualDuration>
  /// Two by link: of even and of odd rounds. An agent is at most one round ahead of a neighbour that it waits for.
  private let outstanding: Column<OutstandingEstimate>
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

  /// Gives up what was sent over a link that has gone.
  func abandon(_ link: LinkID, _ run: inout RunState<Scalar>) {
    guard acknowledges else { return }
    for slot in [2 * link.index, 2 * link.index + 1] { settle(slot, &run) }
  }

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
    let firstNumber = run.sendNumbers[link.index] + 1
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

  /// Sends an unacknowledged estimate again.
  ///
  /// - Parameter isWanted: whether its receiver may still wait for it.
  func timeout(_ position: Int, from node: NodeID, isWanted: Bool, _ run: inout RunState<Scalar>) {
    var waiting = outstanding[position]
    guard waiting.estimate != .none else { return }
    guard isWanted else {
      settle(position, &run)
      return
    }
    let link = LinkID(position / 2)
    waiting.attempt += 1
    run.send(
      waiting.estimate, over: link, round: waiting.round, attempt: waiting.attempt, index: waiting.index,
      birth: waiting.birth, updates: waiting.updates, bytes: waiting.bytes)
    let exponent = min(waiting.attempt, Self.greatestBackOffExponent)
    waiting.timer = run.setTimer(
      node, tag: TimerTag.retransmission, payload: UInt32(position),
      after: timeouts[link.index].scaled(by: power(backOff, exponent)))
    outstanding[position] = waiting
  }

  /// The round of what is outstanding at a position.
  func round(at position: Int) -> UInt32 { outstanding[position].round }

  /// Answers a message, if messages are answered.
  func answer(_ message: Message, _ run: inout RunState<Scalar>) {
    guard acknowledges else { return }
    run.acknowledge(message, bytes: acknowledgementSize, canBeLost: losesAcknowledgements)
  }

  /// Takes note that a receiver has a message.
  func acknowledged(_ message: Message, _ run: inout RunState<Scalar>) {
    let position = message.link.index * 2 + Int(message.round & 1)
    let waiting = outstanding[position]
    if waiting.round == message.round, waiting.firstNumber <= message.sendNumber { settle(position, &run) }
  }

  /// Gives up everything that an agent has sent and nobody acknowledged.
  func abandon(_ node: NodeID, _ run: inout RunState<Scalar>) {
    forEachOutstanding(of: node, &run) { position, run in settle(position, &run) }
  }

  /// Stops sending again while an agent is down; what it had not been told of stays in its memory.
  func suspend(_ node: NodeID, _ run: inout RunState<Scalar>) {
    forEachOutstanding(of: node, &run) { position, run in _ = run.scheduler.cancel(outstanding[position].timer) }
  }

  /// Takes up sending again after a recovery.
  func resume(_ node: NodeID, _ run: inout RunState<Scalar>) {
    forEachOutstanding(of: node, &run) { position, run in
      outstanding[position].timer = run.setTimer(
        node, tag: TimerTag.retransmission, payload: UInt32(position), after: timeouts[position / 2])
    }
  }

  private func forEachOutstanding(
    of node: NodeID, _ run: inout RunState<Scalar>, _ body: (Int, inout RunState<Scalar>) -> Void
  ) {
    guard acknowledges else { return }
    for position in run.topology.outgoing(node) {
      let link = run.topology.outgoing(at: position).index
      for slot in [2 * link, 2 * link + 1] where outstanding[slot].estimate != .none { body(slot, &run) }
    }
  }

  func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    try memory.column("outstanding estimates", outstanding)
    try memory.column("first rounds of links", firstRounds)
  }

  private func settle(_ position: Int, _ run: inout RunState<Scalar>) {
    guard outstanding[position].estimate != .none else { return }
    _ = run.scheduler.cancel(outstanding[position].timer)
    run.snapshots.release(outstanding[position].estimate)
    outstanding[position].estimate = .none
  }
}

/// A whole power by repeated multiplication, the same on every processor.
private func power(_ base: Double, _ exponent: UInt32) -> Double {
  var result = 1.0
  for _ in 0..<exponent { result *= base }
  return result
}

extension SimulationSettings {
  /// How long until an unacknowledged estimate is sent again the first time, by link.
  package func retransmissionTimeouts(world: World, messageSize: UInt64) -> [VirtualDuration] {
    let bytes = messageSize + strategy.retransmission.acknowledgementSize.bytes
    let steps = world.typicalStepDurations
    let meanStep = stepSeconds(factor: steps.reduce(0, +) / Double(max(1, steps.count)))
    return (0..<world.network.linkCount).map { link in
      // Where a link has none back, nothing is acknowledged, and the timeout is not used.
      let back = world.network.reverse[link] == Network.noLink ? LinkID(link) : world.network.reverse[link]
      let rate = min(world.bandwidth(LinkID(link), self), world.bandwidth(back, self))
      let perByte = rate > 0 ? 1 / rate : 0
      let latencies = world.latencies.mean(LinkID(link)) + world.latencies.mean(back)
      return strategy.retransmission.firstTimeout(roundTrip: latencies + Double(bytes) * perByte, step: meanStep)
    }
  }
}
