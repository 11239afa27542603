// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Quantities
import Randomness

/// Losses that are more than one probability for all messages: which way loses a message, if any does.
///
/// Ways are asked in their order, each with draws of its own; the first that loses a message is the cause. The ways that
/// hold on a link at a time are a *set*: that of the conditions is the first, and events of the timeline bring others.
///
/// *Randomness*: `loss` of the link at the index of the message, with its attempt; the j-th way of a set with j, too.
/// A burst that loses a message in its good state has lost it by noise.
struct LinkLosses: ~Copyable {
  private let inPlace = InPlace()
  /// A way, as it is asked.
  struct Way: BitwiseCopyable {
    /// Of all links, unless there are numbers by link.
    var probability = 0.0
    /// Where its numbers by link begin, or −1.
    var numbers = -1
    /// The number of its burst, or −1.
    var burst = -1
    var whenBad = 0.0
    /// The number of its trace, or −1.
    var trace = -1
    /// Mixed into the key of what is drawn.
    var attempt: UInt32 = 0
  }

  private let ways: Column<Way>
  /// Where the ways of each set begin; one entry more than sets.
  private let starts: Column<Int>
  private let numbers: Column<Double>
  private let bursts: UnsafeMutablePointer<BurstStates>
  private let burstCount: Int
  private let traces: LinkFunctions
  /// The attempt of the j-th way lies far from those of messages that are sent again.
  private static func attempt(ofWay number: Int) -> UInt32 { UInt32(truncatingIfNeeded: number) << 24 }

  /// - Parameter sets: the ways of each set, the first being that of the conditions; with the event that brings it.
  init(_ sets: [(layers: [LossLayer], event: String?)], network: Network, seed: UInt64, replication: UInt32) {
    var ways: [Way] = []
    var starts = [0]
    var numbers: [Double] = []
    var traces: [LinkSeries] = []
    var laws: [(law: BurstLaw, attempt: UInt32, event: String?)] = []
    for (layers, event) in sets {
      for (position, layer) in layers.enumerated() {
        var way = Way(attempt: Self.attempt(ofWay: position))
        if layer.probability.isSame {
          way.probability = layer.probability[0]
        } else {
          way.numbers = numbers.count
          numbers += layer.probability.values
        }
        if let burst = layer.burst {
          (way.burst, way.whenBad) = (laws.count, burst.whenBad)
          laws.append((burst, UInt32(position), event))
        }
        if let trace = layer.trace {
          way.trace = traces.count
          traces.append(trace)
        }
        ways.append(way)
      }
      starts.append(ways.count)
    }
    self.ways = Column(ways)
    self.starts = Column(starts)
    self.numbers = Column(numbers)
    self.traces = LinkFunctions(traces)
    burstCount = laws.count
    bursts = .allocate(capacity: max(1, laws.count))
    for (number, burst) in laws.enumerated() {
      (bursts + number).initialize(
        to: BurstStates(
          burst.law, network: network, seed: seed, replication: replication, attempt: burst.attempt, by: burst.event))
    }
  }

  deinit {
    for number in 0..<burstCount { (bursts + number).deinitialize(count: 1) }
    bursts.deallocate()
  }

  /// Which way loses what is transmitted over a link from now on, if any does.
  ///
  /// - Parameters:
  ///   - set: the ways that hold, since when in nanoseconds, and how often what brought them had come before.
  ///   - number: of the message on its link, from one; 0 for an acknowledgement.
  ///   - key: of the link's losses, with the attempt.
  ///   - index: under which the draws are keyed.
  func cause(
    on link: Int, set: (number: Int, since: Int64, occurrence: Int), number: UInt64, key: StreamKey, index: UInt64,
    at now: VirtualTime
  ) -> LossCause? {
    var cause: LossCause?
    for position in starts[set.number]..<starts[set.number + 1] {
      let way = ways[position]
      var probability = way.numbers < 0 ? way.probability : numbers[way.numbers + link]
      if way.trace >= 0 { probability = traces.value(way.trace, link, at: now) }
      var reason = LossCause.noise
      // States move whether or not another way has lost the message, as acknowledgements meet them where they are.
      if way.burst >= 0,
        bursts[way.burst].isBad(link, number: number, at: now, epoch: set.since, occurrence: set.occurrence)
      {
        (probability, reason) = (way.whenBad, .burst)
      }
      guard cause == nil, probability > 0 else { continue }
      // What is certain needs no draw.
      if probability >= 1 || key.attempt(way.attempt).uniform(at: index) < probability { cause = reason }
    }
    return cause
  }

  mutating func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    for number in 0..<burstCount { try bursts[number].visit(&memory) }
  }
}
