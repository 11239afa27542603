// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets
import Schema

/// How actor and critic learn from whole episodes.
///
/// Source: Valcarcel Macua et al., "Diff-DAC: distributed actor-critic for average multitask deep reinforcement
/// learning", 2018, section 7, for the defaults (with 400 units in each hidden layer).
package struct ActorCriticSettings: Sendable, Equatable {
  package enum OptimiserRule: String, Sendable, CaseIterable {
    case adam
    case rootMeanSquare = "rms-prop"
    case gradientDescent = "gradient-descent"

    func optimiser(stepSize: Double) -> Optimiser {
      switch self {
      case .adam: Optimiser(.adam(), stepSize: stepSize)
      case .rootMeanSquare: Optimiser(.rootMeanSquare(), stepSize: stepSize)
      case .gradientDescent: Optimiser(.gradientDescent, stepSize: stepSize)
      }
    }
  }

  /// Which critic the actor is judged by.
  package enum Order: String, Sendable, CaseIterable {
    /// Both networks learn at once, the actor from the critic as it was.
    case jacobi
    /// The critic learns and is combined first, and the actor learns from the combined critic: two phases of a step.
    case gaussSeidel = "gauss-seidel"
  }

  /// How hidden layers start.
  package enum HiddenStart: String, Sendable, CaseIterable {
    /// Weights and biases uniform over ±1 / √inputs.
    case uniform
    case orthogonal
    case heNormal = "he-normal"
    case heUniform = "he-uniform"

    var initialisation: Initialisation {
      switch self {
      case .uniform: .uniformByInputs
      case .orthogonal: .orthogonal(gain: 2.0.squareRoot())
      case .heNormal: .heNormal
      case .heUniform: .heUniform
      }
    }
  }

  /// Whether agents start from the same parameters.
  package enum Start: String, Sendable, CaseIterable {
    case common
    case own
  }

  /// What a hidden unit makes of its weighted sum.
  package enum Unit: String, Sendable, CaseIterable {
    case rectifier = "relu"
    case leakyRectifier = "leaky-relu"
    case hyperbolicTangent = "tanh"

    var activation: Activation {
      switch self {
      case .rectifier: .rectifier
      case .leakyRectifier: .leakyRectifier
      case .hyperbolicTangent: .hyperbolicTangent
      }
    }
  }

  /// Of each hidden layer, in both networks.
  package var hiddenUnits: [Int]
  package var activation: Unit
  package var criticStepSize: Double
  package var actorStepSize: Double
  package var optimiser: OptimiserRule
  /// γ.
  package var discount: Double
  /// What a unit of entropy is worth to the actor.
  package var entropyBonus: Double
  package var episodesPerStep: Int
  package var order: Order
  /// Whether the advantages of a step are shifted and scaled to mean zero and standard deviation one.
  package var normalisesAdvantages: Bool
  /// The longest norm of the gradient of a network; nothing means any.
  package var gradientClip: Double?
  package var hiddenStart: HiddenStart
  package var start: Start

  package init(
    hiddenUnits: [Int] = [64, 64], activation: Unit = .rectifier, criticStepSize: Double = 0.01,
    actorStepSize: Double = 0.001, optimiser: OptimiserRule = .adam, discount: Double = 0.99,
    entropyBonus: Double = 5e-4, episodesPerStep: Int = 5, order: Order = .jacobi, normalisesAdvantages: Bool = false,
    gradientClip: Double? = nil, hiddenStart: HiddenStart = .uniform, start: Start = .common
  ) {
    self.hiddenUnits = hiddenUnits
    self.activation = activation
    self.criticStepSize = criticStepSize
    self.actorStepSize = actorStepSize
    self.optimiser = optimiser
    self.discount = discount
    self.entropyBonus = entropyBonus
    self.episodesPerStep = episodesPerStep
    self.order = order
    self.normalisesAdvantages = normalisesAdvantages
    self.gradientClip = gradientClip
    self.hiddenStart = hiddenStart
    self.start = start
  }
}

extension ActorCriticSettings {
  /// The optimiser of a network.
  func optimiser(stepSize: Double) -> Optimiser {
    optimiser.optimiser(stepSize: stepSize)
  }

  /// Numbers that the optimisers of both networks keep.
  package func momentsPerAgent(of networks: ActorCriticNetworks) -> Int {
    let optimiser = optimiser(stepSize: criticStepSize)
    return optimiser.stateCount(parameters: networks.critic.parameterCount)
      + optimiser.stateCount(parameters: networks.actor.parameterCount)
  }

  var initialisation: Initialisation { hiddenStart.initialisation }
}

// MARK: - As parameters

extension ActorCriticSettings {
  static let parameters = [
    .hiddenUnits, .activation,
    Parameter("critic-step-size", .number(.notNegative), "of the critic's optimiser", .otherwise(.number(0.01))),
    Parameter("actor-step-size", .number(.notNegative), "of the actor's optimiser", .otherwise(.number(0.001))),
    .optimiser, .discount,
    Parameter("entropy-bonus", .number(.notNegative), "what a unit of entropy is worth", .otherwise(.number(5e-4))),
    Parameter("episodes-per-step", .count(1...10_000), "that a local step learns from", .otherwise(.count(5))),
    .choice(
      "order", Order.jacobi,
      "jacobi: both networks learn at once; gauss-seidel: the critic is combined before the actor learns"),
    Parameter(
      "normalise-advantages", .flag, "whether those of a step get mean 0 and deviation 1", .otherwise(.flag(false))),
    .gradientClip, .hiddenStart, .networkStart,
  ]

  fileprivate init(_ arguments: Arguments) {
    self.init(
      hiddenUnits: arguments.counts("hidden-units"), activation: arguments.choice("activation"),
      criticStepSize: arguments.number("critic-step-size") ?? 0,
      actorStepSize: arguments.number("actor-step-size") ?? 0,
      optimiser: arguments.choice("optimiser"), discount: arguments.number("discount") ?? 0,
      entropyBonus: arguments.number("entropy-bonus") ?? 0, episodesPerStep: arguments.count("episodes-per-step"),
      order: arguments.choice("order"), normalisesAdvantages: arguments.flag("normalise-advantages"),
      gradientClip: arguments.number("gradient-clip"), hiddenStart: arguments.choice("hidden-start"),
      start: arguments.choice("start"))
  }

  fileprivate var arguments: Arguments {
    [
      "hidden-units": .counts(hiddenUnits), "activation": .text(activation.rawValue),
      "critic-step-size": .number(criticStepSize), "actor-step-size": .number(actorStepSize),
      "optimiser": .text(optimiser.rawValue), "discount": .number(discount), "entropy-bonus": .number(entropyBonus),
      "episodes-per-step": .count(episodesPerStep), "order": .text(order.rawValue),
      "normalise-advantages": .flag(normalisesAdvantages),
      "gradient-clip": gradientClip.map { .number($0) } ?? .text("none"), "hidden-start": .text(hiddenStart.rawValue),
      "start": .text(start.rawValue),
    ]
  }
}

extension LearnerSettings {
  package static func actorCritic(_ settings: ActorCriticSettings) -> LearnerSettings {
    LearnerSettings(.actorCritic, settings.arguments)
  }

  /// How actor and critic learn, of that learner.
  package var actorCritic: ActorCriticSettings {
    get { ActorCriticSettings(arguments.completed(by: ActorCriticSettings.parameters)) }
    set {
      precondition(algorithm == .actorCritic, "Other learners have neither actor nor critic.")
      arguments = newValue.arguments
    }
  }
}
