// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Testing

/// Results files as released versions wrote them, each with the scenario that it was made from: two of four replications
/// of two arms, or of one.
private struct Released: CustomTestStringConvertible, Sendable {
  let file: String
  let scenario: String
  let version: String
  let command: String

  var testDescription: String { file }

  static let all = [
    Released(file: "0.1.0.jsonl", scenario: "study.yaml", version: "0.1.0", command: "compare"),
    Released(file: "0.2.0.sqlite", scenario: "study.yaml", version: "0.2.0", command: "compare"),
    Released(file: "0.3.0.sqlite", scenario: "study.yaml", version: "0.3.0", command: "compare"),
    Released(file: "0.3.0-parameters.sqlite", scenario: "parameters.yaml", version: "0.3.0", command: "run"),
  ]
  /// Those that are databases.
  static let continued = all.filter { $0.file.hasSuffix(".sqlite") }

  /// Puts the file and its scenario into a folder.
  func copy(to folder: URL) throws {
    let resources = Bundle.module.bundleURL.appendingPathComponent("Resources/released")
    for name in [file, scenario] {
      try FileManager.default.copyItem(
        at: resources.appendingPathComponent(name), to: folder.appendingPathComponent(name))
    }
  }
}

/// Rows of `export --rows runs`, each a dictionary of columns; no field here has a comma in it.
private func runs(_ file: String, _ program: Program, in folder: URL) throws -> [[String: String]] {
  let outcome = try program.call("export", file, "--rows", "runs", in: folder)
  #expect(outcome.status == 0, "\(outcome.error)")
  let lines = outcome.output.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
  let columns = try #require(lines.first)
  return lines.dropFirst().map { line in
    Dictionary(zip(columns.map(String.init), line.map(String.init))) { first, _ in first }
  }
}

private func fingerprints(_ file: String, _ program: Program, in folder: URL) throws -> [String: String] {
  let runs = try runs(file, program, in: folder).map { run in
    ("\(run["arm"] ?? "")/\(run["replication"] ?? "")", run["fingerprint"] ?? "")
  }
  return Dictionary(uniqueKeysWithValues: runs)
}

private func bytes(_ file: String, in folder: URL) throws -> Data {
  try Data(contentsOf: folder.appendingPathComponent(file))
}

@Suite(.serialized) struct ReleasedVersionTests {
  @Test(arguments: Released.all) fileprivate func filesOfReleasedVersionsAreReadForEver(_ released: Released) throws {
    let program = try Program()
    try withFolder { folder in
      try released.copy(to: folder)
      let before = try bytes(released.file, in: folder)
      let summary = try program.call("summarize", released.file, in: folder)
      let replications = released.command == "run" ? "2 replications" : "2 paired replications"
      #expect(summary.status == 0 && summary.output.contains("\(replications) on one network"))
      let rows = try runs(released.file, program, in: folder)
      #expect(rows.count == (released.command == "run" ? 2 : 4))
      #expect(rows.allSatisfy { $0["fingerprint"]?.count == 16 && $0["ending"] == "until" })
      let status = try program.call("status", released.file, in: folder)
      #expect(status.status == 0 && status.output.contains("version \(released.version)"))
      #expect(try bytes(released.file, in: folder) == before)
    }
  }

  /// What a file of version 0.3.0 said of its runs when it was written: the reader of today may not read other numbers.
  @Test func oldNumbersAreReadAsTheyWereWritten() throws {
    let program = try Program()
    try withFolder { folder in
      for released in Released.all { try? released.copy(to: folder) }
      let first = try runs("0.1.0.jsonl", program, in: folder)
      let third = try runs("0.3.0.sqlite", program, in: folder)
      #expect(
        third.map { $0["final_msd"] } == [
          "0.19672380298175451", "0.15688130488820703", "0.06182892366616871", "0.05304593491818187",
        ])
      // The versions differ in what they keep, not in what they simulate.
      for (one, other) in zip(first, third) {
        #expect(one["final_msd"] == other["final_msd"] && one["target_time"] == other["target_time"])
      }
    }
  }

  /// From the scenario, not from the header of the file: the study goes on where this program gives the bits of the
  /// version that began it, and is refused with what to do where it does not.
  @Test(arguments: Released.continued)
  fileprivate func studiesOfReleasedVersionsGoOnOrAreRefusedWithTheRemedy(_ released: Released) throws {
    let program = try Program()
    try withFolder { folder in
      try released.copy(to: folder)
      let before = try bytes(released.file, in: folder)
      let old = try fingerprints(released.file, program, in: folder)
      #expect(
        try program.call(released.command, released.scenario, "--quiet", "--output", "new.sqlite", in: folder).status
          == 0)
      let new = try fingerprints("new.sqlite", program, in: folder)
      let outcome = try program.call(
        released.command, released.scenario, "--quiet", "--output", released.file, in: folder)
      let equal = old.filter { new[$0.key] == $0.value }.count
      #expect(equal == 0 || equal == old.count, "Whether it goes on would depend on which run is repeated.")
      if equal == old.count {
        #expect(outcome.status == 0, "\(outcome.error)")
        #expect(try fingerprints(released.file, program, in: folder) == new)
      } else {
        #expect(outcome.status == 65)
        #expect(outcome.error.contains("of starling \(released.version) (revision "))
        #expect(outcome.error.contains("cannot go on with this program: the run of arm '"))
        #expect(outcome.error.contains("-> go on with starling \(released.version)"))
        #expect(outcome.error.contains("or begin anew with --restart"))
        #expect(try bytes(released.file, in: folder) == before)
      }
    }
  }

  @Test(arguments: Released.continued)
  fileprivate func whatIsThereIsSummarisedByTheSameCommand(_ released: Released) throws {
    let program = try Program()
    try withFolder { folder in
      try released.copy(to: folder)
      let old = try fingerprints(released.file, program, in: folder)
      let outcome = try program.call(
        released.command, released.scenario, "--replications", "2", "--output", released.file, in: folder)
      #expect(outcome.status == 0)
      #expect(outcome.error == "\(old.count) runs, all there; results are in \(released.file)\n")
      #expect(try fingerprints(released.file, program, in: folder) == old)
    }
  }

  @Test(arguments: Released.continued)
  fileprivate func anotherStudyIsToldFromThemByWhatDiffersAlone(_ released: Released) throws {
    let program = try Program()
    try withFolder { folder in
      try released.copy(to: folder)
      let before = try bytes(released.file, in: folder)
      let outcome = try program.call(
        released.command, released.scenario, "measure.until=4 s", "--output", released.file, in: folder)
      let lines = outcome.error.split(separator: "\n").map(String.init)
      #expect(outcome.status == 65 && lines.first == "error: '\(released.file)' holds another study:")
      let until = released.command == "run" ? "2 s" : "5 s"
      #expect(
        lines.dropFirst().dropLast().allSatisfy { $0.hasSuffix("measure.until is \(until) in the file, 4 s now") })
      #expect(lines.count == (released.command == "run" ? 3 : 4), "\(outcome.error)")
      #expect(try bytes(released.file, in: folder) == before)
    }
  }

  @Test func aFileOfTheFirstVersionIsKeptWhenItsStudyBeginsAnew() throws {
    let program = try Program()
    try withFolder { folder in
      try Released.all[0].copy(to: folder)
      let before = try bytes("0.1.0.jsonl", in: folder)
      let refused = try program.call("compare", "study.yaml", "--output", "0.1.0.jsonl", in: folder)
      #expect(refused.status == 65)
      #expect(refused.error.contains("of starling 0.1.0, cannot go on with this program"))
      #expect(refused.error.contains("--restart"))
      #expect(try bytes("0.1.0.jsonl", in: folder) == before)
      let table = try program.call("export", "0.1.0.jsonl", "--output", "0.1.0.jsonl", in: folder)
      #expect(table.status == 73)
      let again = try program.call(
        "compare", "study.yaml", "--quiet", "--restart", "--output", "0.1.0.jsonl", in: folder)
      #expect(again.status == 0)
      #expect(try bytes("0.1.0.jsonl~", in: folder) == before)
    }
  }

  /// A file whose session says that another revision wrote it, with the bits of this one.
  @Test func anotherRevisionWithTheSameBitsGoesOn() throws {
    let program = try Program()
    try withFolder { folder in
      try write(smallScenario, in: folder)
      let options = ["--quiet", "--output", "a.sqlite"]
      func compare(_ replications: String) throws -> Program.Outcome {
        let process = try program.start(
          ["compare", "small.yaml", "--replications", replications] + options, in: folder)
        return try program.finish(process, in: folder)
      }
      #expect(try compare("2").status == 0)
      let url = folder.appendingPathComponent("a.sqlite")
      var data = try Data(contentsOf: url)
      let mark = Data("\"revision\":\"".utf8)
      let place = try #require(data.range(of: mark)).upperBound
      data[place] = data[place] == UInt8(ascii: "0") ? UInt8(ascii: "1") : UInt8(ascii: "0")
      try data.write(to: url)
      #expect(try compare("3").status == 0)
      let some = try fingerprints("a.sqlite", program, in: folder)
      #expect(try program.call("compare", "small.yaml", "--quiet", "--output", "b.sqlite", in: folder).status == 0)
      #expect(try some == fingerprints("b.sqlite", program, in: folder) && some.count == 6)
    }
  }

  @Test func filesOfRevisionsWithOtherBitsAreNotMerged() throws {
    let program = try Program()
    try withFolder { folder in
      let released = Released.all[2]
      try released.copy(to: folder)
      let old = try fingerprints(released.file, program, in: folder)
      _ = try program.call("compare", "study.yaml", "--quiet", "--output", "new.sqlite", in: folder)
      let new = try fingerprints("new.sqlite", program, in: folder)
      let outcome = try program.call("merge", released.file, "new.sqlite", "--output", "both.sqlite", in: folder)
      if old.allSatisfy({ new[$0.key] == $0.value }) {
        #expect(outcome.status == 0)
      } else {
        #expect(outcome.status == 65)
        #expect(outcome.error.contains("-> merge with starling 0.3.0"))
        #expect(outcome.error.contains("--allow-differences"))
        #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("both.sqlite").path))
      }
    }
  }
}
