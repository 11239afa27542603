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

/// The back-off grows no further after so many attempts.
private let greatestBackOffExponent: UInt32 = 10

/// Acknowledgements, and estimates that are sent again after a timeout that grows by the back-off from attempt to attempt.
extension RoundMessenger {
  /// Gives up what was sent over a link that has gone.
  func abandon(_ link: LinkID, _ run: inout RunState<Scalar>) {
    guard acknowledges else { return }
    for slot in [2 * link.index, 2 * link.index + 1] { settle(slot, &run) }
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
    let exponent = min(waiting.attempt, greatestBackOffExponent)
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

  /// Is done with what is outstanding at a position.
  func settle(_ position: Int, _ run: inout RunState<Scalar>) {
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
