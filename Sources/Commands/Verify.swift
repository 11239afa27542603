// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Foundation
import Summaries
import Verification
import Workers

struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run published closed forms through the real engine and compare.",
    discussion: """
      Reads reference files of schema diffusion-reference/1, such as those in references/theory, and runs each case as \
      a study is run. Files of reinforcement learning, such as those in references/rl, are told by their keys. Of the \
      checks of single agents, and of the many cases without chance, only the worst are shown; --json has all. \
      Of a folder, all JSON files below it are read. Files, and parts of files, for which there is no run are listed as \
      skipped. Exit status 1 if a check fails.

      Examples:
        starling verify references/theory/*.json
        starling verify references/theory/gossip.json --quick
        starling verify references
        starling verify references/theory/*.json --seed 2 --json > verification.json
      """)

  @Argument(help: "Reference files, or folders of them.", completion: .file(extensions: ["json"]))
  var files: [String]

  @Option(name: .shortAndLong, help: "How many runs at the same time (default: one per processor).")
  var jobs: Int?

  @Option(name: .shortAndLong, help: "The seed of all randomness.")
  var seed: UInt64 = 1

  @Flag(help: "Make a fifth of the runs, with bars that are wider by four standard errors of what was seen.")
  var quick = false

  @Flag(help: "Print one JSON document instead of text.")
  var json = false

  func validate() throws {
    if let jobs, jobs < 1 { throw ValidationError("--jobs must be at least 1.") }
  }

  func run() throws {
    try reporting {
      let watch = Stopwatch()
      let report = try verify()
      if json {
        try Terminal.printJSON(VerificationDocument(report))
      } else {
        try Terminal.print(VerificationText(report).text(Terminal.style, seconds: watch.seconds))
      }
      if !report.passes { throw ExitCode(1) }
    }
  }

  /// Reads all files, so that a bad one is known at once, and then runs them.
  private func verify() throws -> VerificationReport {
    let paths = try files.flatMap { path throws(ReferenceError) in try Reference.files(at: path) }
    let references = try paths.map { path throws(ReferenceError) in (path: path, reference: try Reference(path: path)) }
    let verifier = Verifier(
      jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount, seed: seed, isQuick: quick)
    Interrupt.endAtOnce()
    let progress = Progress(total: paths.count, counting: "reference", isQuiet: !Terminal.errorIsInteractive)
    defer { progress.finish() }
    var report = VerificationReport()
    for (path, reference) in references {
      do throws(ReferenceError) {
        report.append(try verifier.verify(reference))
      } catch {
        throw ReferenceError("\(path): error: \(error.description)")
      }
      progress.count(1)
    }
    return report
  }
}

/// A report as one JSON document, every check with what it comes to.
private struct VerificationDocument: Encodable {
  struct Check: Encodable {
    let reference: String
    let quantity: String
    let agent: Int?
    let runs: Int?
    let expected: Double
    let seen: Double
    let bar: Double
    let shareOfBar: Double
    let passes: Bool

    init(_ check: VerificationReport.Check) {
      reference = check.reference
      quantity = check.quantity
      agent = check.agent
      runs = check.runs
      expected = check.expected
      seen = check.seen
      bar = check.bar
      shareOfBar = check.shareOfBar
      passes = check.passes
    }
  }

  let passes: Bool
  let checks: [Check]
  let skipped: [VerificationReport.Skipped]

  init(_ report: VerificationReport) {
    passes = report.passes
    checks = report.checks.map(Check.init)
    skipped = report.skipped
  }
}
