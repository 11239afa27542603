// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation

/// A plain number such as a return of `196.2`, with more digits below ten and none above a thousand.
package func humanPlain(_ value: Double) -> String {
  value.isFinite ? fixed(value, digits: plainDigits(value)) : "diverged"
}

/// An interval of plain numbers with the digits that suit its larger end: `[195.1, 197.0]`; open where some diverged.
///
/// - Parameter value: what the interval is of, and stands behind, if anything: its ends have no fewer digits, so that it
///   holds it as printed too.
package func humanPlains(_ interval: Interval, of value: Double? = nil) -> String {
  let ends = [interval.lower, interval.upper]
  let larger = plainDigits(ends.filter(\.isFinite).map { abs($0) }.max() ?? 0)
  let digits = max(larger, value.map(plainDigits) ?? 0)
  let lower = interval.lower.isFinite ? "[\(fixed(interval.lower, digits: digits))" : "(open"
  return "\(lower), \(interval.upper.isFinite ? fixed(interval.upper, digits: digits) + "]" : "open)")"
}

/// A plain number as somebody wrote it: `195`, `-0.5`.
func shortPlain(_ value: Double) -> String {
  value == value.rounded() && abs(value) < 1e7 ? String(format: "%.0f", value) : String(format: "%g", value)
}

private func plainDigits(_ value: Double) -> Int {
  switch abs(value) {
  case 999.95...: 0
  case 9.995...: 1
  case 0.0995..., 0: 2
  default: 3
  }
}

/// A number with some digits behind the point.
private func fixed(_ value: Double, digits: Int) -> String {
  if abs(value) >= 1e7 { return String(format: "%.3g", value) }
  if digits > 2, value != 0, abs(value) < 0.00995 { return String(format: "%.2g", value) }
  return withoutSignOfZero(String(format: "%.\(digits)f", value))
}
