// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Testing

/// Scenarios of which something untrue was said once.
@Suite(.serialized) struct CaseTests {
  /// Calls the program with a case in a folder of its own.
  private func call(_ name: String, _ command: String, _ more: [String] = []) throws -> Program.Outcome {
    let program = try Program()
    return try withFolder { folder in
      try FileManager.default.copyItem(at: file(name), to: folder.appendingPathComponent("\(name).yaml"))
      return try program.finish(program.start([command, "\(name).yaml"] + more, in: folder), in: folder)
    }
  }

  private func file(_ name: String) -> URL {
    Bundle.module.bundleURL.appendingPathComponent("Resources/cases/\(name).yaml")
  }

  /// The text in one line, with single blanks.
  private func line(_ outcome: Program.Outcome) -> String {
    outcome.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  /// Five of ten agents die at 5 s, after 50 steps or, as the crash comes first in its instant, 49; the others take ten
  /// steps a second. All that is spent until the target is less than what the whole run spends.
  @Test func deadAgentsCountInWhatTheTargetCost() throws {
    let claim = ["--require", "crashes.samples-to-target < crashes.samples", "--json", "--quiet"]
    let outcome = try call("dead-agents-cost", "compare", claim)
    #expect(outcome.status == 0)
    let document = try #require(JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let arm = try #require((document["arms"] as? [[String: Any]])?.first)
    let target = try #require(arm["to_target"] as? [String: Any])
    let time = try #require(target["median_time"] as? Double)
    let updates = try #require(target["median_updates"] as? Double)
    #expect(abs(updates - (50 + 10 * time) / 2) <= 1 && time > 5)
    #expect(updates < (arm["updates_mean"] as? Double ?? 0))
  }

  @Test func runsThatEndedDecideNothing() throws {
    let claims = [
      "slow.time-to-target > 20 s", "slow.time-to-target < 20 s",
      "slow.time-to-target > 10 * fast.time-to-target",
    ]
    let outcome = try call("require-censored", "compare", ["--quiet"] + claims.flatMap { ["--require", $0] })
    #expect(outcome.status == 1)
    #expect(line(outcome).components(separatedBy: "not decided: slow.time-to-target (at least 4.00 s)").count == 4)
    let longer = try call("require-censored", "compare", ["measure.until=40 s", "--quiet", "--require", claims[0]])
    #expect(longer.status == 1 && longer.output.contains("Require  refuted: slow.time-to-target ("))
  }

  @Test func copiesAreNoSample() throws {
    let text = line(try call("no-randomness", "compare", ["--quiet"]))
    #expect(text.contains("b reaches -20 dB 1.11x sooner than a (nothing in the two is random)"))
    #expect(text.contains("the 20 replications of each are copies of one run"))
    #expect(!text.contains("20 of 20 pairs") && !text.contains("["))
    let swept = try call("no-randomness", "sweep", ["network.agents=4,5", "--quiet"])
    #expect(line(swept).contains("copies of one run") && !swept.output.contains("["))
  }

  /// One replication of what is not random needs no other, whatever is asked of it.
  @Test func oneReplicationWithoutChanceIsEnough() throws {
    let claim = ["--require", "b.time-to-target < 28 s"]
    let one = ["--quiet", "--replications", "1", "measure.until=2 min"]
    let outcome = try call("no-randomness", "compare", one + claim)
    let text = line(outcome)
    #expect(outcome.status == 0)
    #expect(text.contains("b.time-to-target (27.0 s) < 28 s, and nothing in it is random"), "\(text)")
    #expect(!text.contains("not to be trusted") && !text.contains("copies"), "\(text)")
    let matched = line(try call("no-randomness", "compare", ["--quiet", "--match", "final-msd", "--pilots", "5"]))
    #expect(!matched.contains("add `--pilots"), "\(matched)")
  }

  @Test func aGridOfTwoPointsReachesNothing() throws {
    for command in ["validate", "describe"] {
      let text = line(try call("target-two-points", command))
      #expect(text.contains("is measured 2 times, too seldom to reach a target"), "\(command)")
      #expect(text.contains("-> shorten `measure.every`."))
    }
    let text = line(try call("target-two-points", "run", ["--quiet"]))
    #expect(text.contains("fewer than three measurements in a row") && !text.contains("does not reach"))
    let swept = line(try call("target-two-points", "sweep", ["learner.step-size=0.05,0.04", "--quiet"]))
    #expect(swept.contains("fewer than three measurements in a row"))
  }

  /// One agent draws steps of 160 ns, so that a run makes 188 million events. That ends, in minutes, and is said before
  /// anything runs.
  @Test func stepsThatAreDrawnTinyAreCounted() throws {
    let said = "asynchronous makes about 188 M events in each run, at some million a second."
    let remedy = "-> give `conditions.compute` longer durations, or shorten `measure.until`."
    for command in ["validate", "describe"] {
      let text = line(try call("tiny-steps", command))
      #expect(text.contains("\(said) \(remedy)"), "\(command): \(text)")
    }
    let program = try Program()
    try withFolder { folder in
      try FileManager.default.copyItem(at: file("tiny-steps"), to: folder.appendingPathComponent("tiny-steps.yaml"))
      let process = try program.start(["run", "tiny-steps.yaml"], in: folder)
      let errors = folder.appendingPathComponent(".stderr")
      while process.isRunning, !String(decoding: try Data(contentsOf: errors), as: UTF8.self).contains("2 runs") {
        usleep(20_000)
      }
      #expect(process.isRunning)
      kill(process.processIdentifier, SIGKILL)
      let outcome = try program.finish(process, in: folder)
      #expect(outcome.error.hasPrefix("warning: \(said)\n  \(remedy)\n2 runs; results go to "))
    }
  }

  /// Messages that wait for their link when their sender crashes have cost nothing, neither then nor before.
  @Test func bytesNeverFall() throws {
    let outcome = try call("bytes-fall", "run", ["--json", "--quiet"])
    let document = try #require(JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let runs = try #require(document["runs"] as? [[String: Any]])
    let curves = runs.compactMap { $0["series"] as? [[String: Any]] }.flatMap { $0 }
    for metric in ["bytes", "messages", "updates"] {
      let found = curves.filter { $0["metric"] as? String == metric }.compactMap { $0["values"] as? [Double] }
      #expect(found.count == 2)
      for values in found { #expect(zip(values, values.dropFirst()).allSatisfy { $0 <= $1 }, "\(metric)") }
    }
  }
}
