// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

extension StudySummary {
  /// The table of arms at one final error; no lines where none was asked for.
  func matchedLines(_ style: TerminalStyle) -> [String] {
    guard let matched else { return [] }
    var lines = paragraph(title(of: matched), indent: 0, style)
    for table in tables(of: matched) { lines += table.lines(style) }
    for sentence in unequal(matched) { lines += paragraph(sentence, indent: 2, style) }
    return lines
  }

  /// How the arms were made equal.
  func title(of matched: MatchedStudy) -> String {
    "At equal final \(header.metric(matched.metric).title): step sizes tuned to that of \(matched.reference) within "
      + "\(humanDecibels(matched.tolerance)) on \(counted(matched.pilots, "pilot")), which "
      + "\(plural(matched.pilots, "is", "are")) not reported."
  }

  func tables(of matched: MatchedStudy) -> [Table] {
    [accuracyTable(matched)] + (matched.comparable.isEmpty ? [] : [gainTable(matched)])
  }

  /// Why arms are not compared as equal, a sentence each.
  func unequal(_ matched: MatchedStudy) -> [String] {
    matched.arms.compactMap { arm in arm.reason.map { "\(arm.name) is not compared as equal: \($0)." } }
  }

  /// How equal the arms are.
  private func accuracyTable(_ matched: MatchedStudy) -> Table {
    Table(
      columns: ["step size", "final \(header.metric(matched.metric).title)", "to reference", "equal within"],
      rows: matched.arms.map { arm in
        let level = Table.Cell(
          value: arm.final?.decibels.map(humanDecibels) ?? "-",
          aside: arm.final?.intervalText ?? "")
        let difference = Table.Cell(
          value: arm.difference.map { (abs($0.value) < 0.005 ? "" : $0.value > 0 ? "+" : "") + humanDecibels($0.value) }
            ?? "-",
          aside: arm.difference.flatMap { difference in
            difference.interval.map { humanInterval($0, of: difference.value) }
          } ?? "")
        return Table.Row(
          name: arm.name,
          cells: [
            Table.Cell(value: "x\(trimmed(arm.factor))"), level, difference,
            Table.Cell(value: arm.equivalentWithin.map(humanDecibels) ?? "-"),
          ])
      })
  }

  /// What the target costs the arms that are equal to the reference, over what it costs that one.
  private func gainTable(_ matched: MatchedStudy) -> Table {
    let title = header.target.map(header.targetTitle) ?? "target"
    return Table(
      columns: ["sooner to \(title)", "updates", "samples", "messages", "bytes", "joules"],
      rows: matched.comparable.map { arm in
        let comparison = comparison(arm.name, with: matched.reference)
        let costs = ["updates", "samples", "messages", "bytes", "joules"].map { name in
          cell(comparison?.cost(name).map { ($0.ratio, $0.interval) })
        }
        return Table.Row(name: arm.name, cells: [cell(comparison?.time.map { ($0.ratio, $0.interval) })] + costs)
      }
    ).withoutEmptyColumns
  }

  private func cell(_ ratio: (value: Double, interval: Interval?)?) -> Table.Cell {
    guard let ratio else { return Table.Cell(value: "-") }
    let text = humanRatio(ratio.value, ratio.interval)
    return Table.Cell(value: text.ratio, aside: text.interval)
  }
}
