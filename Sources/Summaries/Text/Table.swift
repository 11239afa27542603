// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

/// A table with a name and some values in each row, laid out in the widest of four ways that fits.
package struct Table: Sendable {
  /// A value with an interval or a remark that belongs to it.
  package struct Cell: Sendable {
    package let value: String
    package var aside = ""
  }

  package struct Row: Sendable {
    package let name: String
    package let cells: [Cell]
  }

  /// The layouts, from the one that needs most room to the one that always fits.
  private enum Layout: CaseIterable {
    /// Name, then each value with its aside behind it.
    case inLine
    /// Asides on a second line below the values.
    case stacked
    /// The name on a line of its own too.
    case nameAbove
    /// Headings of two lines at that.
    case foldedHeadings

    var hasNameAbove: Bool { self == .nameAbove || self == .foldedHeadings }
  }

  package let columns: [String]
  package let rows: [Row]

  init(columns: [String], rows: [Row]) {
    self.columns = columns.map { visible($0) }
    self.rows = rows.map { row in
      let cells = row.cells.map { Cell(value: visible($0.value), aside: visible($0.aside)) }
      return Row(name: visible(row.name), cells: cells)
    }
  }

  /// The table without some of its columns.
  func without(_ isLeftOut: (String) -> Bool) -> Table {
    let kept = columns.indices.filter { !isLeftOut(columns[$0]) }
    return Table(
      columns: kept.map { columns[$0] },
      rows: rows.map { row in Row(name: row.name, cells: kept.map { row.cells[$0] }) })
  }

  /// The table without columns that have a value in no row.
  var withoutEmptyColumns: Table {
    let empty = Set(
      columns.indices.filter { column in
        rows.allSatisfy { ["", "-"].contains($0.cells[column].value) && $0.cells[column].aside.isEmpty }
      }.map { columns[$0] })
    return rows.isEmpty ? self : without(empty.contains)
  }

  /// The lines of the table; none without columns, and none wider than the style allows.
  func lines(_ style: TerminalStyle) -> [String] {
    guard !columns.isEmpty else { return [] }
    let layout = Layout.allCases.first { width($0) <= style.width } ?? .foldedHeadings
    let widths = columns.indices.map { columnWidth($0, layout) }
    let indent = String(repeating: " ", count: layout.hasNameAbove ? 4 : nameWidth)
    let folded: [[String]] = zip(columns, widths).map { layout == .foldedHeadings ? wrappedLines($0, width: $1) : [$0] }
    let height = folded.map(\.count).max() ?? 0
    let headings: [String] = (0..<height).map { line in
      let cells: [String] = zip(folded, widths).map { lines, width in
        (line < lines.count ? lines[line] : "").padded(to: width)
      }
      return cells.joined(separator: "  ")
    }
    return headings.map { style.dim((indent + $0).trimmedAtEnd) }
      + rows.flatMap { lines(of: $0, layout, widths: widths, style) }
  }

  private var nameWidth: Int { (rows.map(\.name.count).max() ?? 0) + 4 }

  private func columnWidth(_ column: Int, _ layout: Layout) -> Int {
    rows.reduce(headingWidth(column, layout)) { width, row in
      let cell = row.cells[column]
      let gap = cell.aside.isEmpty ? 0 : 1
      let own = layout == .inLine ? cell.value.count + gap + cell.aside.count : max(cell.value.count, cell.aside.count)
      return max(width, own)
    }
  }

  /// The least width that the heading needs, where it may take two lines.
  private func headingWidth(_ column: Int, _ layout: Layout) -> Int {
    let whole = columns[column].count
    guard layout == .foldedHeadings, whole > 0 else { return whole }
    return (1...whole).first { width in
      let lines = wrappedLines(columns[column], width: width)
      // Words stay whole.
      return lines.count <= 2 && lines.joined(separator: " ") == columns[column]
    } ?? whole
  }

  private func width(_ layout: Layout) -> Int {
    let values = columns.indices.reduce(2 * (columns.count - 1)) { $0 + columnWidth($1, layout) }
    return values + (layout.hasNameAbove ? 4 : nameWidth)
  }

  private func lines(of row: Row, _ layout: Layout, widths: [Int], _ style: TerminalStyle) -> [String] {
    let name = "  " + row.name
    let blank = String(repeating: " ", count: layout.hasNameAbove ? 4 : nameWidth)
    switch layout {
    case .inLine:
      let cells = zip(row.cells, widths).map { cell, width in
        let padding = String(
          repeating: " ", count: width - cell.value.count - (cell.aside.isEmpty ? 0 : cell.aside.count + 1))
        return cell.value + (cell.aside.isEmpty ? "" : " " + style.dim(cell.aside)) + padding
      }
      return [(name.padded(to: nameWidth) + cells.joined(separator: "  ")).trimmedAtEnd]
    case .stacked:
      return [(name.padded(to: nameWidth) + values(row, widths)).trimmedAtEnd] + asides(row, widths, blank, style)
    case .nameAbove, .foldedHeadings:
      return wrappedLines(row.name, width: style.width - 2).map { "  " + $0 }
        + [(blank + values(row, widths)).trimmedAtEnd] + asides(row, widths, blank, style)
    }
  }

  private func values(_ row: Row, _ widths: [Int]) -> String {
    zip(row.cells, widths).map { $0.value.padded(to: $1) }.joined(separator: "  ")
  }

  private func asides(_ row: Row, _ widths: [Int], _ blank: String, _ style: TerminalStyle) -> [String] {
    guard row.cells.contains(where: { !$0.aside.isEmpty }) else { return [] }
    let text = zip(row.cells, widths).map { $0.aside.padded(to: $1) }.joined(separator: "  ").trimmedAtEnd
    return [blank + style.dim(text)]
  }
}

extension String {
  /// The text without the spaces at its end.
  fileprivate var trimmedAtEnd: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
