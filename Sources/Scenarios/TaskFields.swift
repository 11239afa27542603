// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Randomness
import Schema

/// The section `task` as it is written.
struct TaskDraft {
  enum Kind: String, CaseIterable {
    case linearRegression = "linear-regression"
    case averaging
    case control
    case fiveState = "five-state"
  }

  var kind = Kind.linearRegression
  /// A dimension of zero stands for none given.
  var settings = LinearRegressionSettings(dimension: 0)
  var environment: ControlSettings.Environment?
  var timeLimit: Int?
  var fiveState = FiveStateSettings()
  /// As given; nothing means the default of the kind.
  private var givenTasks: Tasks?

  /// Which tasks agents have, in words of all kinds.
  enum Tasks: String, CaseIterable {
    case single
    case grid
    case alternating
    case average
  }

  var tasks: Tasks {
    get { givenTasks ?? (kind == .fiveState ? .alternating : .single) }
    set { givenTasks = newValue }
  }

  /// The words for tasks that go with a kind.
  static func tasks(of kind: Kind) -> [String] {
    switch kind {
    case .linearRegression, .averaging: []
    case .control: ControlSettings.Tasks.allCases.map(\.rawValue)
    case .fiveState: FiveStateSettings.Tasks.allCases.map(\.rawValue)
    }
  }

  /// The keys that go with each kind, apart from the kind itself.
  static let keysOfKind: [(kind: Kind, keys: [String])] = [
    (
      .linearRegression,
      ["dimension", "truth", "noise-variance", "regressor-variance", "regressor-correlation", "samples"]
    ),
    (.averaging, ["dimension"]),
    (.control, ["environment", "tasks", "time-limit"]),
    (.fiveState, ["tasks", "discount", "start", "drift-probability"]),
  ]

  /// The kind that a key is for, where it goes with one only.
  static func kinds(of key: String) -> [Kind] { keysOfKind.filter { $0.keys.contains(key) }.map(\.kind) }

  /// Whether agents have policies, so that what belongs to estimates says nothing.
  private static func isPolicyTask(_ draft: TaskDraft) -> Bool { draft.kind == .control || draft.kind == .fiveState }

  static var record: Record<TaskDraft> {
    Record(estimationFields + policyFields)
  }

  private static var estimationFields: [Field<TaskDraft>] {
    [
      Field("kind", \.kind, .choice, "what agents learn", required: true),
      Field(
        "dimension", \.settings.dimension, .count(1...1_000_000), dimensionHelp, hidden: isPolicyTask),
      Field(
        "truth", \.settings.truth, truthCodec, "the agents' minimisers",
        keysBelow: truthRecord.schemaKeys, hidden: isPolicyTask),
      Field(
        "noise-variance", \.settings.noiseVariance, .perAgent(LawRule(kind: .number, bounds: .notNegative)),
        "of each observation", hidden: isPolicyTask),
      Field(
        "regressor-variance", \.settings.regressorVariance, .perAgent(LawRule(kind: .number, bounds: .positive)),
        "of each regressor entry", hidden: isPolicyTask),
      Field(
        "regressor-correlation", \.settings.regressorCorrelation,
        .perAgent(LawRule(kind: .number, bounds: .correlation)), "of neighbouring regressor entries, -1 to 1",
        hidden: isPolicyTask),
      Field(
        "samples", \.settings.samples, Codec.count(1...1_000_000_000).orWord("fresh"),
        "per agent, used in turn over and over; fresh: a new one for every step", hidden: isPolicyTask),
    ]
  }

  private static var policyFields: [Field<TaskDraft>] {
    [
      Field(
        "environment", \.environment, Codec.choice.orWord(), "control: what agents act on",
        hidden: { $0.kind != .control }),
      Field(
        "tasks", \.tasks, .choice,
        "control: one task for all, or the 25 of the grid one after the other; five-state: the two in turn, or their "
          + "average for all", hidden: { !isPolicyTask($0) }),
      Field(
        "time-limit", \.timeLimit, Codec.count(1...100_000).orWord("auto"),
        "control: steps after which an episode is cut off; auto: as the environment says",
        hidden: { $0.kind != .control }),
      Field(
        "discount", \.fiveState.discount,
        .quantity(.number, Bounds(lower: 0, upper: FiveStateSettings.greatestDiscount)),
        "five-state: of rewards, per step", hidden: { $0.kind != .fiveState }),
      Field(
        "start", \.fiveState.start, .startDistribution, "five-state: where episodes start",
        hidden: { $0.kind != .fiveState }),
      Field(
        "drift-probability", \.fiveState.driftProbability, Codec.quantity(.share, .share).orWord(),
        "five-state: of going right in S2 and S4 in the first task, left in the second, whatever the action",
        hidden: { $0.kind != .fiveState }),
    ]
  }

  static let dimensionHelp = "number of parameters M"

  /// What the section says.
  var resolved: TaskSettings {
    switch kind {
    case .linearRegression: .linearRegression(settings)
    case .averaging: .averaging(AveragingSettings(dimension: settings.dimension))
    case .control:
      .control(
        ControlSettings(
          environment: environment ?? .cartPoleBalance,
          tasks: ControlSettings.Tasks(rawValue: tasks.rawValue) ?? .single, timeLimit: timeLimit))
    case .fiveState: .fiveState(resolvedFiveState)
    }
  }

  private var resolvedFiveState: FiveStateSettings {
    var settings = fiveState
    settings.tasks = FiveStateSettings.Tasks(rawValue: tasks.rawValue) ?? .alternating
    return settings
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
      .described(
        .either([.word("common"), truthRecord.kind]), "common, or {centre: [numbers], spread: 0.1, clusters: 3}"),
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
      .described(.either([.word("drawn"), numbers.kind]), "drawn, or a list of M numbers"),
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

extension Codec<[Double]> {
  /// The probabilities of the five states.
  fileprivate static var startDistribution: Codec {
    let numbers = Codec<Double>.quantity(.share, .share).list
    let count = FiveStateSettings.stateCount
    return Codec(
      .described(numbers.kind, "\(count) probabilities that sum to one"),
      read: { (tree, path) throws(ScenarioError) -> [Double] in
        let start = try numbers.read(tree, path)
        guard start.count == count, abs(start.reduce(0, +) - 1) <= 1e-9 else {
          throw tree.error(
            "\(path) must be \(count) probabilities that sum to one", hint: "such as [0, 0, 1, 0, 0], always S3")
        }
        return start
      }, write: numbers.write)
  }
}

extension Codec<PerAgent> {
  /// One number for all, a law, or a list with one number for each agent.
  static func perAgent(_ rule: LawRule) -> Codec {
    let law = Codec<Distribution>.law(rule)
    let list = Codec<Double>.quantity(rule.kind, rule.bounds).list
    return Codec(
      .described(.either([list.kind, law.kind]), "a number, a law, or a list with one number per agent"),
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
