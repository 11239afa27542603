// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Networks
import Quantities
import Randomness
import Testing

/// A link that is busy for two seconds with each message; messages travel for half a second.
private func settings(_ queue: LinkSettings.Queue) -> LinkSettings {
  LinkSettings(latency: .law(.constant(0.5)), bandwidth: .bytesPerSecond(4), queue: queue)
}

extension Transmissions {
  /// Offers messages of eight bytes, numbered from zero, at these times, and lets the link go on to its end.
  ///
  /// - Returns: when each of them starts, and those whose place others took.
  fileprivate mutating func transmit(at times: [Double]) -> (starts: [Double?], superseded: [UInt32]) {
    var starts = [Double?](repeating: nil, count: times.count)
    var superseded: [UInt32] = []
    var due: VirtualTime?
    for (number, seconds) in times.enumerated() {
      let now = VirtualTime(seconds: seconds)
      proceed(until: now, &due) { starts[Int($0)] = $1.seconds }
      switch offer(UInt32(number), to: LinkID(1), bytes: 8, at: now) {
      case .starts: starts[number] = seconds
      case .waits(let replaced, let next):
        if replaced != Self.none { superseded.append(replaced) }
        due = next ?? due
      }
    }
    proceed(until: .never, &due) { starts[Int($0)] = $1.seconds }
    return (starts, superseded)
  }

  /// Lets the messages that wait go whose turn has come.
  fileprivate mutating func proceed(
    until time: VirtualTime, _ due: inout VirtualTime?, _ starts: (UInt32, VirtualTime) -> Void
  ) {
    while let now = due, now <= time {
      while let message = next(on: LinkID(1), at: now) { starts(message, now) }
      due = nextStart(on: LinkID(1), at: now)
    }
  }
}

private let none = Transmissions.none

@Test func oneMessageWaitsAndTheNewestReplacesIt() throws {
  var links = try links(settings(.supersede))
  let seen = links.transmit(at: [0, 0.5, 1, 1.5, 4.5])
  #expect(seen.starts == [0, nil, nil, 2, 4.5])
  #expect(seen.superseded == [1, 2])
}

/// At 2 the first message leaves and the second starts: the third offered at that instant finds it in service.
@Test func serviceThatStartsAtThisVeryInstantHasStarted() throws {
  var links = try links(settings(.supersede))
  let seen = links.transmit(at: [0, 1, 2, 4, 6])
  #expect(seen.starts == [0, 2, 4, 6, 8])
  #expect(seen.superseded.isEmpty)
}

@Test func messagesInLineAreSentOneAfterTheOther() throws {
  var links = try links(settings(.fifo))
  let seen = links.transmit(at: [0, 0.5, 1, 1.5, 9])
  #expect(seen.starts == [0, 2, 4, 6, 9])
  #expect(seen.superseded.isEmpty)
}

@Test func theTwoDirectionsOfAnEdgeDoNotDisturbEachOther() throws {
  var links = try links(settings(.supersede))
  #expect(links.offer(8, to: LinkID(1), bytes: 8, at: .zero) == .starts)
  #expect(links.offer(9, to: LinkID(0), bytes: 8, at: .zero) == .starts)
}

/// What waits when its sender crashes is taken back, and the link is free when the message in service has left.
@Test(arguments: LinkSettings.Queue.allCases)
func aLinkIsFreeWhenTheMessageInServiceHasLeft(queue: LinkSettings.Queue) throws {
  var links = try links(settings(queue))
  let (half, second, two) = (VirtualTime(seconds: 0.5), VirtualTime(seconds: 1), VirtualTime(seconds: 2))
  #expect(links.offer(0, to: LinkID(1), bytes: 8, at: .zero) == .starts)
  #expect(links.offer(1, to: LinkID(1), bytes: 8, at: half) == .waits(replacing: none, next: two))
  #expect(links.withdraw(from: LinkID(1)) == 1)
  #expect(links.withdraw(from: LinkID(1)) == nil)
  // That the link is free at 2 was told before, and is not told twice.
  #expect(links.offer(7, to: LinkID(1), bytes: 8, at: second) == .waits(replacing: none, next: nil))
  let replaced = queue == .fifo ? none : 7
  #expect(links.offer(8, to: LinkID(1), bytes: 8, at: second) == .waits(replacing: replaced, next: nil))
  #expect(links.next(on: LinkID(1), at: second) == nil)
  #expect(links.next(on: LinkID(1), at: two) == (queue == .fifo ? 7 : 8))
}

/// Messages start every half second and travel for 4 s on average: many would overtake others.
@Test func inOrderNoMessageArrivesBeforeOneSentEarlier() throws {
  var settings = LinkSettings(latency: .law(.exponential(mean: 4)))
  settings.loss = try .independent(#require(Probability(0.3)))
  var overtaking = 0
  for inOrder in [false, true] {
    settings.inOrder = inOrder
    let links = try links(settings)
    var held = VirtualTime.zero
    for number in 0..<2000 as Range<UInt64> {
      let now = VirtualTime(seconds: Double(number) / 2)
      let passage = links.passage(at: links.place(of: LinkID(1)), index: number, attempt: 0)
      if passage.isLost { continue }
      let arrival = links.arrival(over: LinkID(1), bytes: 8, travel: passage.latency, at: now, keepsOrder: true)
      // As late as the latest of those before it that arrive at all, and no later.
      #expect(arrival == (inOrder ? max(now + passage.latency, held) : now + passage.latency))
      if arrival < held { overtaking += 1 }
      held = max(held, arrival)
    }
  }
  #expect(overtaking > 100)
}

/// The acknowledgement is offered while the first of three messages is in service: it goes next, and keeps the link busy
/// for its size.
@Test func acknowledgementsGoBeforeWhatWaitsAndTakeTheirOwnTime() throws {
  var links = try links(settings(.fifo))
  for message in 0..<3 as Range<UInt32> { _ = links.offer(message, to: LinkID(1), bytes: 8, at: .zero) }
  let second = VirtualTime(seconds: 1)
  #expect(links.offer(9, to: LinkID(1), bytes: 4, at: second, isUrgent: true) == .waits(replacing: none, next: nil))
  var seen: [[Double]] = []
  var due: VirtualTime? = VirtualTime(seconds: 2)
  links.proceed(until: .never, &due) { seen.append([Double($0), $1.seconds]) }
  #expect(seen == [[9, 2], [1, 3], [2, 5]])
}

/// Whatever is offered, urgent or not, and taken back: by any time a link has carried at most its bandwidth × time and one
/// message, it never rests while something waits, and everything offered starts, is superseded, taken back or waits.
@Test(arguments: LinkSettings.Queue.allCases, 0..<20)
func aLinkNeverCarriesMoreThanItsBandwidth(queue: LinkSettings.Queue, trial: UInt64) throws {
  var links = try links(LinkSettings(bandwidth: .bytesPerSecond(100), queue: queue))
  var draws = Draws(StreamKey(seed: 5, replication: 0, purpose: .data, entity: "link"), at: trial << 32)
  var (now, free, due) = (VirtualTime.zero, VirtualTime.zero, VirtualTime?.none)
  var (offered, ended, carried) = (0, 0, 0.0)
  var sizes: [UInt64] = []
  func start(_ message: UInt32, _ time: VirtualTime) {
    #expect(time >= free)
    free = time + VirtualDuration(transmitting: sizes[Int(message)], at: .bytesPerSecond(100))
    carried += Double(sizes[Int(message)])
    ended += 1
    #expect(carried <= 100 * time.seconds + 200)
  }
  for _ in 0..<2000 {
    now += VirtualDuration(seconds: draws.uniform() * 2)
    links.proceed(until: now, &due, start)
    if draws.uniform() < 0.02 { while links.withdraw(from: LinkID(1)) != nil { ended += 1 } }
    let size = UInt64(draws.integer(below: 201))
    let message = UInt32(sizes.count)
    sizes.append(size)
    offered += 1
    switch links.offer(message, to: LinkID(1), bytes: size, at: now, isUrgent: draws.uniform() < 0.2) {
    case .starts: start(message, now)
    case .waits(let replaced, let next):
      #expect(free > now)
      if replaced != none { ended += 1 }
      due = next ?? due
      #expect(due == free)
    }
  }
  while links.withdraw(from: LinkID(1)) != nil { ended += 1 }
  #expect(ended == offered)
  #expect(carried > 0.75 * 100 * now.seconds)
}

/// 20,000 messages with loss 0.25: bounds of 4.42 standard errors (61), 1e-5 each.
@Test func messagesAndAcknowledgementsAreLostIndependently() throws {
  var settings = LinkSettings()
  settings.loss = try .independent(#require(Probability(0.25)))
  let links = try links(settings)
  var lost = [0, 0, 0]
  for index in 0..<20_000 as Range<UInt64> {
    let message = links.isLost(LinkID(0), index: index, attempt: 0)
    let acknowledgement = links.acknowledgementPassage(LinkID(0), canBeLost: true, index: index, attempt: 0).isLost
    lost[0] += message ? 1 : 0
    lost[1] += acknowledgement ? 1 : 0
    lost[2] += message && acknowledgement ? 1 : 0
    #expect(!links.acknowledgementPassage(LinkID(0), canBeLost: false, index: index, attempt: 0).isLost)
  }
  #expect(abs(lost[0] - 5000) < 271)
  #expect(abs(lost[1] - 5000) < 271)
  #expect(abs(lost[2] - 1250) < 152)
}
