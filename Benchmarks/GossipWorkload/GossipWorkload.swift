// SPDX-License-Identifier: GPL-3.0-or-later
import BenchmarkMeasuring
import Records
import Scenarios
import Simulation

/// What one run of a scenario took.
struct WorkloadResult {
  var cpuSeconds: Double
  var updates: UInt64
  var events: UInt64
  /// Calls of the allocator during the run, or −1 where nobody counts.
  var allocations: Int64
}

/// Runs the first arm of a scenario in this process, from the drawing of its data to the final record.
///
/// - Parameter overrides: what is changed in the scenario, as on the command line.
func runWorkload(_ file: String, overrides: [String]) throws -> WorkloadResult {
  let scenario = try Scenario.load(path: file, overrides: try overrides.map { try Override($0) })
  let arm = scenario.arms[0]
  let world = try World(arm.settings, replication: 0)
  let allocationsBefore = allocationCount()
  let start = processSeconds()
  let record = try simulate(arm.settings, in: world)
  let end = processSeconds()
  let allocationsAfter = allocationCount()
  return WorkloadResult(
    cpuSeconds: end - start, updates: record.agents.reduce(0) { $0 + $1.updates },
    events: record.engine.events.values.reduce(0, +),
    allocations: allocationsBefore < 0 ? -1 : allocationsAfter - allocationsBefore)
}
