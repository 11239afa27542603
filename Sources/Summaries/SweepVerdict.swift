// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Records
import Results

/// Says which cell of a sweep is best, and whether the next can be told from it.
struct SweepVerdict {
  let header: StudyHeader
  /// The best cell and the next, if there are so many.
  let cells: [SweepSummary.Cell]
  /// Cells that have runs.
  let count: Int
  let comparison: Comparison?
  let metric: MetricDefinition

  /// Cells from which on the best is remarked to be a chosen one.
  private static let many = 10

  func write() -> Verdict {
    guard let best = cells.first else {
      return Verdict(sentence: "no run has finished, so there is nothing to say.", remark: nil, arms: [])
    }
    var sentence = "\(best.name) is the best of \(count) cells: it \(deeds(of: best))"
    if cells.count > 1 { sentence += "; the next, \(cells[1].name), \(distance)" }
    let remark =
      count < Self.many
      ? nil
      : "The best of many looks better than it is: confirm it with another --seed."
    return Verdict(sentence: sentence + ".", remark: remark, arms: cells.map(\.name))
  }

  private func deeds(of cell: SweepSummary.Cell) -> String {
    var deeds: [String] = []
    if let target = cell.toTarget {
      deeds.append(target.deed(header.targetPhrase))
    }
    if let deed = cell.final?.deed { deeds.append(deed) }
    return deeds.isEmpty ? "has no final \(metric.title)" : deeds.joined(separator: " and ")
  }

  /// How far the next cell is from the best, seen from the next.
  private var distance: String {
    guard let comparison, comparison.pairs > 0 else { return "shares no replication with it" }
    if let time = comparison.time {
      let isExact = time.isExact ?? false
      let pairs =
        isExact
        ? "nothing in the two is random"
        : "later in \(time.soonerPairs ?? 0) of \(counted(comparison.pairs, "pair"))"
      let interval = time.interval.map { " [\(trimmed($0.lower)), \(trimmed($0.upper))]" } ?? ""
      let ratio = "\(trimmed(time.ratio))x\(interval)"
      if time.isSooner { return "takes \(ratio) as long (\(pairs))" }
      return "cannot be told from it (it takes \(ratio) as long)"
    }
    guard let final = comparison.final else { return "cannot be compared with it" }
    let next = comparison.reversed.final ?? final
    if final.isShown, final.deficit < 0 { return next.clause }
    return "cannot be told from it (it \(next.isEqual ? "ends the same" : next.clause))"
  }
}
