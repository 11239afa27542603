// SPDX-License-Identifier: GPL-3.0-or-later
import Records
import Results

/// Makes studies of made-up runs, as results files hold them.
struct SyntheticStudy {
  let world: SyntheticWorld
  var arms: [SyntheticArm]
  let replications: Int
  /// Whether the arms have a target.
  var hasTarget = true
  /// Whether step sizes were tuned until all arms end alike.
  var isMatched = false

  static func name(_ arm: Int) -> String { "arm\(arm)" }

  /// The study of a number from zero, below a million; other sizes of studies have other draws.
  func study(_ number: Int) -> StoredStudy {
    let draws = UInt32(number) | UInt32(replications) << 20 | UInt32(arms.count) << 26
    var header = StudyHeader(
      name: "calibration", question: nil, scenario: "", overrides: [], seed: UInt64(number),
      replications: replications, resampled: [], ties: "fifo",
      metrics: world.isOfControl ? MetricDefinition.ofControl : MetricDefinition.ofEstimation,
      arms: arms.indices.map(headerArm))
    if isMatched { header.tuning = tuning }
    let runs = arms.indices.flatMap { arm in
      (0..<replications).map { replication in storedRun(arm, replication, study: draws) }
    }
    return StoredStudy(header: header, runs: runs)
  }

  private var metric: MetricDefinition { world.isOfControl ? .testReturn : .msd }

  private func headerArm(_ arm: Int) -> StudyHeader.Arm {
    StudyHeader.Arm(
      name: Self.name(arm), agents: SyntheticWorld.agents, topology: "ring", meanDegree: 2, secondSingularValue: 0.9,
      until: world.until, every: world.until / Double(SyntheticWorld.points),
      target: hasTarget ? StudyHeader.Target(metric: metric, threshold: world.threshold) : nil)
  }

  private var tuning: Tuning {
    Tuning(
      metric: metric.name, reference: Self.name(0), level: 1e-3, tolerance: 0.2, pilots: [1_000_000],
      scenarioHash: "",
      arms: arms.indices.map {
        Tuning.Arm(name: Self.name($0), factor: 1, level: 1e-3, isMatched: true, attempts: [])
      })
  }

  private func storedRun(_ arm: Int, _ replication: Int, study: UInt32) -> StoredRun {
    let run = SyntheticRun(arms[arm], in: world, study: study, replication: replication, own: Self.name(arm))
    let grid = world.grid
    let updates = grid.map { $0 * run.pace }
    let messages = updates.map { $0 * arms[arm].messages * Double(SyntheticWorld.agents) }
    let bytes = messages.map { 80 * $0 }
    let agents = (0..<SyntheticWorld.agents).map { agent in
      AgentAccount(
        name: "agent\(agent)", updates: UInt64(updates.last ?? 0), useful: world.until, wasted: 0, unfinished: 0,
        waiting: 0, down: 0, finalMSD: world.isOfControl ? nil : run.final,
        finalReturn: world.isOfControl ? run.returns[agent] : nil)
    }
    var series = [
      RunRecord.Series(metric: metric.name, values: run.curve),
      RunRecord.Series(metric: MetricDefinition.updates.name, values: updates),
      RunRecord.Series(metric: MetricDefinition.messages.name, values: messages),
      RunRecord.Series(metric: MetricDefinition.bytes.name, values: bytes),
    ]
    if world.isOfControl { series.append(RunRecord.Series(metric: MetricDefinition.samples.name, values: messages)) }
    var fates = MessageFates()
    fates.sent = UInt64(world.sent)
    fates.lost = world.lost(study: study, replication: replication, own: Self.name(arm))
    fates.used = fates.sent - fates.lost
    let record = RunRecord(
      identity: RunRecord.Identity(
        arm: Self.name(arm), replication: world.isUnpaired ? arm * 1000 + replication : replication,
        seed: UInt64(study)),
      fingerprint: UInt64(arm) << 32 | UInt64(replication), ending: .until, endTime: world.until, grid: grid,
      series: series, finals: [metric.name: run.final],
      target: hasTarget
        ? run.reached.map {
          RunRecord.TargetReached(time: grid[$0], updates: updates[$0], messages: messages[$0], bytes: bytes[$0])
        } : nil,
      messages: fates, staleness: Staleness(), agents: agents, engine: EngineCounts())
    return StoredRun(record: record, wallSeconds: 0)
  }
}
