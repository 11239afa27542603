// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets
import Schema

/// How agents that choose among actions follow the gradient of their policy: the learners `a2c`, `ppo` and `reinforce`.
///
/// Source: Wan, "Multi-task deep reinforcement learning via policy distillation", 2019, sections 2.3 and 2.4; Mnih et al.,
/// "Asynchronous methods for deep reinforcement learning", 2016, algorithm S3, for segments; Schulman et al., "Proximal
/// policy optimization algorithms", 2017, algorithm 1. The sizes that are usual here are those of public replications.
package struct PolicySettings: Sendable, Equatable {
  /// What a local step learns from.
  package enum Stretch: Sendable, Equatable {
    /// So many steps of each of several copies of the environment, which go on from one local step to the next.
    case segments(steps: Int, environments: Int)
    /// So many whole episodes, one after the other.
    case episodes(Int)
  }

  /// How output layers start.
  package enum OutputStart: String, Sendable, CaseIterable {
    /// Weights and biases uniform over ±1 / √inputs.
    case uniform
    /// Weights uniform over ±0.1 √(3 / inputs), biases zero: at first no choice is much more probable than another.
    case small

    var initialisation: Initialisation {
      switch self {
      case .uniform: .uniformByInputs
      case .small: .scaledUniform(gain: 0.1)
      }
    }
  }

  /// Several updates from the same steps, held near the policy that took them.
  package struct Proximal: Sendable, Equatable {
    /// How often each step is learnt from.
    package var epochs: Int
    /// Parts into which the steps are split anew in each epoch, an update for each.
    package var minibatches: Int
    /// ε, how far the ratio of probabilities may be from one before it stops to count.
    package var clip: Double

    package init(epochs: Int = 4, minibatches: Int = 4, clip: Double = 0.2) {
      (self.epochs, self.minibatches, self.clip) = (epochs, minibatches, clip)
    }
  }

  /// What the returns of whole episodes are compared with.
  package enum Baseline: String, Sendable, CaseIterable {
    /// A critic.
    case learned
    case none
  }

  package var stretch: Stretch
  /// Nothing means one update for each local step.
  package var proximal: Proximal?
  package var baseline: Baseline
  /// Whether actions are judged by all that follows to the end of the stretch: REINFORCE, of which segments are a form.
  package var followsReturns = false
  /// Of each hidden layer, in both networks.
  package var hiddenUnits: [Int]
  package var activation: ActorCriticSettings.Unit
  package var actorStepSize: Double
  package var criticStepSize: Double
  package var optimiser: ActorCriticSettings.OptimiserRule
  /// γ.
  package var discount: Double
  /// λ of the advantages.
  package var traceDecay: Double
  /// What a unit of entropy is worth.
  package var entropyBonus: Double
  /// Whether the advantages of a local step are shifted and scaled to mean zero and standard deviation one.
  package var normalisesAdvantages: Bool
  /// The longest norm of the gradient of a network; nothing means any.
  package var gradientClip: Double?
  package var hiddenStart: ActorCriticSettings.HiddenStart
  package var outputStart: OutputStart
  /// After how many local steps the step sizes have fallen to zero, along a line; nothing where they stay.
  package var decaySteps: Int?
  package var start: ActorCriticSettings.Start

  package init(
    stretch: Stretch = .segments(steps: 5, environments: 1), proximal: Proximal? = nil, baseline: Baseline = .learned,
    hiddenUnits: [Int] = [64, 64], activation: ActorCriticSettings.Unit = .hyperbolicTangent,
    actorStepSize: Double = 0.001, criticStepSize: Double = 0.001,
    optimiser: ActorCriticSettings.OptimiserRule = .adam, discount: Double = 0.99, traceDecay: Double = 1,
    entropyBonus: Double = 0, normalisesAdvantages: Bool = false, gradientClip: Double? = nil,
    hiddenStart: ActorCriticSettings.HiddenStart = .uniform, outputStart: OutputStart = .uniform,
    decaySteps: Int? = nil, start: ActorCriticSettings.Start = .common
  ) {
    self.stretch = stretch
    self.proximal = proximal
    self.baseline = baseline
    self.hiddenUnits = hiddenUnits
    self.activation = activation
    self.actorStepSize = actorStepSize
    self.criticStepSize = criticStepSize
    self.optimiser = optimiser
    self.discount = discount
    self.traceDecay = traceDecay
    self.entropyBonus = entropyBonus
    self.normalisesAdvantages = normalisesAdvantages
    self.gradientClip = gradientClip
    self.hiddenStart = hiddenStart
    self.outputStart = outputStart
    self.decaySteps = decaySteps
    self.start = start
  }

  /// Whether episodes are played to their ends, so that nothing but rewards says what they were worth.
  package var playsWholeEpisodes: Bool { if case .episodes = stretch { true } else { false } }

  /// K, the copies of the environment that an agent acts in.
  package var environments: Int { if case .segments(_, let environments) = stretch { environments } else { 1 } }

  /// The most steps in a copy of the environment that a local step has.
  package func stepsAtOnce(in tasks: ControlTasks) -> Int {
    switch stretch {
    case .segments(let steps, _): steps
    case .episodes(let count): count * tasks.timeLimit
    }
  }

  /// The most steps of all copies that a local step learns from.
  package func mostRows(in tasks: ControlTasks) -> Int { environments * stepsAtOnce(in: tasks) }
}
