// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Records
import Results

/// Says which cell of a sweep is best, and whether the next can be told from it: in the words that a comparison of
/// these two arms alone has, so that a sweep never claims what they do not show.
struct SweepVerdict {
  let header: StudyHeader
  /// The best cell and the next, if there are so many.
  let cells: [ArmSummary]
  /// Cells that have runs.
  let count: Int
  let comparison: Comparison?
  let words: VerdictWords

  /// Cells from which on the best is remarked to be a chosen one.
  private static let many = 10

  func write() -> Verdict {
    guard let best = cells.first else {
      return Verdict(sentence: "no run has finished, so there is nothing to say.", remark: nil, arms: [])
    }
    var sentence = "\(best.name) is the best of \(counted(count, "cell")): it \(deeds(of: best))."
    if cells.count > 1 { sentence += " The next is \(cells[1].name): \(distance)" }
    let remark =
      count < Self.many
      ? nil
      : "The best of many looks better than it is: confirm it with another --seed."
    return Verdict(sentence: sentence, remark: remark, arms: cells.map(\.name))
  }

  private func deeds(of cell: ArmSummary) -> String {
    let deeds = [cell.toTarget?.deed(header.targetPhrase), cell.final(words.metric.name)?.deed].compactMap { $0 }
    return deeds.isEmpty ? "has no final \(words.metric.title)" : deeds.joined(separator: " and ")
  }

  /// How far the best cell is from the next, in time and in the end.
  private var distance: String {
    VerdictWriter(
      header: header, arms: cells, comparisons: comparison.map { [$0] } ?? [], matched: nil, metric: words.metric,
      words: words
    ).write().sentence
  }
}
