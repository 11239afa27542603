// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Records
import Simulation
import Testing

/// Whoever computes the steps of a run, and wherever it is stopped, its record is the same in every field.
func expectTheSame(_ settings: SimulationSettings, helpers: [Int], stoppedAt times: [Double]) throws {
  let world = try World(settings, replication: 0)
  let expected = try simulate(settings, in: world)
  #expect(expected.messages.accounted == expected.messages.sent)
  for helpers in helpers {
    try helped(by: helpers) { pool in
      let record = try simulate(settings, in: world, steps: pool)
      #expect(record.fingerprint == expected.fingerprint && record.agents == expected.agents)
      #expect(record.parameters == expected.parameters && pool.waitingCount == 0)
      let label = RunLabel(program: "tests", run: "a run")
      var kept: StoppedRun?
      for time in times {
        let outcome = try advance(
          settings, in: world, label: label, from: kept, to: VirtualTime(.seconds(time)), steps: pool)
        guard case .stopped(let run) = outcome else {
          Issue.record("It has ended before.")
          return
        }
        kept = try StoppedRun(run.bytes)
      }
      guard case .ended(let whole) = try advance(settings, in: world, label: label, from: kept, to: .never, steps: pool)
      else {
        Issue.record("It does not end.")
        return
      }
      #expect(whole.fingerprint == expected.fingerprint && whole.agents == expected.agents)
      #expect(whole.parameters == expected.parameters)
    }
  }
}
