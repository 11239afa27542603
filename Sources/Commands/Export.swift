// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Results

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Turn a results file into a table.",
    discussion: """
      Every row names its arm, the settings in which the arms differ, and its replication. Times are in seconds,
      everything else in linear units; numbers have all their digits, and may be inf, -inf or nan.

      Examples:
        starling export results/stragglers.sqlite > stragglers.csv
        starling export results/stragglers.sqlite --rows runs --output runs.csv
        starling export results/stragglers.sqlite --rows agents --format jsonl
        starling export results/policies.sqlite --rows returns
      """)

  @Argument(help: "The results file.", completion: .file(extensions: ["sqlite"]))
  var file: String

  @Option(help: "The format.")
  var format = TableFormat.csv

  @Option(help: "What a row is.")
  var rows = Export.Rows.observations

  @Option(
    name: .shortAndLong, help: "Where to write to (default: standard output).", completion: .file())
  var output: String?

  func run() throws {
    try reporting {
      let results = try ResultsFile(file)
      let export = Export(rows: rows, format: format)
      if let output {
        let target = try OutputFile(output)
        try export.write(results, to: target.write)
        try target.finish()
      } else {
        try export.write(results, to: Terminal.write)
      }
    }
  }
}

extension TableFormat: ExpressibleByArgument {}
extension Export.Rows: ExpressibleByArgument {}
