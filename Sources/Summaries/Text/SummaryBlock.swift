// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Quantities

/// A titled table of texts that can be laid out for a terminal, in Markdown and in LaTeX.
struct SummaryBlock {
  struct Row {
    /// One value for each key.
    let names: [String]
    let cells: [Table.Cell]
  }

  let title: String
  let keys: [String]
  let columns: [String]
  let rows: [Row]
  /// Sentences below the table.
  var notes: [String] = []

  // MARK: - Terminal

  func lines(_ style: TerminalStyle) -> [String] {
    let table = Table(
      columns: columns, rows: rows.map { Table.Row(name: $0.names.joined(separator: ", "), cells: $0.cells) })
    return paragraph(title, indent: 0, style) + table.lines(style) + notes.flatMap { paragraph($0, indent: 2, style) }
  }

  // MARK: - Markdown

  /// A table of GitHub's Markdown with its columns aligned.
  var markdown: [String] {
    let cells = rows.map { texts(of: $0).map(Self.markdownEscaped) }
    let heading = (keys + columns).map(Self.markdownEscaped)
    let widths = heading.indices.map { column in
      cells.reduce(max(3, heading[column].count)) { max($0, $1[column].count) }
    }
    func line(_ texts: [String]) -> String {
      "| " + zip(texts, widths).map { $0.padded(to: $1) }.joined(separator: " | ") + " |"
    }
    let rule = "|" + widths.map { String(repeating: "-", count: $0 + 2) }.joined(separator: "|") + "|"
    let below = notes.flatMap { ["", Self.markdownEscaped($0)] }
    return ["**\(Self.markdownEscaped(title))**", "", line(heading), rule] + cells.map(line) + below
  }

  private static func markdownEscaped(_ text: String) -> String {
    String(visible(text).flatMap { #"\|*_`<"#.contains($0) ? ["\\", $0] : [$0] })
  }

  // MARK: - LaTeX

  /// A tabular for the package booktabs, without a float around it.
  var latex: [String] {
    let alignment = String(repeating: "l", count: keys.count + columns.count)
    func line(_ texts: [String]) -> String { "  " + texts.map(Self.latexEscaped).joined(separator: " & ") + " \\\\" }
    let comment = "% " + visible(title.split(whereSeparator: \.isNewline).joined(separator: " "))
    let head = [comment, "\\begin{tabular}{\(alignment)}"]
    let body = ["  \\toprule", line(keys + columns), "  \\midrule"] + rows.map { line(texts(of: $0)) }
    let below = notes.map { "\\par\\footnotesize \(Self.latexEscaped($0))" }
    return head + body + ["  \\bottomrule", "\\end{tabular}"] + (below.isEmpty ? [] : ["{"] + below + ["\\par}"])
  }

  private static func latexEscaped(_ text: String) -> String {
    let escaped = visible(text, keepingLines: true).map { letter in
      switch letter {
      case "&", "%", "$", "#", "_", "{", "}": "\\\(letter)"
      case "\\": "\\textbackslash{}"
      case "~": "\\textasciitilde{}"
      case "^": "\\textasciicircum{}"
      case "<": "\\textless{}"
      case ">": "\\textgreater{}"
      case "|": "\\textbar{}"
      case "·": "$\\cdot$"
      case "\n", "\r": " "
      default: String(letter)
      }
    }.joined()
    // A line break of a table takes a bracket that follows it for its argument; a minus is longer than a hyphen.
    let protected = escaped.hasPrefix("[") || escaped.hasPrefix("*") ? "{}" + escaped : escaped
    return protected.replacing(/(^|[\[\( ])-(?=[0-9])/) { "\($0.output.1)$-$" }
  }

  /// Names and cells as one text each.
  private func texts(of row: Row) -> [String] {
    row.names + row.cells.map { $0.aside.isEmpty ? $0.value : "\($0.value) \($0.aside)" }
  }
}

/// Texts as lines of CSV.
///
/// Source: RFC 4180.
func commaSeparated(_ rows: [[String]]) -> String {
  rows.map { row in
    row.map { visible($0, keepingLines: true) }.map { text in
      let isPlain = !text.unicodeScalars.contains { ["\"", ",", "\r", "\n"].contains($0) }
      return isPlain ? text : "\"" + text.replacing("\"", with: "\"\"") + "\""
    }.joined(separator: ",") + "\r\n"
  }.joined()
}

/// A number as programs read it, with more digits than any estimate has; nothing is empty.
func plainNumber(_ value: Double?) -> String {
  guard let value else { return "" }
  return value.isFinite ? String(format: "%.12g", value) : "\(value)"
}
