// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Summaries

extension ReportPage {
  /// Rows of a table at most.
  static let mostRows = 400

  /// A table of the summary, cell by cell what a terminal shows.
  func html(_ titled: StudySummary.TitledTable) -> String {
    let title = titled.title.isEmpty ? "" : "<p>\(escaped(titled.title))</p>\n"
    let rows = titled.table.rows.prefix(Self.mostRows).map { row in
      let cells = row.cells.map { cell in
        let aside = cell.aside.isEmpty ? "" : " <span class=\"aside\">\(escaped(cell.aside))</span>"
        return "<td>\(escaped(cell.value))\(aside)</td>"
      }
      return "<tr><th scope=\"row\">\(escaped(row.name))</th>\(cells.joined())</tr>"
    }
    let notes = titled.notes.map { "\n<p class=\"note\">\(escaped($0))</p>" }.joined()
    return title + framed(columns: titled.table.columns, name: "arm", rows) + rest(titled.table.rows.count) + notes
  }

  /// A table of texts; the first of each row is its name.
  func table(columns: [String], rows: [[String]], name: String) -> String {
    let lines = rows.map { row in
      let cells = row.dropFirst().map { "<td>\(escaped($0))</td>" }.joined()
      return "<tr><th scope=\"row\">\(escaped(row.first ?? ""))</th>\(cells)</tr>"
    }
    return framed(columns: columns, name: name, lines)
  }

  private func framed(columns: [String], name: String, _ rows: [String]) -> String {
    let headings = columns.map { "<th scope=\"col\">\(escaped($0))</th>" }.joined()
    return "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"table, \(escaped(columns.first ?? ""))\">"
      + "<table>\n<thead><tr><th scope=\"col\">\(escaped(name))</th>\(headings)</tr></thead>\n<tbody>\n"
      + rows.joined(separator: "\n") + "\n</tbody>\n</table></div>"
  }

  private func rest(_ count: Int) -> String {
    guard count > Self.mostRows else { return "" }
    let more = counted(count - Self.mostRows, "more arm")
    return "\n<p class=\"note\">And \(more): <code>starling summarize</code> has all.</p>"
  }
}
