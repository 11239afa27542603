// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Foundation
import Quantities
import Results
import Studies

struct Merge: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Put the results files of one study together, such as its shards.",
    discussion: """
      The result is a results file of the whole study. Where runs are missing the
      command that made the files, without --shard, goes on with it. If it is
      there already and holds the same study, the files are added to it. A run
      that is in two files is kept once; where the two differ, nothing is written
      and the exit status is 1. Of files of several revisions of the program a
      run each is repeated first, which must give the same bits.

      Examples:
        starling merge results/loss-sweep-shard-*.sqlite -o loss-sweep.sqlite
        starling merge here.sqlite there.sqlite -o both.sqlite --allow-differences
      """)

  @Argument(help: "Results files of one study.", completion: .file(extensions: ["sqlite"]))
  var files: [String]
  @Option(name: .shortAndLong, help: "The results file to write, none of the others.", completion: .file())
  var output: String
  @Flag(help: "Keep the copy of the first file where two differ in a run.")
  var allowDifferences = false
  @Flag(help: "Print one JSON document instead of text.")
  var json = false

  private struct Document: Encodable {
    struct Difference: Encodable {
      let arm: String
      let replication: Int
      let files: [String]
      let fingerprints: [String]
      let makers: [String]
    }

    let schema = "starling-merge/1"
    let output: String
    let isWritten: Bool
    let runs: Int
    let failed: Int
    let missing: Int
    let repeated: Int
    let differences: [Difference]
  }

  func run() throws {
    try reporting {
      let merge = try StudyMerge(files, into: output, comparison: StudyIdentity.differences)
      if !allowDifferences {
        do {
          let jobs = ProcessInfo.processInfo.activeProcessorCount
          try Repetition.check(files + (ResultsReader.isThere(output) ? [output] : []), by: .current(jobs: jobs))
        } catch {
          merge.giveUp()
          throw error
        }
      }
      let outcome = try merge.write(allowsDifferences: allowDifferences)
      let isWritten = outcome.conflicts.isEmpty || allowDifferences
      let planned = outcome.header.arms.count * outcome.header.replications
      let missing = planned - outcome.runs - outcome.failed
      if json {
        try Terminal.printJSON(
          Document(
            output: output, isWritten: isWritten, runs: outcome.runs, failed: outcome.failed, missing: missing,
            repeated: outcome.repeated, differences: outcome.conflicts.map(difference)))
      }
      if !outcome.conflicts.isEmpty { complain(outcome.conflicts) }
      guard isWritten else { throw ExitCode(1) }
      guard !json else { return }
      var text = "\(output): \(outcome.runs) of \(counted(planned, "run")) of \(outcome.header.name)"
      if outcome.failed > 0 { text += ", \(outcome.failed) failed" }
      if missing > 0 { text += ", \(missing) missing" }
      if outcome.repeated > 0 {
        text += "; \(outcome.repeated) \(outcome.repeated == 1 ? "was" : "were") in more than one file"
      }
      try Terminal.print(text)
    }
  }

  private func difference(_ conflict: StudyMerge.Conflict) -> Document.Difference {
    let copies = [conflict.kept, conflict.other]
    return Document.Difference(
      arm: conflict.run.arm, replication: conflict.run.replication, files: copies.map(\.path),
      fingerprints: copies.map(\.fingerprint), makers: copies.map(\.maker))
  }

  /// Names the runs that differ, and who made them.
  private func complain(_ conflicts: [StudyMerge.Conflict]) {
    let count = counted(conflicts.count, "run differs", "runs differ")
    Terminal.complain("\(allowDifferences ? "warning" : "error"): \(count) between the files:")
    for conflict in conflicts.prefix(10) {
      Terminal.complain("  arm '\(conflict.run.arm)', replication \(conflict.run.replication)")
      for copy in [conflict.kept, conflict.other] {
        Terminal.complain("    \(copy.fingerprint) in \(copy.path), by \(copy.maker)")
      }
    }
    if conflicts.count > 10 { Terminal.complain("  and \(conflicts.count - 10) more") }
    Terminal.complain(
      allowDifferences
        ? "  the first of each is kept"
        : "  -> nothing was written; other processors may give other last bits. --allow-differences keeps the first")
  }
}
