// SPDX-License-Identifier: GPL-3.0-or-later
import MadeUp
import Records
import Results

/// What the runs of somebody's own learner measure, as it might define them: nothing here is known to any room.
let calibration = MetricDefinition(
  "calibration-error", "mean distance of predicted from observed shares", .plain, .less, divergesBeyond: .infinity)
let success = MetricDefinition("success-rate", "share of tests that agents pass", .share, .more)
let ownMetrics = [calibration, success, MetricDefinition.updates, .messages, .bytes]

/// An arm of a made-up study of that learner.
func ownArm(_ name: String, target: StudyHeader.Target? = StudyHeader.Target(metric: success, threshold: 0.9))
  -> StudyHeader.Arm
{
  MadeUp.arm(
    name, agents: 3, secondSingularValue: nil, every: 50, target: target.map { ($0.metric, $0.threshold) })
}

/// A made-up run of it: when it reached the target (nothing: never), and how it ends.
func ownRun(_ arm: String, _ replication: Int, reaches time: Double?, error: Double, rate: Double) -> StoredRun {
  let grid = stride(from: 0.0, through: 600, by: 50).map { $0 }
  let curves = [
    calibration.name: grid.map { error + 0.5 * max(0, 1 - $0 / 300) },
    success.name: grid.map { min(rate, rate * ($0 + 50) / 350) }, "updates": grid,
  ]
  return MadeUp.run(
    arm, replication, endTime: 600, grid: grid,
    series: ownMetrics.compactMap { metric in curves[metric.name].map { (metric.name, $0) } },
    finals: [calibration.name: error, success.name: rate, "updates": 600],
    target: time.map { RunRecord.TargetReached(time: $0, updates: $0, messages: $0, bytes: 80 * $0) }, sent: 100,
    bytes: 8000, agents: ["a", "b", "c"].map { MadeUp.agent($0, updates: 600, useful: 600, waiting: 0) })
}

/// Twelve pairs: `quick` is three times sooner, ends with an error that is 0.02 higher and with 2 of a hundred fewer
/// tests passed.
func quickAndSlow() -> [StoredRun] {
  (0..<12).flatMap { replication in
    let shift = 0.001 * Double(replication % 4)
    return [
      ownRun("slow", replication, reaches: 450, error: 0.03 + shift, rate: 0.97 - shift),
      ownRun("quick", replication, reaches: 150, error: 0.05 + 1.1 * shift, rate: 0.95 - 1.2 * shift),
    ]
  }
}
