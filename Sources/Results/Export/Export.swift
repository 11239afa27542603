// SPDX-License-Identifier: GPL-3.0-or-later
import Records

/// A results file as a table of text, one run in memory at a time.
package struct Export {
  /// What a row is about.
  package enum Rows: String, CaseIterable, Sendable {
    /// A measurement of one metric at one time.
    case observations
    case runs
    /// An agent in a run.
    case agents
    /// How well an agent's final policy does in a task.
    case returns
    /// A window of which a run keeps the realised combination matrices.
    case windows
    /// A link of which a run keeps the account.
    case links
    /// An agent in a run with a cause that has taken it down.
    case causes
  }

  package let rows: Rows
  package let format: TableFormat

  package init(rows: Rows, format: TableFormat) {
    self.rows = rows
    self.format = format
  }

  /// Writes the table, piece by piece.
  ///
  /// - Throws: `ResultsError`, and what `sink` throws.
  package func write(_ file: ResultsFile, to sink: ([UInt8]) throws -> Void) throws {
    let table = try table(of: file)
    let swept = sweptSettings(file.header)
    let settings = Dictionary(uniqueKeysWithValues: file.header.arms.map { ($0.name, $0.settings) })
    var lines = TableLines(format: format, columns: ["arm"] + swept + ["replication"] + table.columns)
    try file.forEach { run, entry in
      let values = swept.map { key in settings[run.arm]?[key].map(TableCell.text) ?? .nothing }
      let leading = lines.encoded([.text(run.arm)] + values + [.count(UInt64(max(0, run.replication)))])
      try table.addRows(of: entry, after: leading, to: &lines)
      if lines.bytes.count > 1 << 16 { try sink(lines.take()) }
    }
    try sink(lines.take())
  }

  private func table(of file: ResultsFile) throws(ResultsError) -> any ExportTable {
    switch rows {
    case .observations: ObservationTable()
    case .runs: RunTable(metrics: try file.finalMetrics())
    case .agents: AgentTable()
    case .returns: ReturnTable()
    case .windows: WindowTable()
    case .links: LinkTable(file: file)
    case .causes: CauseTable()
    }
  }
}

/// The keys of settings that differ between the arms of a study, in alphabetical order.
package func sweptSettings(_ header: StudyHeader) -> [String] {
  let keys = Set(header.arms.flatMap(\.settings.keys))
  return keys.filter { key in Set(header.arms.map { $0.settings[key] }).count > 1 }.sorted()
}

/// What the rows of one run are.
protocol ExportTable {
  /// Behind those that say which run it is.
  var columns: [String] { get }

  func addRows(of entry: ResultsFile.Entry, after leading: [UInt8], to lines: inout TableLines) throws
}
