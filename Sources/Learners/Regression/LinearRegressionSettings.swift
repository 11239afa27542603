// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Randomness
import Schema

/// Linear regression on streaming data: d_k(i) = u_k(i)ᵀ w°_k + v_k(i).
///
/// Regressors are normal with covariance R_k[a][b] = s²_k ρ_k^|a−b|, noise is normal with variance σ²_k, all
/// independent over agents and steps.
package struct LinearRegressionSettings: Sendable, Equatable {
  /// How the agents' minimisers w°_k are made.
  package struct Truth: Sendable, Equatable {
    /// The centre w° of all minimisers.
    package enum Centre: Sendable, Equatable {
      /// Drawn once per study from N(0, I/M), so that its expected squared norm is one.
      case drawn
      /// These M numbers.
      case values([Double])
    }

    package var centre: Centre
    /// How far minimisers lie from the centre: w°_k = w° + spread · z with z from N(0, I/M), so `spread` is the
    /// root mean square distance. Zero gives all agents the same minimiser.
    package var spread: Double
    /// With clusters, agents of one cluster share a minimiser; each agent's is drawn by its name, every one equally
    /// probable. Nothing means that every agent has a minimiser of its own.
    package var clusters: Int?
    /// Some agents whose minimisers all lie elsewhere; nothing for none.
    package var offset: TruthOffset?

    package init(centre: Centre = .drawn, spread: Double = 0, clusters: Int? = nil, offset: TruthOffset? = nil) {
      self.centre = centre
      self.spread = spread
      self.clusters = clusters
      self.offset = offset
    }
  }

  /// The number M of parameters.
  package var dimension: Int
  package var truth: Truth
  /// σ²_k, the variance of the observation noise.
  package var noiseVariance: PerAgent
  /// s²_k, the variance of each regressor entry.
  package var regressorVariance: PerAgent
  /// ρ_k, the correlation of neighbouring regressor entries, between −1 and 1.
  package var regressorCorrelation: PerAgent
  /// With a number, each agent has so many samples, drawn before the start, and uses them in turn, over and over;
  /// nothing means a fresh sample for every step.
  package var samples: Int?

  package init(
    dimension: Int, truth: Truth = Truth(), noiseVariance: PerAgent = .law(.constant(0.01)),
    regressorVariance: PerAgent = .law(.constant(1)), regressorCorrelation: PerAgent = .law(.constant(0)),
    samples: Int? = nil
  ) {
    self.samples = samples
    self.dimension = dimension
    self.truth = truth
    self.noiseVariance = noiseVariance
    self.regressorVariance = regressorVariance
    self.regressorCorrelation = regressorCorrelation
  }

  /// Whether all agents have the same minimiser by construction.
  var minimisersAgree: Bool { (truth.spread == 0 || truth.clusters == 1) && truth.offset == nil }
}

// MARK: - As a task

extension TaskDefinition {
  /// Least squares on streaming data.
  package static let linearRegression = TaskDefinition(
    name: "linear-regression",
    meaning: "each agent sees noisy linear observations of its minimiser, one sample after the other",
    source: "Sayed, Adaptation, learning, and optimization over networks, 2014, chapter 2",
    parameters: [
      .dimension, truth,
      Parameter(
        "noise-variance", .perAgent(LawRule(kind: .number, bounds: .notNegative)), "of each observation",
        .otherwise(.number(0.01))),
      Parameter(
        "regressor-variance", .perAgent(LawRule(kind: .number, bounds: .positive)), "of each regressor entry",
        .otherwise(.number(1))),
      Parameter(
        "regressor-correlation", .perAgent(LawRule(kind: .number, bounds: .correlation)),
        "of neighbouring regressor entries, -1 to 1", .otherwise(.number(0))),
      Parameter(
        "samples", Kind.count(1...1_000_000_000).orWord("fresh"),
        "per agent, used in turn over and over; fresh: a new one for every step", .otherwise(.text("fresh"))),
    ], usualLearner: "lms",
    check: { LinearRegressionSettings($0).fault(agents: $1) },
    facts: { LinearRegressionSettings($0).facts },
    draw: { arguments, draw in
      try LinearRegressionTask(
        LinearRegressionSettings(arguments), stepSize: draw.learner.stepSize, agents: draw.agents, seed: draw.seed,
        replication: draw.replication)
    },
    settle: { LinearRegressionSettings($0).arguments })

  private static let truth = Parameter(
    "truth",
    .described(
      .either([
        .word("common"),
        .record([
          Parameter(
            "centre",
            .described(.either([.word("drawn"), .list(.number(.anyNumber))]), "drawn, or a list of M numbers"),
            "centre of all minimisers", .otherwise(.text("drawn"))),
          Parameter(
            "spread", .number(.notNegative), "root mean square distance from the centre", .otherwise(.number(0))),
          Parameter(
            "clusters", Kind.count(1...1_000_000).orWord(), "agents of one share a minimiser", .otherwise(.text("none"))
          ), TruthOffset.parameter,
        ]),
      ]), "common, or {centre: [numbers], spread: 0.1, clusters: 3, offset: {agents: [a], distance: 1}}"),
    "the agents' minimisers",
    .otherwise(.text("common")))
}

extension TaskSettings {
  package static func linearRegression(_ settings: LinearRegressionSettings) -> TaskSettings {
    TaskSettings(.linearRegression, settings.arguments)
  }

  /// The settings of linear regression, where that is the task.
  package var linearRegression: LinearRegressionSettings? {
    definition == .linearRegression ? LinearRegressionSettings(arguments) : nil
  }
}

extension Parameter {
  /// M.
  static let dimension = Parameter("dimension", .count(1...1_000_000), "number of parameters M", example: "10")
}

extension LinearRegressionSettings {
  fileprivate init(_ arguments: Arguments) {
    self.init(
      dimension: arguments.count("dimension"), truth: Truth(arguments["truth"]),
      noiseVariance: arguments.perAgent("noise-variance"), regressorVariance: arguments.perAgent("regressor-variance"),
      regressorCorrelation: arguments.perAgent("regressor-correlation"), samples: arguments["samples"]?.count)
  }

  fileprivate var arguments: Arguments {
    [
      "dimension": .count(dimension), "truth": truth.argument, "noise-variance": .perAgent(noiseVariance),
      "regressor-variance": .perAgent(regressorVariance), "regressor-correlation": .perAgent(regressorCorrelation),
      "samples": samples.map { .count($0) } ?? .text("fresh"),
    ]
  }

  fileprivate func fault(agents: Int?) -> Fault? {
    if case .values(let centre) = truth.centre, centre.count != dimension {
      return Fault(
        "truth.centre", "has \(counted(centre.count, "number")), but task.dimension is \(dimension)")
    }
    if let clusters = truth.clusters, let agents, clusters > agents {
      return Fault("truth.clusters", "is \(clusters), but the network has \(counted(agents, "agent"))")
    }
    return nil
  }

  fileprivate var facts: TaskFacts {
    var facts = TaskFacts(
      parameterCount: dimension,
      minimisers: samples != nil ? .ofSamples : minimisersAgree ? .shared : .own, closedForm: .regression)
    facts.changes = [.move]
    facts.varies =
      truth.centre == .drawn || truth.spread > 0 || truth.offset != nil
      || ![noiseVariance, regressorVariance, regressorCorrelation].allSatisfy(\.isConstant)
    let size = Double(dimension)
    facts.bytesPerAgent = 8 * size
    // A matrix of M × M numbers as it is put together, and its factors.
    if truth.spread > 0 || truth.offset != nil, !regressorCorrelation.isZero {
      facts.bytesWhileDrawn = 3 * 8 * size * size
    }
    return facts
  }
}

extension LinearRegressionSettings.Truth {
  fileprivate init(_ argument: Argument?) {
    self.init()
    guard let record = argument?.record else { return }
    if let values = record["centre"]?.numbers { centre = .values(values) }
    spread = record.number("spread") ?? 0
    clusters = record["clusters"]?.count
    offset = record["offset"].flatMap { TruthOffset($0) }
  }

  fileprivate var argument: Argument {
    if self == Self() { return .text("common") }
    let centre: Argument = if case .values(let values) = centre { .numbers(values) } else { .text("drawn") }
    return .record([
      "centre": centre, "spread": .number(spread), "clusters": clusters.map { .count($0) } ?? .text("none"),
      "offset": offset.map(\.argument) ?? .text("none"),
    ])
  }
}
