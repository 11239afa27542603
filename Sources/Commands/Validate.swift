// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Scenarios
import Studies
import Summaries

struct Validate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check a scenario without running it.",
    discussion: """
      Of a scenario with a `sweep` block every cell is read, and the networks and
      tasks of the first 1000 are drawn.

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
    /// Each fault by itself.
    var errors: [String] = []
    let warnings: [Caution]
    /// Cells of the sweep, all of which were read; nothing without a sweep.
    var cells: Int?
    /// Those of them whose worlds were drawn.
    var drawnCells: Int?
  }

  @OptionGroup var scenario: ScenarioArguments
  @Flag(help: "Print one JSON document instead of text.")
  var json = false

  func run() throws {
    try reporting {
      var warnings: [Warning]
      var cells: Int?
      do {
        let written = try scenario.load()
        warnings = try Study(written).warnings()
        if !written.sweep.isEmpty {
          let swept = try Study(scenario.load(arms: .swept))
          cells = swept.scenario.arms.count
          let isWarned = warnings.contains { if case .saturated = $0 { true } else { false } }
          if let worst = try swept.worstSaturation(), !isWarned { warnings.insert(worst, at: 0) }
        }
      } catch {
        let failure = Failure(error)
        if json {
          let faults = (error as? ScenarioError)?.faults.map(\.description) ?? [failure.message]
          try Terminal.printJSON(
            Document(file: scenario.file, valid: false, error: failure.message, errors: faults, warnings: []))
        }
        throw failure
      }
      if json {
        let cautions = warnings.cautions.map { Document.Caution(message: $0.message, remedy: $0.remedy) }
        try Terminal.printJSON(
          Document(
            file: scenario.file, valid: true, error: nil, warnings: cautions, cells: cells,
            drawnCells: cells.map { min($0, Study.mostDrawn) }))
      } else {
        let lines = warnings.cautions.flatMap { $0.lines(Terminal.style) }
        try Terminal.print((["\(scenario.file): valid\(cells.map(words) ?? "")"] + lines).joined(separator: "\n"))
      }
    }
  }

  /// What has been found out about a sweep.
  private func words(_ cells: Int) -> String {
    let rest = cells > Study.mostDrawn ? ", of which the first \(Study.mostDrawn) were drawn" : ""
    return ", with \(cells == 1 ? "the one cell" : "all \(cells) cells") of its sweep\(rest)"
  }
}
