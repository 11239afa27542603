// SPDX-License-Identifier: GPL-3.0-or-later
// Usage: GossipWorkloadBenchmark SCENARIO TICKS…; for each number of ticks it runs the scenario so long and prints
// "cpu-seconds updates events allocations". A short run comes first, unmeasured, to warm the machine up.

let arguments = CommandLine.arguments
let lengths = arguments.dropFirst(2).compactMap { Int($0) }
if arguments.count > 2, lengths.count == arguments.count - 2 {
  do {
    for (number, ticks) in ([lengths[0] / 10] + lengths).enumerated() {
      // Measured at its start and end only.
      let result = try runWorkload(
        arguments[1], overrides: ["measure.until=\(ticks) s", "measure.every=\(ticks) s"])
      if number > 0 { print(result.cpuSeconds, result.updates, result.events, result.allocations) }
    }
  } catch {
    print("\(error)")
  }
} else {
  print("usage: GossipWorkloadBenchmark SCENARIO TICKS…")
}
