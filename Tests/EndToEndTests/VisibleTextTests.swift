// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Testing

/// A study whose name, question, arms and agents set the title of a window, colours and the direction of writing.
private let hostile = #"""
  name: "a\e[31mb"
  question: "Who \u202Ewrites\u2069 \x9B31m this?\a"
  task: {kind: linear-regression, dimension: 2, noise-variance: 0.01}
  network: {topology: edge-list, edges: [["x\e[2J", y], [y, "\u200Fz"]]}
  learner: {step-size: 0.02}
  conditions: {compute: {stragglers: {agents: ["x\e[2J"], slowdown: 2}}}
  measure: {until: 3 s, every: 1 s}
  arms: {"\e]0;pwned\a": {}, "\u202Ex": {learner.step-size: 0.1}, "c\x7F": {learner.step-size: 0.2}}
  replications: 3

  """#

/// Characters of a text that a terminal would obey, or hide, apart from line ends and tabs.
private func obeyed(_ text: String) -> [Unicode.Scalar] {
  text.replacing("\r\n", with: "\n").unicodeScalars.filter { scalar in
    switch scalar.properties.generalCategory {
    case .control: scalar != "\n" && scalar != "\t"
    case .format, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }
}

@Suite(.serialized) struct VisibleTextTests {
  private let study = "study.sqlite"

  private func prepared(_ body: (Program, URL) throws -> Void) throws {
    let program = try Program()
    try withFolder { folder in
      try write(hostile, in: folder)
      let outcome = try program.call("compare", "small.yaml", "--output", study, in: folder)
      #expect(outcome.status == 0, "\(outcome.error)")
      #expect(obeyed(outcome.output + outcome.error).isEmpty)
      #expect(outcome.output.contains("a\\u001B[31mb"))
      try body(program, folder)
    }
  }

  @Test func whateverShowsNamesShowsTheirEscapes() throws {
    try prepared { program, folder in
      let commands = [
        ["validate", "small.yaml"], ["show", "small.yaml"], ["describe", "small.yaml"], ["status", study],
        ["summarize", study, "--by", "arm"], ["summarize", study, "--by", "learner.step-size"],
        ["summarize", study, "--by", "arm", "--steady-state", "msd"], ["export", study, "--rows", "runs"],
        ["export", study, "--rows", "agents"], ["export", study, "--rows", "observations"],
        ["sweep", "small.yaml", "conditions.links.loss=0,0.1", "--output", "sweep.sqlite"],
        ["compare", "small.yaml", "--output", study, "--require", "\u{1B}[31m.final-msd < 0 dB"],
      ]
      for command in commands {
        let process = try program.start(command, in: folder)
        let outcome = try program.finish(process, in: folder)
        #expect(obeyed(outcome.output).isEmpty, "\(command)")
        #expect(obeyed(outcome.error).isEmpty, "\(command)")
        #expect(!(outcome.output + outcome.error).isEmpty)
      }
      for format in ["table", "markdown", "latex", "csv"] {
        let outcome = try program.call(
          "summarize", study, "--by", "arm", "--format", format, "--output", "out.\(format)", in: folder)
        #expect(outcome.status == 0, "\(outcome.error)")
        let text = try String(contentsOf: folder.appendingPathComponent("out.\(format)"), encoding: .utf8)
        #expect(obeyed(text).isEmpty, "\(format)")
        #expect(text.contains("0;pwned"))
      }
    }
  }

  /// JSON shows nothing that a terminal obeys, and means the names as they are.
  @Test func namesInJSONAreThemselves() throws {
    try prepared { program, folder in
      let shown = try program.call("show", "small.yaml", "--json", in: folder)
      #expect(obeyed(shown.output).isEmpty)
      let document = try #require(
        try JSONSerialization.jsonObject(with: Data(shown.output.utf8)) as? [String: Any])
      #expect(document["name"] as? String == "a\u{1B}[31mb")
      #expect(document["arms"] as? [String] == ["\u{1B}]0;pwned\u{7}", "\u{202E}x", "c\u{7F}"])
      let lines = try program.call("export", study, "--rows", "runs", "--format", "jsonl", in: folder)
      #expect(obeyed(lines.output).isEmpty)
      let names = try lines.output.split(separator: "\n").map { line in
        (try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])?["arm"] as? String
      }
      #expect(Set(names) == ["\u{1B}]0;pwned\u{7}", "\u{202E}x", "c\u{7F}"])
      let summary = try program.call("summarize", study, "--by", "arm", "--format", "json", in: folder)
      #expect(obeyed(summary.output).isEmpty && summary.status == 0)
      #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(summary.output.utf8)) }
    }
  }

  @Test func whatIsQuotedInErrorsIsShownByItsEscapes() throws {
    let program = try Program()
    try withFolder { folder in
      try write(smallScenario, in: folder)
      try write("\u{1B}[31mred\n\u{1B}]0;pwned\u{7}\n", as: "times.txt", in: folder)
      try write("a b\nc \u{1B}[31m \u{202E} d\n", as: "edges.txt", in: folder)
      try write("name: \"a\u{202E}b\"\nx: 1\n", as: "raw.yaml", in: folder)
      let calls = [
        ["validate", "small.yaml", "conditions.links.loss=\u{1B}[31m"],
        ["validate", "small.yaml", "\u{1B}[31m=1"], ["validate", "small.yaml", "\u{202E}"],
        ["validate", "small.yaml", "network.topology=\"\\e[31m\""],
        ["validate", "no\u{1B}[31m.yaml"], ["status", "no\u{7}.sqlite"], ["validate", "small.yaml", "--x\u{1B}[31m"],
        ["\u{1B}[31m"], ["run", "small.yaml", "--output", "small.yaml/\u{1B}/\u{202E}.sqlite"],
        ["validate", "raw.yaml"],
        ["validate", "small.yaml", "conditions.compute.between-agents={empirical: {file: times.txt, scale: 1 s}}"],
        ["validate", "small.yaml", "network.topology=edge-list", "network.edges-file=edges.txt"],
        ["validate", "small.yaml", "network.topology=edge-list", "network.edges-file=\"\\e[31m\""],
        ["compare", "small.yaml", "--require", "\u{1B}[31m < 3"], ["run", "small.yaml", "--ties", "\u{1B}[31m"],
      ]
      for call in calls {
        let outcome = try program.finish(try program.start(call, in: folder), in: folder)
        #expect([64, 65, 66, 73].contains(outcome.status), "\(call): \(outcome.status)")
        #expect(obeyed(outcome.error + outcome.output).isEmpty, "\(call): \(outcome.error)")
        #expect(outcome.error.contains("rror: "), "\(call): \(outcome.error)")
      }
    }
  }
}
