// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Records
import Schema
import Simulation

extension MeasurementSettings {
  package static var record: Record<MeasurementSettings> {
    Record([
      Field(
        "until", \.until, .duration(.positiveDuration), "virtual time at which every run ends",
        required: true),
      Field(
        "every", \.every, .duration(.positiveDuration), "virtual time between measurements", required: true),
      Field(
        "target", \.target, Target.codec.orWord(),
        "reached at the first of three measurements in a row at or beyond it; the time to it is reported"),
      Field(
        "final-window", \.finalWindow,
        .quantity(.share, Bounds(lower: 0, includesLower: false, upper: 1)),
        "share of the grid, at its end, over which final metrics are averaged"),
      Field("budget", \.budget, Budget.codec.orWord(), "ends a run sooner"),
      Field(
        "test-episodes", \.testEpisodes, .count(1...10_000), "tasks control and particles: that a policy is tested in",
        hidden: { $0.testEpisodes == draft.testEpisodes }),
      Field(
        "all-tasks", \.testsAllTasks, .flag,
        "tasks control, particles, five-state and grid-world: whether final policies are tested in all tasks",
        hidden: { !$0.testsAllTasks }),
      Field(
        "keep-parameters", \.keeping, Keeping.codec,
        "which parameters results keep; auto: the final ones of policies", hidden: { $0.keeping == .auto }),
      Field(
        "also", \.also, Codec.line.list, "metrics that the learner can measure and does not unless it is asked to",
        hidden: { $0.also.isEmpty }),
      Field(
        group: "records", \.records, RecordSettings.record,
        "what results keep beyond what they always do; changes nothing in a run",
        hidden: { $0.records == RecordSettings() }),
    ])
  }

  /// The settings that the keys without a default replace.
  static var draft: MeasurementSettings { MeasurementSettings(until: .zero, every: .zero) }
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
  private static let metrics = MetricDefinition.all.filter(\.canBeTarget)

  /// How the bound of a metric is written.
  private static func threshold(_ metric: MetricDefinition) -> Codec<Double> {
    switch metric.scale {
    case .decibels: .quantity(.power, .positive)
    case .plain: .quantity(.number, .anyNumber)
    case .share: .quantity(.share, .share)
    case .seconds: .quantity(.duration, .duration)
    case .bytes: .quantity(.size, .size)
    case .count: .quantity(.number, .notNegative)
    }
  }

  fileprivate static var codec: Codec<Self> {
    return Codec(
      .described(
        .oneOf(metrics.map { Parameter($0.name, threshold($0).kind, "") }),
        "a metric and its bound such as {msd: -30 dB} or {return: 195}"),
      read: { (tree, path) throws(ScenarioError) -> Self in
        let known = metrics.union(DeclaredMetrics.present.filter(\.canBeTarget))
        let entry = try onlyEntry(tree, path, of: known.map(\.name), such: "{msd: -30 dB}")
        let metric = known.named(entry.key) ?? .msd
        return Self(metric: metric, threshold: try Self.threshold(metric).read(entry.value, "\(path).\(entry.key)"))
      },
      write: { "{\($0.metric.name): \(threshold($0.metric).write($0.threshold))}" })
  }
}

extension MeasurementSettings.Budget {
  fileprivate static var codec: Codec<Self> {
    let number = Codec<Double>.quantity(.number, .positive)
    let size = Codec<Double>.quantity(.size, Bounds(lower: 0, includesLower: false, upper: 1e18))
    return Codec(
      .described(
        .oneOf(
          ["updates", "samples", "episodes"].map { Parameter($0, number.kind, "") } + [
            Parameter("bytes", size.kind, "")
          ]),
        "{updates: 1000}, {samples: 1000}, {episodes: 1000} or {bytes: 10 MB}"),
      read: { (tree, path) throws(ScenarioError) -> Self in
        let entry = try onlyEntry(tree, path, of: ["updates", "samples", "episodes", "bytes"], such: "{updates: 1000}")
        let inner = "\(path).\(entry.key)"
        switch entry.key {
        case "updates": return .updates(try number.read(entry.value, inner))
        case "samples": return .samples(try number.read(entry.value, inner))
        case "episodes": return .episodes(try number.read(entry.value, inner))
        default: return .bytes(try size.read(entry.value, inner))
        }
      },
      write: { budget in
        switch budget {
        case .updates(let count): "{updates: \(number.write(count))}"
        case .samples(let count): "{samples: \(number.write(count))}"
        case .episodes(let count): "{episodes: \(number.write(count))}"
        case .bytes(let count): "{bytes: \(size.write(count))}"
        }
      })
  }
}

extension MeasurementSettings.Keeping {
  fileprivate static var codec: Codec<Self> {
    let interval = Codec<VirtualDuration>.duration(.positiveDuration)
    let every = Record<VirtualDuration>([Field("every", \.self, interval, "", required: true)])
    let words: [(String, Self)] = [("auto", .auto), ("none", .none), ("final", .final)]
    let allowed = "auto, none, final, or {every: 1 min}"
    return Codec(
      .described(.either([.choice(words.map(\.0)), every.kind]), allowed),
      read: { (tree, path) throws(ScenarioError) -> Self in
        if let word = words.first(where: { $0.0 == tree.text }) { return word.1 }
        guard tree.entries != nil else { throw mistyped(tree, path, mustBe: allowed) }
        var time = VirtualDuration.zero
        try every.read(tree, path, into: &time)
        return .every(time)
      },
      write: { keeping in
        if case .every(let time) = keeping { return every.inline(time) }
        return words.first { $0.1 == keeping }?.0 ?? "auto"
      })
  }
}
