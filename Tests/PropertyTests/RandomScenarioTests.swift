// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Networks
import RandomScenarios
import Records
import Scenarios
import Simulation
import Studies
import Testing
import Workers

/// What holds in every run, whatever the scenario: on random ones of all strategies, timings, rules and conditions.
///
/// `make random-scenarios COUNT=20000` tries more of them; from the seed `STARLING_RANDOM_SEED` on, where that is set.
@Suite struct RandomScenarioTests {
  private static let count = number("STARLING_RANDOM_SCENARIOS") ?? 1000
  private static let first = number("STARLING_RANDOM_SEED") ?? 0

  private static func number(_ variable: String) -> Int? {
    ProcessInfo.processInfo.environment[variable].flatMap { Int($0) }
  }

  @Test func everyRunKeepsTheRules() {
    let found = inParallel(count: Self.count, jobs: 2) { number in
      faults(of: RandomScenario(seed: UInt64(Self.first + number)))
    }
    for fault in found.joined().prefix(10) { Issue.record("\(fault)") }
    #expect(found.count { !$0.isEmpty } == 0, "of \(Self.count) scenarios")
  }

  /// A scenario in another scale of time is as valid, and says the same but for its durations.
  @Test func everyScaleIsRead() throws {
    for seed in 0..<UInt64(300) {
      let networks = try [TimeScale.one, .tenTimes, .thousandTimes, .thousandth].map { scale in
        let scenario = RandomScenario(seed: seed, durations: .constant(scale))
        return try Scenario.parse(text: scenario.text, file: scenario.title).arms[0].settings.network
      }
      // How long edges are there, and how fast agents are, is of the scale.
      guard networks[0].edgesComeAndGo == nil, MovementSettings(networks[0].topology) == nil else { continue }
      #expect(networks.allSatisfy { $0 == networks[0] })
    }
  }
}

/// What is wrong with the runs of a scenario, as sentences that end with its text.
private func faults(of scenario: RandomScenario) -> [String] {
  func sentence(_ fault: String) -> String { "\(scenario.title): \(fault)\n\(scenario.text)" }
  do {
    let study = try Study(Scenario.parse(text: scenario.text, file: scenario.title))
    let settings = study.scenario.arms[0].settings
    let records = try study.records(of: study.plan, jobs: 1)
    let again = try study.records(of: study.plan.reversed(), jobs: 2)
    var faults: [String] = []
    if records.map(\.fingerprint) != again.reversed().map(\.fingerprint) { faults.append("fingerprints differ") }
    if settings.isDeterministic, Set(records.map(\.fingerprint)).count > 1 {
      faults.append("nothing should be random in it, and replications differ")
    }
    for record in records {
      let world = try World(settings, replication: UInt32(record.identity.replication))
      let rules = RunRules(scenario, settings, world)
      let (alone, memory) = try simulateCountingMemory(settings, in: world, replication: record.identity.replication)
      if alone.fingerprint != record.fingerprint { faults.append("a run by itself has another fingerprint") }
      faults += rules.faults(of: record) + rules.excess(of: memory, in: world)
    }
    return faults.map(sentence)
  } catch {
    return [sentence("\(error)")]
  }
}
