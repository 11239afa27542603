// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Results

extension SweepSummary {
  /// Cells that are all shown; of more, the best are.
  private static let mostRows = 40
  private static let best = 10

  /// The sweep as people read it: what was run, the cells, the verdict, and warnings with remedies.
  ///
  /// *Postconditions*: no line is wider than the style allows; it ends without a line end.
  ///
  /// - Parameter path: the results file, for the remark how to see the cells that are left out.
  package func text(_ style: TerminalStyle, path: String) -> String {
    var lines = wrappedLines(headParts.joined(separator: " · "), width: style.width - 2).enumerated().map {
      $0.offset == 0 ? $0.element : "  " + $0.element
    }
    let isWhole = cells.count <= Self.mostRows
    let shown = isWhole ? Array(cells.indices) : Array(ranking.prefix(Self.best))
    lines += tableLines(shown, style)
    if !isWhole {
      lines += paragraph(
        "the best \(shown.count) of \(counted(cells.count, "cell")); `starling summarize \(path)` and --json have all",
        indent: 2, style)
    }
    let sentence = verdict.sentence + (verdict.remark.map { " " + $0 } ?? "")
    lines += labelled("Verdict", sentence, style, colour: style.green)
    for caution in warnings.cautions { lines += caution.lines(style) }
    return lines.joined(separator: "\n")
  }

  private var headParts: [String] {
    let count = cells.map(\.runs).max() ?? 0
    var parts = [header.name, counted(cells.count, "cell"), counted(count, "replication")]
    if let shard = header.shard {
      parts.append("shard \(shard), with \(counted(cells.reduce(0) { $0 + $1.runs }, "run"))")
    }
    parts.append("seed \(header.seed)")
    return parts
  }

  // MARK: - Table

  /// The table in the richest form that fits: with the whole paths, with their last words, without intervals.
  private func tableLines(_ shown: [Int], _ style: TerminalStyle) -> [String] {
    let short = axes.map { path in
      let word = path.split(separator: ".").last.map(String.init) ?? path
      return axes.count { $0.hasSuffix("." + word) } > 1 ? path : word
    }
    let forms: [(names: [String], hasIntervals: Bool, widest: Int)] = [
      (axes, true, .max), (short, true, .max), (short, true, 12), (short, false, 12), (short, false, 6),
    ]
    var rows: [[String]] = []
    for form in forms {
      rows = tableRows(shown, names: form.names, hasIntervals: form.hasIntervals, widest: form.widest)
      if width(of: rows) <= style.width { break }
    }
    let widths = columnWidths(rows)
    return rows.enumerated().map { index, row in
      var line = zip(row, widths).map { $0.padded(to: $1) }.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      line = String(line.prefix(style.width))
      return index == 0 ? style.dim(line) : line
    }
  }

  private func columnWidths(_ rows: [[String]]) -> [Int] {
    (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
  }

  private func width(of rows: [[String]]) -> Int {
    columnWidths(rows).reduce(-2) { $0 + $1 + 2 }
  }

  private func tableRows(_ shown: [Int], names: [String], hasIntervals: Bool, widest: Int) -> [[String]] {
    func cut(_ text: String) -> String { text.count > widest ? text.prefix(widest - 1) + "…" : text }
    let hasArms = cells.contains { $0.place.arm != nil }
    let hasTarget = header.target != nil
    var heading = [" "] + (hasArms ? ["arm"] : []) + names.map(cut) + ["n"]
    if hasTarget { heading.append("time to \(header.target.map(header.targetTitle) ?? "target")") }
    heading.append("final \(metric.title)")
    return [heading]
      + shown.map { position in
        let cell = cells[position]
        var row = [position == ranking.first ? "*" : " "]
        if hasArms { row.append(cut(cell.place.arm ?? "")) }
        row += cell.place.values.map(cut) + ["\(cell.runs)"]
        if hasTarget { row.append(timeText(cell, hasIntervals)) }
        return row + [finalText(cell, hasIntervals)]
      }
  }

  private func timeText(_ cell: Cell, _ hasInterval: Bool) -> String {
    guard let target = cell.toTarget else { return "-" }
    let time = target.medianText
    let share = target.reached < target.runs ? " (\(target.reached)/\(target.runs))" : ""
    return time + share + (hasInterval && !target.intervalText.isEmpty ? " " + target.intervalText : "")
  }

  private func finalText(_ cell: Cell, _ hasInterval: Bool) -> String {
    guard let final = cell.final else { return "-" }
    return final.levelText + (hasInterval && !final.intervalText.isEmpty ? " " + final.intervalText : "")
  }
}
