// SPDX-License-Identifier: GPL-3.0-or-later
import Records
import Results

/// Results that nobody ran, for tests of those who read, keep and summarise them. Whatever a test does not say is as here.
package enum MadeUp {
  package static func header(
    name: String = "stragglers", question: String? = nil, scenario: String = "", overrides: [String] = [],
    seed: UInt64 = 1, replications: Int, shard: String? = nil,
    metrics: [MetricDefinition] = MetricDefinition.ofEstimation, arms: [StudyHeader.Arm]
  ) -> StudyHeader {
    StudyHeader(
      name: name, question: question, scenario: scenario, overrides: overrides, seed: seed, replications: replications,
      resampled: [], ties: "fifo", shard: shard, metrics: metrics, arms: arms)
  }

  package static func arm(
    _ name: String, agents: Int = 2, meanDegree: Double = 2, secondSingularValue: Double? = 0.94, until: Double = 600,
    every: Double = 1, target: (metric: MetricDefinition, threshold: Double)?, utilisation: Double? = nil,
    predictionReason: String? = nil, settings: [String: String] = [:]
  ) -> StudyHeader.Arm {
    StudyHeader.Arm(
      name: name, agents: agents, topology: "ring", meanDegree: meanDegree, secondSingularValue: secondSingularValue,
      until: until, every: every,
      target: target.map { StudyHeader.Target(metric: $0.metric, threshold: $0.threshold) }, utilisation: utilisation,
      predictionReason: predictionReason, settings: settings)
  }

  package static func provenance(
    command: String = "starling compare a.yaml", core: String = "none", libraries: [String: String] = [:],
    processor: String = "none", flags: [String] = [], process: Int = 1, jobs: Int = 1
  ) -> Provenance {
    Provenance(
      command: command, version: "1", revision: "0123456789ab", streams: "philox4x32-10/1", libraries: libraries,
      blasCore: core, processor: processor, processorFlags: flags, operatingSystem: "none", host: "here",
      process: process, jobs: jobs)
  }

  /// A run whose links lost what they did not deliver.
  ///
  /// - Parameters:
  ///   - series: values on the grid by the names of metrics, in this order.
  ///   - age: mean staleness of estimates that were used, in updates and seconds.
  package static func run(
    _ arm: String, _ replication: Int, seed: UInt64 = 1, ending: RunRecord.Ending = .until, endTime: Double,
    grid: [Double], series: [(metric: String, values: [Double])], finals: [String: Double],
    target: RunRecord.TargetReached?, sent: UInt64, lost: UInt64 = 0, bytes: UInt64 = 80_000,
    age: (updates: Double, seconds: Double)? = nil, agents: [AgentAccount], taskReturns: TaskReturns? = nil
  ) -> StoredRun {
    var fates = MessageFates()
    (fates.sent, fates.used, fates.lost, fates.bytes) = (sent, sent - lost, lost, bytes)
    var staleness = Staleness()
    if let age {
      (staleness.count, staleness.meanUpdates, staleness.meanSeconds) = (fates.used, age.updates, age.seconds)
    }
    return StoredRun(
      record: RunRecord(
        identity: RunRecord.Identity(arm: arm, replication: replication, seed: seed),
        fingerprint: UInt64(replication), ending: ending, endTime: endTime, grid: grid,
        series: series.map { RunRecord.Series(metric: $0.metric, values: $0.values) }, finals: finals, target: target,
        messages: fates, staleness: staleness, agents: agents, engine: EngineCounts(), taskReturns: taskReturns),
      wallSeconds: 0.5)
  }

  /// An agent that computes, and waits, so long.
  package static func agent(
    _ name: String, updates: UInt64, useful: Double, unfinished: Double = 0, waiting: Double, finalMSD: Double? = nil,
    task: String? = nil, episodes: UInt64? = nil, samples: UInt64? = nil, finalReturn: Double? = nil
  ) -> AgentAccount {
    AgentAccount(
      name: name, updates: updates, useful: useful, wasted: 0, unfinished: unfinished, waiting: waiting, down: 0,
      finalMSD: finalMSD, task: task, episodes: episodes, samples: samples, finalReturn: finalReturn)
  }
}
