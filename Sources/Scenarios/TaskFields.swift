// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Randomness

/// The section `task` as it is written.
struct TaskDraft {
  enum Kind: String, CaseIterable {
    case linearRegression = "linear-regression"
    case averaging
  }

  var kind = Kind.linearRegression
  var settings = LinearRegressionSettings(dimension: 1)

  static var record: Record<TaskDraft> {
    Record([
      Field("kind", \.kind, .choice, "what agents learn", required: true),
      Field(
        "dimension", \.settings.dimension, .count(1...1_000_000), "number of parameters M", required: true),
      Field(
        "truth", \.settings.truth, truthCodec, "the agents' minimisers",
        keysBelow: truthRecord.schemaKeys),
      Field(
        "noise-variance", \.settings.noiseVariance, .perAgent(LawRule(kind: .number, bounds: .notNegative)),
        "of each observation"),
      Field(
        "regressor-variance", \.settings.regressorVariance, .perAgent(LawRule(kind: .number, bounds: .positive)),
        "of each regressor entry"),
      Field(
        "regressor-correlation", \.settings.regressorCorrelation,
        .perAgent(LawRule(kind: .number, bounds: .correlation)), "of neighbouring regressor entries, -1 to 1"),
      Field(
        "samples", \.settings.samples, Codec.count(1...1_000_000_000).orWord("fresh"),
        "per agent, used in turn over and over; fresh: a new one for every step"),
    ])
  }

  /// What the section says.
  var resolved: TaskSettings {
    switch kind {
    case .linearRegression: .linearRegression(settings)
    case .averaging: .averaging(AveragingSettings(dimension: settings.dimension))
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

/// The section `learner` as it is written.
extension LearnerSettings {
  /// What is filled in by reading.
  static var draft: LearnerSettings { LearnerSettings(stepSize: .law(.constant(0))) }

  static var record: Record<LearnerSettings> {
    Record([
      Field("algorithm", \.algorithm, .choice, "how agents learn"),
      Field(
        "step-size", \.stepSize, .perAgent(LawRule(kind: .number, bounds: .notNegative)), "of each adapt step"),
      Field("initial", \.initial, initialCodec, "where parameters start"),
      Field(
        "gradient-noise-variance", \.gradientNoiseVariance, .quantity(.number, .notNegative),
        "steepest-descent: of each entry of the gradient"),
    ])
  }

  private static var initialCodec: Codec<LearnerSettings.Initial> {
    let number = Codec<Double>.quantity(.number, .anyNumber)
    let numbers = number.list
    let deviation = Record<Double>([
      Field("standard-deviation", \.self, .quantity(.number, .notNegative), "", required: true)
    ])
    let normal = Record<Double>([Field(group: "normal", \.self, deviation, "", required: true)])
    return Codec(
      allowed: "a number, a list with one number per agent, or {normal: {standard-deviation: 1}}",
      read: { (tree, path) throws(ScenarioError) -> LearnerSettings.Initial in
        if case .list = tree.content { return .values(try numbers.read(tree, path)) }
        guard tree.entries != nil else { return .constant(try number.read(tree, path)) }
        var value = 0.0
        try normal.read(tree, path, into: &value)
        return .normal(standardDeviation: value)
      },
      write: { initial in
        switch initial {
        case .constant(let value): number.write(value)
        case .values(let values): numbers.write(values)
        case .normal(let value): normal.inline(value)
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
