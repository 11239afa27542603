// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Randomness
import Schema

/// The section `learner` as it is written.
extension LearnerSettings {
  /// What is filled in by reading.
  static var draft: LearnerSettings { LearnerSettings(stepSize: .law(.constant(0))) }

  static var record: Record<LearnerSettings> {
    Record(
      [
        Field("algorithm", \.algorithm, .choice, "how agents learn"),
        Field(
          "step-size", \.stepSize, .perAgent(LawRule(kind: .number, bounds: .notNegative)), "of each adapt step",
          hidden: { $0.algorithm == .actorCritic }),
        Field("initial", \.initial, initialCodec, "where parameters start", hidden: { $0.algorithm == .actorCritic }),
        Field(
          "gradient-noise-variance", \.gradientNoiseVariance, .quantity(.number, .notNegative),
          "steepest-descent: of each entry of the gradient", hidden: { $0.algorithm.learnsPolicies }),
        Field(
          "relative-entropy-weight", \.relativeEntropyWeight, .quantity(.number, .notNegative),
          "policy-gradient: what keeps policies from certainty", hidden: { $0.algorithm != .policyGradient }),
      ] + actorCriticFields)
  }

  /// The keys that go with learner actor-critic only.
  static let actorCriticKeys = actorCriticFields.map(\.key)

  private static var actorCriticFields: [Field<LearnerSettings>] {
    func field<Value>(
      _ key: String, _ keyPath: WritableKeyPath<ActorCriticSettings, Value>, _ codec: Codec<Value>, _ help: String
    ) -> Field<LearnerSettings> {
      let whole: WritableKeyPath<LearnerSettings, ActorCriticSettings> = \.actorCritic
      let path = whole.appending(path: keyPath)
      return Field(key, path, codec, "actor-critic: \(help)", hidden: { $0.algorithm != .actorCritic })
    }
    return [
      field("hidden-units", \.hiddenUnits, .layers, "units of each hidden layer, in both networks"),
      field("activation", \.activation, .choice, "of hidden units"),
      field("critic-step-size", \.criticStepSize, .quantity(.number, .notNegative), "of the critic's optimiser"),
      field("actor-step-size", \.actorStepSize, .quantity(.number, .notNegative), "of the actor's optimiser"),
      field("optimiser", \.optimiser, .choice, "moments stay with the agent"),
      field("discount", \.discount, .quantity(.number, .share), "of rewards, per step"),
      field("entropy-bonus", \.entropyBonus, .quantity(.number, .notNegative), "what a unit of entropy is worth"),
      field("episodes-per-step", \.episodesPerStep, .count(1...10_000), "that a local step learns from"),
      field(
        "order", \.order, .choice,
        "jacobi: both networks learn at once; gauss-seidel: the critic is combined before the actor learns"),
      field(
        "normalise-advantages", \.normalisesAdvantages, .flag, "whether those of a step get mean 0 and deviation 1"),
      field(
        "gradient-clip", \.gradientClip, Codec.quantity(.number, .positive).orWord(), "longest norm, of each network"),
      field("hidden-start", \.hiddenStart, .choice, "how weights start"),
      field("start", \.start, .choice, "whether all agents start from the same parameters"),
    ]
  }

  private static var initialCodec: Codec<LearnerSettings.Initial> {
    let number = Codec<Double>.quantity(.number, .anyNumber)
    let numbers = number.list
    let deviation = Record<Double>([
      Field("standard-deviation", \.self, .quantity(.number, .notNegative), "", required: true)
    ])
    let normal = Record<Double>([Field(group: "normal", \.self, deviation, "", required: true)])
    let entries = Record<[Double]>([Field("entries", \.self, numbers, "", required: true)])
    return Codec(
      .described(
        .either([numbers.kind, .oneOf(normal.fields.map(\.parameter) + entries.fields.map(\.parameter)), number.kind]),
        "a number, a list with one number per agent, {normal: {standard-deviation: 1}}, or "
          + "{entries: [M numbers]} for every agent"),
      read: { (tree, path) throws(ScenarioError) -> LearnerSettings.Initial in
        if case .list = tree.content { return .values(try numbers.read(tree, path)) }
        guard tree.entries != nil else { return .constant(try number.read(tree, path)) }
        if tree.entry("entries") != nil {
          var values: [Double] = []
          try entries.read(tree, path, into: &values)
          return .entries(values)
        }
        var value = 0.0
        try normal.read(tree, path, into: &value)
        return .normal(standardDeviation: value)
      },
      write: { initial in
        switch initial {
        case .constant(let value): number.write(value)
        case .values(let values): numbers.write(values)
        case .normal(let value): normal.inline(value)
        case .entries(let values): entries.inline(values)
        }
      })
  }
}

extension LearnerSettings.Algorithm {
  /// Whether what is learnt is a policy.
  var learnsPolicies: Bool {
    switch self {
    case .actorCritic, .policyGradient, .dualAscent: true
    case .leastMeanSquares, .steepestDescent, .none: false
    }
  }
}

extension Codec<[Int]> {
  /// The units of hidden layers.
  fileprivate static var layers: Codec {
    let list = Codec<Int>.count(1...100_000).list
    return Codec(
      .described(list.kind, "a list with a number for each layer such as [64, 64]"),
      read: { (tree, path) throws(ScenarioError) -> [Int] in
        let units = try list.read(tree, path)
        guard (1...14).contains(units.count) else { throw tree.error("\(path) must name 1 to 14 hidden layers") }
        return units
      }, write: list.write)
  }
}
