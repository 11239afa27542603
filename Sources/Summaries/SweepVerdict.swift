// SPDX-License-Identifier: GPL-3.0-or-later
import Results

/// Says which cell of a sweep is best, and whether the next can be told from it.
struct SweepVerdict {
  let header: StudyHeader
  /// The best cell and the next, if there are so many.
  let cells: [SweepSummary.Cell]
  /// Cells that have runs.
  let count: Int
  let comparison: Comparison?
  let metric: String

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

  private var targetText: String { header.target.map(targetPhrase) ?? "the target" }

  private func deeds(of cell: SweepSummary.Cell) -> String {
    var deeds: [String] = []
    if let target = cell.toTarget {
      let share = "\(target.reached) of \(target.runs) \(target.runs == 1 ? "run" : "runs")"
      if let median = target.medianTime {
        let interval = target.interval.map { " " + humanDurations($0) } ?? ""
        deeds.append("reaches \(targetText) in \(humanDuration(median))\(interval) (in \(share))")
      } else {
        deeds.append("reaches \(targetText) in \(share)")
      }
    }
    if let deed = cell.final?.deed { deeds.append(deed) }
    return deeds.isEmpty ? "has no final \(metricTitle(metric))" : deeds.joined(separator: " and ")
  }

  /// How far the next cell is from the best, seen from the next.
  private var distance: String {
    guard let comparison, comparison.pairs > 0 else { return "shares no replication with it" }
    if let time = comparison.time {
      let pairs = "\(time.soonerPairs ?? 0) of \(comparison.pairs) \(comparison.pairs == 1 ? "pair" : "pairs")"
      let interval = time.interval.map { " [\(trimmed($0.lower)), \(trimmed($0.upper))]" } ?? ""
      let ratio = "\(trimmed(time.ratio))x\(interval)"
      if time.isSooner { return "takes \(ratio) as long (later in \(pairs))" }
      return "cannot be told from it (it takes \(ratio) as long)"
    }
    guard let final = comparison.final else { return "cannot be compared with it" }
    let interval = final.deficitInterval.map { bounds in
      " " + (final.isReturn ? humanReturns(bounds.negated) : humanInterval(bounds.negated))
    }
    let level = final.isReturn ? humanReturn(-final.deficit) : humanDecibels(-final.deficit)
    let distance = "\(level)\(interval ?? "") \(final.isReturn ? "lower" : "worse")"
    if final.isShown, final.deficit < 0 { return "ends \(distance)" }
    return "cannot be told from it (it ends \(distance))"
  }
}
