// SPDX-License-Identifier: GPL-3.0-or-later
import Records
import Results

/// An arm of a made-up study whose agents act.
func controlArm(_ name: String, target: Double? = 195, until: Double = 600) -> StudyHeader.Arm {
  StudyHeader.Arm(
    name: name, agents: 4, topology: "ring", meanDegree: 2, secondSingularValue: 0.94, until: until, every: 50,
    target: target.map { StudyHeader.Target(metric: .testReturn, threshold: $0) })
}

/// A made-up run of four agents that act: when its return reached the target (nothing: never), and the final returns of
/// the agents. Two episodes are learnt from in a second, and 100 samples of all agents.
func controlRun(
  _ arm: String, _ replication: Int, reaches time: Double?, returns: [Double], ending: RunRecord.Ending = .until,
  endTime: Double = 600, allTasks: [[Double]]? = nil
) -> StoredRun {
  var fates = MessageFates()
  (fates.sent, fates.used, fates.bytes) = (1000, 1000, 80_000)
  let sorted = returns.sorted()
  let median = returns.contains(where: \.isNaN) ? .nan : (sorted[1] + sorted[2]) / 2
  let agents = zip(["a", "b", "c", "d"], returns).map { name, final in
    AgentAccount(
      name: name, updates: 300, useful: endTime * 0.75, wasted: 0, unfinished: 0, waiting: endTime * 0.25, down: 0,
      finalMSD: nil, task: "pole of \(name)", episodes: UInt64(2 * endTime), samples: UInt64(25 * endTime),
      finalReturn: final)
  }
  let grid = stride(from: 0, through: endTime, by: 50).map { $0 }
  let rising = grid.map { median.isNaN ? .nan : 20 + (median - 20) * min(1, $0 / (time ?? endTime)) }
  return StoredRun(
    record: RunRecord(
      identity: RunRecord.Identity(arm: arm, replication: replication, seed: 1), fingerprint: UInt64(replication),
      ending: ending, endTime: endTime, grid: grid,
      series: [
        RunRecord.Series(metric: "return", values: rising),
        RunRecord.Series(metric: "episodes", values: grid.map { 2 * $0 }),
        RunRecord.Series(metric: "samples", values: grid.map { 100 * $0 }),
        RunRecord.Series(metric: "updates", values: grid.map { $0 / 2 }),
      ],
      finals: [
        "return": median, "return-mean": returns.reduce(0, +) / 4, "return-all": median, "disagreement": 1e-3,
        "disagreement-all": 1e-3,
      ],
      target: time.map {
        RunRecord.TargetReached(time: $0, updates: $0 / 2, messages: $0 * 3, bytes: $0 * 240)
      },
      messages: fates, staleness: Staleness(), agents: agents, engine: EngineCounts(),
      taskReturns: allTasks.map { TaskReturns(tasks: ["one", "two"], returns: $0) }), wallSeconds: 0.5)
}

/// Twelve pairs in which `async` reaches its target in a third of the time of `sync` and ends about 2 lower.
func asyncAndSync() -> [StoredRun] {
  (0..<12).flatMap { replication in
    let shift = Double(replication % 4) * 0.25
    return [
      controlRun("sync", replication, reaches: 450, returns: [196, 198, 199, 200].map { $0 - shift }),
      controlRun(
        "async", replication, reaches: 150,
        returns: [192, 196, 197, 200].map { $0 - shift - 0.1 * Double(replication % 3) }
      ),
    ]
  }
}
