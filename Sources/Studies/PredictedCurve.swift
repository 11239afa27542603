// SPDX-License-Identifier: GPL-3.0-or-later

/// The network MSD that theory predicts through what a timeline does: exact means over infinitely many runs, as they would
/// be measured on the grid.
package struct PredictedCurve: Sendable, Codable, Equatable {
  package struct Point: Sendable, Codable, Equatable {
    /// Virtual seconds.
    package let time: Double
    /// Linear.
    package let deviation: Double
  }

  /// A measurement next to what the timeline does: the last up to then where links change, the first from then on where
  /// tasks do.
  package struct Mark: Sendable, Codable, Equatable {
    package let time: Double
    package let deviation: Double
    /// At the measurement before, where tasks change.
    package let before: Double?
  }

  /// Of each measurement.
  package let points: [Point]
  /// In the order of time.
  package let marks: [Mark]
  /// The mean over the final window, linear.
  package let finalWindow: Double

  /// Marks beyond which a sentence has the first and the last of them only.
  private static let mostMarks = 6

  /// All but the end of a sentence.
  func sentence(decibels text: (Double) -> String, seconds: (Double) -> String) -> String {
    func level(_ deviation: Double) -> String { deviation > 0 ? text(deviation) : "zero" }
    func list(_ marks: some Sequence<Mark>) -> String {
      marks.map { mark in
        let before = mark.before.map { "\(level($0)) before and " } ?? ""
        return "\(before)\(level(mark.deviation)) at \(seconds(mark.time))"
      }.joined(separator: ", ")
    }
    let half = Self.mostMarks / 2
    let seen =
      marks.count <= Self.mostMarks
      ? list(marks) : "\(list(marks.prefix(half))) and so on to \(list(marks.suffix(half)))"
    return "Through the timeline theory predicts an MSD of \(seen)\(marks.isEmpty ? "" : ", and ")"
      + "\(level(finalWindow)) in the mean over the final window"
  }
}
