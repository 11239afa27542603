// SPDX-License-Identifier: GPL-3.0-or-later

extension StudySummary {
  /// The table of the final returns of agents; no lines where agents do not act.
  func returnLines(_ style: TerminalStyle) -> [String] {
    returnTable.map { paragraph(Self.returnTitle, indent: 0, style) + $0.lines(style) } ?? []
  }

  static let returnTitle = "Final returns of single agents, in all runs:"

  /// Nothing where agents do not act.
  var returnTable: Table? {
    guard arms.contains(where: { $0.returns != nil }) else { return nil }
    return Table(
      columns: ["least", "median, quartiles", "IQM, 95 %", "greatest", "in all tasks"],
      rows: arms.map { arm in Table.Row(name: arm.name, cells: arm.returns?.cells ?? AgentReturns.noCells) }
    ).withoutEmptyColumns
  }
}

extension AgentReturns {
  fileprivate static let noCells = Array(repeating: Table.Cell(value: "-"), count: 5)

  fileprivate var cells: [Table.Cell] {
    func cell(_ value: Double?, _ interval: Interval? = nil) -> Table.Cell {
      Table.Cell(value: value.map(humanPlain) ?? "-", aside: interval.map { humanPlains($0, of: value) } ?? "")
    }
    return [
      cell(minimum), cell(median, quartiles), cell(interquartileMean, interquartileMeanInterval), cell(maximum),
      cell(inAllTasks?.value, inAllTasks?.interval),
    ]
  }
}
