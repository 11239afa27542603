// SPDX-License-Identifier: GPL-3.0-or-later
import RandomScenarios
import Records
import Scenarios
import Simulation
import Testing
import Workers

/// What a timeline does not touch: on random scenarios with random timelines, of all strategies and timings.
@Suite struct TimelineTests {
  private static let scenarios = (0..<UInt64(2400)).map { RandomScenario(seed: 20_000 + $0) }.filter {
    $0.timelineTimes != nil
  }

  /// Until its first event, a run is the run without the timeline: draws are nobody's but their own. But where only the
  /// timeline can lose messages, agents acknowledge them from the start on because of it.
  @Test func nothingIsOtherBeforeTheFirstEvent() {
    let trials = inParallel(count: Self.scenarios.count, jobs: 2) { PrefixTrial(Self.scenarios[$0]) }
    for fault in trials.flatMap(\.faults).prefix(10) { Issue.record("\(fault)") }
    #expect(trials.reduce(0) { $0 + $1.compared } > 3000)
  }

  /// Nobody is given up before the last event, which may let somebody go on.
  @Test func aRunThatStandsStillHasNothingMoreToCome() {
    let found = inParallel(count: Self.scenarios.count, jobs: 2) { standstill(of: Self.scenarios[$0]) }
    for fault in found.compactMap({ $0.fault }).prefix(10) { Issue.record("\(fault)") }
    #expect(found.count { $0.hasStalled } > 10)
  }
}

/// A run with its timeline and without it.
private struct PrefixTrial {
  var compared = 0
  var faults: [String] = []

  init(_ scenario: RandomScenario) {
    do {
      let plain = scenario.text.split(separator: "\n").filter { !$0.hasPrefix("timeline:") }.joined(separator: "\n")
      let (with, without) = (try settings(scenario.text), try settings(plain + "\n"))
      guard with.usesAcknowledgements == without.usesAcknowledgements else { return }
      let (told, untold) = (
        try simulate(with, in: World(with, replication: 0)), try simulate(without, in: World(without, replication: 0))
      )
      let first = Double(scenario.timelineTimes?.lowerBound ?? 0) / 1000
      for (mine, others) in zip(told.series, untold.series) {
        for (time, (one, other)) in zip(told.grid, zip(mine.values, others.values)) where time < first {
          compared += 1
          if one.bitPattern != other.bitPattern {
            faults.append("\(scenario.title): \(mine.metric) at \(time) s is \(one), not \(other)\n\(scenario.text)")
            return
          }
        }
      }
    } catch {
      faults.append("\(scenario.title): \(error)\n\(scenario.text)")
    }
  }
}

/// Whether a run stalls, and what is wrong with that: something is to come by its timeline.
private func standstill(of scenario: RandomScenario) -> (hasStalled: Bool, fault: String?) {
  do {
    let settings = try settings(scenario.text)
    let record = try simulate(settings, in: World(settings, replication: 0))
    guard record.ending == .stalled else { return (false, nil) }
    let last = Double(scenario.timelineTimes?.upperBound ?? 0) / 1000
    let isEarly = record.endTime < last
    return (true, isEarly ? "\(scenario.title) stands still at \(record.endTime) s\n\(scenario.text)" : nil)
  } catch {
    return (false, "\(scenario.title): \(error)\n\(scenario.text)")
  }
}

private func settings(_ text: String) throws -> SimulationSettings {
  try Scenario.parse(text: text, file: "random.yaml").arms[0].settings
}
