// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Learners
import Records
import Results
import Scenarios
import Simulation
import Studies
import Synchronization
import Testing

private func scenario(_ settings: String..., stepSize: String = "0.1") throws -> Scenario {
  let text = """
    name: matched
    task: {kind: linear-regression, dimension: 3, noise-variance: 0.01}
    network: {topology: ring, agents: 4}
    learner: {algorithm: lms, step-size: \(stepSize)}
    conditions: {compute: {between-agents: {lognormal: {median: 100 ms, sigma: 0.3}}}}
    measure: {until: 1 min, every: 500 ms, target: {msd: -10 dB}}
    arms:
      together: {strategy.timing: synchronous-global}
      alone: {strategy.kind: non-cooperative}
      apart: {}
    replications: 3
    """
  return try Scenario.parse(text: text, file: "matched.yaml", overrides: settings.map { try Override($0) })
}

private let silent = Matching.Watch(expects: { _ in }, ended: {})

private func tuning(_ scenario: Scenario, reference: Int = 0, pilots: Int = 20, jobs: Int = 2) throws -> Tuning {
  let matching = try Matching(scenario, metric: .msd, reference: reference, pilots: pilots)
  return try #require(try matching.tune(scenarioHash: "0", jobs: jobs, watch: silent))
}

private func level(_ scenario: Scenario, arm: Int, replications: Range<Int>) throws -> Double {
  let name = scenario.arms[arm].name
  let records = try Study(scenario).records(
    of: replications.map { RunRecord.Identity(arm: name, replication: $0, seed: scenario.seed) }, jobs: 2)
  return records.compactMap { $0.finals["msd"] }.reduce(0, +) / Double(records.count)
}

@Test func matchedArmsEndEquallyAccurateOnThePilotsAndElsewhere() throws {
  let scenario = try scenario()
  let tuning = try tuning(scenario)
  #expect(tuning.arms.map(\.isMatched) == [true, true, true])
  #expect(tuning.arms[0].factor == 1 && tuning.arms[0].attempts.count == 1)
  // Agents alone have about four times the deviation of four that share theirs.
  #expect(tuning.arms[1].factor < 0.5)
  let tuned = try scenario.tuned(by: tuning)
  for arm in tuning.arms.indices {
    let again = try level(tuned, arm: arm, replications: Matching.firstPilot..<Matching.firstPilot + 20)
    #expect(again == tuning.arms[arm].level)
    #expect(abs(10 * log10(again / tuning.level)) <= tuning.tolerance)
    // 200 other replications: the standard error of a level is about 0.15 dB there and 0.5 dB on the pilots, of a
    // difference between arms 0.7 dB at most; four times that has a false-alarm probability of 6e-5.
    let other = try level(tuned, arm: arm, replications: 0..<200)
    let reference = try level(tuned, arm: 0, replications: 0..<200)
    #expect(abs(10 * log10(other / reference)) < 2.8)
  }
}

@Test func pilotsAreNoReplicationThatIsReported() throws {
  let tuning = try tuning(scenario(), pilots: 3)
  #expect(tuning.pilots == [1_000_000, 1_000_001, 1_000_002])
  // The largest number of replications that a scenario can ask for stays below them.
  #expect(throws: ScenarioError.self) { try scenario("replications=1000001") }
  #expect(try scenario("replications=1000000").replications == Matching.firstPilot)
}

@Test func theTuningIsTheSameForAnyNumberOfJobs() throws {
  let scenario = try scenario()
  #expect(try tuning(scenario, pilots: 6, jobs: 1) == tuning(scenario, pilots: 6, jobs: 3))
}

@Test func anotherArmCanKeepItsStepSize() throws {
  let tuning = try tuning(scenario(), reference: 1)
  #expect(tuning.reference == "alone")
  #expect(tuning.arms[1].factor == 1)
  #expect(tuning.arms[0].factor > 1.5 && tuning.arms[0].isMatched)
}

@Test func anArmThatCannotGetThereSaysSo() throws {
  // Estimates that neighbours send before they adapt keep agents with minimisers of their own apart: no step size
  // takes agents alone to the common optimum.
  let tuning = try tuning(scenario("task.truth={spread: 1}"), pilots: 5)
  #expect(!tuning.arms[1].isMatched)
  #expect(tuning.arms[1].attempts.count > 3)
  let nearest = tuning.arms[1].attempts.min { abs(log($0.level / tuning.level)) < abs(log($1.level / tuning.level)) }
  #expect(tuning.arms[1].factor == nearest?.factor && tuning.arms[1].level == nearest?.level)
}

@Test func nothingIsMatchedToAnArmThatDiverges() throws {
  let scenario = try scenario("measure.until=5 s", stepSize: "3")
  let matching = try Matching(scenario, metric: .msd, reference: 0, pilots: 3)
  let error = #expect(throws: StudyError.self) { try matching.tune(scenarioHash: "0", jobs: 2, watch: silent) }
  #expect(error?.description.hasPrefix("'together' diverges") == true)
}

@Test func lawsListsAndStepSizesOfSingleArmsAreScaledAsTheyAre() throws {
  let lists = try scenario("learner.step-size=[0.1, 0.2, 0.1, 0.05]")
  var tuning = try tuning(lists, pilots: 2)
  tuning.arms[1].factor = 0.5
  let scaled = try lists.tuned(by: tuning).arms[1].settings.learner.stepSize
  #expect(scaled == .values([0.05, 0.1, 0.05, 0.025]))
  let laws = try scenario("learner.step-size={uniform: [0.02, 0.1]}").tuned(by: tuning)
  #expect(laws.arms[1].settings.learner.stepSize == .law(.uniform(lower: 0.01, upper: 0.05)))
  #expect(laws.arms[0].settings.learner.stepSize == .law(.uniform(lower: 0.02, upper: 0.1)))
  // What was tuned is a scenario that can be shown and read again.
  #expect(try Scenario.parse(text: laws.resolvedText(), file: "matched.yaml") == laws)
}

@Test func whatTakesNoStepsCannotBeMatched() throws {
  let text = """
    name: still
    task: {kind: averaging, dimension: 1}
    network: {topology: ring, agents: 4}
    learner: {algorithm: none, initial: {normal: {standard-deviation: 1}}}
    measure: {until: 10 s, every: 1 s}
    """
  let still = try Scenario.parse(text: text, file: "still.yaml")
  #expect(throws: StudyError.self) { try Matching(still, metric: .msd) }
}

@Test func policiesHaveNoFinalErrorsToMatch() throws {
  let text = """
    name: tables
    task: {kind: five-state}
    network: {topology: ring, agents: 4}
    learner: {algorithm: policy-gradient, step-size: 0.1}
    measure: {until: 10 s, every: 1 s}
    """
  let policies = try Scenario.parse(text: text, file: "tables.yaml", overrides: [])
  let error = #expect(throws: StudyError.self) { try Matching(policies, metric: .disagreement) }
  #expect("\(try #require(error))".hasSuffix("judged by their returns: it has no final error to match"))
}

@Test func aReferenceThatDivergesIsRefused() throws {
  let wild = try scenario(stepSize: "50")
  #expect(throws: StudyError.self) { try tuning(wild, pilots: 2) }
}

@Test func aCancelledTuningIsNone() throws {
  let started = Atomic<Int>(0)
  let matching = try Matching(scenario(), metric: .msd, pilots: 5)
  let tuning = try matching.tune(
    scenarioHash: "0", jobs: 2, isCancelled: { started.wrappingAdd(1, ordering: .relaxed).newValue > 3 }, watch: silent)
  #expect(tuning == nil)
}
