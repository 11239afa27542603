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
        starling run scenarios/crashes.yaml --replication 2 --trace run.pftrace
      """)

  @OptionGroup var scenario: ScenarioArguments
  @Option(name: .shortAndLong, help: "The arm of the scenario to run.")
  var arm: String?
  @Option(
    help: ArgumentHelp(
      "Write what happens in one run to this file: NAME.pftrace for a trace viewer, any other name for lines of JSON.",
      valueName: "file"),
    completion: .file())
  var trace: String?
  @Option(help: ArgumentHelp("The replication that --trace is about, from 0.", valueName: "number"))
  var replication: Int?
  @OptionGroup var claims: ClaimOptions
  @OptionGroup var options: StudyOptions

  func run() throws {
    try reporting {
      var study = StudyCommand(
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
      let replication = try tracedReplication(of: scenario)
      let fileName = arm.map { "\(scenario.name)-\($0)" } ?? scenario.name
      if let trace {
        try checkTrace(trace)
        try study.trace(scenario, replication: replication, fileName: fileName, to: trace)
      }
      try study.perform(scenario, fileName: fileName)
    }
  }

  /// The replication that a trace is about.
  private func tracedReplication(of scenario: Scenario) throws -> Int {
    guard let replication else { return 0 }
    guard trace != nil else {
      throw Failure(
        .usage,
        "error: --replication says which run --trace is about\n  -> --replications says how many are carried out")
    }
    guard (0..<scenario.replications).contains(replication) else {
      throw Failure(
        .usage,
        "error: there is no replication \(replication): they are numbered from 0 to \(scenario.replications - 1)")
    }
    return replication
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
    let start = (try? file.read(upToCount: 64)) ?? Data()
    guard !TraceFormat.all.contains(where: { $0.begins(start) }) else { return }
    throw Failure(
      .cannotCreate,
      "error: '\(path)' is no trace, and none is written over it\n  -> name another file, or move it away")
  }
}
