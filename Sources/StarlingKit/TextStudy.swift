// SPDX-License-Identifier: GPL-3.0-or-later
import Commands
import Records
import Results
import Scenarios
import Studies
import Summaries

/// A study from the text of its scenario: read once, carried out from code.
///
///     try Additions(learners: [.mine]).register()
///     let study = try TextStudy(scenario, overrides: ["learner.step-size=0.1,0.2"])
///     let records = try study.records(jobs: 2)
///
/// The command `compare` does the same with a file, and keeps the runs.
public struct TextStudy: Sendable {
  private let scenario: Scenario

  /// Reads a scenario. What a program adds must have been registered before.
  ///
  /// - Parameters:
  ///   - text: YAML, as docs/reference describes it.
  ///   - overrides: such as `conditions.links.loss=0,0.1`; several values multiply the arms.
  ///   - file: what errors call the text; files that it names are looked for beside it.
  /// - Throws: all that is wrong with the text, each with its place.
  public init(_ text: String, overrides: [String] = [], file: String = "scenario.yaml") throws {
    scenario = try Scenario.parse(text: text, file: file, overrides: Override.all(overrides))
  }

  /// The variants that are compared, by name.
  public var arms: [String] { scenario.arms.map(\.name) }

  /// What runs measure.
  public var metrics: [MetricDefinition] { scenario.metrics }

  /// Runs everything and keeps it in memory.
  ///
  /// - Parameter jobs: how many runs at the same time.
  /// - Returns: replication by replication, each in all arms.
  /// - Throws: the error of the first run that failed.
  public func records(jobs: Int = 1) throws -> [RunRecord] {
    let study = try Study(scenario)
    return try study.records(of: study.plan(replications: scenario.replications), jobs: jobs)
  }

  /// Runs what a results file does not hold yet, and sums all of it up.
  ///
  /// - Parameters:
  ///   - path: of the results file, which need not be there; `starling` and `starling-figures` read it.
  ///   - jobs: how many runs at the same time.
  /// - Returns: what `compare` prints: the arms, the verdict, warnings.
  /// - Throws: if the file is of another study, a run fails, or a file cannot be written.
  public func summary(keepingRunsIn path: String, jobs: Int = 1) throws -> String {
    let request = StudyRequest(program: .current(jobs: jobs))
    let outcome = try StudyExecution(request, path: path, listener: Silence()).carryOut(scenario)
    if let failure = outcome.study.failures.first {
      throw StudyFailure(
        description: "arm '\(failure.identity.arm)', replication \(failure.identity.replication): \(failure.error)")
    }
    return StudySummary(outcome.study).text(TerminalStyle(width: 80))
  }
}

/// Why a study from code has not come to its end.
public struct StudyFailure: Error, CustomStringConvertible {
  /// What is wrong.
  public let description: String
}

/// Says nothing of how a study goes on.
private struct Silence: ExecutionListener {
  func hear(_ notice: ExecutionNotice) {}

  func begins(_ stage: ExecutionStage, total: Int) -> any ExecutionProgress { Nothing() }

  private final class Nothing: ExecutionProgress {
    func expect(_ more: Int) {}
    func count(_ number: Int) {}
    func finish() {}
  }
}
