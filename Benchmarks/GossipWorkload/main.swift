// SPDX-License-Identifier: GPL-3.0-or-later
// Usage: GossipWorkloadBenchmark SCENARIO TICKS… [KEY=VALUE…]; for each number of ticks it runs the scenario so long, with
// these keys changed, and prints "cpu-seconds updates events allocations". A short run comes first, unmeasured, to warm the machine up.

let arguments = CommandLine.arguments
let lengths = arguments.dropFirst(2).compactMap { Int($0) }
let changes = arguments.dropFirst(2).filter { $0.contains("=") }
if !lengths.isEmpty, lengths.count + changes.count == arguments.count - 2 {
  do {
    for (number, ticks) in ([max(1, lengths[0] / 10)] + lengths).enumerated() {
      // Measured at its start and end only.
      let result = try runWorkload(
        arguments[1], overrides: ["measure.until=\(ticks) s", "measure.every=\(ticks) s"] + changes)
      if number > 0 { print(result.cpuSeconds, result.updates, result.events, result.allocations) }
    }
  } catch {
    print("\(error)")
  }
} else {
  print("usage: GossipWorkloadBenchmark SCENARIO TICKS… [KEY=VALUE…]")
}
