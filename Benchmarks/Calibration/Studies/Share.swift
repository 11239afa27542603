// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Statistics

/// What part of many studies did something, against what is promised.
package struct Share: Sendable {
  /// What is counted.
  package enum Promise: Sendable {
    /// False claims: at most this share.
    case atMost(Double)
    /// Intervals that cover the truth: at least this share.
    case atLeast(Double)
  }

  package var title: String
  package var replications: Int
  /// Nothing where it does not matter.
  package var arms: Int?
  package var hits: Int
  package var studies: Int
  package var promise: Promise

  package init(title: String, replications: Int, arms: Int?, hits: Int, studies: Int, promise: Promise) {
    self.title = title
    self.replications = replications
    self.arms = arms
    self.hits = hits
    self.studies = studies
    self.promise = promise
  }

  /// The share with its exact interval.
  package var interval: BinomialInterval { BinomialInterval(hits, of: studies) }

  /// Whether the promise is compatible with the studies: whether their interval meets it.
  package var isKept: Bool { isKept(falseAlarm: 0.025) }

  /// Whether the promise is compatible with the studies, where one that is just kept may fail with this probability.
  package func isKept(falseAlarm: Double) -> Bool {
    let interval = BinomialInterval(hits, of: studies, level: 1 - 2 * falseAlarm)
    return switch promise {
    case .atMost(let bound): interval.low <= bound
    case .atLeast(let bound): interval.high >= bound
    }
  }

  /// As a cell of a table, in per cent: `1.2 [0.6, 2.1]`, with `!` behind a promise that is broken.
  var cell: String {
    func percent(_ share: Double) -> String { String(format: "%.1f", 100 * share) }
    let interval = interval
    return "\(percent(interval.share)) [\(percent(interval.low)), \(percent(interval.high))]" + (isKept ? "" : " !")
  }

  /// The heading of its column: `6 × 4` for six replications of four arms.
  var heading: String { "\(replications)" + (arms.map { " × \($0)" } ?? "") }
}

/// A table of shares in per cent: a row for each title, a column for each size of study.
///
/// - Parameter what: what is counted, and of how much.
package func calibrationTable(_ shares: [Share], of what: String) -> String {
  let titles = shares.reduce(into: [String]()) { if !$0.contains($1.title) { $0.append($1.title) } }
  let sizes = shares.reduce(into: [String]()) { if !$0.contains($1.heading) { $0.append($1.heading) } }
  let rows = titles.map { title in
    [title] + sizes.map { size in shares.first { $0.title == title && $0.heading == size }?.cell ?? "" }
  }
  return ([[what] + sizes, Array(repeating: "---", count: sizes.count + 1)] + rows)
    .map { "| \($0.joined(separator: " | ")) |" }.joined(separator: "\n")
}
