// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Randomness

/// The section `task` as it is written.
struct TaskDraft {
  enum Kind: String, CaseIterable {
    case linearRegression = "linear-regression"
    case averaging
    case control
  }

  var kind = Kind.linearRegression
  /// A dimension of zero stands for none given.
  var settings = LinearRegressionSettings(dimension: 0)
  var environment: ControlSettings.Environment?
  var tasks = ControlSettings.Tasks.single
  var timeLimit: Int?

  /// The keys that go with each kind, apart from the kind itself.
  static let keysOfKind: [(kind: Kind, keys: [String])] = [
    (
      .linearRegression,
      ["dimension", "truth", "noise-variance", "regressor-variance", "regressor-correlation", "samples"]
    ),
    (.averaging, ["dimension"]),
    (.control, ["environment", "tasks", "time-limit"]),
  ]

  /// The kind that a key is for, where it goes with one only.
  static func kinds(of key: String) -> [Kind] { keysOfKind.filter { $0.keys.contains(key) }.map(\.kind) }

  static var record: Record<TaskDraft> {
    Record([
      Field("kind", \.kind, .choice, "what agents learn", required: true),
      Field(
        "dimension", \.settings.dimension, .count(1...1_000_000), dimensionHelp, hidden: { $0.kind == .control }),
      Field(
        "truth", \.settings.truth, truthCodec, "the agents' minimisers",
        keysBelow: truthRecord.schemaKeys, hidden: { $0.kind == .control }),
      Field(
        "noise-variance", \.settings.noiseVariance, .perAgent(LawRule(kind: .number, bounds: .notNegative)),
        "of each observation", hidden: { $0.kind == .control }),
      Field(
        "regressor-variance", \.settings.regressorVariance, .perAgent(LawRule(kind: .number, bounds: .positive)),
        "of each regressor entry", hidden: { $0.kind == .control }),
      Field(
        "regressor-correlation", \.settings.regressorCorrelation,
        .perAgent(LawRule(kind: .number, bounds: .correlation)), "of neighbouring regressor entries, -1 to 1",
        hidden: { $0.kind == .control }),
      Field(
        "samples", \.settings.samples, Codec.count(1...1_000_000_000).orWord("fresh"),
        "per agent, used in turn over and over; fresh: a new one for every step", hidden: { $0.kind == .control }),
      Field(
        "environment", \.environment, Codec.choice.orWord(), "control: what agents act on",
        hidden: { $0.kind != .control }),
      Field(
        "tasks", \.tasks, .choice, "control: one task for all, or the 25 of the grid one after the other",
        hidden: { $0.kind != .control }),
      Field(
        "time-limit", \.timeLimit, Codec.count(1...100_000).orWord("auto"),
        "control: steps after which an episode is cut off; auto: as the environment says",
        hidden: { $0.kind != .control }),
    ])
  }

  static let dimensionHelp = "number of parameters M"

  /// What the section says.
  var resolved: TaskSettings {
    switch kind {
    case .linearRegression: .linearRegression(settings)
    case .averaging: .averaging(AveragingSettings(dimension: settings.dimension))
    case .control:
      .control(
        ControlSettings(environment: environment ?? .cartPoleBalance, tasks: tasks, timeLimit: timeLimit))
    }
  }

  private typealias Truth = LinearRegressionSettings.Truth

  private static var truthRecord: Record<Truth> {
    Record([
      Field("centre", \.centre, centreCodec, "centre of all minimisers"),
      Field("spread", \.spread, .quantity(.number, .notNegative), "root mean square distance from the centre"),
      Field(
        "clusters", \.clusters, Codec.count(1...NetworkDraft.mostAgents).orWord(), "agents of one share a minimiser"),
    ])
  }

  private static var truthCodec: Codec<Truth> {
    let map = truthRecord.codec("a map", default: Truth())
    return Codec(
      allowed: "common, or {centre: [numbers], spread: 0.1, clusters: 3}",
      read: { (tree, path) throws(ScenarioError) -> Truth in
        if tree.text == "common" { return Truth() }
        guard tree.entries != nil else {
          throw mistyped(tree, path, mustBe: "common, or a map such as {spread: 0.1}")
        }
        return try map.read(tree, path)
      }, write: { $0 == Truth() ? "common" : map.write($0) })
  }

  private static var centreCodec: Codec<Truth.Centre> {
    let numbers = Codec<Double>.quantity(.number, .anyNumber).list
    return Codec(
      allowed: "drawn, or a list of M numbers",
      read: { (tree, path) throws(ScenarioError) -> Truth.Centre in
        tree.text == "drawn" ? .drawn : .values(try numbers.read(tree, path))
      },
      write: { centre in
        switch centre {
        case .drawn: "drawn"
        case .values(let values): numbers.write(values)
        }
      })
  }
}

extension Codec<PerAgent> {
  /// One number for all, a law, or a list with one number for each agent.
  static func perAgent(_ rule: LawRule) -> Codec {
    let law = Codec<Distribution>.law(rule)
    let list = Codec<Double>.quantity(rule.kind, rule.bounds).list
    return Codec(
      allowed: "a number, a law, or a list with one number per agent",
      read: { (tree, path) throws(ScenarioError) -> PerAgent in
        if case .list = tree.content { return .values(try list.read(tree, path)) }
        return .law(try law.read(tree, path))
      },
      write: { value in
        switch value {
        case .law(let distribution): law.write(distribution)
        case .values(let values): list.write(values)
        }
      })
  }
}
