// SPDX-License-Identifier: GPL-3.0-or-later
@preconcurrency import CNumerics
import Glibc
import Schema

extension Distribution {
  /// Exponential with a mean.
  package static func exponential(mean: Double) -> Distribution { Distribution(.exponential, mean) }
}

extension LawDefinition {
  /// *Randomness*: one uniform number, with which the value grows.
  package static let exponential = LawDefinition(
    name: "exponential", meaning: "without memory, as the times between the events of a Poisson process",
    example: "{mean: m}", form: .map(short: "mean"),
    parameters: [.mean],
    resolve: { (said, isFactor) throws(Fault) in .exponential(mean: try said.mean(isFactor: isFactor)) },
    write: { [("mean", .number($0.first))] },
    sampler: { draws, _, mean, _, _, _ in unitExponential(draws) * mean },
    mean: { $0.first },
    squaredCoefficientOfVariation: { _ in 1 },
    cumulativeProbability: { law, value in gsl_cdf_exponential_P(value, law.first) })
}

/// An exponential number of mean one, bit for bit that of `gsl_ran_exponential`, whose way to its generator takes longer than
/// the logarithm.
@inline(__always)
func unitExponential(_ draws: UnsafeMutableRawPointer) -> Double { -log1p(-draws.draws.pointee.uniform()) }
