// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

extension Scheduler {
  /// The wave of an event scheduled for the present instant, or nothing if a livelock keeps the instant from ending.
  @inlinable
  mutating func waveAtPresent(for kind: EventKind, _ nanoseconds: Int64) -> UInt64? {
    guard livelockTime == nil else { return nil }
    precondition(nanoseconds == clockReading, "An event cannot be scheduled before the present.")
    let presentWave = presentRank >> 4
    let presentClass = UInt8(truncatingIfNeeded: presentRank & 15)
    if presentWave == Self.lastWave { return repeatedLastWave(for: kind, after: presentClass) }
    if kind.rawValue >= EventKind.measurement.rawValue { return Self.lastWave }
    if kind.rawValue > presentClass { return presentWave }
    if presentWave + 1 < Self.lastWave { return presentWave + 1 }
    declareLivelock()
    return nil
  }

  /// The last wave itself for a measurement or stop that it schedules, as long as this does not go on for ever.
  @usableFromInline
  mutating func repeatedLastWave(for kind: EventKind, after presentClass: UInt8) -> UInt64? {
    precondition(
      kind.rawValue >= max(presentClass, EventKind.measurement.rawValue),
      "In the last wave of an instant nothing but a measurement or the stop can be scheduled for that instant.")
    if lastWaveRepeats.instant != clockReading { lastWaveRepeats = (0, clockReading) }
    lastWaveRepeats.count += 1
    if lastWaveRepeats.count < Int(Self.lastWave) { return Self.lastWave }
    declareLivelock()
    return nil
  }

  /// Ends the schedule: drops what is pending and takes no more events.
  @usableFromInline
  mutating func declareLivelock() {
    livelockTime = clock
    clockReading = .max
    queue.retain { _ in false }
    slab.invalidateAll()
    staleRecords = 0
    for kind in EventKind.allCases { scheduledCounts[kind] = handledCounts[kind] + cancelledCounts[kind] }
  }
}
