// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Quantities
import Randomness

/// What a link does to a message, whenever it is transmitted.
package struct Passage: Equatable {
  /// How long the message travels after it has left.
  package var latency: VirtualDuration
  /// Why the link loses it; nothing where it does not.
  package var loss: LossCause?

  package var isLost: Bool { loss != nil }

  package init(latency: VirtualDuration, loss: LossCause? = nil) {
    self.latency = latency
    self.loss = loss
  }
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
/// Where links are *plain*, one law of latencies times a typical value of each link, one probability of loss and one
/// bandwidth say it all, and what a link will do to a message is known when it is offered. Else it is asked when its
/// transmission starts.
///
/// *Randomness*: `latency` and `loss` of the link's entity, at the index of the message, with the attempt; for
/// acknowledgements `acknowledgementLatency` and `acknowledgementLoss`.
package struct Transmissions: ~Copyable {
  /// The handle of no message.
  package static let none = UInt32.max

  private let inPlace = InPlace()
  /// Whether what a link does is known when a message is offered.
  package let isPlain: Bool
  /// Whether links have a bandwidth, so that messages can wait.
  package let isLimited: Bool
  /// Whether what links do to the messages of a broadcast can be drawn at once: it is known, and none has to wait for another.
  package let drawsAtOnce: Bool
  /// When what is in service leaves, by link.
  let freeAt: Column<VirtualTime>
  private var waiting: LinkQueues
  /// The latest start of a waiting message that was told of, by link.
  private let announced: Column<VirtualTime>
  /// The newest arrival arranged, by link.
  let lastArrival: Column<VirtualTime>
  /// What senders need of their links, in the order of `Network.outgoing`.
  package let outgoing: Column<OutgoingLink>
  let offsets = OutgoingLinkOffsets()
  /// Where each link is among these.
  let places: Column<UInt32>
  private let acknowledgementLatencyKeys: Column<StreamKey>
  private let acknowledgementLossKeys: Column<StreamKey>
  private let latencyLaw: Distribution
  private let loss: Double
  /// Of each link that is plain; nothing for links without a limit.
  private let bandwidth: Bandwidth?
  private let queue: LinkSettings.Queue
  private let inOrder: Bool
  private var weather: LinkWeather
  /// Room for what is drawn for one broadcast: words, and the unscaled latency of each message, below zero if it is lost.
  private let drawnWords: Column<UInt64>
  private let drawnLatencies: Column<Double>

  /// The links of one replication, all idle.
  ///
  /// - Parameter acknowledges: whether acknowledgements will be sent.
  package init(
    _ settings: LinkSettings, plan: LinkPlan, network: Network, acknowledges: Bool, seed: UInt64, replication: UInt32
  ) {
    let count = network.linkCount
    let limited = plan.isLimited ? count : 0
    isPlain = plan.isPlain
    isLimited = plan.isLimited
    // Asked of what is given, as the closures of these operators must not see links that are not whole yet.
    drawsAtOnce = plan.isPlain && !plan.isLimited && !settings.inOrder
    freeAt = Column(repeating: .zero, count: limited)
    waiting = LinkQueues(links: limited)
    announced = Column(repeating: .zero, count: limited)
    lastArrival = Column(repeating: .zero, count: settings.inOrder ? count : 0)
    let latencies = plan.latencies[0]
    outgoing = Self.outgoing(network, scales: latencies.scales, seed: seed, replication: replication)
    places = Self.places(network)
    func keys(_ purpose: Purpose, when used: Bool) -> Column<StreamKey> {
      let family = StreamFamily(seed: seed, replication: replication, purpose: purpose)
      return Column((0..<(used ? count : 0)).map { family.key(network.key(LinkID($0))) })
    }
    acknowledgementLatencyKeys = keys(.acknowledgementLatency, when: acknowledges)
    acknowledgementLossKeys = keys(.acknowledgementLoss, when: acknowledges)
    latencyLaw = latencies.law
    loss = isPlain ? plan.losses[0].layers[0].probability[0] : 0
    bandwidth = isPlain ? plan.bandwidths[0]?.same : nil
    queue = settings.queue
    inOrder = settings.inOrder
    weather = LinkWeather(isPlain ? plan.withoutWeather : plan, network: network, seed: seed, replication: replication)
    let widest = (0..<network.nodeCount).lazy.map { network.listenerCount(NodeID($0)) }.max() ?? 0
    let together = drawsAtOnce ? widest : 0
    drawnWords = Column(repeating: 0, count: StreamRow.room(for: together))
    drawnLatencies = Column(repeating: 0, count: together)
  }

  /// The links of settings with given latencies.
  package init(
    _ settings: LinkSettings, latencies: LinkLatencies, network: Network, acknowledges: Bool, seed: UInt64,
    replication: UInt32
  ) throws(ConditionError) {
    let plan = try settings.plan(LinkDraw(network: network, seed: seed)).having(latencies)
    self.init(
      settings, plan: plan, network: network, acknowledges: acknowledges, seed: seed, replication: replication)
  }

  // MARK: - Draws

  /// The latency of a message on a plain link.
  package func latency(_ link: LinkID, index: UInt64, attempt: UInt32) -> VirtualDuration {
    latency(at: place(of: link), index: index, attempt: attempt)
  }

  @inline(__always)
  private func latency(at place: Int, index: UInt64, attempt: UInt32) -> VirtualDuration {
    let row = outgoing.base + place
    return VirtualDuration(
      seconds: latencyLaw.sample(row.pointee.latencyKey.attempt(attempt), at: index) * row.pointee.latencyScale)
  }

  /// Why a message is lost that takes no time, if it is. The uniform number is drawn first and compared with the
  /// probability afterwards, so what is lost at a small probability is lost at a larger one too.
  ///
  /// - Parameter number: of the message on its link, from one.
  package func lossCause(
    _ link: LinkID, number: UInt64, index: UInt64, attempt: UInt32, at now: VirtualTime
  ) -> LossCause? {
    let key = outgoing[place(of: link)].lossKey.attempt(attempt)
    guard isPlain else { return weather.lossCause(link.index, number: number, key: key, index: index, at: now) }
    return loss > 0 && key.uniform(at: index) < loss ? .noise : nil
  }

  /// Whether a message of a plain link is lost.
  package func isLost(_ link: LinkID, index: UInt64, attempt: UInt32) -> Bool {
    lossCause(link, number: index + 1, index: index, attempt: attempt, at: .zero) != nil
  }

  /// What a plain link does to a message; how long it travels if it is not lost.
  ///
  /// - Parameters:
  ///   - place: of the link among those of its sender.
  ///   - index: the number under which its draws are keyed.
  @inline(__always)
  package func passage(at place: Int, index: UInt64, attempt: UInt32) -> Passage {
    guard loss > 0 else { return Passage(latency: latency(at: place, index: index, attempt: attempt)) }
    let row = outgoing.base + place
    let latency = latencyLaw.sample(
      row.pointee.latencyKey.attempt(attempt), unlessUniformOf: row.pointee.lossKey.attempt(attempt), isBelow: loss,
      at: index)
    guard let latency else { return Passage(latency: .zero, loss: .noise) }
    return Passage(latency: VirtualDuration(seconds: latency * row.pointee.latencyScale))
  }

  /// Draws what plain links do to the next messages of one sender, side by side.
  ///
  /// - Parameter places: of its links, all of which say their numbers of messages.
  package func draw(_ places: Range<Int>) {
    guard let first = places.first else { return }
    latencyLaw.sample(
      streams(offsets.latencyKey, first, places.count), unlessUniformOf: streams(offsets.lossKey, first, places.count),
      isBelow: loss, room: drawnWords.base, into: drawnLatencies.base)
  }

  @inline(__always)
  private func streams(_ offset: Int, _ first: Int, _ count: Int) -> StreamRow {
    StreamRow(
      streams: UnsafeRawPointer(outgoing.base + first) + offset, indices: UnsafeRawPointer(sentPlace(first)),
      stride: MemoryLayout<OutgoingLink>.stride, count: count)
  }

  /// What was drawn for the message over a link of that sender; nothing if it is lost.
  ///
  /// - Parameters:
  ///   - number: of the link among those of its sender.
  ///   - place: of the link among those of all.
  @inline(__always)
  package func drawnLatency(_ number: Int, at place: Int) -> VirtualDuration? {
    let latency = drawnLatencies[number]
    return latency < 0 ? nil : VirtualDuration(seconds: latency * outgoing[place].latencyScale)
  }

  /// What a plain link does to an acknowledgement.
  ///
  /// - Parameter canBeLost: whether they are lost with the probability of messages.
  package func acknowledgementPassage(
    _ link: LinkID, canBeLost: Bool, index: UInt64, attempt: UInt32
  ) -> Passage {
    let latency = latencyLaw.sample(acknowledgementLatencyKeys[link.index].attempt(attempt), at: index)
    let isLost =
      canBeLost && loss > 0 && acknowledgementLossKeys[link.index].attempt(attempt).uniform(at: index) < loss
    return Passage(
      latency: VirtualDuration(seconds: latency * outgoing[place(of: link)].latencyScale), loss: isLost ? .noise : nil)
  }

  /// What a link that is not plain does to a message whose transmission starts now.
  ///
  /// - Parameter number: of the message on its link, from one.
  package func passage(
    _ link: LinkID, number: UInt64, index: UInt64, attempt: UInt32, startingAt now: VirtualTime
  ) -> Passage {
    let row = outgoing[place(of: link)]
    return Passage(
      latency: weather.latency(link.index, key: row.latencyKey.attempt(attempt), index: index, at: now),
      loss: weather.lossCause(
        link.index, number: number, key: row.lossKey.attempt(attempt), index: index, at: now))
  }

  /// What a link that is not plain does to an acknowledgement whose transmission starts now: it meets the links as they
  /// are, and moves no burst.
  package func acknowledgementPassage(
    _ link: LinkID, canBeLost: Bool, index: UInt64, attempt: UInt32, startingAt now: VirtualTime
  ) -> Passage {
    let place = link.index
    let latency = weather.latency(
      place, key: acknowledgementLatencyKeys[place].attempt(attempt), index: index, at: now)
    guard canBeLost else { return Passage(latency: latency) }
    let key = acknowledgementLossKeys[place].attempt(attempt)
    return Passage(latency: latency, loss: weather.lossCause(place, number: 0, key: key, index: index, at: now))
  }

  /// Whether messages can be doubled where their travel begins.
  @inline(__always)
  package var doubles: Bool { weather.doubles }

  /// Whether a copy that comes second is delivered like any message.
  package var deliversTwice: Bool { weather.deliversTwice }

  /// How long the copy of a message travels whose transmission starts now, if it is doubled.
  package func copyLatency(_ link: LinkID, index: UInt64, attempt: UInt32, at now: VirtualTime) -> VirtualDuration? {
    weather.copyLatency(link.index, index: index, attempt: attempt, at: now)
  }

  // MARK: - Service

  /// How long so many bytes keep a link busy from now on.
  @inline(__always)
  private func service(_ link: Int, bytes: UInt64, at now: VirtualTime) -> VirtualDuration {
    if let bandwidth { return VirtualDuration(transmitting: bytes, at: bandwidth) }
    return isPlain ? .zero : weather.rates.service(link, bytes: bytes, at: now)
  }

  /// Offers a message to a link.
  ///
  /// - Parameters:
  ///   - message: its handle, remembered while it waits.
  ///   - isUrgent: whether it goes before those that are not, and takes nobody's place: an acknowledgement.
  @inline(__always)
  package mutating func offer(
    _ message: UInt32, to link: LinkID, bytes: UInt64, at now: VirtualTime, isUrgent: Bool = false
  ) -> Offer {
    isLimited ? enqueue(message, link.index, bytes, now, isUrgent) : .starts
  }

  private mutating func enqueue(
    _ message: UInt32, _ link: Int, _ bytes: UInt64, _ now: VirtualTime, _ isUrgent: Bool
  ) -> Offer {
    let free = freeTime(link, at: now)
    guard free > now || !waiting.isEmpty(link) else {
      freeAt[link] = now + service(link, bytes: bytes, at: now)
      return .starts
    }
    let replaced =
      queue == .supersede && !isUrgent ? waiting.replaceLast(link, with: message, bytes) : Self.none
    if replaced == Self.none { waiting.append(message, bytes, to: link, isUrgent: isUrgent) }
    return .waits(replacing: replaced, next: announcement(link, free))
  }

  /// When a link is free for the next message: once what is in service has left, and the link carries anything.
  private func freeTime(_ link: Int, at now: VirtualTime) -> VirtualTime {
    if isPlain || freeAt[link] > now { return freeAt[link] }
    return max(freeAt[link], weather.rates.resumption(link, at: now))
  }

  /// Whether a link carries nothing at this instant, so that what is offered to it has to wait.
  package func isHeldUp(_ link: LinkID, at now: VirtualTime) -> Bool {
    isLimited && !isPlain && weather.rates.resumption(link.index, at: now) > now
  }

  /// Takes the next of the messages that wait for a link, which is free at this instant, into service.
  ///
  /// - Returns: nothing if none waits, or the link is not free.
  package mutating func next(on link: LinkID, at now: VirtualTime) -> UInt32? {
    guard isLimited, freeTime(link.index, at: now) <= now, let (message, bytes) = waiting.takeFirst(link.index) else {
      return nil
    }
    freeAt[link.index] = now + service(link.index, bytes: bytes, at: now)
    return message
  }

  /// When a link is free for the first of the messages that wait, if some do and it was not told before.
  package func nextStart(on link: LinkID, at now: VirtualTime) -> VirtualTime? {
    !isLimited || waiting.isEmpty(link.index) ? nil : announcement(link.index, freeTime(link.index, at: now))
  }

  private func announcement(_ link: Int, _ time: VirtualTime) -> VirtualTime? {
    guard time != announced[link], time != .never else { return nil }
    announced[link] = time
    return time
  }

  /// When a message arrives whose transmission starts now; never where its link carries no more.
  ///
  /// - Parameters:
  ///   - travel: its latency, and whatever else it takes.
  ///   - keepsOrder: whether it arrives no earlier than those before it on its link, where the scenario says so.
  @inline(__always)
  package func arrival(
    over link: LinkID, bytes: UInt64, travel: VirtualDuration, at now: VirtualTime, keepsOrder: Bool
  ) -> VirtualTime {
    let natural = now + service(link.index, bytes: bytes, at: now) + travel
    guard inOrder, keepsOrder else { return natural }
    let arrival = max(natural, lastArrival[link.index])
    lastArrival[link.index] = arrival
    return arrival
  }

  /// Takes back the first of the messages that wait for a link; what is in service goes on.
  package mutating func withdraw(from link: LinkID) -> UInt32? {
    isLimited ? waiting.takeFirst(link.index)?.message : nil
  }

  /// What is in service, what waits, and where bursts are.
  package mutating func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    try memory.rows("messages sent", count: outgoing.count, length: 1) { sentPlace($0) }
    try memory.column("links free at", freeAt)
    try waiting.visit(&memory)
    try memory.column("announced starts", announced)
    try memory.column("last arrivals", lastArrival)
    try weather.visit(&memory)
  }
}

extension LinkPlan {
  /// What is not asked of plain links, and takes no memory then.
  fileprivate var withoutWeather: LinkPlan {
    LinkPlan(losses: [], latencies: LinkLatencies(law: .constant(0), scales: []), bandwidths: nil, duplication: nil)
  }
}
