// SPDX-License-Identifier: GPL-3.0-or-later
import Synchronization
import Testing
import Workers

@Test func realTimeIsTheDifferenceAndNeverNegative() {
  let clock = Mutex(10.0)
  let watch = Stopwatch(clock: { clock.withLock(\.self) })
  for (now, expected) in [(10.0, 0.0), (12.5, 2.5), (11.5, 1.5), (9.5, 0), (-1e9, 0)] {
    clock.withLock { $0 = now }
    #expect(watch.seconds == expected)
  }
}

@Test func theMonotonicClockNeverGoesBack() {
  var last = monotonicSeconds()
  for _ in 0..<1000 {
    let now = monotonicSeconds()
    #expect(now >= last)
    last = now
  }
}
