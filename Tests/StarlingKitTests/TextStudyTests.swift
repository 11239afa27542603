// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import StarlingKit
import Testing

private let scenario = """
  name: small
  task:     {kind: linear-regression, dimension: 3, noise-variance: 0.01}
  network:  {topology: ring, agents: 4}
  learner:  {algorithm: lms, step-size: 0.05}
  conditions: {compute: {between-agents: {lognormal: {median: 100 ms, sigma: 0.5}}}}
  measure:  {until: 20 s, every: 500 ms, target: {msd: -10 dB}}
  arms:     {barrier: {strategy.timing: synchronous-global}, free: {strategy.timing: asynchronous}}
  replications: 10

  """

@Test func aStudyFromTextRunsInMemory() throws {
  let study = try TextStudy(scenario, overrides: ["measure.until=10 s"])
  #expect(study.arms == ["barrier", "free"] && study.metrics == MetricDefinition.ofEstimation)
  let records = try study.records(jobs: 2)
  #expect(records.map(\.identity.arm) == Array(repeating: ["barrier", "free"], count: 10).flatMap(\.self))
  #expect(records.allSatisfy { $0.ending == .until && $0.endTime == 10 && $0.grid.count == 21 })
  #expect(records.allSatisfy { $0.finals["msd"] ?? .nan > 0 && $0.agents.map(\.name).count == 4 })
  #expect(records.map(\.fingerprint) == (try study.records(jobs: 1)).map(\.fingerprint))
}

@Test func aStudyFromTextIsKeptAndSummedUp() throws {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("starling-" + UUID().uuidString)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  let path = folder.appendingPathComponent("small.sqlite").path
  let study = try TextStudy(scenario)
  let summary = try study.summary(keepingRunsIn: path, jobs: 2)
  #expect(summary.contains("small · 4 agents") && summary.contains("Verdict  free reaches -10 dB"), "\(summary)")
  #expect(try study.summary(keepingRunsIn: path) == summary)
  #expect(throws: (any Error).self) {
    try TextStudy(scenario, overrides: ["learner.step-size=0.1"]).summary(keepingRunsIn: path)
  }
}

@Test func whatIsWrongWithATextIsSaidWithItsPlace() throws {
  let error = #expect(throws: (any Error).self) { try TextStudy(scenario + "sead: 1\n", file: "mine.yaml") }
  let text = "\(try #require(error))"
  #expect(text.hasPrefix("mine.yaml:9:1: error: unknown key 'sead'"), "\(text)")
}

@Test func aParameterOfAnotherKindIsRefused() {
  let odd = LearnerDefinition(
    name: "odd", meaning: "nothing", parameters: [Parameter("step-size", .flag, "of what")], tasks: ["averaging"],
    facts: { _ in LearnerFacts(parameterCount: 1, metrics: MetricDefinition.ofEveryRun) }, make: { _ in nil })
  let words =
    "the parameter 'step-size' of learner 'odd' is true or false, but of learner 'lms' it is a number, a law, or a "
    + "list with one number per agent"
  #expect(throws: RegistrationError.self) { try Additions(learners: [odd]).register() }
  do { try Additions(learners: [odd]).register() } catch { #expect(error.description == words) }
}
