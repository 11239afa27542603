// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Testing

/// The program of Examples/OutsideLearner, which adds a task, a learner and metrics to Starling from outside.
@Suite(.serialized) struct OutsideLearnerTests {
  /// Where the example's scenario lies.
  private static let scenario = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../Examples/OutsideLearner/scenario.yaml").standardizedFileURL.path
  private static let shortened = ["--replications", "6", "--quiet", "--output", "runs.sqlite"]

  @Test func itsStudyEndsInAVerdictOnItsOwnMetric() throws {
    let outside = try Program("ExampleOutsideLearner")
    try withFolder { folder in
      let claims = [
        "asynchronous.time-to-target < synchronous.time-to-target", "asynchronous.final-misclassification < 17 %",
        "asynchronous.final-misclassification-worst < 2 * asynchronous.final-misclassification",
      ]
      let outcome = try outside.finish(
        outside.start(
          ["compare", Self.scenario] + Self.shortened + claims.flatMap { ["--require", $0] }, in: folder), in: folder)
      #expect(outcome.status == 0, "\(outcome.error)")
      let words = outcome.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      #expect(words.contains("time to misclassification 17 %"), "\(outcome.output)")
      #expect(words.contains("final misclassification"), "\(outcome.output)")
      #expect(words.contains("Verdict asynchronous reaches a misclassification of 17 %"), "\(outcome.output)")
      // What it wrote is read by a program that knows nothing of the learner.
      let starling = try Program()
      let table = try starling.call(
        "summarize", "runs.sqlite", "--by", "arm", "--metric", "final-misclassification", in: folder)
      #expect(table.status == 0 && table.output.contains("final misclassification"), "\(table.error)")
      let again = try outside.finish(
        outside.start(["compare", Self.scenario] + Self.shortened, in: folder), in: folder)
      #expect(again.status == 0 && again.error.isEmpty)
    }
  }

  @Test func itsDefinitionsAreListedAndChecked() throws {
    let outside = try Program("ExampleOutsideLearner")
    try withFolder { folder in
      let list = try outside.call("list", "learners", in: folder)
      #expect(list.status == 0 && list.output.contains("logistic  logistic regression on one point a step"))
      let wrong = try outside.call("validate", Self.scenario, "learner.algorithm=lms", in: folder)
      #expect(wrong.status == 65 && wrong.error.contains("learner lms goes with task linear-regression only"))
      let metric = try outside.call("validate", Self.scenario, "measure.also=[misclassification-wurst]", in: folder)
      #expect(metric.status == 65 && metric.error.contains("did you mean 'misclassification-worst'?"))
      let unknown = try Program().call("validate", Self.scenario, in: folder)
      #expect(unknown.status == 65 && unknown.error.contains("not one of the tasks there are"))
    }
  }

  @Test func itsStudyIsDescribed() throws {
    let outside = try Program("ExampleOutsideLearner")
    try withFolder { folder in
      let described = try outside.call("describe", Self.scenario, in: folder)
      #expect(described.status == 0, "\(described.error)")
      #expect(described.output.contains("Logistic regression has no closed form."))
    }
  }
}
