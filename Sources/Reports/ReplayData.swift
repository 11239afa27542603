// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Quantities
import Records
import Studies
import Summaries

/// A replay as the numbers that the script of the page draws, in JSON. Times are whole ticks from its beginning.
struct ReplayData {
  /// Ticks of a whole replay: times within 0.0002 % of it.
  private static let ticks = 500_000.0
  /// Points of the curve below the network.
  private static let points = 400

  let replay: Replay
  /// What the run is judged by, and how it went on the grid.
  let metric: MetricDefinition
  let curve: (times: [Double], values: [Double])?

  private var length: Double { replay.span.upperBound - replay.span.lowerBound }

  private func tick(_ time: Double) -> Int {
    guard length > 0 else { return 0 }
    return Int(((time - replay.span.lowerBound) / length * Self.ticks).rounded())
  }

  /// The text of a script element of JSON.
  var json: String {
    let fields = [
      "\"start\":\(scriptNumber(replay.span.lowerBound, digits: 9))", "\"length\":\(scriptNumber(length, digits: 9))",
      "\"ticks\":\(Int(Self.ticks))", "\"learning\":\(replay.agentCount)",
      "\"names\":[\(replay.names.map(scriptString).joined(separator: ","))]", "\"places\":\(places)",
      "\"links\":[\(replay.links.map { "\($0.x),\($0.y)" }.joined(separator: ","))]",
      "\"oneIn\":\(replay.oneInSoMany)",
      "\"messages\":[\(messages)]", "\"changes\":[\(changes)]",
      "\"causes\":[\(replay.causes.map(scriptString).joined(separator: ","))]",
      "\"computing\":[\(replay.computing.map { "[\($0.map(String.init).joined(separator: ","))]" }.joined(separator: ","))]",
      "\"disagreement\":\(disagreement)", "\"curve\":\(curveText)",
    ]
    return "{\(fields.joined(separator: ",\n"))}"
  }

  /// Where nodes are drawn in a square, in thousandths; without places on a circle, centres in its middle.
  private var places: String {
    let spots: [SIMD2<Double>] =
      replay.positions
      ?? replay.names.indices.map { rank in
        guard rank < replay.agentCount else { return SIMD2(0.5, 0.5) }
        let angle = 2 * Double.pi * Double(rank) / Double(max(1, replay.agentCount)) - Double.pi / 2
        return SIMD2(0.5 + 0.5 * cos(angle), 0.5 + 0.5 * sin(angle))
      }
    let lows = spots.reduce(SIMD2(Double.infinity, .infinity)) { pointwiseMin($0, $1) }
    let highs = spots.reduce(SIMD2(-Double.infinity, -.infinity)) { pointwiseMax($0, $1) }
    let size = max(highs.x - lows.x, highs.y - lows.y, 1e-9)
    let texts = spots.map { spot in
      let centred = (spot - (lows + highs) / 2) / size * 1000
      return "\(Int(centred.x.rounded())),\(Int(centred.y.rounded()))"
    }
    return "[\(texts.joined(separator: ","))]"
  }

  /// Ticks since the message before, link, ticks of flight, fate.
  private var messages: String {
    var text = ""
    var latest = 0
    for message in replay.messages {
      let start = tick(message.start)
      if !text.isEmpty { text += "," }
      text += "\(start - latest),\(message.link),\(tick(message.end) - start),\(message.fate.rawValue)"
      latest = start
    }
    return text
  }

  /// Ticks since the change before, kind, agent, link, cause (-1 for none), factor in hundredths.
  private var changes: String {
    var text = ""
    var latest = 0
    for change in replay.changes {
      let start = tick(change.time)
      if !text.isEmpty { text += "," }
      let factor = change.factor.map { $0.isFinite ? Int(min(1e6, $0) * 100) : 0 } ?? 0
      text +=
        "\(start - latest),\(change.kind.rawValue),\(change.agent ?? -1),\(change.link ?? -1),"
        + "\(change.cause ?? -1),\(factor)"
      latest = start
    }
    return text
  }

  /// In whole decibels, by time and rank.
  private var disagreement: String {
    guard let known = replay.disagreement else { return "null" }
    let rows = known.values.map { row in
      "["
        + row.map { $0.isFinite ? "\(Int(max(-200, decibels(ofPower: $0)).rounded()))" : "null" }.joined(separator: ",")
        + "]"
    }
    return
      "{\"times\":[\(known.times.map { "\(tick($0))" }.joined(separator: ","))],\"rows\":[\(rows.joined(separator: ","))]}"
  }

  private var curveText: String {
    guard let curve else { return "null" }
    let inside = curve.times.indices.filter { replay.span.contains(curve.times[$0]) && $0 < curve.values.count }
    let step = max(1, inside.count / Self.points)
    let kept = inside.enumerated().filter { $0.offset % step == 0 || $0.offset == inside.count - 1 }.map(\.element)
    guard kept.count > 1 else { return "null" }
    let values = kept.map { scriptNumber(metric.drawn(curve.values[$0]), digits: 4) }
    return "{\"title\":\(scriptString(metric.label)),\"unit\":\(scriptString(metric.axisUnit)),"
      + "\"times\":[\(kept.map { "\(tick(curve.times[$0]))" }.joined(separator: ","))],"
      + "\"values\":[\(values.joined(separator: ","))]}"
  }
}
