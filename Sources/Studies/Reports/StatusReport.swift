// SPDX-License-Identifier: GPL-3.0-or-later
import Results

/// How far one study has come.
package struct StatusReport: Encodable {
  package struct Arm: Encodable {
    package let name: String
    package var done = 0
    package var running = 0
    package var failed = 0
    package var missing = 0
  }

  /// Runs that failed with one message.
  package struct Trouble: Encodable {
    package let error: String
    package var runs = 0
    /// The first of them.
    package let arm: String
    package let replication: Int
  }

  package struct Session: Encodable {
    package let number: Int
    package let command: String
    package let host: String
    package let process: Int
    package let jobs: Int
    package let version: String
    package let started: String
    package let ended: String?
    package var runs: Int
  }

  package let file: String
  package let name: String
  package let shard: String?
  package let planned: Int
  package let done: Int
  package let running: Int
  package let failed: Int
  package let missing: Int
  /// Those of the missing runs that were stopped on their way and go on from there.
  package let stopped: Int
  /// Where these are in virtual time, seconds: the first and the last.
  package let stoppedBetween: ClosedRange<Double>?
  /// What is kept for forks, by time.
  package let states: [StudyProgress.States]
  /// Whether a process is writing to the file.
  package let isRunning: Bool
  /// Seconds of real time that the process that writes will probably need; nothing without one, or before a run has
  /// ended.
  package let secondsToGo: Double?
  package let arms: [Arm]
  package let failures: [Trouble]
  package let sessions: [Session]
  package let bytes: Int
}

extension StatusReport {
  package init(_ file: String, _ progress: StudyProgress) {
    let header = progress.header
    let arms = Self.arms(progress)
    let runsOfSession = progress.runs.reduce(into: [Int: Int]()) { $0[$1.session, default: 0] += 1 }
    self.init(
      file: file, name: header.name, shard: header.shard,
      planned: arms.reduce(0) { $0 + $1.done + $1.running + $1.failed + $1.missing },
      done: arms.reduce(0) { $0 + $1.done }, running: arms.reduce(0) { $0 + $1.running },
      failed: arms.reduce(0) { $0 + $1.failed }, missing: arms.reduce(0) { $0 + $1.missing },
      stopped: progress.stops.count,
      stoppedBetween: ClosedRange(spanning: progress.stops.map(\.time)),
      states: progress.states,
      isRunning: progress.isBeingWritten, secondsToGo: Self.secondsToGo(progress, arms), arms: arms,
      failures: Self.troubles(progress),
      sessions: progress.sessions.map { session in
        Session(
          number: session.number, command: session.provenance.command, host: session.provenance.host,
          process: session.provenance.process, jobs: session.provenance.jobs, version: session.provenance.version,
          started: session.started, ended: session.ended, runs: runsOfSession[session.number] ?? 0)
      }, bytes: progress.size)
  }

  private static func arms(_ progress: StudyProgress) -> [Arm] {
    let header = progress.header
    let shard = header.shard.flatMap { Shard($0) }
    var arms = header.arms.map { Arm(name: $0.name) }
    for position in 0..<header.replications * arms.count where shard?.holds(position) ?? true {
      arms[position % arms.count].missing += 1
    }
    for run in progress.runs {
      arms[run.arm].missing -= 1
      if run.error == nil { arms[run.arm].done += 1 } else { arms[run.arm].failed += 1 }
    }
    for run in progress.inFlight where progress.isBeingWritten {
      arms[run.arm].running += 1
      arms[run.arm].missing -= 1
    }
    return arms
  }

  /// In the order of the first run of each message.
  private static func troubles(_ progress: StudyProgress) -> [Trouble] {
    var troubles: [Trouble] = []
    var places: [String: Int] = [:]
    for run in progress.runs {
      guard let error = run.error else { continue }
      let place = places[error] ?? troubles.count
      if place == troubles.count {
        troubles.append(Trouble(error: error, arm: progress.header.arms[run.arm].name, replication: run.replication))
        places[error] = place
      }
      troubles[place].runs += 1
    }
    return troubles
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
