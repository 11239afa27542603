// SPDX-License-Identifier: GPL-3.0-or-later
import Results

extension StudySummary {
  /// The summary as people read it: what was run, the arms, what they cost, the verdict, and warnings with remedies.
  ///
  /// *Postconditions*: no line is wider than the style allows; it ends without a line end.
  package func text(_ style: TerminalStyle) -> String {
    var lines = headLines(style)
    lines += resultTable.lines(style)
    lines += costTable.lines(style)
    let sentence = verdict.sentence + (verdict.remark.map { " " + $0 } ?? "")
    lines += labelled("Verdict", sentence, style, colour: style.green)
    for warning in warnings { lines += warning.lines(style) }
    return lines.joined(separator: "\n")
  }

  // MARK: - Head

  private func headLines(_ style: TerminalStyle) -> [String] {
    var lines = [""]
    for (index, part) in headParts.enumerated() {
      let joint = index == 0 ? "" : " · "
      if lines[lines.count - 1].count + joint.count + part.count <= style.width {
        lines[lines.count - 1] += joint + part
      } else {
        let pieces = wrappedLines(part, width: style.width - 2)
        lines += pieces.map { "  " + $0 }
      }
    }
    lines.removeAll(where: \.isEmpty)
    if style.isColoured, let first = lines.first, first.hasPrefix(header.name) {
      lines[0] = style.bold(header.name) + first.dropFirst(header.name.count)
    }
    return lines
  }

  private var headParts: [String] {
    var parts = [header.name]
    if let first = header.arms.first {
      if header.arms.allSatisfy({ $0.sharesNetwork(with: first) }) {
        parts.append("\(first.agents) \(first.agents == 1 ? "agent" : "agents")")
        let sigma = first.secondSingularValue.map { ", sigma2 \(trimmed($0))" } ?? ""
        parts.append("\(first.topology), degree \(trimmedDegree(first.meanDegree))\(sigma)")
      } else {
        parts.append("networks differ between the arms")
      }
    }
    let count = arms.map(\.runs).max() ?? 0
    let kind = "\(arms.count > 1 ? "paired " : "")\(count == 1 ? "replication" : "replications")"
    parts.append("\(count) \(kind) \(header.resampled.contains("network") ? "over networks" : "on one network")")
    parts.append("seed \(header.seed)")
    return parts
  }

  private func trimmedDegree(_ degree: Double) -> String {
    degree == degree.rounded() ? String(Int(degree)) : trimmed((degree * 10).rounded() / 10)
  }

  // MARK: - Tables

  private var resultTable: Table {
    var columns = ["final \(metricTitle(metric))", "staleness", "lost", "waiting"]
    let hasTarget = arms.contains { $0.toTarget != nil }
    if hasTarget { columns = ["time to \(header.target.map(targetTitle) ?? "its target")", "reached"] + columns }
    return Table(
      columns: columns,
      rows: arms.map { arm in
        Table.Row(name: arm.name, cells: (hasTarget ? targetCells(arm) : []) + worldCells(arm))
      })
  }

  private func targetCells(_ arm: ArmSummary) -> [Table.Cell] {
    guard let target = arm.toTarget else { return [Table.Cell(value: "-"), Table.Cell(value: "-")] }
    let time =
      target.medianTime.map { Table.Cell(value: humanDuration($0), aside: target.interval.map(humanDurations) ?? "") }
      ?? Table.Cell(value: "> \(humanDuration(target.restrictedTo))")
    return [time, Table.Cell(value: "\(target.reached)/\(target.runs)")]
  }

  private func worldCells(_ arm: ArmSummary) -> [Table.Cell] {
    let final = arm.final(metric)
    let level = final?.decibels.map(humanDecibels) ?? "-"
    let interval = final?.decibelsInterval.map(humanInterval) ?? ""
    return [
      Table.Cell(value: level, aside: interval), staleness(arm),
      Table.Cell(value: arm.lostShare.map(humanShare) ?? "-"),
      Table.Cell(value: arm.waitingShare.map(humanShare) ?? "-"),
    ]
  }

  private func staleness(_ arm: ArmSummary) -> Table.Cell {
    guard let updates = arm.stalenessUpdates else { return Table.Cell(value: "-") }
    let count = updates < 0.005 ? "0" : trimmed(updates)
    return Table.Cell(
      value: "\(count) updates", aside: arm.stalenessSeconds.map { "(\(humanDuration($0)))" } ?? "")
  }

  private var costTable: Table {
    Table(
      columns: ["updates per agent, least", "samples", "messages", "bytes", "updates to target"],
      rows: arms.map { arm in
        Table.Row(
          name: arm.name,
          cells: [
            Table.Cell(value: "\(humanCount(arm.updatesMean)), \(humanCount(arm.updatesLeast))"),
            Table.Cell(value: humanCount(arm.samples)), Table.Cell(value: humanCount(arm.messages)),
            Table.Cell(value: humanBytes(arm.bytes)),
            Table.Cell(value: arm.toTarget?.medianUpdates.map(humanCount) ?? "-"),
          ])
      })
  }
}

extension Warning {
  /// The warning and its remedy as people read them.
  package func lines(_ style: TerminalStyle) -> [String] {
    labelled("Warning", message, style, colour: style.yellow)
      + wrappedLines(remedy, width: style.width - 12).enumerated().map { index, line in
        (index == 0 ? "         -> " : "            ") + line
      }
  }
}

/// A paragraph with a label before its first line.
private func labelled(_ label: String, _ text: String, _ style: TerminalStyle, colour: (String) -> String) -> [String] {
  wrappedLines(text, width: style.width - 9).enumerated().map { index, line in
    (index == 0 ? colour(label) + "  " : String(repeating: " ", count: 9)) + line
  }
}

/// A paragraph as wide as the style allows, each line indented.
package func paragraph(_ text: String, indent: Int, _ style: TerminalStyle) -> [String] {
  wrappedLines(text, width: style.width - indent).map { String(repeating: " ", count: indent) + $0 }
}
