// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Records
import Results

/// A made-up study of three arms, `name_1` awkward for LaTeX on purpose: `replications` of each, the last run of the
/// third arm censored.
func writeMadeUpResults(to path: String, replications: Int, planned: Int? = nil) throws {
  let arms = [
    ("waits, always", "synchronous-global", "0"), ("name_1 & 100 %", "asynchronous", "0"),
    ("lossy", "asynchronous", "0.1"),
  ]
  let header = StudyHeader(
    name: "made-up", question: "Does waiting cost more?", scenario: "name: made-up\n", overrides: [], seed: 1,
    replications: planned ?? replications, resampled: [], ties: "fifo",
    metrics: MetricDefinition.ofEstimation,
    arms: arms.map { name, timing, loss in
      StudyHeader.Arm(
        name: name, agents: 2, topology: "ring", meanDegree: 1, secondSingularValue: 0.5, until: 400, every: 1,
        target: StudyHeader.Target(metric: .msd, threshold: 1e-3), predictionReason: "It was made up.",
        settings: ["strategy.timing": timing, "conditions.links.loss": loss, "learner.step-size": "0.05"])
    })
  let provenance = Provenance(
    command: "starling compare made-up.yaml", version: "1", revision: "0123456789ab", streams: "philox4x32-10/1",
    libraries: [:], blasCore: "none", processor: "none", processorFlags: [], operatingSystem: "none", host: "here",
    process: 1, jobs: 1)
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
  var fates = MessageFates()
  fates.sent = 1000
  fates.used = 950
  fates.lost = 50
  fates.bytes = 80_000
  var staleness = Staleness()
  staleness.count = 950
  staleness.meanUpdates = 0.5
  staleness.meanSeconds = 0.25
  let grid = (0...400).map(Double.init)
  let values = grid.map { step in
    // A whole number modulo a prime looks noisy enough, and has the same bits everywhere.
    step < 60 ? 1 - step / 60 : msd * jitter * (0.9 + 0.2 * Double((Int(step) * 37 + replication) % 101) / 101)
  }
  let agents = ["a", "b"].map { name in
    AgentAccount(
      name: name, updates: 400, useful: 300, wasted: 0, unfinished: 0, waiting: 100, down: 0, finalMSD: msd)
  }
  return StoredRun(
    record: RunRecord(
      identity: RunRecord.Identity(arm: arm, replication: replication, seed: 1), fingerprint: UInt64(replication),
      ending: .until, endTime: 400, grid: grid,
      series: [
        RunRecord.Series(metric: "msd", values: values), RunRecord.Series(metric: "updates", values: grid),
      ], finals: ["msd": msd * jitter, "updates": 400],
      target: time.map {
        RunRecord.TargetReached(
          time: $0 * jitter, updates: $0 * jitter * 2, messages: $0 * jitter * 3, bytes: $0 * jitter * 240)
      }, messages: fates, staleness: staleness, agents: agents, engine: EngineCounts()), wallSeconds: 0.5)
}

/// A made-up study of agents that act, in two arms: `asynchronous` is sooner and ends lower, and its last run never
/// reaches its target.
func writeMadeUpControlResults(to path: String, replications: Int) throws {
  let header = StudyHeader(
    name: "cart-poles", question: "Does waiting cost more?", scenario: "name: cart-poles\n", overrides: [], seed: 1,
    replications: replications, resampled: [], ties: "fifo",
    metrics: MetricDefinition.ofControl,
    arms: ["synchronous", "asynchronous"].map { name in
      StudyHeader.Arm(
        name: name, agents: 4, topology: "ring", meanDegree: 2, secondSingularValue: 0.5, until: 1200, every: 20,
        target: StudyHeader.Target(metric: .testReturn, threshold: 195),
        predictionReason: "No closed form covers agents that act.", settings: ["strategy.timing": name])
    })
  let provenance = Provenance(
    command: "starling compare cart-poles.yaml", version: "1", revision: "0123456789ab", streams: "philox4x32-10/1",
    libraries: [:], blasCore: "none", processor: "none", processorFlags: [], operatingSystem: "none", host: "here",
    process: 1, jobs: 1)
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
  var fates = MessageFates()
  (fates.sent, fates.used, fates.lost, fates.bytes) = (12_000, 11_400, 600, 480_000_000)
  var staleness = Staleness()
  (staleness.count, staleness.meanUpdates, staleness.meanSeconds) = (11_400, arm == "synchronous" ? 0 : 0.75, 1.5)
  let grid = stride(from: 0.0, through: 1200, by: 20).map { $0 }
  let rising = grid.map { level - max(0, (time ?? 300) - $0) / 2 + Double((Int($0) * 37 + replication) % 101) / 200 }
  let finals = [-6.0, -0.5, 0.5, 2].map { level + $0 }
  let agents = zip(["a", "b", "c", "d"], finals).map { name, final in
    AgentAccount(
      name: name, updates: 1200, useful: 900, wasted: 0, unfinished: 0, waiting: 300, down: 0, finalMSD: nil,
      task: "pole-\(name)", episodes: 6000, samples: 1_000_000, finalReturn: final)
  }
  return StoredRun(
    record: RunRecord(
      identity: RunRecord.Identity(arm: arm, replication: replication, seed: 1), fingerprint: UInt64(replication),
      ending: .until, endTime: 1200, grid: grid,
      series: [
        RunRecord.Series(metric: "return", values: rising),
        RunRecord.Series(metric: "updates", values: grid),
        RunRecord.Series(metric: "episodes", values: grid.map { 5 * $0 }),
        RunRecord.Series(metric: "samples", values: grid.map { 1e6 / 300 * $0 }),
      ],
      finals: [
        "return": level, "return-mean": level - 1, "return-all": level, "disagreement": 1e-3, "disagreement-all": 1e-3,
        "updates": 1200, "episodes": 6000,
      ],
      target: time.map {
        RunRecord.TargetReached(time: $0, updates: $0, messages: 10 * $0, bytes: 4e5 * $0)
      }, messages: fates, staleness: staleness, agents: agents, engine: EngineCounts()), wallSeconds: 0.5)
}
