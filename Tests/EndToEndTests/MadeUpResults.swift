// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import MadeUp
import Records
import Results

/// A made-up study of three arms, `name_1` awkward for LaTeX on purpose: `replications` of each, the last run of the
/// third arm censored.
func writeMadeUpResults(to path: String, replications: Int, planned: Int? = nil) throws {
  let arms = [
    ("waits, always", "synchronous-global", "0"), ("name_1 & 100 %", "asynchronous", "0"),
    ("lossy", "asynchronous", "0.1"),
  ]
  let header = MadeUp.header(
    name: "made-up", question: "Does waiting cost more?", scenario: "name: made-up\n",
    replications: planned ?? replications,
    arms: arms.map { name, timing, loss in
      MadeUp.arm(
        name, meanDegree: 1, secondSingularValue: 0.5, until: 400, target: (.msd, 1e-3),
        predictionReason: "It was made up.",
        settings: ["strategy.timing": timing, "conditions.links.loss": loss, "learner.step-size": "0.05"])
    })
  let provenance = MadeUp.provenance(command: "starling compare made-up.yaml")
  let store = try ResultsStore(path: path, header: header, provenance: provenance, restart: false, retryFailed: false)
  for (position, arm) in arms.enumerated() {
    for replication in 0..<replications {
      let isCensored = position == 2 && replication == replications - 1
      let time = isCensored ? nil : [200.0, 50, 80][position]
      try store.write(madeUpRun(arm.0, replication, time: time, msd: [1e-4, 2e-4, 3e-4][position]))
    }
  }
  try store.close()
}

/// A run that falls to its level by half of its time, `time` until the target.
private func madeUpRun(_ arm: String, _ replication: Int, time: Double?, msd: Double) -> StoredRun {
  let jitter = 1 + 0.02 * Double(replication * 7 % 5)
  let grid = (0...400).map(Double.init)
  let values = grid.map { step in
    // A whole number modulo a prime looks noisy enough, and has the same bits everywhere.
    step < 60 ? 1 - step / 60 : msd * jitter * (0.9 + 0.2 * Double((Int(step) * 37 + replication) % 101) / 101)
  }
  return MadeUp.run(
    arm, replication, endTime: 400, grid: grid, series: [("msd", values), ("updates", grid)],
    finals: ["msd": msd * jitter, "updates": 400],
    target: time.map {
      RunRecord.TargetReached(
        time: $0 * jitter, updates: $0 * jitter * 2, messages: $0 * jitter * 3, bytes: $0 * jitter * 240)
    }, sent: 1000, lost: 50, age: (updates: 0.5, seconds: 0.25),
    agents: ["a", "b"].map { MadeUp.agent($0, updates: 400, useful: 300, waiting: 100, finalMSD: msd) })
}

/// A made-up study of agents that act, in two arms: `asynchronous` is sooner and ends lower, and its last run never
/// reaches its target.
func writeMadeUpControlResults(to path: String, replications: Int) throws {
  let header = MadeUp.header(
    name: "cart-poles", question: "Does waiting cost more?", scenario: "name: cart-poles\n",
    replications: replications, metrics: MetricDefinition.ofControl,
    arms: ["synchronous", "asynchronous"].map { name in
      MadeUp.arm(
        name, agents: 4, secondSingularValue: 0.5, until: 1200, every: 20, target: (.testReturn, 195),
        predictionReason: "No closed form covers agents that act.", settings: ["strategy.timing": name])
    })
  let provenance = MadeUp.provenance(command: "starling compare cart-poles.yaml")
  let store = try ResultsStore(path: path, header: header, provenance: provenance, restart: false, retryFailed: false)
  for (position, arm) in header.arms.enumerated() {
    for replication in 0..<replications {
      let isCensored = position == 1 && replication == replications - 1
      let time = [300.0, 100][position] + 20 * Double(replication * 7 % 5)
      let level = [198.0, 196][position] - 0.5 * Double(replication % 3) - 0.25 * Double(replication * position % 2)
      try store.write(madeUpControlRun(arm.name, replication, time: isCensored ? nil : time, level: level))
    }
  }
  try store.close()
}

/// A run of four agents whose returns rise to about a level until the target is reached.
private func madeUpControlRun(_ arm: String, _ replication: Int, time: Double?, level: Double) -> StoredRun {
  let grid = stride(from: 0.0, through: 1200, by: 20).map { $0 }
  let rising = grid.map { level - max(0, (time ?? 300) - $0) / 2 + Double((Int($0) * 37 + replication) % 101) / 200 }
  let finals = [-6.0, -0.5, 0.5, 2].map { level + $0 }
  let agents = zip(["a", "b", "c", "d"], finals).map { name, final in
    MadeUp.agent(
      name, updates: 1200, useful: 900, waiting: 300, task: "pole-\(name)", episodes: 6000, samples: 1_000_000,
      finalReturn: final)
  }
  return MadeUp.run(
    arm, replication, endTime: 1200, grid: grid,
    series: [
      ("return", rising), ("updates", grid), ("episodes", grid.map { 5 * $0 }),
      ("samples", grid.map { 1e6 / 300 * $0 }),
    ],
    finals: [
      "return": level, "return-mean": level - 1, "return-all": level, "disagreement": 1e-3, "disagreement-all": 1e-3,
      "updates": 1200, "episodes": 6000,
    ],
    target: time.map {
      RunRecord.TargetReached(time: $0, updates: $0, messages: 10 * $0, bytes: 4e5 * $0)
    }, sent: 12_000, lost: 600, bytes: 480_000_000, age: (updates: arm == "synchronous" ? 0 : 0.75, seconds: 1.5),
    agents: agents)
}
