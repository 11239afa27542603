// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Scenarios

struct Show: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print a scenario with every default written out.",
    discussion: """
      What is printed is a scenario itself and means the same as the file with its overrides.

      Examples:
        starling show scenarios/quickstart.yaml
        starling show scenarios/quickstart.yaml learner.step-size=0.05 > mine.yaml
      """)

  /// The scenario as a JSON document.
  private struct Document: Encodable {
    let file: String
    let name: String
    let arms: [String]
    let scenario: String
  }

  @OptionGroup var scenario: ScenarioArguments
  @Flag(help: "Print one JSON document; the scenario is a text in it.")
  var json = false

  func run() throws {
    try reporting {
      let scenario = try scenario.load()
      var text = scenario.resolvedText()
      if json {
        try Terminal.printJSON(
          Document(file: self.scenario.file, name: scenario.name, arms: scenario.arms.map(\.name), scenario: text))
      } else {
        if text.hasSuffix("\n") { text.removeLast() }
        try Terminal.print(text)
      }
    }
  }
}
