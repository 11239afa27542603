// SPDX-License-Identifier: GPL-3.0-or-later
import Records
import Results
import Scenarios
import Studies
import Testing

private func plan(_ count: Int, of runs: Int) -> ShardPlan {
  ShardPlan(
    name: "made-up", count: count, runs: runs, jobs: 1, output: "out.sqlite", program: "starling",
    study: ["sweep", "a"], claims: [])
}

@Test(arguments: [(1, 1), (1, 7), (3, 7), (7, 7), (5, 24)])
func shardsHaveAllRunsAndAboutAsManyEach(count: Int, runs: Int) {
  let plan = plan(count, of: runs)
  let each = (1...count).map { plan.runs(of: Shard(number: $0, count: count)) }
  #expect(each.reduce(0, +) == runs)
  #expect(each.min() == plan.runsOfShards.lowerBound && each.max() == plan.runsOfShards.upperBound)
}

/// So many shards that each lasts a minute, and one more would not; at least one, and at most one for each run.
@Test(arguments: [(480, 3.0, 1), (480, 3.0, 4), (7, 100.0, 1), (1000, 0.001, 2), (100_000, 1000, 1)])
func shardsLastAMinute(runs: Int, seconds: Double, jobs: Int) {
  let count = ShardPlan.count(runs: runs, secondsEach: seconds, jobs: jobs)
  func lasts(_ count: Int) -> Double { Double(runs) * seconds / Double(count * jobs) }
  #expect(count == 1 || lasts(count) >= 60)
  #expect(count == min(runs, ShardPlan.mostChosen) || lasts(count + 1) < 60)
}

@Test func namesOfShardsKeepTheFolderAndTheEnding() {
  #expect(plan(2, of: 7).output(of: Shard(number: 2, count: 2)) == "out-shard-2-of-2.sqlite")
  let other = ShardPlan(
    name: "x", count: 3, runs: 4, jobs: 1, output: "a.b/out", program: "starling", study: [], claims: [])
  #expect(other.output(of: Shard(number: 1, count: 3)) == "a.b/out-shard-1-of-3.sqlite")
}

private func study(until: String) throws -> Study {
  let text = """
    name: timed
    task: {kind: linear-regression, dimension: 2, noise-variance: 0.01}
    network: {topology: ring, agents: 4}
    learner: {step-size: 0.05}
    conditions: {compute: {between-agents: {lognormal: {median: 100 ms, sigma: 0.3}}}}
    measure: {until: \(until), every: 1 s}
    arms: {together: {strategy.timing: synchronous-global}, apart: {}}
    replications: 3
    """
  return try Study(Scenario.parse(text: text, file: "timed.yaml", overrides: []))
}

private let program = Provenance.onThisMachine(command: "starling", version: "1", revision: "0", jobs: 1)

/// A run that is not carried to its end counts as longer than what was seen of it.
@Test func aRunThatTakesTooLongIsTimedByItsBeginning() throws {
  let long = try #require(RunTiming(study(until: "100 h"), program: program, within: 0.04))
  #expect(long.seconds > 0.02)
  let short = try #require(RunTiming(study(until: "1 s"), program: program, within: 600))
  #expect(short.seconds > 0 && short.seconds < long.seconds)
}

@Test func nothingIsKnownOfRunsThatAreNotBegun() throws {
  #expect(RunTiming(try study(until: "1 s"), program: program, isCancelled: { true }) == nil)
}
