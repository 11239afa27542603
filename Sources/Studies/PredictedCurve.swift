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

  /// Of each measurement.
  package let points: [Point]
  /// Those next to what the timeline does: the last before links change, the last before tasks change and the first after.
  package let marks: [Point]
  /// The mean over the final window, linear.
  package let finalWindow: Double

  /// Marks beyond which a sentence has the first and the last of them only.
  private static let mostMarks = 8

  /// All but the end of a sentence.
  func sentence(decibels text: (Double) -> String, seconds: (Double) -> String) -> String {
    func level(_ deviation: Double) -> String { deviation > 0 ? text(deviation) : "zero" }
    func list(_ marks: some Sequence<Point>) -> String {
      marks.map { "\(level($0.deviation)) at \(seconds($0.time))" }.joined(separator: ", ")
    }
    let half = Self.mostMarks / 2
    let seen =
      marks.count <= Self.mostMarks
      ? list(marks) : "\(list(marks.prefix(half))) and so on to \(list(marks.suffix(half)))"
    return "Through the timeline theory predicts an MSD of \(seen)\(marks.isEmpty ? "" : ", and ")"
      + "\(level(finalWindow)) in the mean over the final window"
  }
}
