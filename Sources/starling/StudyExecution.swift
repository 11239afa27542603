// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Records
import Results
import Scenarios
import Studies
import Summaries
import Synchronization

/// Runs a study, keeps every run as it ends, and prints the summary.
struct StudyExecution {
  let options: StudyOptions
  /// The overrides of the command line, for the record.
  let overrides: [String]

  /// - Parameter fileName: of the results file, where the command line names none; without its suffix.
  /// - Throws: what keeps the study from ending well; runs that have ended stay in the results file.
  func perform(_ scenario: Scenario, fileName: String) throws {
    var scenario = scenario
    if let ties = options.ties {
      for arm in scenario.arms.indices { scenario.arms[arm].settings.ties = ties.order }
    }
    let study = try Study(scenario)
    let header = StudyHeader(study, overrides: overrides)
    let path = options.output ?? "results/\(safeFileName(fileName)).jsonl"
    let writer = try ResultsWriter(path: path, header: header)
    if !options.quiet { Terminal.complain("\(study.plan.count) runs; results go to \(path)") }
    let runs = try run(study, writer: writer)
    let summary = StudySummary(StoredStudy(header: header, runs: runs))
    if options.json {
      try Terminal.printJSON(StudyDocument(summary, runs: runs))
    } else {
      try Terminal.print(summary.text(Terminal.style))
    }
  }

  /// Runs everything; the runs are in the order of the plan.
  private func run(_ study: Study, writer: ResultsWriter) throws -> [StoredRun] {
    let plan = study.plan
    let gathering = Gathering(writer: writer)
    Interrupt.install()
    let progress = Progress(total: plan.count, isQuiet: options.quiet)
    defer { progress.finish() }
    _ = try study.run(
      jobs: options.jobCount, isCancelled: { Interrupt.isRequested || gathering.hasTrouble },
      finished: { record, seconds in
        gathering.add(StoredRun(record: record, wallSeconds: seconds))
        progress.count()
      })
    progress.finish()
    let runs = try gathering.runs()
    if runs.count < plan.count {
      throw Failure(
        .interrupted, "interrupted: \(runs.count) of \(plan.count) runs have ended and are kept in \(writer.path)")
    }
    let place = Dictionary(uniqueKeysWithValues: zip(plan.map(\.key), 0...))
    return runs.sorted { place[$0.record.identity.key] ?? 0 < place[$1.record.identity.key] ?? 0 }
  }
}

/// The runs that have ended, each written down before it counts.
private final class Gathering: Sendable {
  private struct State {
    var runs: [StoredRun] = []
    var trouble: ResultsError?
  }

  private let writer: ResultsWriter
  private let state = Mutex(State())

  init(writer: ResultsWriter) { self.writer = writer }

  /// Whether a run could not be written, so that going on is of no use.
  var hasTrouble: Bool { state.withLock { $0.trouble != nil } }

  func add(_ run: StoredRun) {
    do throws(ResultsError) {
      try writer.write(run)
      state.withLock { $0.runs.append(run) }
    } catch {
      state.withLock { $0.trouble = $0.trouble ?? error }
    }
  }

  /// All runs written, in the order in which they ended.
  func runs() throws(ResultsError) -> [StoredRun] {
    let (runs, trouble) = state.withLock { ($0.runs, $0.trouble) }
    if let trouble { throw trouble }
    return runs
  }
}

extension RunRecord.Identity {
  /// What tells the runs of one study apart.
  fileprivate var key: String { "\(replication)/\(arm)" }
}

/// A name as part of a file name: anything but letters, digits, `.`, `_` and `-` becomes `-`.
private func safeFileName(_ name: String) -> String {
  let safe = name.map { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) ? $0 : "-" }
  let text = String(safe.drop { $0 == "." }.prefix(100))
  return text.isEmpty ? "study" : text
}
