// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Quantities
import Randomness

/// What a link does to a message, whenever it is transmitted.
package struct Passage: Equatable {
  /// How long the message travels after it has left.
  package var latency: VirtualDuration
  /// Whether the link loses it.
  package var isLost: Bool
}

/// What becomes of a message that is offered to a link.
package enum Offer: Equatable {
  /// Its transmission starts at this instant.
  case starts
  /// It waits.
  ///
  /// - replacing: the waiting message whose place it takes, or `Transmissions.none`.
  /// - next: when the link is free for the first of those that wait; nothing if that was said before.
  case waits(replacing: UInt32, next: VirtualTime?)
}

/// The links of a run: bandwidth, queueing, latency and loss.
///
/// A link transmits one message at a time, which takes size / bandwidth; then the message travels for its latency.
/// Service that starts at this very instant has started. Acknowledgements go before the messages that wait.
///
///     offer ──▶ waits ── next(on:) ──▶ starts ── departure(on:) ──▶ arrives, or is lost
///
/// *Randomness*: `latency` and `loss` of the link's entity, at the index of the message, with the attempt; for
/// acknowledgements `acknowledgementLatency` and `acknowledgementLoss`.
package struct Transmissions: ~Copyable {
  /// The handle of no message.
  package static let none = UInt32.max

  private let inPlace = InPlace()
  /// When what is in service leaves, by link.
  let freeAt: Column<VirtualTime>
  private var waiting: LinkQueues
  /// The latest start of a waiting message that was told of, by link.
  private let announced: Column<VirtualTime>
  /// The newest arrival arranged, by link.
  let lastArrival: Column<VirtualTime>
  private let latencyScale: Column<Double>
  private let latencyKeys: Column<StreamKey>
  private let lossKeys: Column<StreamKey>
  private let acknowledgementLatencyKeys: Column<StreamKey>
  private let acknowledgementLossKeys: Column<StreamKey>
  private let latencyLaw: Distribution
  private let loss: Double
  /// Of each link; nothing for links without a limit.
  private let bandwidth: Bandwidth?
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
    let limited = settings.bandwidth == nil ? 0 : count
    freeAt = Column(repeating: .zero, count: limited)
    waiting = LinkQueues(links: limited)
    announced = Column(repeating: .zero, count: limited)
    lastArrival = Column(repeating: .zero, count: settings.inOrder ? count : 0)
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
  @inline(__always)
  package var isLimited: Bool { bandwidth != nil }

  /// How long so many bytes keep a link busy.
  @inline(__always)
  package func service(bytes: UInt64) -> VirtualDuration {
    guard let bandwidth else { return .zero }
    return VirtualDuration(transmitting: bytes, at: bandwidth)
  }

  // MARK: - Draws

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

  /// What a link does to a message.
  ///
  /// - Parameter index: the number under which its draws are keyed.
  @inline(__always)
  package func passage(_ link: LinkID, index: UInt64, attempt: UInt32) -> Passage {
    guard loss > 0 else { return Passage(latency: latency(link, index: index, attempt: attempt), isLost: false) }
    let (latency, uniform) = latencyLaw.sample(
      latencyKeys[link.index].attempt(attempt), andUniformOf: lossKeys[link.index].attempt(attempt), at: index)
    return Passage(latency: VirtualDuration(seconds: latency * latencyScale[link.index]), isLost: uniform < loss)
  }

  /// What a link does to an acknowledgement.
  ///
  /// - Parameter canBeLost: whether they are lost with the probability of messages.
  package func acknowledgementPassage(
    _ link: LinkID, canBeLost: Bool, index: UInt64, attempt: UInt32
  ) -> Passage {
    let latency = latencyLaw.sample(acknowledgementLatencyKeys[link.index].attempt(attempt), at: index)
    let isLost =
      canBeLost && loss > 0 && acknowledgementLossKeys[link.index].attempt(attempt).uniform(at: index) < loss
    return Passage(latency: VirtualDuration(seconds: latency * latencyScale[link.index]), isLost: isLost)
  }

  // MARK: - Service

  /// Offers a message to a link.
  ///
  /// - Parameters:
  ///   - message: its handle, remembered while it waits.
  ///   - isUrgent: whether it goes before those that are not, and takes nobody's place: an acknowledgement.
  @inline(__always)
  package mutating func offer(
    _ message: UInt32, to link: LinkID, bytes: UInt64, at now: VirtualTime, isUrgent: Bool = false
  ) -> Offer {
    isLimited ? enqueue(message, link.index, service(bytes: bytes), now, isUrgent) : .starts
  }

  private mutating func enqueue(
    _ message: UInt32, _ link: Int, _ service: VirtualDuration, _ now: VirtualTime, _ isUrgent: Bool
  ) -> Offer {
    guard freeAt[link] > now || !waiting.isEmpty(link) else {
      freeAt[link] = now + service
      return .starts
    }
    let replaced =
      queue == .supersede && !isUrgent ? waiting.replaceLast(link, with: message, service) : Self.none
    if replaced == Self.none { waiting.append(message, service, to: link, isUrgent: isUrgent) }
    return .waits(replacing: replaced, next: announcement(link))
  }

  /// Takes the next of the messages that wait for a link, which is free at this instant, into service.
  ///
  /// - Returns: nothing if none waits, or the link is not free.
  package mutating func next(on link: LinkID, at now: VirtualTime) -> UInt32? {
    guard isLimited, freeAt[link.index] <= now, let (message, service) = waiting.takeFirst(link.index) else {
      return nil
    }
    freeAt[link.index] = now + service
    return message
  }

  /// When a link is free for the first of the messages that wait, if some do and it was not told before.
  package func nextStart(on link: LinkID) -> VirtualTime? {
    !isLimited || waiting.isEmpty(link.index) ? nil : announcement(link.index)
  }

  private func announcement(_ link: Int) -> VirtualTime? {
    guard freeAt[link] != announced[link] else { return nil }
    announced[link] = freeAt[link]
    return freeAt[link]
  }

  /// When a message arrives whose transmission starts now.
  ///
  /// - Parameters:
  ///   - travel: its latency, and whatever else it takes.
  ///   - keepsOrder: whether it arrives no earlier than those before it on its link, where the scenario says so.
  @inline(__always)
  package func arrival(
    over link: LinkID, bytes: UInt64, travel: VirtualDuration, at now: VirtualTime, keepsOrder: Bool
  ) -> VirtualTime {
    let natural = now + service(bytes: bytes) + travel
    guard inOrder, keepsOrder else { return natural }
    let arrival = max(natural, lastArrival[link.index])
    lastArrival[link.index] = arrival
    return arrival
  }

  /// Takes back the first of the messages that wait for a link; what is in service goes on.
  package mutating func withdraw(from link: LinkID) -> UInt32? {
    isLimited ? waiting.takeFirst(link.index)?.message : nil
  }

  /// What is in service, and what waits.
  package mutating func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    try memory.column("links free at", freeAt)
    try waiting.visit(&memory)
    try memory.column("announced starts", announced)
    try memory.column("last arrivals", lastArrival)
  }
}
