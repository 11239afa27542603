// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Summaries

/// A number of each arm with its interval, a row for each.
struct IntervalChart {
  struct Row {
    let name: String
    let look: Int
    /// Nothing where only a lower bound is known.
    let value: Double?
    let low: Double?
    /// Infinite where it is open.
    let high: Double?
    /// As the table has it.
    let text: String
  }

  private static let width = 440.0
  private static let left = 22.0
  private static let right = 24.0
  private static let rowHeight = 34.0
  private static let bottom = 42.0

  let identifier: String
  let title: String
  let axis: Axis
  let rows: [Row]

  private var height: Double { Double(rows.count) * Self.rowHeight + 8 + Self.bottom }

  private func x(_ value: Double) -> Double {
    Self.left + min(1, max(0, axis.place(value))) * (Self.width - Self.left - Self.right)
  }

  /// The chart as SVG.
  var svg: String {
    let words = rows.map { "\($0.name): \($0.text)" }.joined(separator: "; ")
    let low = height - Self.bottom
    var parts = [
      "<svg viewBox=\"0 0 \(coordinate(Self.width)) \(coordinate(height))\" role=\"img\" "
        + "aria-labelledby=\"\(identifier)-title \(identifier)-text\">",
      "<title id=\"\(identifier)-title\">\(escaped(title))</title>",
      "<desc id=\"\(identifier)-text\">\(escaped(words)).</desc>",
    ]
    parts += axis.ticks.map { tick in
      "<line class=\"grid\" x1=\"\(coordinate(x(tick.value)))\" x2=\"\(coordinate(x(tick.value)))\" y1=\"4\" "
        + "y2=\"\(coordinate(low))\"/><text class=\"tick\" x=\"\(coordinate(x(tick.value)))\" "
        + "y=\"\(coordinate(low + 15))\" text-anchor=\"middle\">\(tick.text)</text>"
    }
    parts.append(
      "<path class=\"axis\" d=\"M\(coordinate(Self.left)) \(coordinate(low))H\(coordinate(Self.width - Self.right))\"/>"
    )
    parts.append(
      "<text class=\"label\" x=\"\(coordinate(Self.width / 2))\" y=\"\(coordinate(height - 7))\" "
        + "text-anchor=\"middle\">\(escaped(axis.title))</text>")
    for (index, row) in rows.enumerated() { parts += marks(row, at: 8 + (Double(index) + 0.72) * Self.rowHeight) }
    return (parts + ["</svg>"]).joined(separator: "\n")
  }

  private func marks(_ row: Row, at y: Double) -> [String] {
    let look = lookClass(row.look)
    let line = coordinate(y)
    var parts = [
      "<text class=\"name\" x=\"\(coordinate(Self.left))\" y=\"\(coordinate(y - 9))\">\(escaped(shown(row.name, longest: 34)))"
        + "<tspan class=\"value\" dx=\"8\">\(escaped(row.text))</tspan></text>"
    ]
    let end = Self.width - Self.right
    if let low = row.low {
      let isOpen = !(row.high ?? .infinity).isFinite
      let to = isOpen ? end + 8 : x(row.high ?? low)
      parts.append(
        "<path class=\"whisker \(look)\" d=\"M\(coordinate(x(low))) \(line)H\(coordinate(to))\"/>"
          + (isOpen ? arrow(at: to, y, look) : ""))
    } else if row.value == nil {
      parts.append("<text class=\"tick\" x=\"\(coordinate(Self.left))\" y=\"\(coordinate(y + 4))\">no value</text>")
    }
    if let value = row.value, value.isFinite {
      parts.append("<circle class=\"dot \(look)\" cx=\"\(coordinate(x(value)))\" cy=\"\(line)\" r=\"4.2\"/>")
    }
    return parts
  }

  private func arrow(at x: Double, _ y: Double, _ look: String) -> String {
    "<path class=\"whisker \(look)\" d=\"M\(coordinate(x - 5)) \(coordinate(y - 4))L\(coordinate(x)) \(coordinate(y))"
      + "L\(coordinate(x - 5)) \(coordinate(y + 4))\"/>"
  }
}
