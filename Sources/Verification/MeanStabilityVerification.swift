// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Records
import Simulation

/// Kind `mean-stability`: spectral radii of the mean recursions. The consensus strategy must diverge where diffusion
/// converges.
struct MeanStabilityVerification: ReferenceCase {
  static let kind = "mean-stability"

  struct Expected: Decodable, Sendable {
    let meanSpectralRadius: [String: Double]
    let networkMsdDb: [String: Double]
  }

  private static let kinds: [(name: String, kind: StrategyDefinition)] = [
    ("atc", .diffusionATC), ("cta", .diffusionCTA), ("consensus", .consensus), ("noncooperative", .nonCooperative),
  ]
  /// The largest error of a radius that a run shows.
  private static let radiusBar = 1e-9
  /// Slots after which only the largest eigenvalue is left of the start.
  private static let farFromStart = 200.0
  /// The file asks for no number of runs. Least mean squares with steps near the limit now and then errs by much, so
  /// means have a long tail: of these runs they spread by nearly 0.1 dB, so that with one seed in some fifty a sound
  /// engine misses a bar of 0.25 dB.
  private static let runs = 4000
  private static let window = (from: 100.0, to: 2000.0)

  let id: String
  let network: ReferenceGraph
  let weights: ReferenceWeights
  let data: ReferenceData
  let expected: Expected
  let tolerance: DeviationBars

  func report(_ verifier: Verifier) throws -> VerificationReport {
    let names = Self.kinds.map(\.name)
    for name in (Array(expected.meanSpectralRadius.keys) + expected.networkMsdDb.keys).sorted()
    where !names.contains(name) {
      throw ReferenceError("the strategy '\(name)' is not known.")
    }
    var report = VerificationReport()
    let network = try ReferenceNetwork(self.network, weights: weights)
    report.checks += try network.ruleCheck(id)
    let regression = try ReferenceRegression(data, on: network.network, verifier: verifier)
    let world = try regression.world()
    for (name, kind) in Self.kinds {
      if let radius = expected.meanSpectralRadius[name] {
        // The radius does not depend on the minimiser; near zero, errors keep all their digits however small they get.
        let atZero = try ReferenceRegression(data.withMinimiserZero, on: network.network, verifier: verifier)
        report.checks.append(
          .init(
            reference: id, quantity: "mean radius of \(name)", expected: radius,
            seen: try meanRadius(of: kind, atZero), bar: Self.radiusBar))
      }
      guard let level = expected.networkMsdDb[name] else { continue }
      let settings = try regression.settings(
        StrategySettings(kind: kind, timing: .slotted),
        measurement: MeasurementSettings(
          until: .seconds(Self.window.to), every: .seconds(1), finalWindow: 1 - Self.window.from / Self.window.to))
      let outcomes = try regression.outcomes(
        settings, in: world, runs: verifier.runs(Self.runs), transient: [], transientRuns: 0)
      report.checks.append(
        verifier.check(
          id, "steady network MSD of \(name) (dB)", level, powers: outcomes.steady.map(\.network),
          bar: tolerance.networkMsdDb))
    }
    return report
  }

  /// By how much the distance from the minimiser grows in a slot of exact gradients, long after a random start.
  private func meanRadius(
    of kind: StrategyDefinition, _ regression: ReferenceRegression
  ) throws -> Double {
    var settings = try regression.settings(
      StrategySettings(kind: kind, timing: .slotted),
      measurement: MeasurementSettings(until: .seconds(Self.farFromStart), every: .seconds(1)))
    settings.learner.algorithm = .steepestDescent
    settings.learner.initial = .normal(standardDeviation: 1)
    let record = try simulate(settings, in: regression.world())
    let powers = record.series.first { $0.metric == MetricDefinition.msd.name }?.values ?? []
    return (powers[powers.count - 1] / powers[powers.count - 2]).squareRoot()
  }
}
