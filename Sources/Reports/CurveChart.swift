// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Records
import Summaries

/// A metric against virtual time: a line for each arm, and the band of its interval.
struct CurveChart {
  /// A curve and the look of its arm.
  struct Entry {
    let curve: MetricCurve
    let look: Int
  }

  private static let width = 440.0
  private static let height = 300.0
  private static let left = 52.0
  private static let right = 12.0
  private static let top = 10.0
  private static let bottom = 42.0

  let identifier: String
  let metric: MetricDefinition
  let entries: [Entry]
  /// A bound that is drawn across, in linear units.
  var bound: Double?

  /// The chart as SVG.
  var svg: String {
    let points = entries.flatMap { entry in entry.curve.means.map(metric.drawn) }
    let level = bound.map(metric.drawn)
    let unit = metric.axisUnit
    let vertical = Axis(
      points.filter(\.isFinite) + (level.map { [$0] } ?? []),
      title: unit.isEmpty ? metric.label : "\(metric.label), \(unit)")
    let longest = entries.compactMap(\.curve.times.last).max() ?? 1
    let time = TimeUnit(longest: longest)
    let horizontal = Axis([0, longest], title: "virtual time, \(time.name)", size: time.size, isTight: true)
    func x(_ value: Double) -> Double { Self.left + horizontal.place(value) * (Self.width - Self.left - Self.right) }
    func y(_ value: Double) -> Double {
      let share = min(1.02, max(-0.02, vertical.place(value)))
      return Self.top + (1 - share) * (Self.height - Self.top - Self.bottom)
    }
    var parts = [opening, frame(horizontal, vertical, x, y)]
    parts += entries.map { band($0, x, y) }
    if let level, level.isFinite {
      parts.append(
        "<line class=\"target\" x1=\"\(coordinate(Self.left))\" x2=\"\(coordinate(Self.width - Self.right))\" "
          + "y1=\"\(coordinate(y(level)))\" y2=\"\(coordinate(y(level)))\"/>")
    }
    parts += entries.map { line($0, x, y) }
    return (parts + ["</svg>"]).filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private var opening: String {
    let names = entries.map { entry -> String in
      let ends = entry.curve.means.filter(\.isFinite)
      let texts = [ends.first, ends.last].compactMap { $0.map(text) }
      return "\(entry.curve.arm): from \(texts.first ?? "nothing") to \(texts.last ?? "nothing")"
    }
    return "<svg viewBox=\"0 0 \(coordinate(Self.width)) \(coordinate(Self.height))\" role=\"img\" "
      + "aria-labelledby=\"\(identifier)-title \(identifier)-text\">\n"
      + "<title id=\"\(identifier)-title\">\(escaped(metric.label)) against virtual time</title>\n"
      + "<desc id=\"\(identifier)-text\">\(escaped(names.joined(separator: "; "))).</desc>"
  }

  private func text(_ value: Double) -> String {
    let unit = metric.axisUnit
    return trimmed(metric.drawn(value)) + (unit.isEmpty ? "" : " \(unit)")
  }

  private func frame(
    _ horizontal: Axis, _ vertical: Axis, _ x: (Double) -> Double, _ y: (Double) -> Double
  ) -> String {
    let (low, high) = (Self.height - Self.bottom, Self.width - Self.right)
    var parts = vertical.ticks.map { tick in
      "<line class=\"grid\" x1=\"\(coordinate(Self.left))\" x2=\"\(coordinate(high))\" y1=\"\(coordinate(y(tick.value)))\" "
        + "y2=\"\(coordinate(y(tick.value)))\"/><text class=\"tick\" x=\"\(coordinate(Self.left - 6))\" "
        + "y=\"\(coordinate(y(tick.value) + 4))\" text-anchor=\"end\">\(tick.text)</text>"
    }
    parts += horizontal.ticks.map { tick in
      "<line class=\"grid\" x1=\"\(coordinate(x(tick.value)))\" x2=\"\(coordinate(x(tick.value)))\" "
        + "y1=\"\(coordinate(Self.top))\" y2=\"\(coordinate(low))\"/><text class=\"tick\" "
        + "x=\"\(coordinate(x(tick.value)))\" y=\"\(coordinate(low + 15))\" text-anchor=\"middle\">\(tick.text)</text>"
    }
    parts.append(
      "<path class=\"axis\" d=\"M\(coordinate(Self.left)) \(coordinate(Self.top))V\(coordinate(low))H\(coordinate(high))\"/>"
    )
    parts.append(
      "<text class=\"label\" x=\"\(coordinate((Self.left + high) / 2))\" y=\"\(coordinate(Self.height - 7))\" "
        + "text-anchor=\"middle\">\(escaped(horizontal.title))</text>")
    let middle = coordinate((Self.top + low) / 2)
    parts.append(
      "<text class=\"label\" transform=\"translate(13 \(middle)) rotate(-90)\" text-anchor=\"middle\">"
        + "\(escaped(vertical.title))</text>")
    return parts.joined(separator: "\n")
  }

  /// The mean; it is broken where there is none.
  private func line(_ entry: Entry, _ x: (Double) -> Double, _ y: (Double) -> Double) -> String {
    var path = ""
    var isDown = false
    for (time, mean) in zip(entry.curve.times, entry.curve.means) {
      let value = metric.drawn(mean)
      guard value.isFinite else {
        isDown = false
        continue
      }
      path += "\(isDown ? "L" : "M")\(coordinate(x(time))) \(coordinate(y(value)))"
      isDown = true
    }
    guard !path.isEmpty else { return "" }
    let dash = dashes(entry.look)
    return "<path class=\"curve \(lookClass(entry.look))\""
      + (dash.isEmpty ? "" : " stroke-dasharray=\"\(dash)\"") + " d=\"\(path)\"/>"
  }

  /// The interval, in one piece for each stretch that has one.
  private func band(_ entry: Entry, _ x: (Double) -> Double, _ y: (Double) -> Double) -> String {
    var pieces: [String] = []
    var piece: [(x: String, low: String, high: String)] = []
    func close() {
      if piece.count > 1 {
        let there = piece.map { "\($0.x) \($0.high)" }.joined(separator: "L")
        let back = piece.reversed().map { "\($0.x) \($0.low)" }.joined(separator: "L")
        pieces.append("M\(there)L\(back)Z")
      }
      piece = []
    }
    for (time, interval) in zip(entry.curve.times, entry.curve.intervals) {
      guard let interval, interval.upper.isFinite, metric.drawn(interval.upper).isFinite else {
        close()
        continue
      }
      let low = metric.drawn(interval.lower)
      piece.append(
        (
          coordinate(x(time)), coordinate(y(low.isFinite ? low : -1e9)), coordinate(y(metric.drawn(interval.upper)))
        ))
    }
    close()
    guard !pieces.isEmpty else { return "" }
    return "<path class=\"band \(lookClass(entry.look))\" d=\"\(pieces.joined())\"/>"
  }
}
