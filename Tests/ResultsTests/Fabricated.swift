// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import MadeUp
import Records
import Results

/// A folder of its own for each test, removed afterwards.
func withFolder(_ body: (String) throws -> Void) throws {
  let folder = NSTemporaryDirectory() + "starling-results-" + UUID().uuidString
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  try body(folder)
}

/// A made-up study of two arms.
func header(stepSize: String = "0.05", replications: Int = 2, shard: String? = nil) -> StudyHeader {
  MadeUp.header(
    question: "Does waiting cost more?", scenario: "name: stragglers\n", overrides: ["seed=2"], seed: .max,
    replications: replications, shard: shard,
    arms: ["asynchronous", "with timeout"].map { name in
      MadeUp.arm(
        name, meanDegree: 1, secondSingularValue: 0.5, until: 2, target: (.msd, 1e-3),
        settings: ["learner.step-size": stepSize, "conditions.links.loss": "0.1"])
    })
}

/// Made-up facts about the machine.
func provenance(core: String = "Haswell") -> Provenance {
  MadeUp.provenance(
    core: core, libraries: ["gsl": "2.7.1"], processor: "made up", flags: ["avx2", "sse2"], process: 7, jobs: 2)
}

/// A made-up run.
func run(
  _ replication: Int, arm: String = "asynchronous", final: Double = 1e-4, target: RunRecord.TargetReached? = nil
) -> StoredRun {
  var run = MadeUp.run(
    arm, replication, seed: .max, endTime: 2, grid: [0, 1, 2],
    series: [("msd", [1, 0.1, final]), ("age", [0, 1, 2])], finals: ["msd-own": final], target: target, sent: 7,
    bytes: 0, agents: [MadeUp.agent("a", updates: 3, useful: 1, waiting: 1, finalMSD: final)])
  run.record.fingerprint += 0x00FF_0000_0000_0001
  (run.record.messages.used, run.record.messages.replacedUnread) = (0, 7)
  run.record.engine.events = ["computeEnd": 3, "arrival": 4]
  run.wallSeconds = 0.25
  return run
}

/// A made-up run that keeps parameters of its agents.
func run(_ replication: Int, arm: String = "asynchronous", keeping parameters: [KeptParameters]) -> StoredRun {
  var run = run(replication, arm: arm)
  run.record.parameters = parameters
  return run
}

/// Made-up parameters, more than a page of the database holds, and others for another replication.
func parameters(_ replication: Int, agent: String = "a", time: Double = 2, count: Int = 3000) -> KeptParameters {
  KeptParameters(
    agent: agent, time: time, values: .single((0..<count).map { Float($0 + 1) / Float(3 + replication) }))
}

/// The run as a study has it, which leaves its parameters in the file.
func withoutParameters(_ run: StoredRun) -> StoredRun {
  var run = run
  run.record.parameters = []
  return run
}

/// Opens a store of the made-up study.
func store(
  _ path: String, header: StudyHeader = header(), core: String = "Haswell", restart: Bool = false,
  retryFailed: Bool = false
) throws(ResultsError) -> ResultsStore {
  try ResultsStore(
    path: path, header: header, provenance: provenance(core: core), restart: restart, retryFailed: retryFailed)
}
