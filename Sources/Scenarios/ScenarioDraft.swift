// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import EventEngine
import Learners
import Quantities
import Schema
import Simulation

/// One arm of a scenario as it is written, with all defaults: what the readers fill.
package struct ScenarioDraft {
  var name = ""
  var question: String?
  var task = TaskDraft(definition: .linearRegression)
  var network = NetworkDraft()
  var learner = LearnerDraft(definition: .leastMeanSquares)
  var strategy = StrategyDraft()
  package var conditions = ConditionSettings()
  var presets = PresetDraft()
  var presetUnit = VirtualDuration.presetUnit
  var timeline: [TimelineEntry] = []
  package var measure = MeasurementSettings.draft
  package var replications = 20
  package var seed: UInt64 = 1
  var resample: [SimulationSettings.Resampled] = []
  var ties = TieOrder.firstInFirstOut

  init() {}

  /// The draft that says the same as an arm of a scenario.
  init(_ scenario: Scenario, _ settings: SimulationSettings) {
    name = scenario.name
    question = scenario.question
    task = TaskDraft(definition: settings.task.definition, arguments: settings.task.arguments)
    network = NetworkDraft(settings.network)
    learner = LearnerDraft(definition: settings.learner.algorithm, arguments: settings.learner.arguments)
    strategy = StrategyDraft(settings.strategy)
    conditions = settings.conditions
    timeline = settings.timeline
    measure = settings.measurement
    replications = scenario.replications
    seed = scenario.seed
    resample = SimulationSettings.Resampled.allCases.filter(settings.resample.contains)
    ties = settings.ties
  }

  /// Fills in what the scenario does not say and another choice brings with it: a strategy its only timing, and a task
  /// the learner that it is for.
  mutating func settleChoices(in tree: Tree) {
    func isGiven(_ section: String, _ key: String) -> Bool { tree.entry(section)?.value.entry(key) != nil }
    let timings = strategy.settings.kind.timings
    if let usual = strategy.settings.facts.usualTiming ?? (timings.count == 1 ? timings[0] : nil),
      !isGiven("strategy", "timing")
    {
      strategy.settings.timing = usual
    }
    guard !isGiven("learner", "algorithm") else { return }
    if let usual = LearnerDefinition.named(task.definition.usualLearner) { learner.definition = usual }
  }

  /// How arms are read and written.
  static var record: Record<ScenarioDraft> { ScenarioSchema.current.record }

  /// Built once, as every arm of a large sweep is read and written by it. Nothing in it ever changes.
  nonisolated(unsafe) fileprivate static let wholeRecord: Record<ScenarioDraft> = {
    Record([
      Field("name", \.name, .line, "of the study", required: true),
      Field(
        "question", \.question, Codec.text.orWord(), "what the study is to find out", hidden: { $0.question == nil }),
      Field(group: "task", \.task, TaskDraft.record, "what agents learn from", required: true),
      Field(group: "network", \.network, NetworkDraft.record, "who hears whom", required: true),
      Field(group: "learner", \.learner, LearnerDraft.record, "how agents learn", required: true),
      Field(group: "strategy", \.strategy, StrategyDraft.record, "how agents cooperate"),
      Field(group: "conditions", \.conditions, ConditionSettings.record, "what the world does to the agents"),
      Field(
        "timeline", \.timeline, TimelineEntry.codec, "what happens to the world at times of your choice",
        hidden: { $0.timeline.isEmpty }),
      Field(
        group: "presets", \.presets, PresetDraft.record,
        "named conditions and networks that stand where nothing else is said",
        hidden: { _ in true }),
      Field(
        "preset-unit", \.presetUnit, .duration(.positiveDuration), "the mean step u of presets", hidden: { _ in true }),
      Field(
        group: "measure", \.measure, MeasurementSettings.record, "what is measured, and when a run ends", required: true
      ),
      Field(
        reserved: "arms", .dictionary(.dictionary(.anything)),
        "variants to compare: names with maps from dotted paths to values"),
      Field(
        reserved: "sweep", .dictionary(.anything),
        "what `starling sweep` varies: dotted paths with lists or ranges of values"),
      Field("replications", \.replications, .count(1...1_000_000), "seeds per arm"),
      Field("seed", \.seed, .seed, "of all random numbers"),
      Field("resample", \.resample, resampleCodec, "what every replication draws anew"),
      Field("ties", \.ties, tiesCodec, "order of exact ties"),
    ])
  }()

  /// Keys that hold for the whole scenario, so that no arm can set them.
  static let sharedKeys = ["name", "question", "arms", "sweep", "replications", "seed"]

  private static var resampleCodec: Codec<[SimulationSettings.Resampled]> {
    let list = Codec<SimulationSettings.Resampled>.choice.list
    return Codec(
      .described(list.kind, "a list of network, tasks, speeds"),
      read: { (tree, path) throws(ScenarioError) -> [SimulationSettings.Resampled] in
        let values = try list.read(tree, path)
        guard Set(values).count == values.count else { throw tree.error("\(path) names something twice") }
        return values
      }, write: list.write)
  }

  private static var tiesCodec: Codec<TieOrder> {
    let allowed = "fifo, or random:SEED with a whole number"
    return Codec(
      .described(.line, allowed),
      read: { (tree, path) throws(ScenarioError) -> TieOrder in
        if tree.text == "fifo" { return .firstInFirstOut }
        guard let text = tree.text, text.hasPrefix("random:"), let seed = UInt64(text.dropFirst(7)) else {
          throw mistyped(tree, path, mustBe: allowed)
        }
        return .random(seed: seed)
      },
      write: { order in
        switch order {
        case .firstInFirstOut: "fifo"
        case .random(let seed): "random:\(seed)"
        }
      })
  }
}

/// All keys of a scenario.
package struct ScenarioSchema: @unchecked Sendable {
  /// Nothing in it ever changes.
  package let record: Record<ScenarioDraft>
  let keys: [SchemaKey]

  package init(_ record: Record<ScenarioDraft>) {
    self.record = record
    keys = record.schemaKeys
  }

  /// The keys of this version. Tests put later versions in its place, which know more of them.
  @TaskLocal package static var current = ScenarioSchema(ScenarioDraft.wholeRecord)

  static var keys: [SchemaKey] { current.keys }

  /// The key at a path, or the key whose value the path goes into.
  static func key(at path: DottedPath) -> SchemaKey? {
    let names = path.parts.map(\.name)
    for length in stride(from: names.count, through: 1, by: -1) {
      let prefix = names.prefix(length).joined(separator: ".")
      guard let key = keys.first(where: { $0.path == prefix }) else { continue }
      return length == names.count || !key.isGroup ? key : nil
    }
    return nil
  }

  /// The path that was probably meant: one that ends so, or one that is written almost so.
  static func suggestion(for path: String) -> String? {
    let ending = keys.first { $0.path.hasSuffix("." + path) }?.path
    if let ending { return ending }
    if let close = nearest(to: path, among: keys.map(\.path)) { return close }
    let last = path.split(separator: ".").last.map(String.init) ?? path
    return keys.first { $0.name == last }?.path
  }
}
