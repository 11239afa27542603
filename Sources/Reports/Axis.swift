// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Quantities

/// An axis of a chart: where values lie on it, and what stands beside it.
struct Axis {
  /// A mark with its text.
  struct Tick {
    let value: Double
    let text: String
  }

  let low: Double
  let high: Double
  let isLogarithmic: Bool
  let ticks: [Tick]
  /// What stands at the axis, with the unit.
  let title: String

  /// A linear axis around some values.
  ///
  /// - Parameters:
  ///   - size: the length of the unit in the unit of the values.
  ///   - isTight: whether it ends with the values, as time does.
  init(_ values: [Double], title: String, size: Double = 1, isTight: Bool = false, count: Int = 5) {
    let finite = values.filter(\.isFinite)
    var low = (finite.min() ?? 0) / size
    var high = (finite.max() ?? 1) / size
    if high - low < max(1e-9, abs(high) * 1e-9) { (low, high) = (low - 0.5, high + 0.5) }
    let step = Self.step(high - low, count: count)
    if !isTight {
      low = (low / step).rounded(.down) * step
      high = (high / step).rounded(.up) * step
    }
    let digits = max(0, Int((-log10(step)).rounded(.up)))
    let first = Int((low / step - 1e-9).rounded(.up))
    let last = Int((high / step + 1e-9).rounded(.down))
    (self.low, self.high) = (low * size, high * size)
    isLogarithmic = false
    ticks = (min(first, last)...last).map { number in
      let value = Double(number) * step
      return Tick(value: value * size, text: Self.text(value, digits: digits))
    }
    self.title = title
  }

  /// An axis around positive values: logarithmic, unless all of them lie close together.
  init(positive values: [Double], title: String, size: Double) {
    let finite = values.filter { $0.isFinite && $0 > 0 }
    let isShort = (finite.max() ?? 1) < 3 * (finite.min() ?? 1)
    self =
      isShort
      ? Axis(finite, title: title, size: size) : Axis(logarithmic: finite, title: title, size: size)
  }

  /// A logarithmic axis around positive values, with more marks the shorter it is.
  init(logarithmic values: [Double], title: String, size: Double) {
    let finite = values.filter { $0.isFinite && $0 > 0 }.map { $0 / size }
    let low = (finite.min() ?? 1) / 1.15
    let high = (finite.max() ?? 10) * 1.15
    let decades = Int(log10(low).rounded(.down))...Int(log10(high).rounded(.up))
    let length = log10(high / low)
    let factors: [Double] = length > 2.5 ? [1] : length > 1.2 ? [1, 2, 5] : [1, 1.5, 2, 3, 4, 5, 6, 8]
    let marks = decades.flatMap { decade in factors.map { $0 * pow(10, Double(decade)) } }
    (self.low, self.high) = (low * size, high * size)
    isLogarithmic = true
    ticks = marks.filter { (low...high).contains($0) }.map { value in
      Tick(value: value * size, text: Self.text(value, digits: Self.digits(value)))
    }
    self.title = title
  }

  /// Where a value lies, from 0 at the low end to 1 at the high one.
  func place(_ value: Double) -> Double {
    guard isLogarithmic else { return (value - low) / (high - low) }
    return log(max(value, low * 1e-3) / low) / log(high / low)
  }

  /// 1, 2 or 5 times a power of ten.
  private static func step(_ length: Double, count: Int) -> Double {
    let rough = length / Double(count)
    let power = pow(10, log10(rough).rounded(.down))
    let factor = [1, 2, 5, 10].first { rough <= $0 * power * 1.000001 } ?? 10
    return factor * power
  }

  /// Digits behind the point of a mark with at most two digits.
  private static func digits(_ value: Double) -> Int {
    let first = max(0, Int((-log10(value)).rounded(.up)))
    let power = pow(10, Double(first))
    return abs(value * power - (value * power).rounded()) < 1e-6 ? first : first + 1
  }

  /// With a minus sign instead of a hyphen.
  private static func text(_ value: Double, digits: Int) -> String {
    let size = abs(value)
    let number = size >= 1e6 ? String(format: "%.3g", size) : String(format: "%.\(min(9, digits))f", size)
    return value < 0 && number.contains { ("1"..."9").contains($0) } ? "\u{2212}" + number : number
  }
}

/// The unit for times up to one in seconds.
struct TimeUnit {
  /// Its length in seconds.
  let size: Double
  let name: String

  /// The largest of which the longest time has three or more.
  init(longest: Double) {
    let all: [(Double, Double, String)] = [
      (86_400, 3 * 86_400, "d"), (3600, 3 * 3600, "h"), (60, 180, "min"), (1, 0.5, "s"), (1e-3, 5e-4, "ms"),
    ]
    let found = all.first { longest >= $0.1 } ?? (1e-6, 0, "µs")
    (size, name) = (found.0, found.2)
  }
}
