// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

extension RunMetric.Quantity {
  /// A value in base units, as people read it.
  func text(_ value: Double) -> String {
    switch self {
    case .power: humanDecibels(decibels(ofPower: max(0, value)))
    case .seconds: humanDuration(value)
    case .bytes: humanBytes(value)
    case .plain: value == value.rounded() || value >= 99.5 ? humanCount(value) : trimmed(value)
    case .share: humanShare(value)
    case .performance: humanReturn(value)
    }
  }

  /// An interval, as it stands behind the value that it is of.
  func text(_ interval: Interval, of value: Double) -> String {
    switch self {
    case .power: return humanInterval(interval.inDecibels, of: decibels(ofPower: max(0, value)))
    // The interval of a mean may begin below zero, where no duration is.
    case .seconds: return humanDurations(Interval(lower: max(0, interval.lower), upper: interval.upper))
    case .performance: return humanReturns(interval, of: value)
    case .bytes, .plain, .share:
      return "[\(text(interval.lower)), \(interval.upper.isFinite ? text(interval.upper) + "]" : "open)")"
    }
  }

  /// The unit of plain data.
  var unitName: String {
    switch self {
    case .power, .plain, .performance: "1"
    case .seconds: "s"
    case .bytes: "B"
    case .share: "share"
    }
  }
}
