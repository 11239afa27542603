// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Quantities
import Randomness

/// What the network does with a message that is offered to a link.
package struct Transit {
  /// When transmission starts; later than now if the message has to wait.
  package var start: VirtualTime
  /// When it would arrive.
  package var arrival: VirtualTime
  /// Whether the link loses it.
  package var isLost: Bool
  /// The handle of the waiting message that this one replaces, or `Transmissions.none`.
  package var replaced: UInt32
}

/// The links of a run: bandwidth, queueing, latency and loss.
///
/// A link transmits one message at a time, which takes size / bandwidth; then the message travels for its latency.
/// Service that starts at this very instant has started.
///
/// *Randomness*: `latency` and `loss` of the link's entity, at the index of the message, with the attempt; for
/// acknowledgements `acknowledgementLatency` and `acknowledgementLoss`.
package struct Transmissions: ~Copyable {
  /// The handle of no message.
  package static let none = UInt32.max

  private let inPlace = InPlace()
  /// When the message in service leaves, by link.
  private let freeAt: Column<VirtualTime>
  /// The message that waits, by link.
  private let waiting: Column<UInt32>
  /// How long the waiting message will be in service.
  private let waitingService: Column<VirtualDuration>
  /// The newest arrival arranged, by link, and the one before the waiting message's.
  private let lastArrival: Column<VirtualTime>
  private let arrivalBeforeWaiting: Column<VirtualTime>
  private let latencyScale: Column<Double>
  private let latencyKeys: Column<StreamKey>
  private let lossKeys: Column<StreamKey>
  private let acknowledgementLatencyKeys: Column<StreamKey>
  private let acknowledgementLossKeys: Column<StreamKey>
  private let latencyLaw: Distribution
  private let loss: Double
  /// Bytes per second, or nothing for links without a limit.
  private let bandwidth: Double?
  private let queue: LinkSettings.Queue
  private let inOrder: Bool

  /// The links of one replication, all idle.
  ///
  /// - Parameter acknowledges: whether acknowledgements will be sent.
  package init(
    _ settings: LinkSettings, latencies: LinkLatencies, network: Network, acknowledges: Bool, seed: UInt64,
    replication: UInt32
  ) {
    let count = network.linkCount
    let isLimited = settings.bandwidth != nil
    freeAt = Column(repeating: .zero, count: isLimited ? count : 0)
    waiting = Column(repeating: Self.none, count: isLimited ? count : 0)
    waitingService = Column(repeating: .zero, count: isLimited ? count : 0)
    lastArrival = Column(repeating: .zero, count: settings.inOrder ? count : 0)
    arrivalBeforeWaiting = Column(repeating: .zero, count: settings.inOrder ? count : 0)
    latencyScale = latencies.scales.isEmpty ? Column(repeating: 1, count: count) : Column(latencies.scales)
    func keys(_ purpose: Purpose, when used: Bool) -> Column<StreamKey> {
      let family = StreamFamily(seed: seed, replication: replication, purpose: purpose)
      return Column((0..<(used ? count : 0)).map { family.key(network.key(LinkID($0))) })
    }
    latencyKeys = keys(.latency, when: true)
    lossKeys = keys(.loss, when: true)
    acknowledgementLatencyKeys = keys(.acknowledgementLatency, when: acknowledges)
    acknowledgementLossKeys = keys(.acknowledgementLoss, when: acknowledges)
    latencyLaw = latencies.law
    loss = settings.loss.value
    bandwidth = settings.bandwidth
    queue = settings.queue
    inOrder = settings.inOrder
  }

  /// Whether links have a bandwidth, so that messages can wait.
  package var isLimited: Bool { bandwidth != nil }

  /// How long so many bytes keep a link busy.
  package func service(bytes: UInt64) -> VirtualDuration {
    bandwidth.map { VirtualDuration(transmitting: bytes, at: $0) } ?? .zero
  }

  /// The latency of a message.
  package func latency(_ link: LinkID, index: UInt64, attempt: UInt32) -> VirtualDuration {
    let draw = latencyLaw.sample(latencyKeys[link.index].attempt(attempt), at: index)
    return VirtualDuration(seconds: draw * latencyScale[link.index])
  }

  /// Whether a message is lost. The uniform number is drawn first and compared with the probability afterwards, so
  /// what is lost at a small probability is lost at a larger one too.
  package func isLost(_ link: LinkID, index: UInt64, attempt: UInt32) -> Bool {
    if loss == 0 { return false }
    return lossKeys[link.index].attempt(attempt).uniform(at: index) < loss
  }

  /// When an acknowledgement sent over a link arrives, or nothing if it is lost.
  ///
  /// Acknowledgements pass a queue by; they take their own transmission time and latency.
  ///
  /// - Parameter canBeLost: whether they are lost with the probability of messages.
  package func acknowledgementArrival(
    _ link: LinkID, bytes: UInt64, canBeLost: Bool, at now: VirtualTime, index: UInt64, attempt: UInt32
  ) -> VirtualTime? {
    if canBeLost, loss > 0 {
      var draws = Draws(acknowledgementLossKeys[link.index].attempt(attempt), at: index)
      if draws.uniform() < loss { return nil }
    }
    let latency = latencyLaw.sample(acknowledgementLatencyKeys[link.index].attempt(attempt), at: index)
    return now + service(bytes: bytes) + VirtualDuration(seconds: latency * latencyScale[link.index])
  }

  /// Offers a message to a link.
  ///
  /// - Parameters:
  ///   - message: its handle, remembered while it waits.
  ///   - index: the number under which its draws are keyed.
  package mutating func offer(
    _ message: UInt32, to link: LinkID, bytes: UInt64, at now: VirtualTime, index: UInt64, attempt: UInt32
  ) -> Transit {
    let (latency, isLost) = passage(link, index: index, attempt: attempt)
    var transit = Transit(start: now, arrival: now + latency, isLost: isLost, replaced: Self.none)
    if isLimited {
      let service = service(bytes: bytes)
      transit.start = enqueue(message, link.index, service: service, at: now, &transit.replaced)
      transit.arrival = transit.start + service + latency
    }
    if inOrder { keepOrder(link.index, &transit, now) }
    return transit
  }

  /// The latency of a message, and whether it is lost.
  @inline(__always)
  private func passage(_ link: LinkID, index: UInt64, attempt: UInt32) -> (latency: VirtualDuration, isLost: Bool) {
    guard loss > 0 else { return (latency(link, index: index, attempt: attempt), false) }
    let (latency, uniform) = latencyLaw.sample(
      latencyKeys[link.index].attempt(attempt), andUniformOf: lossKeys[link.index].attempt(attempt), at: index)
    return (VirtualDuration(seconds: latency * latencyScale[link.index]), uniform < loss)
  }

  private mutating func enqueue(
    _ message: UInt32, _ link: Int, service: VirtualDuration, at now: VirtualTime, _ replaced: inout UInt32
  ) -> VirtualTime {
    settle(link, at: now)
    if freeAt[link] <= now {
      freeAt[link] = now + service
      return now
    }
    let start = freeAt[link]
    if queue == .fifo {
      freeAt[link] = start + service
    } else {
      replaced = waiting[link]
      waiting[link] = message
      waitingService[link] = service
    }
    return start
  }

  /// Lets a waiting message whose turn has come start.
  private func settle(_ link: Int, at now: VirtualTime) {
    if waiting[link] != Self.none, freeAt[link] <= now {
      freeAt[link] += waitingService[link]
      waiting[link] = Self.none
    }
  }

  /// Lets a message arrive no earlier than those before it on its link; lost and replaced ones hold nobody up.
  private func keepOrder(_ link: Int, _ transit: inout Transit, _ now: VirtualTime) {
    if transit.replaced != Self.none { lastArrival[link] = arrivalBeforeWaiting[link] }
    if transit.start > now { arrivalBeforeWaiting[link] = lastArrival[link] }
    if transit.isLost { return }
    transit.arrival = max(transit.arrival, lastArrival[link])
    lastArrival[link] = transit.arrival
  }

  /// Takes back a message that waits for its link, because its sender has crashed; what is in service goes on.
  ///
  /// - Parameter start: when the message would have started. The link is free at the earliest of these times, which
  ///   is when the message in service leaves.
  package func withdraw(from link: LinkID, startingAt start: VirtualTime) {
    freeAt[link.index] = min(freeAt[link.index], start)
    guard waiting[link.index] != Self.none else { return }
    waiting[link.index] = Self.none
    if inOrder { lastArrival[link.index] = arrivalBeforeWaiting[link.index] }
  }
}
