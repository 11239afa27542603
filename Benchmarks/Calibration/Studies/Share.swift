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

  /// A row of a table: what, how much, and whether that is kept.
  var cells: [String] {
    func percent(_ share: Double) -> String { String(format: "%.1f", 100 * share) }
    let interval = interval
    return [
      title, "\(replications)", arms.map { "\($0)" } ?? "",
      "\(percent(interval.share)) % [\(percent(interval.low)), \(percent(interval.high))]",
      isKept ? "" : "broken",
    ]
  }
}

/// The tables of a calibration.
package func calibrationTable(_ shares: [Share], of what: String) -> String {
  let rows = [["", "replications", "arms", what, ""], ["---", "---", "---", "---", "---"]] + shares.map(\.cells)
  return rows.map { "| \($0.joined(separator: " | ")) |" }.joined(separator: "\n")
}
