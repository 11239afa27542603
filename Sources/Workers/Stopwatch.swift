// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation

/// Measures real time, by a clock that nobody sets. What it says is never below zero, even where the
/// clock goes back because the machine was moved to another host or its past was restored.
package struct Stopwatch: Sendable {
  private let start: Double
  private let clock: @Sendable () -> Double

  /// Starts at once.
  ///
  /// - Parameter clock: seconds since any moment.
  package init(clock: @escaping @Sendable () -> Double = monotonicSeconds) {
    self.clock = clock
    start = clock()
  }

  /// Since the start.
  package var seconds: Double { max(0, clock() - start) }
}

/// Seconds of the system's monotonic clock.
package func monotonicSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
