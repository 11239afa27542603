// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Testing

@Suite(.serialized) struct ClaimTests {
  private func document(_ outcome: Program.Outcome) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
  }

  // MARK: - Requirements

  @Test func aClaimDecidesTheExitStatus() throws {
    let program = try Program()
    try withFolder { folder in
      try write(smallScenario, in: folder)
      let shown = try program.call(
        "compare", "small.yaml", "--require", "free.time-to-target < barrier.time-to-target", "--require",
        "barrier.lost < 50 %", "--replications", "6", "--quiet", in: folder)
      #expect(shown.status == 0)
      #expect(shown.output.contains("\nRequire  shown: free.time-to-target ("))
      #expect(shown.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
      let refuted = try program.call(
        "compare", "small.yaml", "--require", "free.msd < 1", "--require", "free.msd > 0 dB", "--replications", "6",
        "--quiet", in: folder)
      #expect(refuted.status == 1)
      #expect(refuted.output.contains("Require  refuted: free.msd (-"))
    }
  }

  @Test func claimsOfOneArmAreInTheDocument() throws {
    let program = try Program()
    try withFolder { folder in
      try write(smallScenario, in: folder)
      let outcome = try program.call(
        "run", "small.yaml", "replications=6", "--require", "msd < 10 dB", "--json", in: folder)
      #expect(outcome.status == 0)
      let claims = try #require(document(outcome)["requirements"] as? [[String: Any]])
      #expect(claims.count == 1 && claims[0]["status"] as? String == "shown")
      #expect(claims[0]["satisfied_confidence"] as? Double ?? 0 > 0.975)
    }
  }

  @Test func cellsOfASweepCanBeClaimedAbout() throws {
    let program = try Program()
    try withFolder { folder in
      try write(smallScenario, in: folder)
      let claim = "'barrier, conditions.links.loss=0'.lost < 'barrier, conditions.links.loss=0.3'.lost"
      let arguments = ["sweep", "small.yaml", "conditions.links.loss=0,0.3", "replications=6", "--quiet", "--require"]
      func call(_ claim: String, _ more: String...) throws -> Program.Outcome {
        try program.finish(program.start(arguments + [claim] + more, in: folder), in: folder)
      }
      let shown = try call(claim)
      #expect(shown.status == 0 && shown.output.contains("\nRequire  shown: "), "\(shown.error)")
      #expect(try call(claim.replacingOccurrences(of: "<", with: ">")).status == 1)
      #expect(try call(claim, "--shard", "1/2").status == 64)
    }
  }

  @Test func aMistakeInAClaimIsFoundBeforeAnythingRuns() throws {
    let program = try Program()
    try withFolder { folder in
      try write(smallScenario, in: folder)
      let outcome = try program.call("compare", "small.yaml", "--require", "fre.final-mds < 1", in: folder)
      #expect(outcome.status == 64)
      #expect(outcome.error.hasPrefix("error: --require: unknown metric 'final-mds'\n  fre.final-mds < 1\n      ^~~~~"))
      #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("results").path))
    }
  }

  // MARK: - Precision

  private func precision(_ outcome: Program.Outcome) throws -> (replications: Int, fingerprints: [String]) {
    let document = try document(outcome)
    let report = try #require(document["precision"] as? [String: Any])
    let runs = try #require(document["runs"] as? [[String: Any]])
    return (
      try #require(report["replications"] as? Int), runs.compactMap { $0["fingerprint"] as? String }
    )
  }

  @Test func replicationsAreAddedUntilTheyAreEnough() throws {
    let program = try Program()
    try withFolder { folder in
      try write(smallScenario, in: folder)
      func run(_ output: String, _ more: String...) throws -> Program.Outcome {
        let arguments =
          ["compare", "small.yaml", "--until-precision", "20%", "--json", "--quiet", "-o", output] + more
        return try program.finish(program.start(arguments, in: folder), in: folder)
      }
      let one = try precision(run("one.sqlite", "--jobs", "1"))
      #expect(one.replications > 10 && one.replications < 200)
      #expect(one.fingerprints.count == 2 * one.replications)
      let two = try precision(run("two.sqlite", "--jobs", "2"))
      #expect(one == two)
      // Begun with fewer: the same way is gone on.
      let capped = try precision(run("three.sqlite", "--at-most", "12"))
      #expect(capped.replications == 12)
      #expect(try precision(run("three.sqlite")) == one)
      // What is there already is not added to.
      #expect(try precision(run("one.sqlite")) == one)
    }
  }

  @Test func theCapEndsTheStudyWithAWarning() throws {
    let program = try Program()
    try withFolder { folder in
      try write(smallScenario, in: folder)
      let outcome = try program.call(
        "compare", "small.yaml", "--until-precision", "0.001", "--at-most", "12", in: folder)
      #expect(outcome.status == 1)
      #expect(outcome.output.contains("Precise  12 replications do not tell every mean within 0.1 %"))
      #expect(outcome.output.contains("-> add `--at-most "))
      #expect(outcome.error.contains("on to 12"))
    }
  }

  @Test func precisionAndANumberOfReplicationsExcludeEachOther() throws {
    let program = try Program()
    try withFolder { folder in
      try write(smallScenario, in: folder)
      for more in [["--replications", "20"], ["replications=20"], ["--at-most", "5"]] {
        let arguments = ["compare", "small.yaml", "--until-precision", "5%"] + more
        #expect(try program.finish(program.start(arguments, in: folder), in: folder).status == 64)
      }
    }
  }

  // MARK: - Matching

  private func tuning(_ outcome: Program.Outcome) throws -> NSDictionary {
    let header = try #require(document(outcome)["study"] as? [String: Any])
    return try #require(header["tuning"] as? NSDictionary)
  }

  @Test func aMatchedStudyKeepsItsTuningAndGoesOnWithIt() throws {
    let program = try Program()
    try withFolder { folder in
      try write(smallScenario, in: folder)
      func compare(_ more: String...) throws -> Program.Outcome {
        let arguments = ["compare", "small.yaml", "--match", "final-msd", "--pilots", "10", "--json"] + more
        return try program.finish(program.start(arguments, in: folder), in: folder)
      }
      let first = try compare()
      #expect(first.status == 0)
      #expect(first.error.contains("matching final-msd to that of 'barrier' on 10 pilot replications of 2 arms"))
      #expect(first.error.contains("results/small+match=final-msd+pilots=10.sqlite"))
      let arms = try #require(tuning(first)["arms"] as? [[String: Any]])
      #expect(arms.map { $0["is_matched"] as? Bool } == [true, true])
      #expect(arms[0]["factor"] as? Double == 1)
      // Going on runs no pilots, and more replications keep the same step sizes.
      let second = try compare("--replications", "5")
      #expect(second.status == 0 && !second.error.contains("pilot replications"))
      #expect(try tuning(second) == tuning(first))
      // One job and no earlier file come to the same.
      let third = try compare("--jobs", "1", "--restart")
      #expect(try tuning(third) == tuning(first))
    }
  }

  @Test func aTuningOfAnotherScenarioIsNotGoneOnWith() throws {
    let program = try Program()
    try withFolder { folder in
      try write(smallScenario, in: folder)
      let matched = ["compare", "small.yaml", "--match", "final-msd", "--pilots", "3", "--quiet", "-o", "out.sqlite"]
      func call(_ arguments: [String]) throws -> Program.Outcome {
        try program.finish(program.start(arguments, in: folder), in: folder)
      }
      #expect(try call(matched).status == 0)
      let changed = try call(matched + ["conditions.links.loss=0.2"])
      #expect(changed.status == 65 && changed.error.contains("conditions.links.loss"))
      let other = try call(matched + ["--match-to", "free"])
      #expect(other.status == 65 && other.error.contains("'free'") || other.error.contains("free now"))
      // Without the tuning the step sizes differ.
      let plain = try call(["compare", "small.yaml", "--quiet", "-o", "out.sqlite"])
      #expect(plain.status == 65 && plain.error.contains("learner.step-size"))
      #expect(try call(["compare", "small.yaml", "--quiet", "-o", "plain.sqlite"]).status == 0)
      let late = try call(matched.dropLast() + ["plain.sqlite"])
      #expect(late.status == 65 && late.error.contains("are not matched, and now they are to be"))
    }
  }

  /// A program that is killed as soon as it has made its results file leaves an empty one.
  @Test func anEmptyFileIsTunedAndWrittenLikeOneThatIsNotThere() throws {
    let program = try Program()
    try withFolder { folder in
      try write(smallScenario, in: folder)
      try write("", as: "empty.sqlite", in: folder)
      let outcome = try program.call(
        "compare", "small.yaml", "--match", "final-msd", "--pilots", "3", "--quiet", "-o", "empty.sqlite", in: folder)
      #expect(outcome.status == 0, "\(outcome.error)")
    }
  }

  @Test func anInterruptedTuningEndsAsSomethingToGoOnWith() throws {
    let program = try Program()
    try withFolder { folder in
      try write(smallScenario, in: folder)
      let process = try program.start(
        ["compare", "small.yaml", "--match", "final-msd", "--pilots", "10000", "measure.until=1 h"], in: folder)
      Thread.sleep(forTimeInterval: 1)
      process.interrupt()
      let outcome = try program.finish(process, in: folder)
      #expect(outcome.status == 75)
      #expect(outcome.error.contains("interrupted while step sizes were tuned"))
    }
  }

  @Test func whatCannotBeMatchedIsSaidAtOnce() throws {
    let program = try Program()
    try withFolder { folder in
      try write(smallScenario, in: folder)
      #expect(try program.call("compare", "small.yaml", "--match", "final-mds", in: folder).status == 64)
      let unknown = try program.call(
        "compare", "small.yaml", "--match", "final-msd", "--match-to", "nobody", in: folder)
      #expect(unknown.status == 64 && unknown.error.contains("it has 'barrier', 'free'"))
      #expect(try program.call("compare", "small.yaml", "--pilots", "9", in: folder).status == 64)
    }
  }
}
