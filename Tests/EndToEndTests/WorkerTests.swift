// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Testing

/// Learners that are programs of their own, by a worker in plain Python (`Resources/worker.py`). What goes wrong with it is told
/// as in `Resources/workers.txt`, which is written anew where STARLING_TRANSCRIPTS names a folder.
@Suite(.serialized, .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/python3")))
struct WorkerTests {
  /// With another thing that the scenario says, and the worker therefore does.
  private static let faults = [
    "options.fault=killed", "options.fault=exits", "options.fault=hangs", "options.fault=closes",
    "options.fault=garbage",
    "options.fault=raises", "options.fault=not a number", "options.fault=wrong shape", "options.version=2",
    "command=[python3, nowhere.py]", "command=[./worker.py]", "command=[./nowhere]", "command=[no-such-program]",
    "command=[]", "dimension=none", "metrics={msd: {scale: plain, better: less}}",
    "metrics={loss: {scale: share, better: less}}", "metrics={Size: {scale: plain, better: less}}",
    "metrics={size: {scale: plain, better: neither}}", "timeout=soon",
  ]

  @Test func whatGoesWrongIsToldAsAgreedOn() throws {
    let golden = try #require(
      Bundle.module.url(forResource: "workers", withExtension: "txt", subdirectory: "Resources"))
    var seen: [String] = []
    let program = try Program()
    for fault in Self.faults {
      try withFolder { folder in
        try Self.prepare(folder)
        let outcome = try program.call(
          "run", "own.yaml", "learner.\(fault)", fault.hasSuffix("hangs") ? "learner.timeout=5 s" : "replications=2",
          "--jobs", "1", "--quiet", "--output", "own.sqlite", in: folder)
        let text = (outcome.output + outcome.error).replacingOccurrences(of: folder.path, with: "FOLDER")
        seen.append("== \(fault)\n[\(outcome.status)]\n" + text.trimmingCharacters(in: .newlines))
      }
    }
    let text = seen.joined(separator: "\n")
    if let folder = ProcessInfo.processInfo.environment["STARLING_TRANSCRIPTS"] {
      try Data((text + "\n").utf8).write(to: URL(fileURLWithPath: folder).appendingPathComponent("workers.txt"))
    }
    #expect(Self.words(of: text) == Self.words(of: String(decoding: try Data(contentsOf: golden), as: UTF8.self)))
  }

  /// Where lines break depends on how long the names of folders are, which differ from machine to machine.
  private static func words(of text: String) -> [Substring] { text.split(whereSeparator: \.isWhitespace) }

  @Test func aStudyGoesOnOnceItsWorkerIsMended() throws {
    try withFolder { folder in
      try Self.prepare(folder)
      let program = try Program()
      let whole = try Self.fingerprints(program, ["own.yaml"], "whole.sqlite", folder)
      #expect(whole.count == 3)
      let good = try String(contentsOf: folder.appendingPathComponent("worker.py"), encoding: .utf8)
      let bad = good.replacingOccurrences(
        of: "self.fault = told", with: "self.fault = \"raises\" if told[\"replication\"] == 1 else told")
      try write(bad, as: "worker.py", in: folder)
      let failed = try program.call("run", "own.yaml", "--output", "parts.sqlite", in: folder)
      #expect(failed.status == 65 && failed.error.contains("1 of 3 runs failed"))
      try write(good, as: "worker.py", in: folder)
      #expect(try Self.fingerprints(program, ["own.yaml", "--retry-failed"], "parts.sqlite", folder) == whole)
    }
  }

  @Test func numbersOfJobsAndStopsChangeNoBit() throws {
    try withFolder { folder in
      try Self.prepare(folder)
      let program = try Program()
      let whole = try Self.fingerprints(program, ["own.yaml", "--jobs", "1"], "whole.sqlite", folder)
      #expect(try Self.fingerprints(program, ["own.yaml", "--jobs", "2"], "two.sqlite", folder) == whole)
      let stopped = try program.call(
        "run", "own.yaml", "--output", "parts.sqlite", "--stop-at", "4300 ms", in: folder)
      #expect(stopped.status == 75)
      #expect(try Self.fingerprints(program, ["own.yaml"], "parts.sqlite", folder) == whole)
    }
  }

  /// What agents keep for themselves is brought back from the file where it is kept, and else by running anew up to the fork.
  @Test func aForkGoesOnWithTheBitsOfTheRunItBranchesFrom() throws {
    try withFolder { folder in
      try Self.prepare(folder)
      let program = try Program()
      let whole = try Self.fingerprints(program, ["own.yaml"], "whole.sqlite", folder)
      let kept = try Self.fingerprints(program, ["own.yaml", "--keep-state-at", "4300 ms"], "kept.sqlite", folder)
      #expect(kept == whole)
      let forks = try ["whole", "kept"].map { name in
        let outcome = try program.call(
          "fork", "\(name).sqlite", "--at", "4300 ms", "--with", "{for: 1 s, crash: {share: 50 %}}", "--name", "hit",
          "--output", "\(name)-fork.sqlite", in: folder)
        try #require(outcome.status == 0, "\(outcome.error)")
        return try Self.fingerprints(program, of: "\(name)-fork.sqlite", folder)
      }
      #expect(forks[0] == forks[1] && forks[0].count == 6)
      #expect(forks[0].filter(whole.contains) == whole && Set(forks[0]).count == 6)
    }
  }

  @Test func aWorkerThatHangsKeepsNoInterruptedStudyWaiting() throws {
    try withFolder { folder in
      try Self.prepare(folder)
      let program = try Program()
      let whole = try Self.fingerprints(program, ["own.yaml"], "whole.sqlite", folder)
      let good = try String(contentsOf: folder.appendingPathComponent("worker.py"), encoding: .utf8)
      let bad = good.replacingOccurrences(
        of: "self.fault = told",
        with: "self.fault = \"hangs\" if told[\"replication\"] == 1 and not open(\"hangs\", \"w\").close() else told")
      try write(bad, as: "worker.py", in: folder)
      let process = try program.start(["run", "own.yaml", "--jobs", "1", "--output", "parts.sqlite"], in: folder)
      let mark = folder.appendingPathComponent("hangs").path
      while process.isRunning, !FileManager.default.fileExists(atPath: mark) { usleep(50_000) }
      process.interrupt()
      // Its time for an answer is five minutes.
      let stopped = try program.finish(process, in: folder)
      #expect(stopped.status == 75 && stopped.error.contains("interrupted: 1 of 3 runs"), "\(stopped.error)")
      try write(good, as: "worker.py", in: folder)
      #expect(try Self.fingerprints(program, ["own.yaml"], "parts.sqlite", folder) == whole)
    }
  }

  @Test(arguments: [
    ["strategy.timing=asynchronous"],
    ["strategy.timing=synchronous-local", "strategy.missing-neighbour=self", "strategy.peer-timeout=300 ms"],
  ])
  func leastMeanSquaresByAWorkerIsTheBuiltInOneBitForBit(_ strategy: [String]) throws {
    try withFolder { folder in
      try Self.prepare(folder)
      let task = ["kind=linear-regression", "dimension=6", "noise-variance=0.01", "samples=30"].map { "task.\($0)" }
      let learners = [["learner.algorithm=lms"], ["learner.dimension=none", "learner.metrics=none"]]
      let program = try Program()
      let fingerprints = try learners.map { learner in
        try Self.fingerprints(
          program, ["own.yaml", "learner.step-size=0.05", "measure.target=none"] + learner + task + strategy,
          "\(learner.count).sqlite", folder)
      }
      #expect(fingerprints[0] == fingerprints[1] && fingerprints[0].count == 3)
    }
  }

  /// Puts the worker and a scenario with loss, crashes that forget and checkpoints into a folder.
  private static func prepare(_ folder: URL) throws {
    let worker = try #require(
      Bundle.module.url(forResource: "worker", withExtension: "py", subdirectory: "Resources"))
    try FileManager.default.copyItem(at: worker, to: folder.appendingPathComponent("worker.py"))
    try write(
      """
      name: own
      task: {kind: external}
      network: {topology: ring, agents: 4}
      learner:
        algorithm: external
        command: [python3, worker.py]
        dimension: 3
        metrics: {size: {scale: plain, better: less}}
        timeout: 5 min
      strategy: {timing: asynchronous}
      conditions:
        compute: {between-agents: 100 ms, within-agent: {exponential: {}}}
        links: {latency: 20 ms, loss: 10 %}
        failures:
          up: {exponential: {mean: 3 s}}
          down: {exponential: {mean: 500 ms}}
          on-recovery: checkpoint
          checkpoint-every: 1 s
      measure: {until: 10 s, every: 500 ms, target: {size: 1}}
      replications: 3
      seed: 1

      """, as: "own.yaml", in: folder)
  }

  /// The fingerprints of a study, in the order of its runs.
  private static func fingerprints(
    _ program: Program, _ arguments: [String], _ file: String, _ folder: URL
  ) throws -> [String] {
    let process = try program.start(["run"] + arguments + ["--output", file], in: folder)
    let outcome = try program.finish(process, in: folder)
    try #require(outcome.status == 0, "\(outcome.error)")
    return try fingerprints(program, of: file, folder)
  }

  private static func fingerprints(_ program: Program, of file: String, _ folder: URL) throws -> [String] {
    let table = try program.call("export", file, "--rows", "runs", in: folder)
    try #require(table.status == 0, "\(table.error)")
    let lines = table.output.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    let heads = try #require(lines.first)
    // Settings of a fork, in front, have commas in them.
    let fromEnd = heads.count - (try #require(heads.firstIndex(of: "fingerprint")))
    return lines.dropFirst().map { String($0[$0.count - fromEnd]) }
  }
}
