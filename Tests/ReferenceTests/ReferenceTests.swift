// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Testing
import Verification

/// Every reference file, one after the other, as each takes all processors.
@Suite(.serialized) struct ReferenceTests {
  /// All of it must be met, with the runs that each file's protocol asks for: its bars are several standard errors of
  /// these. The seed is fixed.
  @Test(arguments: ReferenceFile.all)
  func everyReferenceIsMetOrSkippedByName(_ file: ReferenceFile) throws {
    switch try ReferenceContent(file: file.url) {
    case .theory(let reference), .reinforcementLearning(let reference):
      let report = try Verifier(jobs: ProcessInfo.processInfo.activeProcessorCount).verify(reference)
      for check in report.checks {
        let name = check.quantity + (check.agent.map { ", agent \($0)" } ?? "")
        #expect(check.passes, "\(check.reference), \(name): \(check.seen) for \(check.expected) ± \(check.bar)")
      }
      for one in report.skipped { print("skipped: \(one.reference), kind \(one.kind) (\(file.place))") }
    case .statistics(let cases):
      #expect(!cases.isEmpty, "\(file.url.path) has no cases.")
      for one in cases { try one.check() }
    }
  }

  @Test func thereAreReferences() {
    #expect(!ReferenceFile.all.isEmpty, "There is no reference file below \(ReferenceFolder.chosen.path).")
  }
}

/// What a file is called must not matter, and what it is must be known.
struct ReferenceContentTests {
  private func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("references-" + UUID().uuidString)
    try FileManager.default.createDirectory(
      at: folder.appendingPathComponent("deep/down"), withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  private func bundled(_ path: String) -> URL {
    Bundle.module.bundleURL.appendingPathComponent("Resources").appendingPathComponent(path)
  }

  @Test func aRenamedFileIsTheSameReference() throws {
    try withFolder { folder in
      let renamed = folder.appendingPathComponent("deep/down/kaplan-meier.JSON")
      try FileManager.default.copyItem(at: bundled("theory/delayed-consensus.json"), to: renamed)
      let files = ReferenceFolder.files(below: folder)
      #expect(files.map(\.lastPathComponent) == ["kaplan-meier.JSON"])
      guard case .theory(let reference) = try ReferenceContent(file: try #require(files.first)) else {
        Issue.record("A theory reference was taken for something else.")
        return
      }
      let report = try Verifier(jobs: 1).verify(reference)
      let original = try Verifier(jobs: 1).verify(Reference(path: bundled("theory/delayed-consensus.json").path))
      #expect(report.passes && report == original && !report.checks.isEmpty)
    }
  }

  @Test func statisticsAndLearningAreToldFromTheirContent() throws {
    try withFolder { folder in
      let file = folder.appendingPathComponent("gossip.json")
      try FileManager.default.copyItem(at: bundled("statistics/survival.json"), to: file)
      guard case .statistics(let cases) = try ReferenceContent(file: file) else {
        Issue.record("Statistics were taken for something else.")
        return
      }
      #expect(Set(cases.map(\.procedure)) == ["kaplan_meier", "log_rank"])
    }
    let folder = bundled("rl")
    let names = try ReferenceFolder.files(below: folder).map { file -> String in
      guard case .reinforcementLearning(let reference) = try ReferenceContent(file: file) else { return "\(file)" }
      return reference.kind
    }
    #expect(Set(names).count == 16 && names.count == 16, "\(names)")
  }

  @Test(arguments: [
    "", "no JSON", "[1, 2]", "{}", #"{"cases": []}"#, #"{"schema": 2, "made_with": {}, "cases": []}"#,
    #"{"schema": 1, "made_with": {}, "cases": [{"id": "a"}]}"#,
    #"{"schema": "another/1", "id": "a", "kind": "weights"}"#,
    #"{"schema": "diffusion-reference/1", "id": "a", "kind": "wights"}"#,
    #"{"schema": "diffusion-reference/1", "id": "a", "kind": "weights"}"#,
  ])
  func aFileThatCannotBeToldIsAFailureWithItsPath(text: String) throws {
    try withFolder { folder in
      let file = folder.appendingPathComponent("weights.json")
      try Data(text.utf8).write(to: file)
      let error = #expect(throws: (any Error).self) { _ = try ReferenceContent(file: file) }
      #expect("\(try #require(error))".contains(file.path))
    }
  }

  /// Corruption that leaves a file well formed must show in the numbers.
  @Test func aReferenceWithAChangedNumberFails() throws {
    let text = String(decoding: try Data(contentsOf: bundled("theory/weights.json")), as: UTF8.self)
    let changed = text.replacingOccurrences(of: "\"1/3\"", with: "\"1/4\"")
    #expect(changed != text)
    #expect(try !Verifier(jobs: 1).verify(Reference(Data(changed.utf8))).passes)
  }

  @Test(arguments: ["pendulum", "cartpole_balance", "cartpole_swingup"])
  func anEpisodeUnderOtherGravityFails(name: String) throws {
    let text = String(decoding: try Data(contentsOf: bundled("rl/\(name).json")), as: UTF8.self)
    let changed = text.replacingOccurrences(of: "\"gravity\": ", with: "\"gravity\": 10, \"was\": ")
    #expect(changed != text)
    let report = try Verifier(jobs: 1).verify(Reference(Data(changed.utf8)))
    #expect(report.passes == (name == "pendulum"), "Only the pendulum was computed with a gravity of 10.")
  }

  /// Numbers that stand beside the cases, which nothing else would read.
  @Test(arguments: [
    ("rl/cartpole_balance", "\"x_limit\": 2.4,", "\"x_limit\": 2.5,"),
    ("rl/cartpole_balance", "\"theta_limit\": 0.2", "\"theta_limit\": 0.3"),
    ("rl/cartpole_balance", "\"max_steps\": 200", "\"max_steps\": 201"),
    ("rl/five_state", "\"V_opt\": ", "\"V_opt\": 1"), ("rl/dcpg_five_state", "\"alpha\": ", "\"alpha\": 1"),
    ("theory/gridworld-dcpg", "(global maximum)\": -0.27", "(global maximum)\": -0.28"),
    ("theory/gridworld-dcpg", "(not the maximum)\": -0.75", "(not the maximum)\": -0.76"),
    ("theory/dual-ascent", "\"lp_value\": ", "\"lp_value\": 1"),
  ])
  func aChangedNumberBesideTheCasesFails(name: String, was: String, becomes: String) throws {
    let text = String(decoding: try Data(contentsOf: bundled("\(name).json")), as: UTF8.self)
    // Files may have no blanks behind colons.
    let place = try #require(text.range(of: was) ?? text.range(of: was.replacingOccurrences(of: ": ", with: ":")))
    let changed = text.replacingCharacters(in: place, with: becomes)
    #expect(try !Verifier(jobs: 1).verify(Reference(Data(changed.utf8))).passes)
  }

  @Test func aReferenceWithNothingToCheckIsAFailure() throws {
    let text = """
      {"schema": "diffusion-reference/1", "id": "none", "kind": "weights", "entries": [],
       "tolerance": {"matrix": 0, "spectral": 0, "perron": 0}}
      """
    #expect(throws: ReferenceError.self) { try Verifier(jobs: 1).verify(Reference(Data(text.utf8))) }
  }

  /// A statistics case as a file would hold it.
  private func statisticsCase(_ text: String) throws -> StatisticsCase {
    try JSONDecoder().decode(StatisticsCase.self, from: Data(text.utf8))
  }

  @Test func aProcedureThatIsNotKnownFails() throws {
    let one = try statisticsCase(
      #"""
      {"id": "new", "procedure": "tukey", "input": {"p": [0.5]}, "parameters": {"alpha": 0.05},
       "expected": {"adjusted": [0.5]}, "tolerance": {"kind": "relative", "value": 1e-9}}
      """#)
    withKnownIssue { try one.check() }
  }

  @Test(arguments: [
    #"{"adjusted": [0.03, 0.061]}"#, #"{"adjusted": [0.03]}"#, #"{"adjusted": [0.03, null]}"#,
    #"{"adjusted": null}"#, #"{"rejected": [true, true]}"#, #"{"rejected": [true]}"#, #"{"raised": [0.03, 0.06]}"#,
    "{}",
  ])
  func statisticsThatDifferFail(expected: String) throws {
    func holm(_ expected: String) throws -> StatisticsCase {
      try statisticsCase(
        #"{"id": "holm", "procedure": "holm", "input": {"p": [0.015, 0.06]}, "parameters": {"alpha": 0.05}, "#
          + #""expected": \#(expected), "tolerance": {"kind": "relative", "value": 1e-9}}"#)
    }
    try holm(#"{"adjusted": [0.03, 0.06], "rejected": [true, false]}"#).check()
    withKnownIssue { try holm(expected).check() }
  }
}
