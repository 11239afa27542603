// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Files
import Foundation
import Quantities
import Records
import Reports
import Results
import Scenarios
import Studies

struct Report: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make one page of HTML of a results file: verdict, tables, figures and replays.",
    discussion: """
      The page stands alone: no network, no other file. It says what summarize
      says, and with --replay it plays a run again: agents, messages in flight,
      losses, crashes, partitions. That run is carried out once more and traced;
      its fingerprint must be that of the file.

      Examples:
        starling report results/stragglers.sqlite -o report.html
        starling report results/stragglers.sqlite --replay asynchronous -o a.html
        starling report results/split.sqlite --replay forgets --from '15 s' -o b.html
      """)

  /// Replays on one page.
  private static let mostReplays = 4

  @Argument(help: "The results file.", completion: .file(extensions: ["sqlite"]))
  var file: String

  @Option(name: .shortAndLong, help: "The page to write.", completion: .file(extensions: ["html"]))
  var output: String

  @Option(help: ArgumentHelp("An arm of which a run is played again; may be given several times.", valueName: "arm"))
  var replay: [String] = []

  @Option(
    help: ArgumentHelp("The replication that is played (default: the first that has ended).", valueName: "number"))
  var replication: Int?

  @Option(
    help: ArgumentHelp("The virtual time from which on it is played (default: 0 s).", valueName: "time"),
    transform: virtualTime)
  var from: VirtualDuration?

  @Option(
    help: ArgumentHelp("The virtual time up to which it is played (default: the end).", valueName: "time"),
    transform: virtualTime)
  var until: VirtualDuration?

  @Option(name: .shortAndLong, help: "How many threads a run may use (default: one per processor).")
  var jobs: Int?

  func validate() throws {
    guard !replay.isEmpty || (replication == nil && from == nil && until == nil) else {
      throw ValidationError("--replication, --from and --until say what --replay plays.")
    }
    guard replay.count <= Self.mostReplays else {
      throw ValidationError("A page has at most \(Self.mostReplays) replays.")
    }
    if let jobs, jobs < 1 { throw ValidationError("--jobs must be at least 1.") }
  }

  func run() throws {
    try reporting {
      let study = try ResultsReader.read(file)
      let target = try OutputFile(output)
      let replays = try replays(of: study)
      let name = file.split(separator: "/").last.map(String.init) ?? file
      let page = try ReportPage(study, replays: replays, file: name, version: starlingVersion)
      try target.write(Array(page.html.utf8))
      try target.finish()
    }
  }

  // MARK: - Replays

  private func replays(of study: StoredStudy) throws -> [Replay] {
    guard !replay.isEmpty else { return [] }
    guard !study.header.isFork else {
      throw Failure(.usage, "error: runs of forks are not played again\n  -> play one of the study that was forked")
    }
    let stored = try replay.map { try run(of: $0, in: study) }
    let span = try span()
    let scenario = try Scenario(of: study.header, isRun: true)
    Interrupt.install()
    return try stored.map { run in
      var own = scenario
      own.arms = scenario.arms.filter { $0.name == run.record.identity.arm }
      return try played(run, in: Study(own), span)
    }
  }

  /// The run of an arm that is played.
  private func run(of arm: String, in study: StoredStudy) throws -> StoredRun {
    guard study.header.arms.contains(where: { $0.name == arm }) else {
      let names = study.header.arms.prefix(20).map { "'\($0.name)'" }.joined(separator: ", ")
      throw Failure(.usage, "error: the file has no arm '\(arm)'; it has \(names)")
    }
    let runs = study.runs.filter { $0.record.identity.arm == arm }
    guard let run = runs.first(where: { replication == nil || $0.record.identity.replication == replication }) else {
      let which = replication.map { "replication \($0) of " } ?? "a run of "
      throw Failure(
        .usage,
        "error: the file has no \(which.replacing("a run of ", with: "run of "))arm '\(arm)' that has ended well")
    }
    return run
  }

  private func span() throws -> ClosedRange<Double> {
    let (start, end) = (from?.seconds ?? 0, until?.seconds ?? .infinity)
    guard start < end else { throw Failure(.usage, "error: --until must be after --from") }
    return start...end
  }

  private func played(_ run: StoredRun, in study: Study, _ span: ClosedRange<Double>) throws -> Replay {
    let identity = run.record.identity
    guard span.lowerBound < run.record.endTime else {
      throw Failure(.usage, "error: the run of '\(identity.arm)' is over by \(run.record.endTime) s, before --from")
    }
    var limits = Replay.Limits()
    (limits.messages, limits.changes) = (limits.messages / replay.count, limits.changes / replay.count)
    let outcome: (replay: Replay, record: RunRecord)
    do {
      outcome = try study.replay(
        of: identity, span: span, limits: limits, jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount,
        isCancelled: { Interrupt.isRequested })
    } catch is CancellationError {
      throw Failure(.interrupted, "interrupted: no page is written")
    }
    guard outcome.record.fingerprint == run.record.fingerprint else {
      throw Failure(
        .badInput,
        "error: replication \(identity.replication) of '\(identity.arm)' has the fingerprint "
          + "\(hexadecimal(run.record.fingerprint)), and played again \(hexadecimal(outcome.record.fingerprint))\n"
          + "  -> the program that made the file plays it, or a page goes without --replay")
    }
    return outcome.replay
  }
}
