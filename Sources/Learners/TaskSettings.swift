// SPDX-License-Identifier: GPL-3.0-or-later
import Randomness

/// A number that agents have each for themselves.
package enum PerAgent: Sendable, Equatable {
  /// Drawn once per study for each agent (a constant gives all the same).
  case law(Distribution)
  /// Given for each agent, in the natural order of the agents' names.
  case values([Double])
}

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

    package init(centre: Centre = .drawn, spread: Double = 0, clusters: Int? = nil) {
      self.centre = centre
      self.spread = spread
      self.clusters = clusters
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
}

/// Agreement on the mean of the agents' initial parameters; there are no data.
package struct AveragingSettings: Sendable, Equatable {
  /// The number M of parameters.
  package var dimension: Int

  package init(dimension: Int = 1) { self.dimension = dimension }
}

/// What an agent learns from.
package enum TaskSettings: Sendable, Equatable {
  case linearRegression(LinearRegressionSettings)
  case averaging(AveragingSettings)
  case control(ControlSettings)
  case fiveState(FiveStateSettings)
}

/// How an agent learns.
package struct LearnerSettings: Sendable, Equatable {
  /// What one local step computes.
  package enum Algorithm: String, Sendable, CaseIterable {
    /// Least mean squares on one fresh sample a step: w ← w + μ_k u (d − uᵀw), without a factor two.
    case leastMeanSquares = "lms"
    /// The exact gradient of the agent's mean square error: w ← w + μ_k R_k (w°_k − w); no data. With gradient noise,
    /// each entry of the gradient has independent normal noise.
    case steepestDescent = "steepest-descent"
    /// Actor and critic of whole episodes, two neural networks: what Diff-DAC diffuses.
    case actorCritic = "actor-critic"
    /// The exact gradient of the agent's softmax policy in a finite decision process, with a relative entropy.
    case policyGradient = "policy-gradient"
    /// Dual ascent on the linear program of the agent's finite decision process.
    case dualAscent = "dual-ascent"
    /// No gradient: agents only combine.
    case none
  }

  /// Where an agent's parameters start.
  package enum Initial: Sendable, Equatable {
    /// Every entry of every agent is this number.
    case constant(Double)
    /// Every entry is drawn from a normal law with mean zero and this standard deviation, per replication.
    case normal(standardDeviation: Double)
    /// One number for each agent, in the natural order of their names: every entry of the agent.
    case values([Double])
    /// These M numbers, for every agent.
    case entries([Double])
  }

  package var algorithm: Algorithm
  /// μ_k.
  package var stepSize: PerAgent
  package var initial: Initial
  /// The variance of the normal noise on each entry of the gradient (steepest descent).
  package var gradientNoiseVariance: Double
  package var actorCritic: ActorCriticSettings
  /// λ, the weight of the relative entropy (policy gradient).
  package var relativeEntropyWeight: Double

  package init(
    algorithm: Algorithm = .leastMeanSquares, stepSize: PerAgent, initial: Initial = .constant(0),
    gradientNoiseVariance: Double = 0, actorCritic: ActorCriticSettings = ActorCriticSettings(),
    relativeEntropyWeight: Double = 0
  ) {
    self.algorithm = algorithm
    self.stepSize = stepSize
    self.initial = initial
    self.gradientNoiseVariance = gradientNoiseVariance
    self.actorCritic = actorCritic
    self.relativeEntropyWeight = relativeEntropyWeight
  }
}

extension PerAgent {
  /// The numbers of all agents times a factor above zero; nothing where a law does not allow such a size.
  package func scaled(by factor: Double) -> PerAgent? {
    switch self {
    case .law(let law): law.scaled(by: factor).map { .law($0) }
    case .values(let values): .values(values.map { $0 * factor })
    }
  }
}
