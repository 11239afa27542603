// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Results
import Scenarios
import Studies
import Summaries

struct Validate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check a scenario without running it.",
    discussion: """
      Examples:
        starling validate scenarios/stragglers.yaml
        starling validate scenarios/quickstart.yaml conditions.links.bandwidth='1 kB/s'
      """)

  private struct Document: Encodable {
    struct Caution: Encodable {
      let message: String
      let remedy: String
    }

    let file: String
    let valid: Bool
    let error: String?
    let warnings: [Caution]
  }

  @OptionGroup var scenario: ScenarioArguments
  @Flag(help: "Print one JSON document instead of text.")
  var json = false

  func run() throws {
    try reporting {
      let warnings: [Warning]
      do {
        warnings = try cautions(Study(scenario.load()))
      } catch {
        let failure = Failure(error)
        if json {
          try Terminal.printJSON(Document(file: scenario.file, valid: false, error: failure.message, warnings: []))
        }
        throw failure
      }
      if json {
        let cautions = warnings.map { Document.Caution(message: $0.message, remedy: $0.remedy) }
        try Terminal.printJSON(Document(file: scenario.file, valid: true, error: nil, warnings: cautions))
      } else {
        let lines = warnings.flatMap { $0.lines(Terminal.style) }
        try Terminal.print((["\(scenario.file): valid"] + lines).joined(separator: "\n"))
      }
    }
  }

  /// What can be known to go wrong before anything runs.
  private func cautions(_ study: Study) throws -> [Warning] {
    var warnings: [Warning] = []
    for (position, arm) in study.scenario.arms.enumerated() {
      if let utilisation = try ExpectedRates(arm.settings, in: study.world(of: position)).utilisation, utilisation >= 1
      {
        warnings.append(.saturated(arm: arm.name, utilisation: utilisation))
      }
    }
    if study.scenario.replications < 10, let first = study.scenario.arms.first {
      warnings.append(.fewReplications(arm: first.name, runs: study.scenario.replications))
    }
    return warnings
  }
}
