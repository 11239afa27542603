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

  package init(
    dimension: Int, truth: Truth = Truth(), noiseVariance: PerAgent = .law(.constant(0.01)),
    regressorVariance: PerAgent = .law(.constant(1)), regressorCorrelation: PerAgent = .law(.constant(0))
  ) {
    self.dimension = dimension
    self.truth = truth
    self.noiseVariance = noiseVariance
    self.regressorVariance = regressorVariance
    self.regressorCorrelation = regressorCorrelation
  }
}

/// What an agent learns from.
package enum TaskSettings: Sendable, Equatable {
  case linearRegression(LinearRegressionSettings)
}

/// How an agent learns.
package struct LearnerSettings: Sendable, Equatable {
  /// What one local step computes.
  package enum Algorithm: String, Sendable, CaseIterable {
    /// Least mean squares on one fresh sample a step: w ← w + μ_k u (d − uᵀw), without a factor two.
    case leastMeanSquares = "lms"
    /// The exact gradient of the agent's mean square error: w ← w + μ_k R_k (w°_k − w); no data, no noise.
    case steepestDescent = "steepest-descent"
  }

  /// Where an agent's parameters start.
  package enum Initial: Sendable, Equatable {
    /// Every entry of every agent is this number.
    case constant(Double)
    /// Every entry is drawn from a normal law with mean zero and this standard deviation, per replication.
    case normal(standardDeviation: Double)
  }

  package var algorithm: Algorithm
  /// μ_k.
  package var stepSize: PerAgent
  package var initial: Initial

  package init(algorithm: Algorithm = .leastMeanSquares, stepSize: PerAgent, initial: Initial = .constant(0)) {
    self.algorithm = algorithm
    self.stepSize = stepSize
    self.initial = initial
  }
}
