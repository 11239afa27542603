// SPDX-License-Identifier: GPL-3.0-or-later
// Usage: HoldModelBenchmark PENDING WARM-UP HOLDS; prints "ns-per-hold fingerprint allocations".

let numbers = CommandLine.arguments.dropFirst().compactMap { Int($0) }
if numbers.count == 3 {
  let result = hold(pending: numbers[0], warmUp: numbers[1], measured: numbers[2])
  print(result.nanosecondsPerHold, result.fingerprint, result.allocations)
} else {
  print("usage: HoldModelBenchmark PENDING WARM-UP HOLDS")
}
