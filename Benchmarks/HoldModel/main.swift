// SPDX-License-Identifier: GPL-3.0-or-later
// Usage: HoldModelBenchmark PENDING WARM-UP HOLDS [LAW|cancelling] [heap|ladder|automatic]; prints "ns-per-hold fingerprint
// allocations".

import EventEngine

let numbers = CommandLine.arguments.dropFirst().prefix(3).compactMap { Int($0) }
let words = CommandLine.arguments.dropFirst(4)
if numbers.count == 3 {
  var held = HoldCase(pending: numbers[0], warmUp: numbers[1], measured: numbers[2])
  held.cancels = words.contains("cancelling")
  for word in words {
    if let law = DelayLaw(rawValue: word) { held.law = law }
    if let queue = QueueChoice(word) { held.queue = queue }
  }
  let result = hold(held)
  print(result.nanosecondsPerHold, result.fingerprint, result.allocations)
} else {
  print("usage: HoldModelBenchmark PENDING WARM-UP HOLDS [LAW|cancelling] [heap|ladder|automatic]")
}
