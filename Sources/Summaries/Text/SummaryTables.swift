// SPDX-License-Identifier: GPL-3.0-or-later

extension StudySummary {
  /// A table of the summary as it stands, for those who lay it out otherwise than a terminal does.
  package struct TitledTable: Sendable {
    /// Empty of the first tables, which say it by their columns.
    package let title: String
    package let table: Table
    /// Sentences below it.
    package let notes: [String]
  }

  /// The tables of the summary in the order of its text, cell by cell the same.
  package var tables: [TitledTable] {
    var tables = [TitledTable(title: "", table: resultTable, notes: [])]
    if let returnTable { tables.append(TitledTable(title: Self.returnTitle, table: returnTable, notes: [])) }
    tables.append(TitledTable(title: "", table: costTable, notes: []))
    if let matched {
      let parts = self.tables(of: matched)
      for (index, table) in parts.enumerated() {
        tables.append(
          TitledTable(
            title: index == 0 ? title(of: matched) : "", table: table,
            notes: index == parts.count - 1 ? unequal(matched) : []))
      }
    }
    return tables.filter { !$0.table.columns.isEmpty && !$0.table.rows.isEmpty }
  }
}
