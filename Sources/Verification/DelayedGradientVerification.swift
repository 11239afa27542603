// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Networks
import Records
import Simulation
import Workers

/// Kind `delayed-gradient`: w(t+1) = w(t) − μ h w(t−τ) + n(t) with unit noise, as one agent with stale gradients in slots.
struct DelayedGradientVerification: ReferenceCase {
  static let kind = "delayed-gradient"

  struct Entry: Decodable, Sendable {
    let tau: Int
    let stabilityLimitMuH: Double
    let radiusBelowLimit: Double
    let radiusAboveLimit: Double
    /// These are given where this step is stable.
    let muH: Double?
    let radius: Double?
    let steadyVarianceUnitNoise: Double?

    enum CodingKeys: String, CodingKey {
      case tau, stabilityLimitMuH, muH, radius, steadyVarianceUnitNoise
      case radiusBelowLimit = "radiusAt0.98Limit"
      case radiusAboveLimit = "radiusAt1.02Limit"
    }
  }

  struct Bars: Decodable, Sendable {
    let radius: Double
    let steadyVarianceRelative: Double
  }

  /// Products of step size and curvature that a recursion can have; above 2 none is stable.
  private static let steps = 1e-6...2
  /// Slots over which a variance is averaged, in each of so many runs.
  private static let slots = 20_000.0
  private static let runs = 20
  /// Slots after which all but the leading powers have died away, and the leading ones have not.
  private static let farFromStart = 400.0

  let id: String
  let entries: [Entry]
  let tolerance: Bars

  func report(_ verifier: Verifier) throws -> VerificationReport {
    var report = VerificationReport()
    for entry in entries { report.checks += try checks(of: entry, verifier) }
    return report
  }

  private func checks(of entry: Entry, _ verifier: Verifier) throws -> [VerificationReport.Check] {
    try ReferenceLimits.checkDelay(entry.tau, "tau")
    guard Self.steps.contains(entry.stabilityLimitMuH), Self.steps.contains(entry.muH ?? entry.stabilityLimitMuH) else {
      throw ReferenceError(
        "at tau \(entry.tau) stability_limit_mu_h or mu_h is not from \(Self.steps.lowerBound) to "
          + "\(Self.steps.upperBound).")
    }
    let name = "\(id)/tau-\(entry.tau)"
    var steps = [
      ("radius at 0.98 of the limit", 0.98 * entry.stabilityLimitMuH, entry.radiusBelowLimit),
      ("radius at 1.02 of the limit", 1.02 * entry.stabilityLimitMuH, entry.radiusAboveLimit),
    ]
    if let step = entry.muH, let radius = entry.radius { steps.append(("radius at \(step)", step, radius)) }
    var checks = try steps.map { quantity, step, expected in
      VerificationReport.Check(
        reference: name, quantity: quantity, expected: expected,
        seen: try radius(of: step, delay: entry.tau, verifier), bar: tolerance.radius)
    }
    guard let step = entry.muH, let variance = entry.steadyVarianceUnitNoise else { return checks }
    let settings = settings(step: step, delay: entry.tau, noise: 1, until: Self.slots, verifier)
    let world = try World(settings, replication: 0)
    let variances = try inParallel(count: verifier.runs(Self.runs), jobs: verifier.jobs) { replication in
      Result { try simulate(settings, in: world, replication: replication).finals[MetricDefinition.msd.name] ?? .nan }
    }.map { try $0.get() }
    checks.append(
      verifier.check(
        name, "steady variance with unit noise", variance, values: variances,
        bar: tolerance.steadyVarianceRelative * variance))
    return checks
  }

  /// One agent with the cost w²/2, which starts at 1.
  private func settings(
    step: Double, delay: Int, noise: Double, until: Double, _ verifier: Verifier
  ) -> SimulationSettings {
    SimulationSettings(
      network: NetworkSettings(topology: .edgeList(agents: ["agent-0"], edges: [])),
      task: .linearRegression(LinearRegressionSettings(dimension: 1, truth: .init(centre: .values([0])))),
      learner: LearnerSettings(
        .steepestDescent,
        [
          "step-size": .number(step), "initial": .number(1),
          "gradient-noise-variance": .number(noise / (step * step)),
        ]),
      strategy: StrategySettings(
        kind: .nonCooperative, timing: .slotted, slots: SlotSettings(gradientDelay: delay)),
      measurement: MeasurementSettings(until: .seconds(until), every: .seconds(1), finalWindow: 0.95),
      seed: verifier.seed)
  }

  /// The spectral radius of the recursion, from the run alone: far from the start w is one real power or one complex
  /// pair of powers, w(t+2) = p w(t+1) + q w(t), whose modulus is √−q.
  private func radius(of step: Double, delay: Int, _ verifier: Verifier) throws -> Double {
    let w = try (0..<4).map { further in
      let settings = settings(
        step: step, delay: delay, noise: 0, until: Self.farFromStart + Double(further), verifier)
      return try simulateWithTrace(settings, in: World(settings, replication: 0)).1.parameters[0]
    }
    let ratio = w[1] / w[0]
    if abs(w[3] / w[2] - ratio) <= 1e-12 * abs(ratio) { return abs(ratio) }
    return ((w[1] * w[3] - w[2] * w[2]) / (w[0] * w[2] - w[1] * w[1])).squareRoot()
  }
}
