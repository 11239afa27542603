// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import ReferenceFiles
import Testing

/// The references that come with Starling, as `starling verify` shows them.
@Suite(.serialized) struct VerifyTests {
  private func put(_ names: String..., in folder: URL) throws {
    for name in names {
      try theoryReference(name).write(to: folder.appendingPathComponent("\(name).json"))
    }
  }

  @Test func theTableFitsEightyColumnsAndFoldsWhatIsExact() throws {
    let program = try Program()
    try withFolder { folder in
      try put("weights", "delayed-gradient", "dual-ascent", in: folder)
      let outcome = try program.call(
        "verify", "weights.json", "delayed-gradient.json", "dual-ascent.json", "--quick", in: folder)
      #expect(outcome.status == 0)
      #expect(outcome.error.isEmpty)
      let lines = outcome.output.split(separator: "\n").map(String.init)
      for line in lines { #expect(line.count <= 80, "\(line)") }
      #expect(lines.count { $0.hasPrefix("weights") } == 1)
      #expect(lines.count { $0.hasPrefix("  error of the combination matrix ") } == 1)
      #expect(lines.count { $0.hasPrefix("  steady variance with unit noise ") && $0.hasSuffix("  pass") } == 7)
      let end = try #require(lines.last)
      #expect(end.hasPrefix("319 checks: 319 passed, 0 failed; 0 kinds skipped; "))
      #expect(lines.contains { $0.hasPrefix("The worst, ") && $0.contains(" % of its bar: ") })
    }
  }

  @Test func partsThatCannotRunYetAreNamed() throws {
    let program = try Program()
    try withFolder { folder in
      // Under another name, a part is one that nobody knows.
      let text = String(decoding: try learningReference("gradients"), as: UTF8.self)
      try write(text.replacingOccurrences(of: "\"mi_reward\"", with: "\"another_part\""), as: "file.json", in: folder)
      let outcome = try program.call("verify", "file.json", in: folder)
      #expect(outcome.status == 0)
      let lines = outcome.output.split(separator: "\n").map(String.init)
      for line in lines { #expect(line.count <= 80, "\(line)") }
      #expect(lines.count { $0.hasSuffix("  pass") && !$0.hasPrefix("     ") } == 41)
      let skipped = lines.filter { $0.hasPrefix("  gradients/") && $0.contains("(kind ") }
      #expect(skipped == ["  gradients/another_part (kind another_part)"])
      #expect(try #require(lines.last).hasPrefix("98 checks: 98 passed, 0 failed; 1 kind skipped; "))
    }
  }

  /// Also where the folder is a link, as `references` is; what is no run of it is named.
  @Test func aFolderStandsForAllFilesBelowIt() throws {
    let program = try Program()
    try withFolder { folder in
      let deep = folder.appendingPathComponent("all/deep")
      try FileManager.default.createDirectory(at: deep, withIntermediateDirectories: true)
      try put("weights", in: deep)
      try write("no reference", as: "all/README.md", in: folder)
      try write(
        #"{"schema": 1, "made_with": {}, "cases": [{"procedure": "holm"}, {"procedure": "holm"}]}"#,
        as: "all/statistics.json", in: folder)
      try FileManager.default.createSymbolicLink(
        atPath: folder.appendingPathComponent("link").path, withDestinationPath: "all")
      for name in ["all", "all/", "link"] {
        let outcome = try program.call("verify", name, in: folder)
        #expect(outcome.status == 0)
        let lines = outcome.output.split(separator: "\n").map(String.init)
        #expect(lines.count { $0 == "  statistics/holm (kind statistics)" } == 1)
        #expect(try #require(lines.last).hasPrefix("280 checks: 280 passed, 0 failed; 1 kind skipped; "))
      }
      try write("{}", as: "all/deep/bad.JSON", in: folder)
      let bad = try program.call("verify", "link", in: folder)
      #expect(bad.status == 65 && bad.error.hasPrefix("link/deep/bad.JSON: error: "))
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent("empty"), withIntermediateDirectories: true)
      let empty = try program.call("verify", "empty", in: folder)
      #expect(empty.status == 66 && empty.error == "empty: error: there is no JSON file in this folder.\n")
    }
  }

  @Test func aCheckThatFailsIs1AndIsShownWithItsCase() throws {
    let program = try Program()
    try withFolder { folder in
      let text = String(decoding: try theoryReference("weights"), as: UTF8.self)
      try write(text.replacingOccurrences(of: "\"1/3\"", with: "\"1/4\""), as: "changed.json", in: folder)
      let outcome = try program.call("verify", "changed.json", in: folder)
      #expect(outcome.status == 1)
      let lines = outcome.output.split(separator: "\n")
      #expect(lines.contains { $0.hasPrefix("  weights/") && $0.hasSuffix(": error of the combination matrix") })
      #expect(lines.contains { $0.hasSuffix("  FAIL") })
      #expect(lines.contains { $0.contains(" failed; 0 kinds skipped; ") && !$0.contains(" 0 failed") })
    }
  }

  @Test func theDocumentHasEveryCheck() throws {
    let program = try Program()
    try withFolder { folder in
      try put("weights", in: folder)
      let outcome = try program.call("verify", "weights.json", "--json", in: folder)
      let document = try #require(
        try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
      let checks = try #require(document["checks"] as? [[String: Any]])
      #expect(checks.count == 280)
      #expect(document["passes"] as? Bool == true)
      for check in checks { #expect(check["passes"] as? Bool == true && check["share_of_bar"] is Double) }
    }
  }

  @Test func anotherSeedGivesOtherNumbersAndTheSameSeedTheSame() throws {
    let program = try Program()
    try withFolder { folder in
      try put("delayed-gradient", in: folder)
      func output(_ options: String...) throws -> String {
        try program.finish(
          program.start(["verify", "delayed-gradient.json", "--quick", "--json"] + options, in: folder), in: folder
        ).output
      }
      let first = try output("--jobs", "1")
      #expect(try output("--jobs", "2") == first)
      #expect(try output("--seed", "2") != first)
    }
  }

  @Test func aBadFileIsKnownBeforeAnythingRuns() throws {
    let program = try Program()
    try withFolder { folder in
      try put("lms-poisson", in: folder)
      try write(#"{"schema": "diffusion-reference/1", "id": "a", "kind": "wights"}"#, as: "bad.json", in: folder)
      let outcome = try program.call("verify", "lms-poisson.json", "bad.json", in: folder)
      #expect(outcome.status == 65)
      #expect(outcome.error.hasPrefix("bad.json: error: the kind 'wights' is not known; there are "))
    }
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/self/status")))
  func anInterruptEndsItAtOnceWith130() throws {
    let program = try Program()
    try withFolder { folder in
      try put("lms-poisson", in: folder)
      let process = try program.start(["verify", "lms-poisson.json"], in: folder)
      while process.isRunning, !catchesInterrupts(process) { usleep(10_000) }
      kill(process.processIdentifier, SIGINT)
      let outcome = try program.finish(process, in: folder)
      #expect(outcome.status == 130)
      #expect(outcome.output.isEmpty)
    }
  }
}
