// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Foundation
import Quantities
import Results
import Studies
import Summaries

struct Status: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say how far studies have come: runs done, running, failed and missing.",
    discussion: """
      Exit status: 0 when all runs have ended well; 75 when some are missing, and
      the command that made the file goes on; 65 when all have ended, some of them
      as failed.

      Examples:
        starling status results/stragglers.sqlite
        starling status results/*.sqlite --json
      """)

  @Argument(help: "Results files.", completion: .file(extensions: ["sqlite"]))
  var files: [String]
  @Flag(help: "Print one JSON document instead of text.")
  var json = false

  private struct Document: Encodable {
    let schema = "starling-status/1"
    let files: [StatusReport]
  }

  func run() throws {
    try reporting {
      let reports = try files.map { StatusReport($0, try StudyProgress($0)) }
      if json {
        try Terminal.printJSON(Document(files: reports))
      } else {
        try Terminal.print(reports.map { $0.text(Terminal.style) }.joined(separator: "\n\n"))
      }
      if reports.contains(where: { $0.missing + $0.running > 0 }) { throw ExitCode(Failure.Status.resumable.rawValue) }
      if reports.contains(where: { $0.failed > 0 }) { throw ExitCode(Failure.Status.badInput.rawValue) }
    }
  }
}

extension StatusReport {
  /// Arms that are listed.
  private static let mostArms = 20
  /// Sessions with runs that are listed, the newest.
  private static let mostSessions = 10

  /// The report as people read it.
  func text(_ style: TerminalStyle) -> String {
    let part = shard.map { ", shard \($0)" } ?? ""
    var lines = paragraph("\(file): \(name)\(part), \(humanBytes(Double(bytes)))", indent: 0, style)
    lines += paragraph(counts, indent: 2, style)
    if isRunning {
      lines.append("  running" + (secondsToGo.map { ", about \(humanDuration($0)) to go" } ?? ""))
    } else if missing > 0, let last = sessions.last {
      lines += paragraph("\(last.ended == nil ? "killed" : "interrupted"); the same command goes on", indent: 2, style)
    }
    if !states.isEmpty {
      let times = states.map { "\(humanDuration($0.time)) (\(counted($0.runs, "run")))" }
      lines += paragraph("forks can begin at the states of \(listed(times))", indent: 2, style)
    }
    lines += armLines(style)
    for trouble in failures.prefix(10) {
      let count = "\(counted(trouble.runs, "run")) failed"
      lines += paragraph(
        "\(count), first arm '\(trouble.arm)', replication \(trouble.replication): \(trouble.error)", indent: 2, style)
    }
    if failures.count > 10 { lines.append("  and \(counted(failures.count - 10, "more message")); --json has all") }
    if failed > 0 { lines.append("  -> --retry-failed runs them again") }
    let makers = sessions.filter { $0.runs > 0 || (isRunning && $0.number == sessions.last?.number) }
    for session in makers.suffix(Self.mostSessions) {
      let end = session.ended ?? (isRunning && session.number == sessions.last?.number ? "now" : "killed")
      lines += paragraph(
        "session \(session.number): \(counted(session.runs, "run")), \(session.started) to \(end), process \(session.process) on "
          + "\(session.host), version \(session.version): \(session.command)", indent: 2, style)
    }
    let silent = sessions.count - min(makers.count, Self.mostSessions)
    if silent > 0 { lines.append("  and \(counted(silent, "other session")); --json has all") }
    return lines.joined(separator: "\n")
  }

  var counts: String {
    var parts = ["\(done) of \(counted(planned, "run")) done"]
    if running > 0 { parts.append("\(running) running") }
    if failed > 0 { parts.append("\(failed) failed") }
    if missing > 0 { parts.append("\(missing) missing" + stops) }
    return parts.joined(separator: ", ")
  }

  /// Those of the missing ones that were stopped on their way, and where.
  private var stops: String {
    guard let times = stoppedBetween else { return "" }
    return
      " (\(stopped) stopped at \((VirtualTime(seconds: times.lowerBound)...VirtualTime(seconds: times.upperBound)).text))"
  }

  /// The arms, if they are not too many: else those that are not done, and of these the first.
  private func armLines(_ style: TerminalStyle) -> [String] {
    guard arms.count > 1 else { return [] }
    let open = arms.filter { $0.running + $0.failed + $0.missing > 0 }
    let listed = arms.count <= Self.mostArms ? arms : Array(open.prefix(Self.mostArms))
    guard !listed.isEmpty, !open.isEmpty else { return [] }
    var lines = ["    done  running  failed  missing  arm"]
    for arm in listed {
      let numbers = zip([arm.done, arm.running, arm.failed, arm.missing], [8, 9, 8, 9]).map { number, width in
        let text = "\(number)"
        return String(repeating: " ", count: max(1, width - text.count)) + text
      }
      let start = numbers.joined() + "  "
      // The end of a long name tells cells of a sweep apart.
      let room = style.width - start.count
      lines.append(start + (arm.name.count > room ? "…" + arm.name.suffix(room - 1) : arm.name))
    }
    let rest = (arms.count <= Self.mostArms ? 0 : open.count) - listed.count
    if rest > 0 { lines.append("    and \(counted(rest, "more arm")); --json has all") }
    return lines
  }
}
