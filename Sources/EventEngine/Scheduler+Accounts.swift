// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

extension Scheduler {
  /// The instant that would never have ended, because events without delay followed one another through all 65,535
  /// waves; nothing in a run that makes progress. `next()` returns no event once this is set.
  @inlinable
  public var livelock: VirtualTime? { livelockTime }

  /// A hash of the times, kinds, tags, phases and subjects of all events handled, in their order, and of all words
  /// folded in between.
  @inlinable
  public var fingerprint: UInt64 { trace.value }

  /// Events that agreed in time, wave and class with the event handled just before.
  @inlinable
  public var ties: UInt64 { tieCount }

  /// Ties in which both events were about the same subject.
  @inlinable
  public var tiesAtOneAgent: UInt64 { tieAtOneAgentCount }

  /// Events that were cancelled.
  @inlinable
  public var cancelled: UInt64 { cancelledCounts.total }

  /// The largest number of events that were pending together.
  @inlinable
  public var highWater: Int { mostPending }

  /// Events of a kind that were handled.
  @inlinable
  public func handled(_ kind: EventKind) -> UInt64 { handledCounts[kind] }

  /// Events of all kinds that were handled.
  @inlinable
  public var handledCount: UInt64 { handledCounts.total }

  /// Events still to come.
  @inlinable
  public var pendingCount: Int { queue.count - staleRecords }

  /// Events of a kind still to come.
  @inlinable
  public func pendingCount(of kind: EventKind) -> Int {
    Int(scheduledCounts[kind] - handledCounts[kind] - cancelledCounts[kind])
  }

  /// Events still to come that are neither a measurement nor the stop; if there are none, nothing will change.
  @inlinable
  public var pendingActivity: Int { pendingCount - pendingCount(of: .measurement) - pendingCount(of: .stop) }

  /// Records in the queue, those of cancelled events among them: a test holds that garbage stays bounded.
  package var storedKeyCount: Int { queue.count }
}
