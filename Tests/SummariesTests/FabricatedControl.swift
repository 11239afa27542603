// SPDX-License-Identifier: GPL-3.0-or-later
import MadeUp
import Records
import Results

/// An arm of a made-up study whose agents act.
func controlArm(_ name: String, target: Double? = 195, until: Double = 600) -> StudyHeader.Arm {
  MadeUp.arm(name, agents: 4, until: until, every: 50, target: target.map { (.testReturn, $0) })
}

/// A made-up run of four agents that act: when its return reached the target (nothing: never), and the final returns of
/// the agents. Two episodes are learnt from in a second, and 100 samples of all agents.
func controlRun(
  _ arm: String, _ replication: Int, reaches time: Double?, returns: [Double], ending: RunRecord.Ending = .until,
  endTime: Double = 600, allTasks: [[Double]]? = nil
) -> StoredRun {
  let sorted = returns.sorted()
  let median = returns.contains(where: \.isNaN) ? .nan : (sorted[1] + sorted[2]) / 2
  let agents = zip(["a", "b", "c", "d"], returns).map { name, final in
    MadeUp.agent(
      name, updates: 300, useful: endTime * 0.75, waiting: endTime * 0.25, task: "pole of \(name)",
      episodes: UInt64(2 * endTime), samples: UInt64(25 * endTime), finalReturn: final)
  }
  let grid = stride(from: 0, through: endTime, by: 50).map { $0 }
  let rising = grid.map { median.isNaN ? .nan : 20 + (median - 20) * min(1, $0 / (time ?? endTime)) }
  return MadeUp.run(
    arm, replication, ending: ending, endTime: endTime, grid: grid,
    series: [
      ("return", rising), ("episodes", grid.map { 2 * $0 }), ("samples", grid.map { 100 * $0 }),
      ("updates", grid.map { $0 / 2 }),
    ],
    finals: [
      "return": median, "return-mean": returns.reduce(0, +) / 4, "return-all": median, "disagreement": 1e-3,
      "disagreement-all": 1e-3,
    ],
    target: time.map {
      RunRecord.TargetReached(time: $0, updates: $0 / 2, messages: $0 * 3, bytes: $0 * 240)
    }, sent: 1000, agents: agents,
    taskReturns: allTasks.map { TaskReturns(tasks: ["one", "two"], returns: $0) })
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
