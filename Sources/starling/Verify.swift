// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Foundation
import Summaries
import Verification

struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run published closed forms through the real engine and compare.",
    discussion: """
      Reads reference files of schema diffusion-reference/1. Of the checks of single agents only the worst is shown;
      --json shows all. Cases that cannot be expressed yet are listed by name. Exit status 1 if a check fails.

      Examples:
        starling verify reference/lms-rgg-metropolis.json
        starling verify reference/*.json --jobs 2 --json
      """)

  @Argument(help: "Reference files.", completion: .file(extensions: ["json"]))
  var files: [String]

  @Option(name: .shortAndLong, help: "How many runs at the same time (default: one per processor).")
  var jobs: Int?

  @Option(name: .shortAndLong, help: "The seed of all randomness.")
  var seed: UInt64 = 1

  @Flag(help: "Print one JSON document instead of text.")
  var json = false

  func validate() throws {
    if let jobs, jobs < 1 { throw ValidationError("--jobs must be at least 1.") }
  }

  func run() throws {
    try reporting {
      let verifier = Verifier(jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount, seed: seed)
      var report = VerificationReport()
      for file in files { report.append(try verifier.verify(file: file)) }
      if json {
        try Terminal.printJSON(report)
      } else {
        try Terminal.print(VerificationText(report).text(Terminal.style))
      }
      if !report.passes { throw ExitCode(1) }
    }
  }
}
