// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Quantities

/// A duration as people read it: `342 ms`, `12.3 s`, `9 m 02 s`, `1 h 05 m`, `2 d 03 h`.
package func humanDuration(_ seconds: Double) -> String {
  guard seconds.isFinite else { return seconds > 0 ? "never" : "-" }
  if seconds < 59.95 { return unitText(seconds) }
  let whole = Int(min(seconds, 1e12).rounded())
  if whole < 3600 { return "\(whole / 60) m \(twoDigits(whole % 60)) s" }
  let minutes = (whole + 30) / 60
  if minutes < 1440 { return "\(minutes / 60) h \(twoDigits(minutes % 60)) m" }
  let hours = (minutes + 30) / 60
  return "\(hours / 24) d \(twoDigits(hours % 24)) h"
}

/// An interval of durations: `[118, 130 ms]`, `[8:40, 9:25]`, `[1:05:10, 1:07:00]`; with an open end `[32.0 s, open)`.
package func humanDurations(_ interval: Interval) -> String {
  guard interval.upper.isFinite else { return "[\(humanDuration(interval.lower)), open)" }
  if interval.upper >= 59.95 { return "[\(clock(interval.lower)), \(clock(interval.upper))]" }
  let unit = unit(of: interval.upper)
  return "[\(significant(interval.lower / unit.size)), \(significant(interval.upper / unit.size)) \(unit.name)]"
}

/// The level of squared errors, in decibels, at and below which they are those of rounding.
private let roundingDecibels = decibels(ofPower: roundingLevel)

/// A level such as `-41.6 dB`, with a second digit below one decibel.
package func humanDecibels(_ level: Double) -> String {
  guard !level.isNaN else { return "diverged" }
  guard level > roundingDecibels else { return "zero to rounding" }
  guard level.isFinite else { return "diverged" }
  return decibelNumber(level, digits: decibelDigits(level)) + " dB"
}

/// An interval of levels, without their unit: `[-35.0, -34.0]`. Where the interval of the mean goes down to zero its
/// end in decibels is open: `(open, -34.0]`. Nothing where all of it is zero to rounding.
///
/// - Parameter level: what the interval is of, and stands behind: its ends have as many digits, so that it holds it as
///   printed too.
package func humanInterval(_ interval: Interval, of level: Double) -> String {
  guard interval.upper > roundingDecibels else { return "" }
  let digits = decibelDigits(level)
  func number(_ value: Double) -> String { decibelNumber(value, digits: digits) }
  let lower = interval.lower > roundingDecibels ? "[\(number(interval.lower))" : "(open"
  return "\(lower), \(interval.upper.isFinite ? number(interval.upper) + "]" : "open)")"
}

/// How many digits a level is printed with.
private func decibelDigits(_ level: Double) -> Int { abs(level) < 0.995 ? 2 : 1 }

private func decibelNumber(_ level: Double, digits: Int) -> String {
  withoutSignOfZero(String(format: "%.\(digits)f", level))
}

/// A ratio and its interval, such as `2.06x [1.99, 2.12]`, with the digits of `humanRange` that all three numbers share
/// where they are small, so that the interval holds the ratio as printed too. The interval is empty where there is none.
package func humanRatio(_ ratio: Double, _ interval: Interval?) -> (ratio: String, interval: String) {
  guard let interval else { return (trimmed(ratio) + "x", "") }
  let digits = sharedDigits([ratio, interval.lower, interval.upper])
  return (number(ratio, digits) + "x", range(interval, digits))
}

/// An interval of plain numbers: `[1.2, 1.4]`; with an open end `[1.2, open)`. Below ten both ends have as many digits as
/// the one that needs more: `[1.78, 2.10]`.
package func humanRange(_ interval: Interval) -> String {
  range(interval, sharedDigits([interval.lower, interval.upper]))
}

/// As many digits after the point as the number needs that needs most of them; nothing where one is not below ten.
private func sharedDigits(_ values: [Double]) -> Int? {
  values.allSatisfy { abs($0) < 9.95 } ? values.compactMap { digitsAfterPoint($0) }.max() : nil
}

private func number(_ value: Double, _ digits: Int?) -> String {
  guard let digits, digitsAfterPoint(value) != nil else { return trimmed(value) }
  return withoutSignOfZero(String(format: "%.\(digits)f", value))
}

private func range(_ interval: Interval, _ digits: Int?) -> String {
  let lower = interval.lower.isFinite ? "[\(number(interval.lower, digits))" : "(open"
  return "\(lower), \(interval.upper.isFinite ? number(interval.upper, digits) + "]" : "open)")"
}

/// A count: `5403`, `108 k`, `2.61 M`.
package func humanCount(_ count: Double) -> String {
  scaled(count, units: ["", " k", " M", " G", " T"], wholeBelow: 10_000)
}

/// A number of bytes: `640 B`, `36.2 MB`.
package func humanBytes(_ bytes: Double) -> String {
  scaled(bytes, units: [" B", " kB", " MB", " GB", " TB", " PB"], wholeBelow: 1000)
}

/// A share as a percentage: `5.1 %`, `78 %`.
package func humanShare(_ share: Double) -> String {
  let percent = 100 * share
  if percent > 0, percent < 0.05 { return "< 0.1 %" }
  let isSmall = abs(percent) >= 0.05 && abs(percent) < 9.95
  return withoutSignOfZero(String(format: isSmall ? "%.1f %%" : "%.0f %%", percent))
}

/// A ratio or another plain number: two digits after the point only where they are needed, and two digits of a number
/// that is smaller still.
package func trimmed(_ value: Double) -> String {
  guard value.isFinite else { return "\(value)" }
  guard let digits = digitsAfterPoint(value) else { return String(format: abs(value) >= 1 ? "%.3g" : "%.2g", value) }
  return withoutSignOfZero(String(format: "%.\(digits)f", value))
}

/// How many digits after the point a plain number is written with; nothing for one that needs an exponent.
private func digitsAfterPoint(_ value: Double) -> Int? {
  switch abs(value) {
  case 1e7...: nil
  case 99.5...: 0
  case 1.995...: 1
  case 0.0095...: 2
  case 0: 2
  default: nil
  }
}

/// The mean degree of a network: whole, or as a ratio.
package func humanDegree(_ degree: Double) -> String {
  degree == degree.rounded() ? String(format: "%.0f", degree) : trimmed(degree)
}

// MARK: - Parts

/// A printed number without the sign of one that was rounded to zero.
func withoutSignOfZero(_ text: String) -> String {
  text.hasPrefix("-") && !text.contains { ("1"..."9").contains($0) } ? String(text.dropFirst()) : text
}

/// Three significant digits without an exponent.
private func significant(_ value: Double) -> String {
  guard value != 0 else { return "0" }
  let magnitude = Int(log10(abs(value)).rounded(.down))
  let digits = max(0, min(6, 2 - magnitude))
  // Rounding may carry into a new digit in front, and then one fewer is wanted behind.
  let carries = (abs(value) * pow(10, Double(digits))).rounded() >= 1000 && digits > 0
  return String(format: "%.\(carries ? digits - 1 : digits)f", value)
}

private func unit(of seconds: Double) -> (size: Double, name: String) {
  if seconds >= 0.9995 || seconds == 0 { return (1, "s") }
  return seconds >= 0.9995e-3 ? (1e-3, "ms") : (1e-6, "us")
}

private func unitText(_ seconds: Double) -> String {
  let unit = unit(of: seconds)
  return "\(significant(seconds / unit.size)) \(unit.name)"
}

private func clock(_ seconds: Double) -> String {
  let whole = Int(min(seconds, 1e12).rounded())
  if whole < 3600 { return "\(whole / 60):\(twoDigits(whole % 60))" }
  return "\(whole / 3600):\(twoDigits(whole / 60 % 60)):\(twoDigits(whole % 60))"
}

private func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

private func scaled(_ value: Double, units: [String], wholeBelow limit: Double) -> String {
  guard value.isFinite else { return "\(value)" }
  if value < limit { return withoutSignOfZero(String(format: "%.0f", value)) + units[0] }
  var rest = value
  var index = 0
  while rest >= 999.5, index < units.count - 1 {
    rest /= 1000
    index += 1
  }
  return significant(rest) + units[index]
}
