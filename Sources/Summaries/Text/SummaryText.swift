// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Records
import Results

extension StudySummary {
  /// The summary as people read it: what was run, the arms, what they cost, the verdict, and warnings with remedies.
  ///
  /// *Postconditions*: no line is wider than the style allows; it ends without a line end.
  package func text(_ style: TerminalStyle) -> String {
    var lines = headLines(style)
    lines += resultTable.lines(style)
    lines += returnLines(style)
    lines += costTable.lines(style)
    for line in theoryLines.enumerated() {
      lines += labelled(line.offset == 0 ? "Theory " : "       ", line.element, style, colour: style.dim)
    }
    lines += matchedLines(style)
    lines += labelled("Verdict", verdictText, style, colour: style.green)
    if let cost = costSentence { lines += labelled("Cost   ", cost, style, colour: style.dim) }
    for caution in warnings.cautions { lines += caution.lines(style) }
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
    if style.isColoured, let first = lines.first, first.hasPrefix(visible(header.name)) {
      lines[0] = style.bold(visible(header.name)) + first.dropFirst(visible(header.name).count)
    }
    return lines
  }

  /// What was run, in a few words each; the first is the name of the study.
  package var headParts: [String] {
    var parts = [visible(header.name)]
    if let first = header.armOfNetwork {
      if header.sharesNetwork {
        parts.append(counted(first.agents, "agent"))
        let sigma =
          presentWords(first)
          ?? first.secondSingularValue.map { value in
            ", sigma2 \(first.singularValueError == nil ? "" : "about ")\(trimmed(value))"
          } ?? ""
        let star = !first.hasCentre && header.arms.contains(where: \.hasCentre) ? ", or a fusion centre" : ""
        parts.append("\(first.topology), degree \(humanDegree(first.meanDegree))\(sigma)\(star)")
      } else {
        parts.append("networks differ between the arms")
      }
    }
    let counts = (least: arms.map(\.runs).min() ?? 0, most: arms.map(\.runs).max() ?? 0)
    let count = counts.least == counts.most ? "\(counts.most)" : "\(counts.least) to \(counts.most)"
    let isPaired = arms.count > 1 && comparisons.allSatisfy(\.isPaired)
    let kind = arms.count < 2 ? "" : isPaired ? "paired " : "unpaired "
    parts.append("\(count) \(kind)\(plural(counts.most, "replication")) \(networkWords)")
    parts.append("seed \(header.seed)")
    return parts
  }

  /// Between what sigma2 lies while the network changes, if it does so alike in all arms.
  private func presentWords(_ first: StudyHeader.Arm) -> String? {
    guard let values = first.presentSingularValues, values.count == 3,
      header.arms.allSatisfy({ $0.presentSingularValues == values })
    else { return nil }
    let texts = values.map(trimmed)
    return texts[1] == texts[2]
      ? ", sigma2 \(texts[0])" : ", sigma2 \(texts[0]) at the start, \(texts[1]) to \(texts[2]) present"
  }

  /// Whether replications are on one network, on one for each arm, or over many.
  private var networkWords: String {
    if header.resampled.contains("network") { return "over networks" }
    if header.arms.allSatisfy({ $0.presentSingularValues != nil }) { return "on networks that change" }
    return header.sharesNetwork ? "on one network" : "on one network each"
  }

  // MARK: - Theory

  /// The prediction of each arm beside what was measured, or why there is none; arms with one reason share a line.
  package var theoryLines: [String] {
    var lines: [String] = []
    var reasons: [(arms: [String], reason: String)] = []
    for arm in arms {
      guard let known = header.arms.first(where: { $0.name == arm.name }) else { continue }
      if let predicted = known.predictedMSD {
        let interval = arm.final(MetricDefinition.msd.name)?.decibelsInterval
        lines.append(levelLine(arm, "steady-state", predicted) + remark(on: interval, predicted: predicted))
      } else if let predicted = known.predictedFinalMSD {
        lines.append(levelLine(arm, "final", predicted))
      } else if let reason = known.predictionReason {
        if let place = reasons.firstIndex(where: { $0.reason == reason }) {
          reasons[place].arms.append(arm.name)
        } else {
          reasons.append(([arm.name], reason))
        }
      }
      if let line = disagreementLine(arm, known) { lines.append(line) }
      if let line = roundLine(arm, known) { lines.append(line) }
      lines += shareLines(arm, known)
    }
    return lines + reasons.map { "\($0.arms.joined(separator: ", ")): no prediction. \($0.reason)" }
  }

  /// An MSD that is predicted, beside what was measured.
  private func levelLine(_ arm: ArmSummary, _ kind: String, _ predicted: Double) -> String {
    let level = predicted > 0 ? humanDecibels(decibels(ofPower: predicted)) : "zero"
    let measured = arm.final(MetricDefinition.msd.name)
    let seen = measured?.decibels.map(humanDecibels) ?? "nothing"
    return "\(arm.name): \(kind) MSD \(level) predicted, \(seen)\(spaced(measured?.intervalText ?? "")) measured."
  }

  /// How far agents that come and go are from each other, where that is predicted.
  private func disagreementLine(_ arm: ArmSummary, _ known: StudyHeader.Arm) -> String? {
    guard let predicted = known.predictedDisagreement, predicted > 0,
      let seen = arm.final(MetricDefinition.disagreement.name)
    else { return nil }
    let measured = seen.decibels.map(humanDecibels) ?? "nothing"
    return "\(arm.name): mean disagreement \(humanDecibels(decibels(ofPower: predicted))) predicted, "
      + "\(measured)\(spaced(seen.intervalText ?? "")) measured."
  }

  /// How long global rounds last, where that is predicted and no budget ends runs early.
  private func roundLine(_ arm: ArmSummary, _ known: StudyHeader.Arm) -> String? {
    guard let predicted = known.predictedRound, arm.updatesMean > 0,
      known.settings["measure.budget"] ?? "none" == "none"
    else { return nil }
    return "\(arm.name): rounds of \(humanDuration(predicted)) predicted, "
      + "\(humanDuration(known.until / arm.updatesMean)) measured."
  }

  /// How much of the time agents are up, and how many messages get lost, where that is predicted.
  private func shareLines(_ arm: ArmSummary, _ known: StudyHeader.Arm) -> [String] {
    var lines: [String] = []
    let hasBudget = known.settings["measure.budget"] ?? "none" != "none"
    if let predicted = known.predictedAvailability, let seen = arm.upShare, !hasBudget {
      lines.append(
        "\(arm.name): agents up \(humanShare(predicted)) of the time predicted, \(humanShare(seen)) measured.")
    }
    if let predicted = known.predictedLoss, let seen = arm.lostShare {
      lines.append("\(arm.name): \(humanShare(predicted)) of messages lost predicted, \(humanShare(seen)) measured.")
    }
    return lines
  }

  /// A decibel beyond the interval is more than chance and more than what is left of a transient that has ended.
  private func remark(on measured: Interval?, predicted: Double) -> String {
    guard let measured, predicted > roundingLevel, measured.upper < .infinity else { return "" }
    if measured.lower > decibels(ofPower: predicted) + 1 {
      return " The runs may not have settled: lengthen `measure.until`."
    }
    if measured.upper < decibels(ofPower: predicted) - 1 {
      return " That is more than chance below it: the runs had not come up to their steady state."
    }
    return ""
  }

  // MARK: - Verdict

  /// The verdict with its remark.
  package var verdictText: String { verdict.sentence + (verdict.remark.map { " " + $0 } ?? "") }

  // MARK: - Cost

  /// What the target costs the arm of the verdict, over what it costs the other one.
  package var costSentence: String? {
    guard matched == nil, verdict.arms.count == 2, let target = header.target,
      let comparison = comparison(verdict.arms[0], with: verdict.arms[1]), comparison.time != nil
    else { return nil }
    return VerdictWords(header: header, family: family, metric: metric).costs(comparison).map {
      "to \(header.targetPhrase(target)) \(comparison.arm) takes \($0) of \(comparison.other)."
    }
  }

  // MARK: - Tables

  var resultTable: Table {
    var columns = ["final \(metric.title)", "staleness", "lost", "waiting"]
    let hasTarget = arms.contains { $0.toTarget != nil }
    if hasTarget { columns = ["time to \(header.target.map(header.targetTitle) ?? "its target")"] + columns }
    let table = Table(
      columns: columns,
      rows: arms.map { arm in
        Table.Row(name: arm.name, cells: (hasTarget ? [timeCell(arm)] : []) + worldCells(arm))
      })
    // Agents whose steps take no time do nothing but wait, which is no finding.
    let onlyWait = arms.allSatisfy { $0.waitingShare ?? 1 == 1 }
    return table.without { $0 == "waiting" && onlyWait }.withoutEmptyColumns
  }

  /// The median, with the number of runs that reached the target where some did not.
  private func timeCell(_ arm: ArmSummary) -> Table.Cell {
    guard let target = arm.toTarget else { return Table.Cell(value: "-") }
    let time = target.medianText
    let share = target.reached < target.runs ? " (\(target.reached)/\(target.runs))" : ""
    return Table.Cell(value: time + share, aside: target.intervalText)
  }

  private func worldCells(_ arm: ArmSummary) -> [Table.Cell] {
    let final = arm.final(metric.name)
    return [
      Table.Cell(value: final?.levelText ?? (arm.nobodyUp > 0 ? "nobody up" : "-"), aside: final?.intervalText ?? ""),
      staleness(arm),
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

  /// Means over runs; updates, or episodes, to target are a median. What no arm has or makes is left out.
  var costTable: Table {
    let isOfControl = arms.contains { $0.episodesMean != nil }
    let columns =
      (isOfControl ? ["episodes/agent", "to target"] : []) + ["updates/agent", "least"]
      + (isOfControl ? [] : ["to target"]) + ["samples", "messages", "bytes"]
    let table = Table(
      columns: columns,
      rows: arms.map { arm in
        let episodes = [arm.episodesMean, arm.toTarget?.medianEpisodes].map { $0.map(humanCount) ?? "-" }
        let counts =
          (isOfControl ? episodes : []) + [humanCount(arm.updatesMean), humanCount(arm.updatesLeast)]
          + (isOfControl ? [] : [arm.toTarget?.medianUpdates.map(humanCount) ?? "-"])
          + [humanCount(arm.samples), humanCount(arm.messages), humanBytes(arm.bytes)]
        return Table.Row(name: arm.name, cells: counts.map { Table.Cell(value: $0) })
      })
    let idle = !arms.contains(where: \.computes)
    return table.without { column in
      switch column {
      case "updates/agent", "least", "to target": idle
      case "samples": !arms.contains { $0.samples > 0 }
      case "messages": !arms.contains { $0.messages > 0 }
      case "bytes": !arms.contains { $0.bytes > 0 }
      default: false
      }
    }.withoutEmptyColumns
  }
}

extension ArmSummary {
  /// Whether its agents take local steps at all.
  fileprivate var computes: Bool { updatesMean > 0 }
}

extension Caution {
  /// The caution and its remedy as people read them.
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

/// A text after a space, or nothing of nothing.
private func spaced(_ text: String) -> String { text.isEmpty ? "" : " " + text }
