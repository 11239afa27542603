// SPDX-License-Identifier: GPL-3.0-or-later

extension StudySummary {
  /// The table of the final returns of agents; no lines where agents do not act.
  func returnLines(_ style: TerminalStyle) -> [String] {
    guard arms.contains(where: { $0.returns != nil }) else { return [] }
    let table = Table(
      columns: ["least", "median, quartiles", "IQM, 95 %", "greatest", "in all tasks"],
      rows: arms.map { arm in Table.Row(name: arm.name, cells: arm.returns?.cells ?? AgentReturns.noCells) }
    ).withoutEmptyColumns
    return paragraph("Final returns of single agents, in all runs:", indent: 0, style) + table.lines(style)
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
