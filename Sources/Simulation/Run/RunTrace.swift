// SPDX-License-Identifier: GPL-3.0-or-later
import EventEngine
import Quantities

/// One event as a trace keeps it.
package struct TracedEvent: Sendable, Equatable {
  package let time: VirtualTime
  package let kind: EventKind
  package let tag: UInt8
  package let subject: UInt32
}

/// What a traced run shows beside its record, for tests of what happens when.
package struct RunTrace: Sendable {
  /// Every event that was handled.
  package internal(set) var events: [TracedEvent] = []
  /// The final parameters of all agents, one after the other.
  package internal(set) var parameters: [Double] = []
  /// What the run has held at most.
  package internal(set) var memory = MemoryUse()
  /// Parameter vectors still held when the run ended.
  package internal(set) var snapshotsInUse = 0
  /// After every event the sums that the strategy conserves: in push-sum one for each parameter, then the mass.
  package internal(set) var conservedSums: [[Double]] = []
  /// The parameters of all agents at the times at which the run was looked at.
  var looks: [[Double]] = []
}
