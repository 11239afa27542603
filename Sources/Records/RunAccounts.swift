// SPDX-License-Identifier: GPL-3.0-or-later

/// What became of every message; the fates sum to `sent`.
package struct MessageFates: Sendable, Codable, Equatable {
  package var sent: UInt64 = 0
  /// Delivered and used in a combination.
  package var used: UInt64 = 0
  /// Delivered but replaced by a newer one before it was read.
  package var replacedUnread: UInt64 = 0
  /// Delivered and not read when the run ended.
  package var unreadAtEnd: UInt64 = 0
  /// Arrived after a newer one of the same link.
  package var overtaken: UInt64 = 0
  package var lost: UInt64 = 0
  /// Replaced by a newer one before it was sent.
  package var superseded: UInt64 = 0
  package var toDeadAgent: UInt64 = 0
  /// Arrived after its round was combined (synchronous timings).
  package var late: UInt64 = 0
  /// Arrived a second time (synchronous timings, after an acknowledgement went missing).
  package var duplicate: UInt64 = 0
  package var inFlightAtEnd: UInt64 = 0
  /// Bytes of all messages that entered a link, acknowledgements included.
  package var bytes: UInt64 = 0
  /// Acknowledgements sent; they are not among `sent`.
  package var acknowledgements: UInt64 = 0
  /// Bytes handed to recovering agents by a neighbour; they are not among `bytes`.
  package var recoveryBytes: UInt64 = 0

  package init() {}

  /// The sum of all fates; equal to `sent` in every run.
  package var accounted: UInt64 {
    used + replacedUnread + unreadAtEnd + overtaken + lost + superseded + toDeadAgent + late + duplicate
      + inFlightAtEnd
  }
}

/// How old neighbours' estimates were when they were combined.
package struct Staleness: Sendable, Codable, Equatable {
  /// Estimates combined (each use counts).
  package var count: UInt64 = 0
  package var meanSeconds = 0.0
  package var maximumSeconds = 0.0
  package var meanUpdates = 0.0
  package var maximumUpdates: UInt64 = 0
  /// Estimates delivered for the first time.
  package var deliveries: UInt64 = 0
  /// Mean time from the making of an estimate to its first delivery, in seconds.
  package var meanDeliverySeconds = 0.0
  /// Bin 0 counts ages of zero; bin b ≥ 1 counts ages in [2^((b−1)/4), 2^(b/4)) microseconds, the last bin all
  /// above.
  package var secondsHistogram: [UInt64] = []
  /// Bin b counts estimates that were b sender updates old, the last bin all above.
  package var updatesHistogram: [UInt64] = []

  package init() {}
}

/// How one agent spent its virtual time, in seconds; the five add up to the length of the run.
package struct AgentAccount: Sendable, Codable, Equatable {
  package var name: String
  package var updates: UInt64
  /// In steps that were completed.
  package var useful: Double
  /// In steps that a crash discarded.
  package var wasted: Double
  /// In the step under way when the run ended.
  package var unfinished: Double
  /// Up, but not computing.
  package var waiting: Double
  package var down: Double
  /// The mean squared distance to the network optimum over the final window of `until`, or at the last measurement
  /// where the run ended before that.
  package var finalMSD: Double

  package init(
    name: String, updates: UInt64, useful: Double, wasted: Double, unfinished: Double, waiting: Double, down: Double,
    finalMSD: Double
  ) {
    self.name = name
    self.updates = updates
    self.useful = useful
    self.wasted = wasted
    self.unfinished = unfinished
    self.waiting = waiting
    self.down = down
    self.finalMSD = finalMSD
  }
}

/// What the event engine did.
package struct EngineCounts: Sendable, Codable, Equatable {
  /// Events handled, by the name of their kind.
  package var events: [String: UInt64] = [:]
  /// Events whose place among others of the same time, wave and class only the sequence number decided.
  package var ties: UInt64 = 0
  /// Those of them that concern the same agent as the event before.
  package var tiesAtOneAgent: UInt64 = 0
  package var cancelled: UInt64 = 0
  /// The greatest number of events pending at once.
  package var highWater: UInt64 = 0

  package init() {}
}
