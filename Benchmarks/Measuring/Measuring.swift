// SPDX-License-Identifier: GPL-3.0-or-later
import Glibc

/// CPU time of this process in seconds.
package func processSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// Calls of malloc and its like so far, asked of the preloaded counter; −1 without it.
package func allocationCount() -> Int64 {
  guard let symbol = dlsym(nil, "benchmark_allocation_count") else { return -1 }
  return unsafeBitCast(symbol, to: (@convention(c) () -> Int64).self)()
}
