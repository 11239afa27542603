// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Foundation
import Quantities
import Records
import Results
import Scenarios
import Simulation
import Studies

/// Whether arms are brought to one final error before they are compared.
struct MatchOptions: ParsableArguments {
  @Option(
    name: .customLong("match"),
    help: ArgumentHelp(
      "Tune the step size of each arm until all end equally accurate, such as --match final-msd.",
      discussion: "Tuned on pilot replications, which are reported nowhere.",
      valueName: "final-METRIC"))
  var metric: MatchedMetric?

  @Option(name: .customLong("match-to"), help: "The arm that keeps its step size (default: the first).")
  var reference: String?

  @Option(help: "With --match, how many pilot replications of each arm.")
  var pilots: Int = Matching.usualPilots

  func validate() throws {
    guard (1...10_000).contains(pilots) else { throw ValidationError("--pilots must be from 1 to 10000.") }
    guard metric != nil || (reference == nil && pilots == Matching.usualPilots) else {
      throw ValidationError("--match-to and --pilots go with --match.")
    }
  }

  /// The matching asked for; nothing for none.
  ///
  /// - Throws: if there is no such arm, or an arm has no step size.
  func matching(of scenario: Scenario) throws -> Matching? {
    guard let metric else { return nil }
    var position = 0
    if let reference {
      guard let found = scenario.arms.firstIndex(where: { $0.name == reference }) else {
        let names = scenario.arms.map { "'\($0.name)'" }.joined(separator: ", ")
        throw Failure(.usage, "error: the scenario has no arm '\(reference)' to match to; it has \(names)")
      }
      position = found
    }
    return try Matching(scenario, metric: metric.definition, reference: position, pilots: pilots)
  }

  /// What the name of a results file says of it.
  var fileNameParts: [String] {
    guard let metric else { return [] }
    return ["match=final-\(metric.definition.name)"] + (reference.map { ["match-to=\($0)"] } ?? [])
      + (pilots == Matching.usualPilots ? [] : ["pilots=\(pilots)"])
  }
}

/// A squared error as the command line writes it.
struct MatchedMetric: ExpressibleByArgument {
  let definition: MetricDefinition

  init?(argument: String) {
    guard argument.hasPrefix("final-"), let known = Matching.metrics.named(String(argument.dropFirst(6))) else {
      return nil
    }
    definition = known
  }

  static var allValueStrings: [String] { Matching.metrics.map { "final-\($0.name)" } }
  static var defaultCompletionKind: CompletionKind { .list(allValueStrings) }
}

extension Matching {
  /// The tuning that a results file holds, or a new one from pilot runs.
  ///
  /// - Parameter path: of the results file, which need not be there.
  /// - Throws: if the file holds a study that was tuned otherwise or not at all; after an interruption.
  func tuning(of scenario: Scenario, path: String, options: StudyOptions) throws -> Tuning {
    let question = question(scenarioHash: StudyHeader.settingsHash(of: scenario))
    if !options.restart, ResultsReader.isThere(path) {
      let known = try ResultsReader.read(path).header.tuning
      // Whether the scenario is the one that was tuned shows when it is compared, with these factors, with the file's.
      let differences = question.differences(from: known, arms: scenario.arms.map(\.name))
      if let known, differences.isEmpty { return known }
      throw ResultsError.anotherStudy(path: path, differences: differences)
    }
    if !options.quiet {
      Terminal.complain(
        "matching final-\(question.metric) to that of '\(question.reference)' on "
          + "\(counted(question.pilots.count, "pilot replication")) of \(counted(scenario.arms.count, "arm"))")
    }
    let progress = Progress(total: 0, counting: "pilot run", isQuiet: options.quiet)
    defer { progress.finish() }
    let watch = Watch(expects: { progress.expect($0) }, ended: { progress.count() })
    let tuning = try tune(
      scenarioHash: question.scenarioHash, jobs: options.jobCount, isCancelled: { Interrupt.isRequested }, watch: watch)
    guard let tuning else {
      throw Failure(
        .resumable,
        "interrupted while step sizes were tuned: nothing has been written\n  -> the same command begins again")
    }
    return tuning
  }
}

extension Tuning {
  /// How a tuning of a file differs from this question, a line for each point; empty for one that answers it.
  fileprivate func differences(from known: Tuning?, arms names: [String]) -> [String] {
    guard let known else { return ["the step sizes in the file are not matched, and now they are to be"] }
    var lines: [String] = []
    func note(_ what: String, _ old: some Equatable & CustomStringConvertible, _ new: some CustomStringConvertible) {
      if old.description != new.description { lines.append("\(what) is \(old) in the file, \(new) now") }
    }
    note("the metric that is matched", known.metric, metric)
    note("the arm that the others are matched to", known.reference, reference)
    note("the number of pilots", known.pilots.count, pilots.count)
    note("the tolerance in dB", known.tolerance, tolerance)
    if known.arms.map(\.name) != names { lines.append("the scenario that was tuned has other arms") }
    return lines
  }
}
