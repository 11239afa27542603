// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Foundation
import Results
import Scenarios
import Studies

struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run one arm of a scenario and summarise it.",
    discussion: """
      Without --arm the scenario is run as it stands, its arms left aside.

      Examples:
        starling run scenarios/quickstart.yaml
        starling run scenarios/stragglers.yaml --arm asynchronous --replications 3
        starling run scenarios/quickstart.yaml learner.step-size=0.05 --seed 7 --json
        starling run scenarios/quickstart.yaml --require 'final-msd < -35 dB'
        starling run scenarios/quickstart.yaml --replications 1 --trace trace.jsonl
      """)

  @OptionGroup var scenario: ScenarioArguments
  @Option(name: .shortAndLong, help: "The arm of the scenario to run.")
  var arm: String?
  @Option(
    help: "Write what happens in the first replication to this file, a line of JSON each.", completion: .file())
  var trace: String?
  @OptionGroup var claims: ClaimOptions
  @OptionGroup var options: StudyOptions

  func run() throws {
    try reporting {
      let study = StudyCommand(
        options: options, overrides: scenario.overrides + options.overrides, claims: claims)
      var scenario = try scenario.load(and: options.overrides, arms: arm == nil ? .none : .written)
      if let arm {
        guard let chosen = scenario.arms.first(where: { $0.name == arm }) else {
          let names = scenario.arms.map { "'\($0.name)'" }.joined(separator: ", ")
          throw Failure(.usage, "error: the scenario has no arm '\(arm)'; it has \(names)")
        }
        scenario.arms = [chosen]
      }
      guard scenario.arms.count == 1 else {
        throw Failure(
          .usage, "error: overrides with several values make several arms; use 'starling compare' to run them all")
      }
      if let trace {
        try checkTrace(trace)
        try study.trace(scenario, to: trace)
      }
      try study.perform(scenario, fileName: arm.map { "\(scenario.name)-\($0)" } ?? scenario.name)
    }
  }

  /// Refuses to write a trace over anything but a trace, and one of more than the results file would have.
  private func checkTrace(_ path: String) throws {
    if options.stopAt != nil {
      throw Failure(.usage, "error: --trace is of a whole run, so it does not go with --stop-at")
    }
    if path == options.output {
      throw Failure(.usage, "error: --trace and --output name one file, '\(path)'")
    }
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > 0,
      !ResultsReader.looksLikeResults(path), let file = FileHandle(forReadingAtPath: path)
    else { return }
    let start = Data(RunTraceLines.start.utf8)
    guard (try? file.read(upToCount: start.count)) != start else { return }
    throw Failure(
      .cannotCreate,
      "error: '\(path)' is no trace, and none is written over it\n  -> name another file, or move it away")
  }
}
