// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Records
import Results
import Studies
import Summaries

/// A view of a study under way: how far it has come, and the curve of each arm so far.
struct WatchFrame {
  /// Arms that are drawn.
  private static let mostArms = 20
  private static let blocks = Array("▁▂▃▄▅▆▇█")

  private let report: StatusReport
  private let study: StoredStudy
  private let metric: MetricDefinition

  init(_ report: StatusReport, _ study: StoredStudy) {
    (self.report, self.study) = (report, study)
    metric = study.header.verdictMetric
  }

  /// The view, no wider than the style allows, without a line end at its end.
  func text(_ style: TerminalStyle) -> String {
    var lines = paragraph("\(study.header.name): \(report.counts)", indent: 0, style)
    lines.append(bar(style))
    lines += curveLines(style)
    lines += paragraph(ending, indent: 0, style)
    return lines.joined(separator: "\n")
  }

  private func bar(_ style: TerminalStyle) -> String {
    let room = style.width - 10
    let ended = report.done + report.failed
    let filled = report.planned > 0 ? room * ended / report.planned : 0
    let share = report.planned > 0 ? Double(ended) / Double(report.planned) : 0
    return "[" + String(repeating: "#", count: filled) + String(repeating: "-", count: room - filled) + "] "
      + humanShare(share)
  }

  private var ending: String {
    if report.isRunning, report.missing + report.running > 0 {
      return report.secondsToGo.map { "running, about \(humanDuration($0)) to go" } ?? "running; no run has ended yet"
    }
    if report.missing + report.running > 0 { return "nobody writes to the file; the command that made it goes on" }
    return report.failed > 0 ? "over; \(counted(report.failed, "run")) failed" : "all runs are done"
  }

  // MARK: - Curves

  private func curveLines(_ style: TerminalStyle) -> [String] {
    let arms = study.header.arms.prefix(Self.mostArms)
    let longest = arms.map { visible($0.name).count }.max() ?? 0
    let nameWidth = min(longest, style.width / 3)
    let tally = arms.indices.map { "\(report.arms[$0].done)/\(planned(report.arms[$0]))" }
    let tallyWidth = tally.map(\.count).max() ?? 0
    let levels = arms.map { level($0) }
    let levelWidth = levels.map(\.count).max() ?? 0
    let room = max(8, style.width - nameWidth - tallyWidth - levelWidth - 8)
    let curves = arms.map { MetricCurve(metric.name, of: study, arm: $0.name, points: 4 * room) }
    let values = curves.flatMap { $0?.means.map(metric.drawn).filter(\.isFinite) ?? [] }
    guard let low = values.min(), let high = values.max() else { return [] }
    let until = humanDuration(curves.compactMap { $0?.times.last }.max() ?? 0)
    let unit = metric.axisUnit.isEmpty ? "" : " \(metric.axisUnit)"
    var lines = paragraph(
      "\(metric.label) of the runs so far, from \(trimmed(low)) to \(trimmed(high))\(unit), against virtual time up to \(until)",
      indent: 0, style)
    for (index, arm) in arms.enumerated() {
      let line = curves[index].map { sparkline($0, low, high, room) } ?? ""
      lines.append(
        "  \(cut(visible(arm.name), nameWidth))  \(tally[index].padded(toLeft: tallyWidth))  "
          + "\(line.padded(to: room))  \(levels[index])")
    }
    let rest = study.header.arms.count - arms.count
    if rest > 0 { lines.append("  and \(counted(rest, "more arm"))") }
    return lines
  }

  private func planned(_ arm: StatusReport.Arm) -> Int { arm.done + arm.running + arm.failed + arm.missing }

  /// What the runs of an arm have ended with so far.
  private func level(_ arm: StudyHeader.Arm) -> String {
    let runs = study.runs.filter { $0.record.identity.arm == arm.name }
    guard !runs.isEmpty else { return "-" }
    return ArmSummary(arm, runs: runs, metrics: study.header.metrics).final(metric.name)?.levelText ?? "-"
  }

  /// As many blocks as there is room, the higher the greater the value.
  private func sparkline(_ curve: MetricCurve, _ low: Double, _ high: Double, _ room: Int) -> String {
    let count = min(room, curve.means.count)
    return String(
      (0..<count).map { place -> Character in
        let index = count > 1 ? place * (curve.means.count - 1) / (count - 1) : 0
        let value = metric.drawn(curve.means[index])
        guard value.isFinite else { return value == -.infinity ? Self.blocks[0] : " " }
        let share = high > low ? (value - low) / (high - low) : 0.5
        return Self.blocks[min(Self.blocks.count - 1, max(0, Int(share * Double(Self.blocks.count))))]
      })
  }

  /// The end of a long name tells cells of a sweep apart.
  private func cut(_ name: String, _ width: Int) -> String {
    name.count > width ? "…" + name.suffix(max(0, width - 1)) : name.padded(to: width)
  }
}

extension StatusReport {
  /// How far it has come, where nobody can draw.
  var watchLine: String {
    "\(name): \(counts)" + (secondsToGo.map { ", about \(humanDuration($0)) to go" } ?? "")
  }
}
