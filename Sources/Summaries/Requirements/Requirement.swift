// SPDX-License-Identifier: GPL-3.0-or-later
import Results

/// A claim about a study that its runs show or do not show, such as
/// `async.time-to-target < 0.5 * sync.time-to-target`.
package struct Requirement: Sendable {
  package enum Comparison: String, Sendable, Codable {
    case less = "<"
    case atMost = "<="
    case greater = ">"
    case atLeast = ">="

    /// Whether two numbers compare so; nothing where that means nothing: for what is not a number, and between
    /// infinities of one sign, such as two times to a target that neither arm reached.
    func holds(_ left: Double, _ right: Double) -> Bool? {
      guard !left.isNaN, !right.isNaN, left.isFinite || left != right else { return nil }
      return switch self {
      case .less: left < right
      case .atMost: left <= right
      case .greater: left > right
      case .atLeast: left >= right
      }
    }
  }

  /// As it was given, with single blanks.
  package let text: String
  let left: RequirementTerm
  let comparison: Comparison
  let right: RequirementTerm
  /// The two sides as they were given.
  let leftText: String
  let rightText: String

  /// Reads a requirement about the arms of a study, before anything of it has run.
  ///
  /// - Parameters:
  ///   - arms: the names of all arms, and whether each has a target.
  ///   - metrics: what can be claimed of them.
  /// - Throws: for a mistake in the grammar, and for an arm, a metric or a unit that there is not.
  package init(
    _ text: String, arms: [(name: String, hasTarget: Bool)], metrics: RunMetrics
  ) throws(RequirementError) {
    let known = arms.map { RequirementParser.Arm(name: $0.name, hasTarget: $0.hasTarget) }
    var parser = try RequirementParser(text, arms: known, metrics: metrics)
    let parts = try parser.parse()
    left = parts.left
    comparison = parts.comparison
    right = parts.right
    let sides = Self.sides(of: text, around: parts.place)
    (leftText, rightText) = sides
    self.text = "\(sides.left) \(parts.comparison.rawValue) \(sides.right)"
  }

  /// The names of metrics that it needs.
  package var metricNames: [String] { (left.metrics + right.metrics).map(\.metric.name) }

  /// The texts beside the comparison, blanks in a row made one.
  private static func sides(of text: String, around place: Range<Int>) -> (left: String, right: String) {
    let scalars = Array(text.unicodeScalars)
    func side(_ range: Range<Int>) -> String {
      let part = String(String.UnicodeScalarView(scalars[range]))
      return part.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
    return (side(0..<place.lowerBound), side(place.upperBound..<scalars.count))
  }
}
