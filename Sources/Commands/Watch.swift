// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Foundation
import Results
import Studies
import Summaries

struct Watch: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Watch a study under way: runs done, curves as they grow, time left.",
    discussion: """
      On a terminal the view is drawn anew every second; elsewhere a line is written
      whenever runs have ended. It ends when no run is missing, or when nobody
      writes to the file any more.

      Exit status: as that of status.

      Examples:
        starling watch results/stragglers.sqlite
        starling watch results/stragglers.sqlite --once
      """)

  /// Seconds between two looks.
  private static let interval = 1.0

  @Argument(help: "The results file.", completion: .file(extensions: ["sqlite"]))
  var file: String
  @Flag(help: "Print one view and end.")
  var once = false

  func run() throws {
    try reporting {
      Interrupt.endAtOnce()
      let screen = Screen()
      var study: StoredStudy?
      while true {
        // Asked first: what a writer that has ended by then has written is all there.
        let progress = try StudyProgress(file)
        let report = StatusReport(file, progress)
        let isOver = once || !report.isRunning || report.missing + report.running == 0
        if isOver || screen.isInteractive, study == nil || study?.runs.count != report.done {
          study = try ResultsReader.read(file)
        }
        if let study, isOver || screen.isInteractive {
          try screen.show(WatchFrame(report, study).text(Terminal.style), isLast: isOver)
        } else {
          try screen.tell(report.watchLine)
        }
        if isOver { return try end(report) }
        Thread.sleep(forTimeInterval: Self.interval)
      }
    }
  }

  private func end(_ report: StatusReport) throws {
    if report.missing + report.running > 0 { throw ExitCode(Failure.Status.resumable.rawValue) }
    if report.failed > 0 { throw ExitCode(Failure.Status.badInput.rawValue) }
  }
}

/// Where frames are shown: over the one before on a terminal, else lines that say something new.
private final class Screen {
  let isInteractive = isatty(STDOUT_FILENO) == 1
  private var height = 0
  private var latest = ""

  /// Draws a frame over the last one.
  func show(_ text: String, isLast: Bool) throws {
    // Up to the first line of the frame before, and nothing of it stays below.
    let back = height > 0 ? "\u{1B}[\(height)A\r\u{1B}[J" : ""
    try Terminal.write(Array((back + Terminal.style.guarded(text) + "\n").utf8))
    height = isInteractive && !isLast ? text.split(separator: "\n", omittingEmptySubsequences: false).count : 0
  }

  /// Writes a line, unless it was the last one.
  func tell(_ line: String) throws {
    guard line != latest else { return }
    latest = line
    try Terminal.write(Array((Terminal.style.guarded(line) + "\n").utf8))
  }
}
