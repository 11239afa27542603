// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Quantities
import Scenarios
import Studies
import Testing

private func study(_ settings: String..., task: String = "linear-regression, dimension: 3") throws -> Study {
  let learner = task.hasPrefix("averaging") ? "{algorithm: none, initial: [1, 2, 4, 8, 16, 32]}" : "{step-size: 0.05}"
  let text = """
    name: small
    task: {kind: \(task)}
    network: {topology: path, agents: 6}
    learner: \(learner)
    measure: {until: 400 s, every: 1 s, final-window: 0.5}
    """
  return try Study(
    Scenario.parse(text: text, file: "small.yaml", overrides: settings.map { try Override($0) }))
}

private func prediction(_ study: Study, arm: Int = 0) throws -> Prediction {
  try Prediction(study.scenario.arms[arm].settings, in: study.world(of: arm))
}

/// Every arm of every shipped scenario has a prediction or a reason why there is none.
@Test func everyShippedScenarioHasAPredictionOrAReason() throws {
  let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../scenarios")
  let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
    .compactMap { $0 as? URL }.filter { $0.pathExtension == "yaml" }
  #expect(files.count >= 11 && files.contains { $0.path.contains("/papers/") })
  for file in files {
    let study = try Study(Scenario.load(path: file.path, overrides: []))
    for arm in study.scenario.arms.indices {
      let prediction = try prediction(study, arm: arm)
      let isNone = prediction.deviation == nil && prediction.curve == nil
      #expect(isNone == (prediction.reason != nil), "\(file.lastPathComponent), arm \(arm)")
    }
  }
}

/// Rounds are rounds, whatever steps and messages take: the prediction is that of lockstep.
@Test func whatRoundsTakeDoesNotChangeTheirPrediction() throws {
  let plain = try prediction(try study("strategy.timing=synchronous-global")).deviation
  #expect(plain != nil)
  for timing in ["synchronous-global", "synchronous-local"] {
    let slow = try study(
      "strategy.timing=\(timing)", "conditions.links.latency={exponential: {mean: 1 s}}", "conditions.links.loss=0.3",
      "conditions.compute.within-agent={exponential: {}}")
    #expect(try prediction(slow).deviation == plain)
  }
  #expect(try prediction(try study("strategy.timing=slotted")).deviation == plain)
  // Equal constant steps without latency keep step by themselves.
  #expect(try prediction(try study()).deviation == plain)
}

@Test func aConstantLatencyIsAWholeNumberOfEqualSteps() throws {
  let late = try prediction(try study("conditions.links.latency=250 ms")).deviation
  #expect(
    try late == prediction(try study("strategy.timing=slotted", "strategy.slots.message-delay=3")).deviation)
  #expect(try #require(late) < (try #require(try prediction(study()).deviation)))
}

@Test(arguments: [
  "conditions.failures={up: 10 s, down: 1 s}", "resample=[network]", "task.samples=10",
  "strategy.missing-neighbour=self",
  "conditions.compute.within-agent={gamma: {cv: 0.5}}", "task.truth={spread: 1}", "strategy.message=w",
])
func whatTheoryDoesNotCoverIsSaid(setting: String) throws {
  let prediction = try prediction(try study(setting, "conditions.links.loss=0.1"))
  #expect(prediction.deviation == nil)
  #expect(try #require(prediction.reason).hasSuffix("."))
}

/// Where agents sleep or messages come at the very instant of a combination, the closed form does not hold.
@Test func whatOnlyLooksLikeRoundsHasNoPrediction() throws {
  let sleep = ["strategy.timing=slotted", "strategy.slots.activity=sleep", "strategy.slots.active-probability=0.5"]
  #expect(try prediction(try study(sleep[0], sleep[1], sleep[2])).deviation != nil)
  #expect(
    try prediction(try study(sleep[0], sleep[1], sleep[2], "strategy.missing-neighbour=last-heard")).deviation == nil)
}

@Test func aStepThatIsTooLargeHasNoSteadyState() throws {
  let reason = try prediction(try study("learner.step-size=1.5")).reason
  #expect(reason == "There is no steady state: the mean square of the deviation does not shrink.")
}

/// The limit of averaging is known before the run: with late messages it is not the mean.
@Test func theLimitOfAveragingIsPredicted() throws {
  let averaging = "averaging, dimension: 1"
  let exact = try prediction(try study("strategy.timing=slotted", task: averaging))
  #expect(try #require(exact.deviation) < 1e-20)
  let late = try study(
    "strategy.timing=slotted", "strategy.slots.message-delay=2", "strategy.mailbox-start=initial", task: averaging)
  let predicted = try #require(try prediction(late).deviation)
  #expect(predicted > 0.1)
  let record = try #require(try late.records(of: late.plan, jobs: 1).first)
  let measured = try #require(record.series.first { $0.metric == "msd" }?.values.last)
  #expect(abs(measured - predicted) < 1e-6 * predicted)
}

/// Runs end where the prediction says: mean of 20 runs of 200 correlated slots each, standard error about 0.15 dB; the
/// bound of 0.8 dB is more than five of them, false alarm below 1e-6.
@Test(arguments: [
  ["strategy.timing=synchronous-global"], ["strategy.timing=slotted", "conditions.links.loss=0.4"],
  ["strategy.timing=slotted", "strategy.slots.active-probability=0.5"],
  ["strategy.kind=diffusion-cta", "strategy.timing=synchronous-global"],
  ["strategy.kind=consensus", "strategy.timing=synchronous-local"], ["conditions.links.latency=150 ms"],
  ["conditions.links.latency=300 ms"],
  [
    "strategy.message=w", "conditions.compute.within-agent={exponential: {}}", "conditions.links.loss=0.2",
    "conditions.compute.between-agents=1 s",
  ],
])
func runsEndWhereTheoryPredicts(settings: [String]) throws {
  let text = """
    name: small
    task: {kind: linear-regression, dimension: 3}
    network: {topology: path, agents: 6}
    learner: {step-size: 0.05}
    measure: {until: 600 s, every: 1 s, final-window: 0.5}
    """
  let study = try Study(
    Scenario.parse(text: text, file: "small.yaml", overrides: settings.map { try Override($0) }))
  let predicted = try #require(try prediction(study).deviation)
  let finals = try study.records(of: study.plan, jobs: 2).compactMap { $0.finals["msd"] }
  let measured = finals.reduce(0, +) / Double(finals.count)
  #expect(finals.count == 20)
  #expect(abs(decibels(ofPower: measured) - decibels(ofPower: predicted)) < 0.8)
}
