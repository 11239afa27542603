// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Results

extension StudySummary {
  /// The summary as people read it: what was run, the arms, what they cost, the verdict, and warnings with remedies.
  ///
  /// *Postconditions*: no line is wider than the style allows; it ends without a line end.
  package func text(_ style: TerminalStyle) -> String {
    var lines = headLines(style)
    lines += resultTable.lines(style)
    lines += costTable.lines(style)
    for line in theoryLines.enumerated() {
      lines += labelled(line.offset == 0 ? "Theory " : "       ", line.element, style, colour: style.dim)
    }
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
    parts.append("\(count) \(kind) \(networkWords)")
    parts.append("seed \(header.seed)")
    return parts
  }

  /// Whether replications are on one network, on one for each arm, or over many.
  private var networkWords: String {
    if header.resampled.contains("network") { return "over networks" }
    let isShared = header.arms.first.map { first in header.arms.allSatisfy { $0.sharesNetwork(with: first) } } ?? true
    return isShared ? "on one network" : "on one network each"
  }

  private func trimmedDegree(_ degree: Double) -> String {
    degree == degree.rounded() ? String(Int(degree)) : trimmed((degree * 10).rounded() / 10)
  }

  // MARK: - Theory

  /// The prediction of each arm beside what was measured, or why there is none; arms with one reason share a line.
  private var theoryLines: [String] {
    var lines: [String] = []
    var reasons: [(arms: [String], reason: String)] = []
    for arm in arms {
      guard let known = header.arms.first(where: { $0.name == arm.name }) else { continue }
      if let predicted = known.predictedMSD {
        let level = predicted > 0 ? humanDecibels(decibels(ofPower: predicted)) : "zero"
        let measured = arm.final("msd")
        let seen = measured?.decibels.map(humanDecibels) ?? "nothing"
        let interval = measured?.decibelsInterval.map { " " + humanInterval($0) } ?? ""
        // A decibel beyond the interval is more than chance and more than what is left of a transient that has ended.
        let least = measured?.decibelsInterval?.lower
        let isAbove = least.map { $0 > decibels(ofPower: predicted) + 1 } ?? false
        let remark = isAbove && predicted > 0 ? " The runs may not have settled: lengthen `measure.until`." : ""
        lines.append("\(arm.name): steady-state MSD \(level) predicted, \(seen)\(interval) measured.\(remark)")
      } else if let reason = known.predictionReason {
        if let place = reasons.firstIndex(where: { $0.reason == reason }) {
          reasons[place].arms.append(arm.name)
        } else {
          reasons.append(([arm.name], reason))
        }
      }
    }
    return lines + reasons.map { "\($0.arms.joined(separator: ", ")): no prediction. \($0.reason)" }
  }

  // MARK: - Tables

  private var resultTable: Table {
    var columns = ["final \(metricTitle(metric))", "staleness", "lost", "waiting"]
    let hasTarget = arms.contains { $0.toTarget != nil }
    if hasTarget { columns = ["time to \(header.target.map(targetTitle) ?? "its target")"] + columns }
    return Table(
      columns: columns,
      rows: arms.map { arm in
        Table.Row(name: arm.name, cells: (hasTarget ? [timeCell(arm)] : []) + worldCells(arm))
      })
  }

  /// The median, with the number of runs that reached the target where some did not.
  private func timeCell(_ arm: ArmSummary) -> Table.Cell {
    guard let target = arm.toTarget else { return Table.Cell(value: "-") }
    let time = target.medianTime.map(humanDuration) ?? "> \(humanDuration(target.restrictedTo))"
    let share = target.reached < target.runs ? " (\(target.reached)/\(target.runs))" : ""
    return Table.Cell(value: time + share, aside: target.interval.map(humanDurations) ?? "")
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

  /// Means over runs; updates to target are a median.
  private var costTable: Table {
    Table(
      columns: ["updates/agent", "least", "to target", "samples", "messages", "bytes"],
      rows: arms.map { arm in
        let counts = [
          humanCount(arm.updatesMean), humanCount(arm.updatesLeast),
          arm.toTarget?.medianUpdates.map(humanCount) ?? "-", humanCount(arm.samples), humanCount(arm.messages),
          humanBytes(arm.bytes),
        ]
        return Table.Row(name: arm.name, cells: counts.map { Table.Cell(value: $0) })
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
func labelled(_ label: String, _ text: String, _ style: TerminalStyle, colour: (String) -> String) -> [String] {
  wrappedLines(text, width: style.width - 9).enumerated().map { index, line in
    (index == 0 ? colour(label) + "  " : String(repeating: " ", count: 9)) + line
  }
}

/// A paragraph as wide as the style allows, each line indented.
package func paragraph(_ text: String, indent: Int, _ style: TerminalStyle) -> [String] {
  wrappedLines(text, width: style.width - indent).map { String(repeating: " ", count: indent) + $0 }
}
