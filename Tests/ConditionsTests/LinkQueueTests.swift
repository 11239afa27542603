// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Networks
import Quantities
import Randomness
import Testing

/// A link that is busy for two seconds with each message; messages travel for half a second.
private func settings(_ queue: LinkSettings.Queue) -> LinkSettings {
  LinkSettings(latency: .law(.constant(0.5)), bandwidth: 4, queue: queue)
}

extension Transmissions {
  /// Offers messages of eight bytes, numbered from zero, at these times, and gives starts and what was replaced.
  fileprivate mutating func offer(at times: [Double]) -> (starts: [Double], replaced: [UInt32], arrivals: [Double]) {
    var result: (starts: [Double], replaced: [UInt32], arrivals: [Double]) = ([], [], [])
    for (number, time) in times.enumerated() {
      let transit = offer(
        UInt32(number), to: LinkID(1), bytes: 8, at: VirtualTime(seconds: time), index: UInt64(number), attempt: 0)
      result.starts.append(transit.start.seconds)
      result.replaced.append(transit.replaced)
      result.arrivals.append(transit.arrival.seconds)
    }
    return result
  }
}

private let none = Transmissions.none

@Test func oneMessageWaitsAndTheNewestReplacesIt() throws {
  var links = try links(settings(.supersede))
  let seen = links.offer(at: [0, 0.5, 1, 1.5, 4.5])
  #expect(seen.starts == [0, 2, 2, 2, 4.5])
  #expect(seen.replaced == [none, none, 1, 2, none])
  #expect(seen.arrivals == [2.5, 4.5, 4.5, 4.5, 7])
}

/// At 2 the first message leaves and the second starts: the third offered at that instant finds it in service.
@Test func serviceThatStartsAtThisVeryInstantHasStarted() throws {
  var links = try links(settings(.supersede))
  let seen = links.offer(at: [0, 1, 2, 4, 6])
  #expect(seen.starts == [0, 2, 4, 6, 8])
  #expect(seen.replaced == [none, none, none, none, none])
}

@Test func messagesInLineAreSentOneAfterTheOther() throws {
  var links = try links(settings(.fifo))
  let seen = links.offer(at: [0, 0.5, 1, 1.5, 9])
  #expect(seen.starts == [0, 2, 4, 6, 9])
  #expect(seen.replaced.allSatisfy { $0 == none })
}

@Test func theTwoDirectionsOfAnEdgeDoNotDisturbEachOther() throws {
  var links = try links(settings(.supersede))
  _ = links.offer(at: [0])
  #expect(links.offer(9, to: LinkID(0), bytes: 8, at: .zero, index: 0, attempt: 0).start == .zero)
}

/// What waits when its sender crashes is taken back, and the link is free when the message in service has left.
@Test(arguments: LinkSettings.Queue.allCases)
func aLinkIsFreeWhenTheMessageInServiceHasLeft(queue: LinkSettings.Queue) throws {
  var links = try links(settings(queue))
  let starts = links.offer(at: [0, 0.5]).starts
  let second = VirtualTime(seconds: 1)
  links.withdraw(from: LinkID(1), startingAt: VirtualTime(seconds: starts[1]))
  #expect(links.offer(7, to: LinkID(1), bytes: 8, at: second, index: 7, attempt: 0).start == second + .seconds(1))
  let replaced = links.offer(8, to: LinkID(1), bytes: 8, at: second + .seconds(0.5), index: 8, attempt: 0).replaced
  #expect(replaced == (queue == .fifo ? none : 7))
}

/// Messages are offered every half second and travel for 4 s on average: many would overtake others.
@Test(arguments: LinkSettings.Queue.allCases, [nil, 10])
func inOrderNoMessageArrivesBeforeOneSentEarlier(queue: LinkSettings.Queue, bandwidth: Double?) throws {
  var settings = LinkSettings(latency: .law(.exponential(mean: 4)), bandwidth: bandwidth, queue: queue)
  settings.loss = try #require(Probability(0.3))
  var overtaking = 0
  for inOrder in [false, true] {
    settings.inOrder = inOrder
    var links = try links(settings)
    var sent: [(arrival: VirtualTime, isLost: Bool)?] = []
    for number in 0..<2000 {
      let transit = links.offer(
        UInt32(number), to: LinkID(1), bytes: 8, at: VirtualTime(seconds: Double(number) / 2),
        index: UInt64(number), attempt: 0)
      if transit.replaced != none { sent[Int(transit.replaced)] = nil }
      let latency = links.latency(LinkID(1), index: UInt64(number), attempt: 0)
      let natural = transit.start + links.service(bytes: 8) + latency
      let held = sent.compactMap { $0 }.filter { !$0.isLost }.map(\.arrival).max() ?? .zero
      if inOrder, !transit.isLost {
        // As late as the latest of those before it that arrive at all, and no later.
        #expect(transit.arrival == max(natural, held))
      } else if !transit.isLost, transit.arrival < held {
        overtaking += 1
      }
      sent.append((transit.arrival, transit.isLost))
    }
  }
  #expect(overtaking > 100)
}

@Test func acknowledgementsPassTheQueueByAndTakeTheirOwnTime() throws {
  var links = try links(settings(.fifo))
  _ = links.offer(at: [0, 0, 0])
  let arrival = links.acknowledgementArrival(
    LinkID(1), bytes: 4, canBeLost: true, at: VirtualTime(seconds: 1), index: 0, attempt: 0)
  #expect(arrival == VirtualTime(seconds: 1 + 1 + 0.5))
}

/// 20,000 messages with loss 0.25: bounds of 4.42 standard errors (61), 1e-5 each.
@Test func messagesAndAcknowledgementsAreLostIndependently() throws {
  var settings = LinkSettings()
  settings.loss = try #require(Probability(0.25))
  let links = try links(settings)
  var lost = [0, 0, 0]
  for index in 0..<20_000 as Range<UInt64> {
    let message = links.isLost(LinkID(0), index: index, attempt: 0)
    let acknowledgement =
      links.acknowledgementArrival(LinkID(0), bytes: 1, canBeLost: true, at: .zero, index: index, attempt: 0) == nil
    lost[0] += message ? 1 : 0
    lost[1] += acknowledgement ? 1 : 0
    lost[2] += message && acknowledgement ? 1 : 0
    #expect(
      links.acknowledgementArrival(LinkID(0), bytes: 1, canBeLost: false, at: .zero, index: index, attempt: 0) != nil)
  }
  #expect(abs(lost[0] - 5000) < 271)
  #expect(abs(lost[1] - 5000) < 271)
  #expect(abs(lost[2] - 1250) < 152)
}
