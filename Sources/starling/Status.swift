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

/// How far one study has come.
struct StatusReport: Encodable {
  struct Arm: Encodable {
    let name: String
    var done = 0
    var running = 0
    var failed = 0
    var missing = 0
  }

  /// Runs that failed with one message.
  struct Trouble: Encodable {
    let error: String
    var runs = 0
    /// The first of them.
    let arm: String
    let replication: Int
  }

  struct Session: Encodable {
    let number: Int
    let command: String
    let host: String
    let process: Int
    let jobs: Int
    let version: String
    let started: String
    let ended: String?
    var runs: Int
  }

  let file: String
  let name: String
  let shard: String?
  let planned: Int
  let done: Int
  let running: Int
  let failed: Int
  let missing: Int
  /// Whether a process is writing to the file.
  let isRunning: Bool
  /// Seconds of real time that the process that writes will probably need; nothing without one, or before a run has
  /// ended.
  let secondsToGo: Double?
  let arms: [Arm]
  let failures: [Trouble]
  let sessions: [Session]
  let bytes: Int
}

extension StatusReport {
  init(_ file: String, _ progress: StudyProgress) {
    let header = progress.header
    let armCount = header.arms.count
    let shard = header.shard.flatMap { Shard($0) }
    var arms = header.arms.map { Arm(name: $0.name) }
    for replication in 0..<header.replications {
      for arm in 0..<armCount where shard?.holds(replication * armCount + arm) ?? true { arms[arm].missing += 1 }
    }
    var troubles: [Trouble] = []
    var places: [String: Int] = [:]
    var runsOfSession: [Int: Int] = [:]
    for run in progress.runs {
      runsOfSession[run.session, default: 0] += 1
      arms[run.arm].missing -= 1
      guard let error = run.error else {
        arms[run.arm].done += 1
        continue
      }
      arms[run.arm].failed += 1
      let place = places[error] ?? troubles.count
      if place == troubles.count {
        troubles.append(Trouble(error: error, arm: header.arms[run.arm].name, replication: run.replication))
        places[error] = place
      }
      troubles[place].runs += 1
    }
    if progress.isBeingWritten {
      for run in progress.inFlight {
        arms[run.arm].running += 1
        arms[run.arm].missing -= 1
      }
    }
    self.init(
      file: file, name: header.name, shard: header.shard,
      planned: arms.reduce(0) { $0 + $1.done + $1.running + $1.failed + $1.missing },
      done: arms.reduce(0) { $0 + $1.done }, running: arms.reduce(0) { $0 + $1.running },
      failed: arms.reduce(0) { $0 + $1.failed }, missing: arms.reduce(0) { $0 + $1.missing },
      isRunning: progress.isBeingWritten, secondsToGo: Self.secondsToGo(progress, arms), arms: arms,
      failures: troubles,
      sessions: progress.sessions.map { session in
        Session(
          number: session.number, command: session.provenance.command, host: session.provenance.host,
          process: session.provenance.process, jobs: session.provenance.jobs, version: session.provenance.version,
          started: session.started, ended: session.ended, runs: runsOfSession[session.number] ?? 0)
      }, bytes: progress.size)
  }

  /// What is missing times what runs of the same arm took, or all runs where the arm has none, over the jobs. A run
  /// under way counts half.
  private static func secondsToGo(_ progress: StudyProgress, _ arms: [Arm]) -> Double? {
    let ended = progress.runs.filter { $0.error == nil }
    guard progress.isBeingWritten, !ended.isEmpty, let session = progress.sessions.last else { return nil }
    var sums = Array(repeating: (seconds: 0.0, runs: 0.0), count: arms.count)
    for run in ended {
      sums[run.arm].seconds += run.wallSeconds
      sums[run.arm].runs += 1
    }
    let usual = ended.reduce(0) { $0 + $1.wallSeconds } / Double(ended.count)
    let work = zip(arms, sums).reduce(0.0) { work, entry in
      let (arm, sum) = entry
      return work + (Double(arm.missing) + Double(arm.running) / 2) * (sum.runs > 0 ? sum.seconds / sum.runs : usual)
    }
    return work / Double(max(1, session.provenance.jobs))
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
    lines.append("  " + counts)
    if isRunning {
      lines.append("  running" + (secondsToGo.map { ", about \(humanDuration($0)) to go" } ?? ""))
    } else if missing > 0, let last = sessions.last {
      lines += paragraph("\(last.ended == nil ? "killed" : "interrupted"); the same command goes on", indent: 2, style)
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

  private var counts: String {
    var parts = ["\(done) of \(counted(planned, "run")) done"]
    if running > 0 { parts.append("\(running) running") }
    if failed > 0 { parts.append("\(failed) failed") }
    if missing > 0 { parts.append("\(missing) missing") }
    return parts.joined(separator: ", ")
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
