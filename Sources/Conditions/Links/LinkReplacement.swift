// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Quantities
import Schema

/// What an event of the timeline puts in the place of what the conditions say of links. Where it says nothing of one thing,
/// that stays.
package struct LinkReplacement: Sendable, Equatable {
  package var loss: LossSettings?
  package var latency: LatencySettings?
  package var bandwidth: LinkCapacity?
  package var duplication: DuplicationSettings?

  package init(
    loss: LossSettings? = nil, latency: LatencySettings? = nil, bandwidth: LinkCapacity? = nil,
    duplication: DuplicationSettings? = nil
  ) {
    (self.loss, self.latency, self.bandwidth, self.duplication) = (loss, latency, bandwidth, duplication)
  }
}

/// What links carry while an event holds.
package enum LinkCapacity: SpecialValue {
  /// Nothing: messages are held up.
  case none
  case unlimited
  case limited(BandwidthSettings)
}

extension LossSettings: SpecialValue {}
extension LatencySettings: SpecialValue {}
extension DuplicationSettings: SpecialValue {}

extension LinkPlan {
  /// Adds what an event brings as a set of its own.
  ///
  /// - Parameter event: its name, which keys what it draws.
  /// - Returns: the number of the set for each thing that the event replaces.
  package mutating func add(
    _ replacement: LinkReplacement, of event: String, _ draw: LinkDraw
  ) throws(ConditionError) -> (loss: Int?, latency: Int?, bandwidth: Int?, duplication: Int?) {
    var sets: (loss: Int?, latency: Int?, bandwidth: Int?, duplication: Int?)
    if let loss = replacement.loss {
      sets.loss = losses.count
      losses.append((try loss.layers(draw), event))
    }
    if let latency = replacement.latency {
      sets.latency = latencies.count
      latencies.append(try latency.links(draw))
    }
    if let bandwidth = replacement.bandwidth {
      sets.bandwidth = bandwidths.count
      switch bandwidth {
      case .none: bandwidths.append(LinkBandwidths(Array(repeating: 0, count: draw.network.linkCount)))
      case .unlimited: bandwidths.append(nil)
      case .limited(let settings): bandwidths.append(try settings.links(draw))
      }
    }
    if let duplication = replacement.duplication {
      sets.duplication = duplications.count
      duplications.append(duplication.probability.value)
      if duplication.deliver == .twice { deliversTwice = true }
    }
    return sets
  }
}

/// A time in which an event puts a set of its own in the place of what holds on a link.
package struct LinkInterval: Sendable {
  /// Nanoseconds; never undone where the end is the greatest that there is.
  package var begin: Int64
  package var end: Int64
  package var set: Int
  package var occurrence: Int

  package init(begin: Int64, end: Int64, set: Int, occurrence: Int) {
    (self.begin, self.end, self.set, self.occurrence) = (begin, end, set, occurrence)
  }
}

extension [LinkInterval] {
  /// When which set holds: of the events that hold at a time, that of the newest.
  ///
  /// - Precondition: they are in the order in which they begin, of those that begin together in that of the file.
  package var windows: [LinkWindow] {
    var holding: [LinkInterval] = []
    var windows: [LinkWindow] = []
    func show(from time: Int64) {
      let newest = holding.last
      if windows.last?.from == time { windows.removeLast() }
      windows.append(
        LinkWindow(
          from: time, set: newest?.set ?? 0, since: newest?.begin ?? 0, occurrence: newest?.occurrence ?? 0))
    }
    func end(until time: Int64) {
      while let newest = holding.last, newest.end <= time {
        // Whatever is covered by the newest may have ended before it.
        let now = newest.end
        while let covered = holding.last, covered.end <= now { holding.removeLast() }
        if now < .max { show(from: now) }
      }
    }
    for interval in self {
      end(until: interval.begin)
      holding.append(interval)
      show(from: interval.begin)
    }
    end(until: .max)
    return windows
  }
}
