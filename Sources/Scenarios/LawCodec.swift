// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Randomness

/// What a law at some key must satisfy.
struct LawRule: Sendable {
  let kind: QuantityKind
  /// Every value that the law can give lies in here.
  let bounds: Bounds
  /// Whether a law that always gives zero is refused.
  var needsPositiveMean = false
  /// Whether the law is a factor around one: then a mean or median may be left out, and the mean is one.
  var isFactor = false

  static let duration = LawRule(kind: .duration, bounds: .duration)
  static let positiveDuration = LawRule(kind: .duration, bounds: .duration, needsPositiveMean: true)
  static let factor = LawRule(kind: .number, bounds: .notNegative, needsPositiveMean: true, isFactor: true)
}

/// The parameters with which a scenario may describe a law; which ones go together depends on the law.
private struct LawParameters {
  var mean: Double?
  var median: Double?
  var sigma: Double?
  var coefficientOfVariation: Double?
  var shape: Double?
}

/// Reads and writes a law: a plain value, or a map with the name of the law.
private struct LawReader {
  let rule: LawRule

  private static let names = ["constant", "uniform", "exponential", "lognormal", "gamma"]
  /// So that every draw and every mean of a lognormal law is finite.
  private static let sigmas = Bounds(lower: 0, upper: 10)
  private static let coefficients = Bounds(lower: 1e-6, upper: 100)
  private static let shapes = Bounds(lower: 1e-5, upper: 1e13)

  func read(_ tree: Tree, _ path: String) throws(ScenarioError) -> Distribution {
    let law = try readUnchecked(tree, path)
    guard law.mean.isFinite, law.mean <= rule.bounds.upper else {
      throw tree.error("the mean of \(path) is out of range", hint: "it must be \(rule.bounds.text(rule.kind))")
    }
    if case .lognormal(let median, _) = law, median <= 0 {
      throw tree.error("the median of \(path) is too small a number")
    }
    if rule.needsPositiveMean, law.mean <= 0 { throw tree.error("\(path) must be above zero in the mean") }
    return law
  }

  private func readUnchecked(_ tree: Tree, _ path: String) throws(ScenarioError) -> Distribution {
    guard let entries = tree.entries else {
      guard tree.text != nil, tree.text != "" else { throw mistyped(tree, path, mustBe: allowed) }
      return .constant(try value(tree, path))
    }
    guard let entry = entries.first, entries.count == 1 else {
      throw tree.error(
        "\(path) must be one law", hint: "such as {lognormal: {median: \(rule.kind.text(1)), sigma: 0.5}}",
        note: "laws: " + Self.names.joined(separator: ", "))
    }
    return try readLaw(entry, "\(path).\(entry.key)")
  }

  private func readLaw(_ entry: Tree.Entry, _ path: String) throws(ScenarioError) -> Distribution {
    switch entry.key {
    case "constant": return .constant(try value(entry.value, path))
    case "uniform": return try uniform(entry.value, path)
    case "exponential", "lognormal", "gamma":
      if rule.bounds.upper <= 1 {
        throw ScenarioError(
          "a law for \(path.dropLast(entry.key.count + 1)) must have bounds", at: entry.keyPlace,
          note: "laws with bounds: constant, uniform")
      }
      switch entry.key {
      case "exponential": return try exponential(entry.value, path)
      case "lognormal": return try lognormal(entry.value, path)
      default: return try gamma(entry.value, path)
      }
    default:
      throw ScenarioError(
        "unknown law '\(entry.key)'", at: entry.keyPlace,
        hint: nearest(to: entry.key, among: Self.names).map { "did you mean '\($0)'?" },
        note: "laws: " + Self.names.joined(separator: ", "))
    }
  }

  private func value(_ tree: Tree, _ path: String) throws(ScenarioError) -> Double {
    try readQuantity(tree, path, rule.kind, rule.bounds)
  }

  private func uniform(_ tree: Tree, _ path: String) throws(ScenarioError) -> Distribution {
    guard case .list(let ends) = tree.content, ends.count == 2 else {
      throw mistyped(tree, path, mustBe: "the two bounds in a list such as [a, b]")
    }
    let lower = try value(ends[0], "\(path)[0]")
    let upper = try value(ends[1], "\(path)[1]")
    guard lower <= upper else { throw tree.error("\(path) has its lower bound above its upper one") }
    return .uniform(lower: lower, upper: upper)
  }

  private func exponential(_ tree: Tree, _ path: String) throws(ScenarioError) -> Distribution {
    guard tree.entries != nil else {
      return .exponential(mean: try readQuantity(tree, path, rule.kind, positive))
    }
    let parameters = try parameters(tree, path, [mean])
    return .exponential(mean: try centre(parameters.mean, tree, path, "mean"))
  }

  private func lognormal(_ tree: Tree, _ path: String) throws(ScenarioError) -> Distribution {
    let parameters = try parameters(tree, path, [median, mean, sigma, coefficient])
    let sigma = try oneOf(parameters.sigma, parameters.coefficientOfVariation, "sigma", "cv", tree, path)
    let spread = sigma.isFirst ? sigma.value : sqrt(log1p(sigma.value * sigma.value))
    if rule.isFactor, parameters.mean == nil, parameters.median == nil {
      return .lognormal(median: exp(-spread * spread / 2), sigma: spread)
    }
    let centre = try oneOf(parameters.median, parameters.mean, "median", "mean", tree, path)
    return .lognormal(median: centre.isFirst ? centre.value : centre.value / exp(spread * spread / 2), sigma: spread)
  }

  private func gamma(_ tree: Tree, _ path: String) throws(ScenarioError) -> Distribution {
    let parameters = try parameters(tree, path, [mean, shape, coefficient])
    let form = try oneOf(parameters.shape, parameters.coefficientOfVariation, "shape", "cv", tree, path)
    return .gamma(
      mean: try centre(parameters.mean, tree, path, "mean"),
      shape: form.isFirst ? form.value : 1 / (form.value * form.value))
  }

  private func centre(
    _ value: Double?, _ tree: Tree, _ path: String, _ key: String
  ) throws(ScenarioError) -> Double {
    if let value { return value }
    if rule.isFactor { return 1 }
    throw tree.error("missing key '\(key)' in \(path)", note: "\(key): \(rule.kind.phrase), above 0")
  }

  /// The one of two parameters that is given.
  private func oneOf(
    _ first: Double?, _ second: Double?, _ firstName: String, _ secondName: String, _ tree: Tree, _ path: String
  ) throws(ScenarioError) -> (value: Double, isFirst: Bool) {
    switch (first, second) {
    case (let first?, nil): return (first, true)
    case (nil, let second?): return (second, false)
    case (nil, nil): throw tree.error("\(path) needs '\(firstName)' or '\(secondName)'")
    case (_?, _?):
      throw ScenarioError(
        "\(path) has both '\(firstName)' and '\(secondName)'", at: tree.keyPlace(of: secondName),
        hint: "give one of the two")
    }
  }

  // MARK: - Parameters

  private var positive: Bounds {
    var bounds = rule.bounds
    bounds.lower = max(0, bounds.lower)
    bounds.includesLower = bounds.lower > 0
    return bounds
  }

  private var mean: Field<LawParameters> {
    Field("mean", \.mean, Codec.quantity(rule.kind, positive).orWord(), "")
  }
  private var median: Field<LawParameters> {
    Field("median", \.median, Codec.quantity(rule.kind, positive).orWord(), "")
  }
  private var sigma: Field<LawParameters> { Field("sigma", \.sigma, Codec.quantity(.number, Self.sigmas).orWord(), "") }
  private var coefficient: Field<LawParameters> {
    Field("cv", \.coefficientOfVariation, Codec.quantity(.number, Self.coefficients).orWord(), "")
  }
  private var shape: Field<LawParameters> { Field("shape", \.shape, Codec.quantity(.number, Self.shapes).orWord(), "") }

  private func parameters(
    _ tree: Tree, _ path: String, _ fields: [Field<LawParameters>]
  ) throws(ScenarioError) -> LawParameters {
    var parameters = LawParameters()
    try Record(fields).read(tree, path, into: &parameters)
    return parameters
  }

  // MARK: - Writing

  var allowed: String { "\(rule.kind.phrase), or a law" }

  var allowedInShort: String { "\(rule.kind.shortPhrase) or a law" }

  func write(_ law: Distribution) -> String {
    let text = rule.kind.text
    return switch law {
    case .constant(let value): text(value)
    case .uniform(let lower, let upper): "{uniform: [\(text(lower)), \(text(upper))]}"
    case .exponential(let mean): "{exponential: {mean: \(text(mean))}}"
    case .lognormal(let median, let sigma):
      "{lognormal: {median: \(text(median)), sigma: \(plainNumber(sigma))}}"
    case .gamma(let mean, let shape): "{gamma: {mean: \(text(mean)), shape: \(plainNumber(shape))}}"
    }
  }
}

extension Codec<Distribution> {
  /// A law: a plain value, or one of uniform, exponential, lognormal and gamma by mean or median.
  static func law(_ rule: LawRule) -> Codec {
    let reader = LawReader(rule: rule)
    return Codec(
      allowed: reader.allowedInShort,
      read: { (tree, path) throws(ScenarioError) -> Distribution in try reader.read(tree, path) },
      write: reader.write)
  }
}
