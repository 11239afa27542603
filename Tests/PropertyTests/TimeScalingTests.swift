// SPDX-License-Identifier: GPL-3.0-or-later
import RandomScenarios
import Records
import Scenarios
import Simulation
import Testing
import Workers

/// Writing all durations ten times, a thousand times or a thousandth as long changes nothing but the times: on 300
/// random scenarios with constant durations, where events coincide again and again, fates, updates, parameters and
/// metrics are equal bit for bit.
@Test func theUnitOfTimeChangesNothingButTimes() {
  let found = inParallel(count: 300, jobs: 2) { seed in differences(UInt64(seed)) }
  for difference in found.joined().prefix(10) { Issue.record("\(difference)") }
  #expect(found.count { !$0.isEmpty } == 0)
}

private func differences(_ seed: UInt64) -> [String] {
  func sentence(_ text: String, _ scenario: RandomScenario) -> String { "\(scenario.title): \(text)\n\(scenario.text)" }
  let reference = RandomScenario(seed: seed, durations: .constant(.one))
  do {
    let expected = try Scaled(reference)
    return try [TimeScale.tenTimes, .thousandTimes, .thousandth].flatMap { scale -> [String] in
      let scenario = RandomScenario(seed: seed, durations: .constant(scale))
      return try Scaled(scenario).differences(from: expected).map {
        sentence("in \(scale.factor) \(scale.unit): \($0)", scenario)
      }
    }
  } catch {
    return [sentence("\(error)", reference)]
  }
}

/// What a run leaves that the unit of time must not change.
private struct Scaled {
  private let record: RunRecord
  private let parameters: [UInt64]
  private let kinds: [TracedEvent]

  init(_ scenario: RandomScenario) throws {
    let settings = try Scenario.parse(text: scenario.text, file: scenario.title).arms[0].settings
    let (record, trace) = try simulateWithTrace(settings, in: World(settings, replication: 0))
    self.record = record
    parameters = trace.parameters.map(\.bitPattern)
    kinds = trace.events
  }

  func differences(from other: Scaled) -> [String] {
    var found: [String] = []
    func compare(_ what: String, _ isEqual: Bool) { if !isEqual { found.append("\(what) differ") } }
    compare("events", kinds.count == other.kinds.count && zip(kinds, other.kinds).allSatisfy { isSameEvent($0, $1) })
    compare("fates", record.messages == other.record.messages)
    compare("updates", record.agents.map(\.updates) == other.record.agents.map(\.updates))
    compare("parameters", parameters == other.parameters)
    compare("endings", record.ending == other.record.ending)
    compare("grids", record.grid.count == other.record.grid.count)
    // Who waits longer needs more energy.
    let ofTime = [MetricDefinition.age.name, MetricDefinition.joules.name]
    for (mine, others) in zip(record.series, other.record.series) where !ofTime.contains(mine.metric) {
      compare(mine.metric, mine.values.map(\.bitPattern) == others.values.map(\.bitPattern))
    }
    return found
  }

  private func isSameEvent(_ one: TracedEvent, _ other: TracedEvent) -> Bool {
    (one.kind, one.tag, one.subject) == (other.kind, other.tag, other.subject)
  }
}
