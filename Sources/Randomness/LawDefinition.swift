// SPDX-License-Identifier: GPL-3.0-or-later
import Schema

/// One kind of law: how scenarios write it, how it draws, and what is known of it. A file of `Laws/` makes one.
package final class LawDefinition: Definition {
  /// All laws, in the order in which messages name them.
  package static let all: [LawDefinition] = [
    .constant,
    .uniform,
    .exponential,
    .lognormal,
    .gamma,
    .halfNormal,
    .normal,
    .shiftedExponential,
    .weibull,
    .pareto,
    .discreteUniform,
    .mixture,
    .empirical,
  ]

  /// What stands behind the name of a law in a scenario.
  package enum Form: Sendable {
    /// The first parameter alone.
    case value
    /// The parameters in a list.
    case list
    /// A map of parameters by name; `short` is the one that may stand there alone instead.
    case map(short: String? = nil)
  }

  /// As scenarios write it.
  package let name: String
  package let meaning: String
  /// What stands behind the name, by way of example.
  package let example: String
  package let form: Form
  /// What a scenario can say of the law; which of them go together is for `resolve` to check.
  package let parameters: [Parameter]
  /// Whether every draw lies between two bounds, at least with some parameters.
  package let canBeBounded: Bool
  /// Makes a law of what a scenario says.
  ///
  /// - Parameter isFactor: whether the law is a factor around one: then a mean or median may be left out, and the mean
  ///   is one.
  package let resolve: @Sendable (_ said: Arguments, _ isFactor: Bool) throws(Fault) -> Distribution
  /// What a scenario says to get exactly this law.
  package let write: @Sendable (Distribution) -> [(name: String, value: Argument)]

  /// Nothing for a law that always gives its first parameter and takes no draw.
  let sampler: LawSampler?
  let mean: @Sendable (Distribution) -> Double
  let squaredCoefficientOfVariation: @Sendable (Distribution) -> Double
  let cumulativeProbability: @Sendable (Distribution, Double) -> Double
  let support: @Sendable (Distribution) -> (lower: Double, upper: Double)

  init(
    name: String, meaning: String, example: String, form: Form = .map(), parameters: [Parameter],
    canBeBounded: Bool = false,
    resolve: @escaping @Sendable (Arguments, Bool) throws(Fault) -> Distribution,
    write: @escaping @Sendable (Distribution) -> [(name: String, value: Argument)],
    sampler: LawSampler?,
    mean: @escaping @Sendable (Distribution) -> Double,
    squaredCoefficientOfVariation: @escaping @Sendable (Distribution) -> Double,
    cumulativeProbability: @escaping @Sendable (Distribution, Double) -> Double,
    support: @escaping @Sendable (Distribution) -> (lower: Double, upper: Double) = { _ in (0, .infinity) }
  ) {
    self.name = name
    self.meaning = meaning
    self.example = example
    self.form = form
    self.parameters = parameters
    self.canBeBounded = canBeBounded
    self.resolve = resolve
    self.write = write
    self.sampler = sampler
    self.mean = mean
    self.squaredCoefficientOfVariation = squaredCoefficientOfVariation
    self.cumulativeProbability = cumulativeProbability
    self.support = support
  }
}

extension UnsafeMutableRawPointer {
  /// The random numbers that a sampler is given.
  var draws: UnsafeMutablePointer<Draws> { assumingMemoryBound(to: Draws.self) }
}

extension Parameter {
  static let mean = Parameter("mean", .quantityOfLaw(isPositive: true), "mean of what is drawn", .optional)
  static let median = Parameter(
    "median", .quantityOfLaw(isPositive: true), "what half of the draws lie below", .optional)
  static let coefficientOfVariation = Parameter(
    "cv", .number(Bounds(1e-6...100)), "standard deviation over mean", .optional)
}

extension Arguments {
  /// The mean of a law, which is one for a factor that says nothing else.
  func mean(isFactor: Bool) throws(Fault) -> Double {
    if isFactor, number("mean") == nil { return 1 }
    return try required("mean")
  }
}
