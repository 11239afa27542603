// SPDX-License-Identifier: GPL-3.0-or-later
import MadeUp
import Records
import Results
import Summaries

/// What tables and requirements can name.
let known = RunMetrics(of: [])

/// An arm of a made-up study, as a header describes it.
func arm(
  _ name: String, agents: Int = 2, target: Double? = 1e-3, utilisation: Double? = nil, until: Double = 600
) -> StudyHeader.Arm {
  MadeUp.arm(name, agents: agents, until: until, target: target.map { (.msd, $0) }, utilisation: utilisation)
}

/// A made-up run: when it reached the target (nothing: never) and its final MSD.
func run(
  _ arm: String, _ replication: Int, reaches time: Double?, msd: Double, ending: RunRecord.Ending = .until,
  endTime: Double = 600
) -> StoredRun {
  MadeUp.run(
    arm, replication, ending: ending, endTime: endTime, grid: [0, endTime],
    series: [("msd", [1, msd]), ("updates", [0, 400])], finals: ["msd": msd, "updates": 400],
    target: time.map { RunRecord.TargetReached(time: $0, updates: $0 * 2, messages: $0 * 3, bytes: $0 * 240) },
    sent: 1000, lost: 50, age: (updates: 1.5, seconds: 0.142),
    agents: [("a", 500), ("b", 300)].map { name, updates in
      MadeUp.agent(
        name, updates: updates, useful: endTime * 0.7, unfinished: endTime * 0.05, waiting: endTime * 0.25,
        finalMSD: msd)
    })
}

/// A made-up study of these arms and runs; unless other metrics are given, of agents that learn a known optimum or that
/// act.
func study(
  _ arms: [StudyHeader.Arm], _ runs: [StoredRun], replications: Int? = nil, name: String = "stragglers",
  metrics: [MetricDefinition]? = nil
) -> StoredStudy {
  let acts = (arms.first?.target?.metric ?? .msd).sense == .more || runs.contains { $0.record.finals["return"] != nil }
  return StoredStudy(
    header: MadeUp.header(
      name: name, replications: replications ?? runs.count / max(1, arms.count),
      metrics: metrics ?? (acts ? MetricDefinition.ofExactPolicies : MetricDefinition.ofEstimation), arms: arms),
    runs: runs)
}

/// Twelve pairs in which `fast` is three times sooner than `slow` and ends twice (3 dB) as far from the optimum, each
/// with a little noise of its own.
func fastAndSlow(fast: String = "fast", slow: String = "slow") -> [StoredRun] {
  (0..<12).flatMap { replication in
    let jitter = 1 + 0.01 * Double(replication % 5)
    let other = 1 + 0.01 * Double(replication % 3)
    return [
      run(slow, replication, reaches: 300 * jitter, msd: 1e-4 * jitter),
      run(fast, replication, reaches: 100 * jitter * other, msd: 2e-4 * jitter * other),
    ]
  }
}
