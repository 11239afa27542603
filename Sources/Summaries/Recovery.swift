// SPDX-License-Identifier: GPL-3.0-or-later
import Files
import Records
import Results
import Statistics

/// How long branches of a fork take until they are what they would have been.
///
/// The time from the end of the last event that a branch has more until the metric of the verdict is as good as in the same
/// replication as it was, but for 1 dB (2 % of metrics that are not told in decibels), at three measurements in a row; the
/// first of these counts. A branch that never is, is censored at its end, and one that stalls at the end that was asked for.
extension StoredStudy {
  /// Ten to the power of 1 dB.
  private static let factor = 1.258_925_411_794_167_3
  private static let share = 0.02
  private static let measurements = 3

  /// The study with the recovery of every run of a branch, where it is a fork and its curves have been read.
  package var withRecoveries: StoredStudy {
    guard header.arms.contains(where: { $0.fork != nil }) else { return self }
    let metric = header.verdictMetric
    var origins: [String: RunRecord] = [:]
    let arms = Dictionary(header.arms.map { ($0.name, $0) }) { first, _ in first }
    for run in runs {
      guard let fork = arms[run.record.identity.arm]?.fork, !fork.isBranch else { continue }
      origins["\(run.record.identity.replication) \(fork.arm)"] = run.record
    }
    var study = self
    for index in study.runs.indices {
      let record = study.runs[index].record
      guard let fork = arms[record.identity.arm]?.fork, fork.isBranch, let end = fork.lastChange,
        let origin = origins["\(record.identity.replication) \(fork.arm)"]
      else { continue }
      study.runs[index].record.recovery = Self.recovery(
        of: record, from: origin, metric, from: fork.start, after: end, until: arms[record.identity.arm]?.until ?? end)
    }
    return study
  }

  private static func recovery(
    of record: RunRecord, from origin: RunRecord, _ metric: MetricDefinition, from start: Double, after end: Double,
    until: Double
  ) -> RunRecord.Recovery? {
    guard let own = record.series.first(where: { $0.metric == metric.name })?.values,
      let other = origin.series.first(where: { $0.metric == metric.name })?.values
    else { return nil }
    // A run that was over before has nothing to recover from. In one that stalls nobody ever proceeds: it stays where it is.
    if record.ending == .stalled {
      return record.endTime < start ? nil : RunRecord.Recovery(seconds: until - end, isComplete: false)
    }
    guard record.endTime > end else { return nil }
    var streak = 0
    for index in 0..<min(own.count, other.count, record.grid.count) where record.grid[index] >= end {
      streak = isBack(own[index], other[index], metric) ? streak + 1 : 0
      if streak == measurements {
        return RunRecord.Recovery(seconds: record.grid[index + 1 - measurements] - end, isComplete: true)
      }
    }
    return RunRecord.Recovery(seconds: record.endTime - end, isComplete: false)
  }

  private static func isBack(_ own: Double, _ other: Double, _ metric: MetricDefinition) -> Bool {
    // Where nobody was up there is no value: nobody is as good as nobody, and anybody better.
    if other.isNaN { return true }
    if own.isNaN { return false }
    if metric.scale == .decibels { return metric.sense == .more ? own >= other / factor : own <= other * factor }
    let leeway = share * abs(other)
    return metric.sense == .more ? own >= other - leeway : own <= other + leeway
  }
}

/// What became of one run of a branch, in the JSON document of a fork.
struct BranchRecovery: Encodable {
  let arm: String
  let replication: Int
  /// A digest of every event before the time from which on branches differ.
  let prefix: String?
  /// Seconds of virtual time, until the end of a run that has not recovered; nothing where there is nothing to recover from.
  let seconds: Double?
  /// Whether it has recovered.
  let isComplete: Bool?

  /// Nothing of a run that is no branch.
  init?(_ record: RunRecord, of header: StudyHeader) {
    guard header.origin(of: record.identity.arm) != nil else { return nil }
    arm = record.identity.arm
    replication = record.identity.replication
    prefix = record.prefix.map { hexadecimal($0) }
    seconds = record.recovery?.seconds
    isComplete = record.recovery?.isComplete
  }
}

extension RunMetric {
  /// How long a branch of a fork takes until it is what it would have been.
  package static let recovery = RunMetric(
    name: "recovery", title: "recovery", scale: .seconds,
    help: "virtual time from the end of what a branch has more until it is as good as it was (Kaplan-Meier median)",
    reading: .cost { run, _ in
      run.recovery.map { recovery in
        recovery.isComplete
          ? TargetCost(reached: recovery.seconds)
          : TargetCost(censoredAt: recovery.seconds, atLeast: recovery.seconds)
      }
    })
}
