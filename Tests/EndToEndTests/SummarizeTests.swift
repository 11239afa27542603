// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Testing

@Suite(.serialized) struct SummarizeTests {
  /// A golden file and what prints it. To write them anew, name a folder in STARLING_GOLDEN_DIR, run this suite, read
  /// what is there, and copy it to Resources.
  static let goldens: [(name: String, arguments: [String])] = [
    ("plain", []),
    ("by-arm", ["--by", "arm", "--metric", "msd", "--metric", "time-to-target", "--metric", "wall-seconds"]),
    ("by-setting", ["--by", "timing", "--by", "loss"]),
    ("pooled", ["--by", "timing"]),
    ("where", ["--where", "links.loss=0.0", "--metric", "bytes-to-target"]),
    ("markdown", ["--by", "arm", "--format", "markdown"]),
    ("latex", ["--by", "arm", "--format", "latex"]),
    ("csv", ["--by", "arm", "--format", "csv"]),
    ("json", ["--by", "arm", "--metric", "msd", "--format", "json"]),
    ("steady-state", ["--steady-state", "msd"]),
  ]

  /// The same of a study whose agents act, with the columns of the terminal.
  static let controlGoldens: [(name: String, arguments: [String], columns: Int)] = [
    ("control-80", [], 80), ("control-120", [], 120),
    ("control-by-arm", ["--by", "arm", "--metric", "return", "--metric", "episodes-to-target"], 120),
    ("control-json", ["--by", "arm", "--metric", "final-return", "--format", "json"], 80),
    ("control-steady-state", ["--steady-state", "return"], 80),
  ]

  @Test(arguments: goldens.map(\.name))
  func summariesAreTheTextsThatWereAgreedOn(_ name: String) throws {
    let arguments = try #require(Self.goldens.first { $0.name == name }).arguments
    try compare(name, arguments, columns: nil) { try writeMadeUpResults(to: $0, replications: 5) }
  }

  @Test(arguments: controlGoldens.map(\.name))
  func summariesOfReturnsAreTheTextsThatWereAgreedOn(_ name: String) throws {
    let golden = try #require(Self.controlGoldens.first { $0.name == name })
    try compare(name, golden.arguments, columns: golden.columns) {
      try writeMadeUpControlResults(to: $0, replications: 12)
    }
  }

  /// Compares what is said of a file with a golden file.
  private func compare(
    _ name: String, _ arguments: [String], columns: Int?, writing: (String) throws -> Void
  ) throws {
    let program = try Program()
    try withFolder { folder in
      try writing(folder.appendingPathComponent("r.sqlite").path)
      let call = ["summarize", "r.sqlite"] + arguments
      let environment = columns.map { ["COLUMNS": "\($0)"] } ?? [:]
      let outcome = try program.finish(program.start(call, in: folder, environment: environment), in: folder)
      #expect(outcome.status == 0, "\(outcome.error)")
      if let place = ProcessInfo.processInfo.environment["STARLING_GOLDEN_DIR"] {
        try Data(outcome.output.utf8).write(to: URL(fileURLWithPath: "\(place)/summarize-\(name).txt"))
      }
      let golden = try #require(
        Bundle.module.url(forResource: "summarize-\(name)", withExtension: "txt", subdirectory: "Resources"))
      #expect(rounded(outcome.output) == rounded(String(decoding: try Data(contentsOf: golden), as: UTF8.self)))
    }
  }

  /// The text with numbers of twelve digits: the last bits may differ between processors.
  private func rounded(_ text: String) -> String {
    text.replacing(/[0-9]\.[0-9]{12,}(e-?[0-9]+)?/) { match in
      Double(match.output.0).map { String(format: "%.12g", $0) } ?? String(match.output.0)
    }
  }

  @Test func tablesUseTheWidthTheyAreGiven() throws {
    let program = try Program()
    try withFolder { folder in
      try writeMadeUpResults(to: folder.appendingPathComponent("r.sqlite").path, replications: 12)
      for width in [80, 120] {
        for arguments in [[], ["--by", "arm"]] {
          let process = try program.start(
            ["summarize", "r.sqlite"] + arguments, in: folder, environment: ["COLUMNS": "\(width)"])
          let lines = try program.finish(process, in: folder).output.split(separator: "\n")
          #expect(lines.allSatisfy { $0.count <= width })
          #expect(width == 80 || lines.contains { $0.count > 80 })
        }
      }
    }
  }

  @Test func theSummaryOfAFileIsTheOneThatCompareHasPrinted() throws {
    let program = try Program()
    try withFolder { folder in
      try write(smallScenario, in: folder)
      let compared = try program.call("compare", "small.yaml", "--quiet", in: folder)
      let summarized = try program.call("summarize", "results/small.sqlite", in: folder)
      #expect(summarized.output == compared.output)
      let document = try program.call("compare", "small.yaml", "--quiet", "--json", in: folder)
      let again = try program.call("summarize", "results/small.sqlite", "--format", "json", in: folder)
      // The order of runs is that of the file and not of the plan, and the session has ended since.
      func parts(_ text: String) throws -> NSDictionary {
        var parts = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        (parts["runs"], parts["sessions"]) = (nil, nil)
        return parts as NSDictionary
      }
      #expect(try parts(again.output) == parts(document.output))
    }
  }

  @Test func anIncompleteFileSaysSo() throws {
    let program = try Program()
    try withFolder { folder in
      try writeMadeUpResults(to: folder.appendingPathComponent("r.sqlite").path, replications: 12, planned: 20)
      let outcome = try program.call("summarize", "r.sqlite", in: folder)
      #expect(outcome.status == 0 && outcome.output.contains("only 36 of 60 runs are there"))
    }
  }

  @Test(arguments: [
    (["--metric", "time-to-targt"], "did you mean 'time-to-target'?"),
    (["--metric", "time-to-targt"], "wall-seconds"),
    (["--by", "timng"], "did you mean 'timing'?"),
    (["--by", "colour"], "the arms differ in: conditions.links.loss, strategy.timing"),
    (["--where", "loss=0.5"], "there are: 0, 0.1"),
    (["--where", "loss"], "write it as key=value"),
    (["--steady-state", "mds"], "did you mean 'msd'?"),
  ])
  func aWrongQuestionIsAnsweredWithWhatThereIs(_ arguments: [String], _ hint: String) throws {
    let program = try Program()
    try withFolder { folder in
      try writeMadeUpResults(to: folder.appendingPathComponent("r.sqlite").path, replications: 2)
      let process = try program.start(["summarize", "r.sqlite"] + arguments, in: folder)
      let outcome = try program.finish(process, in: folder)
      #expect(outcome.status == 64 && outcome.output.isEmpty)
      #expect(outcome.error.contains(hint), "\(outcome.error)")
    }
  }

  @Test func aMissingFileIsNoInput() throws {
    let program = try Program()
    try withFolder { folder in
      let outcome = try program.call("summarize", "none.sqlite", in: folder)
      #expect(outcome.status == 66)
    }
  }

  @Test func theOutputGoesToAFileWhereOneIsNamed() throws {
    let program = try Program()
    try withFolder { folder in
      try writeMadeUpResults(to: folder.appendingPathComponent("r.sqlite").path, replications: 10)
      let printed = try program.call("summarize", "r.sqlite", "--by", "arm", "--format", "csv", in: folder)
      let kept = try program.call(
        "summarize", "r.sqlite", "--by", "arm", "--format", "csv", "--output", "t.csv", in: folder)
      #expect(kept.output.isEmpty)
      let file = try Data(contentsOf: folder.appendingPathComponent("t.csv"))
      #expect(String(decoding: file, as: UTF8.self) == printed.output)
      let bad = try program.call("summarize", "r.sqlite", "--by", "arm", "--output", "none/t.csv", in: folder)
      #expect(bad.status == 73)
    }
  }
}
