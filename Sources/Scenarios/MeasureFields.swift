// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Records
import Simulation

extension MeasurementSettings {
  static var record: Record<MeasurementSettings> {
    Record([
      Field(
        "until", \.until, .quantity(.duration, .positiveDuration), "virtual time at which every run ends",
        required: true),
      Field(
        "every", \.every, .quantity(.duration, .positiveDuration), "virtual time between measurements", required: true),
      Field(
        "target", \.target, Target.codec.orWord(),
        "reached at the first of three measurements in a row at or below it; the time to it is reported"),
      Field(
        "final-window", \.finalWindow,
        .quantity(.share, Bounds(lower: 0, includesLower: false, upper: 1)),
        "share of the grid, at its end, over which final metrics are averaged"),
      Field("budget", \.budget, Budget.codec.orWord(), "ends a run sooner"),
    ])
  }

  /// The settings that the keys without a default replace.
  static var draft: MeasurementSettings { MeasurementSettings(until: 0, every: 0) }
}

/// The only entry of a map that may have one of several keys.
private func onlyEntry(
  _ tree: Tree, _ path: String, of keys: [String], such example: String
) throws(ScenarioError) -> Tree.Entry {
  guard let entries = tree.entries else { throw mistyped(tree, path, mustBe: "a map such as \(example)") }
  for entry in entries where !keys.contains(entry.key) {
    throw unknownKey(entry.key, at: entry.keyPlace, in: path, known: keys)
  }
  guard let entry = entries.first, entries.count == 1 else {
    throw tree.error("\(path) must have one key, such as \(example)", note: "allowed: " + keys.joined(separator: ", "))
  }
  return entry
}

extension MeasurementSettings.Target {
  /// The metrics of which a target can be reached from above.
  private static let metrics: [MetricName] = [
    .msd, .ownMSD, .disagreement, .msdAll, .ownMSDAll, .disagreementAll,
  ]

  fileprivate static var codec: Codec<Self> {
    let threshold = Codec<Double>.quantity(.power, .positive)
    return Codec(
      allowed: "a metric and its bound such as {msd: -30 dB}",
      read: { (tree, path) throws(ScenarioError) -> Self in
        let entry = try onlyEntry(tree, path, of: metrics.map(\.rawValue), such: "{msd: -30 dB}")
        let metric = metrics.first { $0.rawValue == entry.key } ?? .msd
        return Self(metric: metric, threshold: try threshold.read(entry.value, "\(path).\(entry.key)"))
      },
      write: { "{\($0.metric.rawValue): \(threshold.write($0.threshold))}" })
  }
}

extension MeasurementSettings.Budget {
  fileprivate static var codec: Codec<Self> {
    let number = Codec<Double>.quantity(.number, .positive)
    let size = Codec<Double>.quantity(.size, Bounds(lower: 0, includesLower: false, upper: 1e18))
    return Codec(
      allowed: "{updates: 1000}, {samples: 1000} or {bytes: 10 MB}",
      read: { (tree, path) throws(ScenarioError) -> Self in
        let entry = try onlyEntry(tree, path, of: ["updates", "samples", "bytes"], such: "{updates: 1000}")
        let inner = "\(path).\(entry.key)"
        switch entry.key {
        case "updates": return .updates(try number.read(entry.value, inner))
        case "samples": return .samples(try number.read(entry.value, inner))
        default: return .bytes(try size.read(entry.value, inner))
        }
      },
      write: { budget in
        switch budget {
        case .updates(let count): "{updates: \(number.write(count))}"
        case .samples(let count): "{samples: \(number.write(count))}"
        case .bytes(let count): "{bytes: \(size.write(count))}"
        }
      })
  }
}
