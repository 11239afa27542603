// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Quantities
import Records
import Results
import Scenarios
import Studies
import Summaries
import Testing

private let text = """
  name: forked
  task: {kind: linear-regression, dimension: 2, noise-variance: 0.01}
  network: {topology: ring, agents: 6}
  learner: {step-size: 0.05}
  strategy: {missing-neighbour: self}
  conditions:
    compute: {between-agents: {lognormal: {median: 100 ms, sigma: 0.3}}}
    links: {latency: {exponential: 50 ms}}
  timeline: [{at: 20 %, for: 300 ms, crash: {count: 1}}]
  measure: {until: 6 s, every: 100 ms}
  arms: {together: {strategy.timing: synchronous-global}, apart: {}}
  replications: 3
  """

private let program = Provenance.onThisMachine(
  command: "starling", version: "1", revision: "0123456789ab", jobs: 2)

private func withFolder(_ body: (String) throws -> Void) throws {
  let folder = NSTemporaryDirectory() + "starling-fork-" + UUID().uuidString
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  try body(folder)
}

private func carryOut(
  _ scenario: Scenario, _ path: String, forkTimes: [VirtualDuration] = [], fork: Fork? = nil
) throws -> StoredStudy {
  var request = StudyRequest(program: program)
  (request.forkTimes, request.fork) = (forkTimes, fork)
  defer { while (try? StudyProgress(path).isBeingWritten) == true { usleep(1000) } }
  return try StudyExecution(request, path: path, listener: Silence()).carryOut(scenario).study
}

private func parent(_ path: String, keepingAt time: VirtualDuration? = nil) throws -> StoredStudy {
  try carryOut(Scenario.parse(text: text, file: "forked.yaml"), path, forkTimes: time.map { [$0] } ?? [])
}

private func seconds(_ seconds: Double) -> VirtualDuration { VirtualDuration(seconds: seconds) }

private func fork(
  _ path: String, at time: Double, with branches: String..., arms: [String] = [], until: VirtualDuration? = nil,
  replications: Int? = nil
) throws -> Fork {
  try Fork(
    path,
    ForkRequest(
      start: seconds(time), branches: branches, arms: arms, until: until, replications: replications),
    program: program)
}

/// Before anything was heard an age is NaN.
private func bits(_ values: ArraySlice<Double>) -> [UInt64] { values.map(\.bitPattern) }

@Suite struct ForkTests {
  /// What a fork is about: everything before is the same bits, and branches are the runs that had it from the start.
  @Test func branchesAreTheRunsThatHadItFromTheStart() throws {
    try withFolder { folder in
      let study = try parent(folder + "/parent.sqlite")
      let fork = try fork(
        folder + "/parent.sqlite", at: 3, with: "{for: 1 s, partition: {bisect: bfs}}", "conditions.links.loss=30 %")
      let names = fork.forked.arms.map(\.name)
      #expect(
        names == [
          "together, as it was", "together, partition@3s", "together, change-links@3s", "apart, as it was",
          "apart, partition@3s", "apart, change-links@3s",
        ])
      let forked = try carryOut(fork.forked.scenario, folder + "/fork.sqlite", fork: fork)
      #expect(forked.failures.isEmpty && forked.runs.count == 18)
      for run in forked.runs {
        let arm = try #require(fork.forked.arms.first { $0.name == run.record.identity.arm })
        let old = try #require(
          study.runs.first {
            $0.record.identity.arm == arm.parent && $0.record.identity.replication == run.record.identity.replication
          })
        let isSame = run.record.fingerprint == old.record.fingerprint
        #expect(isSame == !arm.isBranch)
        let before = run.record.grid.prefix { $0 < 3 }.count
        for (series, other) in zip(run.record.series, old.record.series) {
          #expect(bits(series.values.prefix(before)) == bits(other.values.prefix(before)))
        }
        #expect(run.record.prefix != nil)
      }
      // A branch is no more than its scenario, which runs by itself.
      let alone = try carryOut(fork.forked.scenario, folder + "/alone.sqlite")
      #expect(alone.runs.map(\.record.fingerprint) == forked.runs.map(\.record.fingerprint))
    }
  }

  @Test func aForkGoesOnFromKeptStates() throws {
    try withFolder { folder in
      let kept = try parent(folder + "/kept.sqlite", keepingAt: seconds(2.5))
      let plain = try parent(folder + "/plain.sqlite")
      #expect(kept.runs.map(\.record.fingerprint) == plain.runs.map(\.record.fingerprint))
      let times = try StudyProgress(folder + "/kept.sqlite").states
      #expect(times.map(\.time) == [2.5] && times.map(\.runs) == [6])
      #expect(try StudyProgress(folder + "/plain.sqlite").states.isEmpty)
      for time in [2.5, 4.25] {
        let event = "{for: 500 ms, crash: {count: 2}}"
        let states = try fork(folder + "/kept.sqlite", at: time, with: event)
        let replay = try fork(folder + "/plain.sqlite", at: time, with: event)
        let one = try carryOut(states.forked.scenario, "\(folder)/one-\(time).sqlite", fork: states)
        let other = try carryOut(replay.forked.scenario, "\(folder)/other-\(time).sqlite", fork: replay)
        #expect(one.failures.isEmpty && one.runs.count == 12)
        #expect(one.runs.map(\.record.fingerprint) == other.runs.map(\.record.fingerprint))
        #expect(one.runs.map(\.record.prefix) == other.runs.map(\.record.prefix))
        #expect(one.runs.map(\.record.agents) == other.runs.map(\.record.agents))
        #expect(one.runs.map(\.record.messages) == other.runs.map(\.record.messages))
        #expect(one.runs.map(\.record.staleness) == other.runs.map(\.record.staleness))
      }
    }
  }

  /// A fork of a stored study that this program would not give is no fork of it.
  @Test func aStudyThatWasAnotherIsNotForked() throws {
    try withFolder { folder in
      let path = folder + "/parent.sqlite"
      let scenario = try Scenario.parse(
        text: text, file: "forked.yaml", overrides: [Override("learner.step-size=0.06")])
      var study = try carryOut(scenario, folder + "/other.sqlite")
      let own = try parent(folder + "/own.sqlite")
      study.header = own.header
      let store = try ResultsStore(path: path, header: own.header, provenance: program)
      for run in study.runs { try store.write(run) }
      try store.close()
      let fork = try fork(path, at: 3, with: "{crash: {count: 1}}", arms: ["apart"])
      let forked = try carryOut(fork.forked.scenario, folder + "/fork.sqlite", fork: fork)
      #expect(forked.runs.isEmpty && forked.failures.count == 6)
      #expect(forked.failures.allSatisfy { $0.error.contains("differs from the stored run before 3.0 s, in msd") })
    }
  }

  @Test func aRunIsPlayedLonger() throws {
    try withFolder { folder in
      let study = try parent(folder + "/parent.sqlite", keepingAt: seconds(3))
      let fork = try fork(
        folder + "/parent.sqlite", at: 3, with: "{at: 7 s, for: 500 ms, pause: {count: 2}}", arms: ["apart"],
        until: seconds(9), replications: 2)
      let forked = try carryOut(fork.forked.scenario, folder + "/fork.sqlite", fork: fork)
      #expect(forked.failures.isEmpty && forked.runs.count == 4)
      for run in forked.runs {
        let old = try #require(
          study.runs.first {
            $0.record.identity.arm == "apart" && $0.record.identity.replication == run.record.identity.replication
          })
        #expect(run.record.endTime == 9)
        #expect(run.record.series[0].values.prefix(60) == old.record.series[0].values.prefix(60))
      }
    }
  }

  /// What the study had to come when runs of the fork are over is left out.
  @Test func aRunEndsSooner() throws {
    try withFolder { folder in
      let study = try parent(folder + "/parent.sqlite")
      let fork = try fork(
        folder + "/parent.sqlite", at: 0.5, with: "{for: 100 ms, pause: {count: 2}}", arms: ["apart"], until: seconds(1)
      )
      let forked = try carryOut(fork.forked.scenario, folder + "/fork.sqlite", fork: fork)
      #expect(forked.failures.isEmpty && forked.runs.count == 6)
      for run in forked.runs {
        let old = try #require(
          study.runs.first {
            $0.record.identity.arm == "apart" && $0.record.identity.replication == run.record.identity.replication
          })
        #expect(run.record.endTime == 1)
        let isSame = run.record.series[0].values.elementsEqual(old.record.series[0].values.prefix(11))
        #expect(isSame == (run.record.identity.arm == "as it was"))
      }
    }
  }

  /// Something holds to the end unless `for` or a counterpart that is about all of it ends it.
  @Test func theLastChangeIsTheEndOfAllThatABranchHasMore() throws {
    try withFolder { folder in
      _ = try parent(folder + "/parent.sqlite")
      func last(_ text: String) throws -> Double? {
        try fork(folder + "/parent.sqlite", at: 3, with: text, arms: ["apart"]).forked.arms[1].lastChange?.seconds
      }
      #expect(try last("{crash: all}") == nil)
      #expect(try last("{for: 1 s, crash: all}") == 4)
      #expect(try last("[{crash: all}, {at: 5 s, recover: all}]") == 5)
      #expect(try last("[{crash: all}, {at: 5 s, recover: [agent-0]}]") == nil)
      #expect(try last("[{crash: [agent-0]}, {at: 5 s, recover: [agent-0]}]") == 5)
      #expect(try last("[{crash: {count: 1}}, {at: 5 s, recover: {count: 1}}]") == nil)
      #expect(try last("[{crash: {count: 1}}, {at: 5 s, recover: {event: crash@3s}}]") == 5)
      #expect(try last("[{cut: {of: [agent-0]}}, {at: 5 s, restore: {links: all}}]") == 5)
      #expect(try last("[{cut: {of: [agent-0]}}, {at: 5 s, restore: {of: [agent-1]}}]") == nil)
      #expect(try last("[{partition: {bisect: bfs}}, {at: 5 s, heal: all}]") == 5)
    }
  }

  /// Each branch stands against the run as it was, whoever asks.
  @Test func theVerdictIsAboutEachBranch() throws {
    try withFolder { folder in
      _ = try parent(folder + "/parent.sqlite")
      let fork = try fork(
        folder + "/parent.sqlite", at: 3, with: "{at: 5 s, change-task: {truth: {distance: 3}}}",
        "{for: 1 ms, pause: all}")
      let study = try carryOut(fork.forked.scenario, folder + "/fork.sqlite", fork: fork).withRecoveries
      let summary = StudySummary(study)
      #expect(
        summary.comparisons.map { [$0.arm, $0.other] } == [
          ["together, change-task@5s", "together, as it was"], ["together, pause@3s", "together, as it was"],
          ["apart, change-task@5s", "apart, as it was"], ["apart, pause@3s", "apart, as it was"],
        ])
      #expect(summary.family.tests == 4 && summary.family.base == nil)
      for arm in study.header.arms where arm.fork?.isBranch == true {
        #expect(summary.verdict.sentence.contains(arm.name))
      }
      let one = try Fork(
        folder + "/parent.sqlite",
        ForkRequest(start: seconds(3), branches: ["{for: 1 ms, pause: all}"], arms: ["apart"]), program: program)
      let alone = StudySummary(try carryOut(one.forked.scenario, folder + "/one.sqlite", fork: one))
      #expect(alone.family.base == "as it was" && alone.family.tests == 1)
    }
  }

  /// Where a replication is missing, those behind it are left out and named.
  @Test func replicationsBehindOneThatIsMissingAreLeftOut() throws {
    try withFolder { folder in
      let study = try parent(folder + "/parent.sqlite")
      for (missing, left) in [(1, [2]), (2, [])] {
        let path = "\(folder)/without-\(missing).sqlite"
        let store = try ResultsStore(path: path, header: study.header, provenance: program)
        for run in study.runs where run.record.identity.replication != missing { try store.write(run) }
        try store.close()
        let fork = try fork(path, at: 3, with: "{crash: {count: 1}}")
        #expect(fork.leftOut == left && fork.forked.scenario.replications == missing)
      }
    }
  }

  @Test func aMergedFileKeepsTheStatesOfItsRuns() throws {
    try withFolder { folder in
      _ = try parent(folder + "/kept.sqlite", keepingAt: seconds(2.5))
      _ = try parent(folder + "/plain.sqlite")
      for output in ["new", "kept"] {
        let inputs = [output == "new" ? "kept" : "plain"].map { "\(folder)/\($0).sqlite" }
        let merge = try StudyMerge(inputs, into: "\(folder)/\(output).sqlite", comparison: StudyIdentity.differences)
        #expect(try merge.write(allowsDifferences: false).conflicts.isEmpty)
        #expect(try StudyProgress("\(folder)/\(output).sqlite").states.map(\.runs) == [6])
      }
    }
  }

  /// A jump of all minimisers makes branches worse until they have learnt the new ones; as it was they have nothing to learn.
  @Test func recoveryIsCountedFromTheEndOfWhatComesMore() throws {
    try withFolder { folder in
      _ = try parent(folder + "/parent.sqlite")
      let fork = try fork(
        folder + "/parent.sqlite", at: 1, with: "{change-task: {truth: {distance: 0.3}}}",
        "[{at: 1500 ms, for: 500 ms, pause: all}]", arms: ["apart"])
      let study = try carryOut(fork.forked.scenario, folder + "/fork.sqlite", fork: fork).withRecoveries
      for run in study.runs {
        let arm = try #require(fork.forked.arms.first { $0.name == run.record.identity.arm })
        guard arm.isBranch else {
          #expect(run.record.recovery == nil)
          continue
        }
        let end = try #require(arm.lastChange?.seconds)
        #expect(end == (arm.name.contains("pause") ? 2 : 1))
        let origin = try #require(
          study.runs.first {
            $0.record.identity.arm.hasSuffix("as it was")
              && $0.record.identity.replication == run.record.identity.replication
          }
        ).record
        // By the definition, in decibels.
        let (own, other) = (run.record.series[0].values, origin.series[0].values)
        let isBack = own.indices.map { 10 * log10(own[$0] / other[$0]) <= 1 }
        let first = own.indices.first {
          run.record.grid[$0] >= end && isBack[$0...].prefix(3).allSatisfy { $0 } && $0 + 3 <= own.count
        }
        let recovery = try #require(run.record.recovery)
        #expect(recovery.isComplete == (first != nil))
        #expect(abs(recovery.seconds - (first.map { run.record.grid[$0] } ?? run.record.endTime) + end) < 1e-12)
      }
      #expect(study.runs.contains { $0.record.recovery.map { $0.seconds > 0.3 } ?? false })
    }
  }

  @Test func whatChangesThePastIsRefused() throws {
    try withFolder { folder in
      let path = folder + "/parent.sqlite"
      _ = try parent(path)
      func refusal(_ text: String, at time: Double = 3, arms: [String] = []) -> String {
        do {
          _ = try fork(path, at: time, with: text, arms: arms)
          return "none"
        } catch {
          return "\(error)"
        }
      }
      #expect(
        refusal("learner.step-size=0.1").contains("learner.step-size cannot change at 3 s: only the timeline can"))
      #expect(refusal("{at: 1 s, crash: {count: 1}}").contains("1 s is before 3 s, from which on the branch differs"))
      #expect(refusal("{join: {count: 1}}").contains("agents that join at 3 s would not have been there before"))
      #expect(
        refusal("{for: 1 s, crash: {count: 1, on-recovery: checkpoint, checkpoint-every: 1 s}}")
          .contains("agents would come back to checkpoints that nobody wrote before 3 s"))
      #expect(refusal("{crash: [nobody]}").contains("nobody"))
      #expect(
        refusal("{crash: {count: 1}}", at: 6).contains("6 s is not before the end of the run (measure.until is 6 s)"))
      #expect(refusal("{crash: {count: 1}}", at: 0).contains("after the start of the run"))
      #expect(refusal("{crash: {count: 1}}", arms: ["together", "alone"]).contains("the study has no arm 'alone'"))
      #expect(refusal("{}").contains("no entry of a timeline"))
      #expect(refusal("[]").contains("nothing more"))
      for name in ["", "a\nb"] {
        #expect(throws: ScenarioError.self) {
          try Fork(
            path, ForkRequest(start: seconds(3), branches: ["{crash: {count: 1}}"], names: [name]), program: program)
        }
      }
      #expect(refusal("{crash: {count: 1}").contains("--with"))
      #expect(refusal("no-such-file.yaml").contains("there is no such file"))
    }
  }
}
