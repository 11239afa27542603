// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets
import Schema

/// How agents learn from replayed transitions to act with numbers, and are paid for being random.
///
/// Source: Haarnoja et al., "Soft actor-critic: off-policy maximum entropy deep reinforcement learning with a stochastic
/// actor", 2018; Haarnoja et al., "Soft actor-critic algorithms and applications", 2018, with its table 1 for step sizes,
/// discount, target rate and batch (with 256 units in each hidden layer and a replay of a million).
package struct SoftActorCriticSettings: Sendable, Equatable {
  /// What a nat of entropy is worth, κ.
  package enum Temperature: Sendable, Equatable {
    case fixed(Double)
    /// Learnt, so that the policy has this entropy in the mean; nothing means minus one for each number of an action. The
    /// entropy is that of an action as a share of its bound.
    case tuned(entropy: Double?)
  }

  /// Of each hidden layer.
  package var hiddenUnits: [Int]
  package var activation: ActorCriticSettings.Unit
  /// Of the optimiser of both critics.
  package var criticStepSize: Double
  /// Of the policy's.
  package var actorStepSize: Double
  package var optimiser: ActorCriticSettings.OptimiserRule
  package var temperature: Temperature
  /// What a tuned temperature starts from.
  package var firstTemperature: Double
  /// Of the optimiser of its logarithm.
  package var temperatureStepSize: Double
  /// γ.
  package var discount: Double
  /// B, transitions that a step learns from.
  package var batch: Int
  /// C, of how many of its latest transitions an agent learns.
  package var replay: Int
  /// Steps of the environment with uniform actions before an agent learns.
  package var randomFirst: Int
  /// U, steps of the environment in a local step.
  package var stepsPerUpdate: Int
  /// What share of the way to its critics an agent's slow critics go in an update, 1 − ρ.
  package var targetRate: Double
  /// The longest norm of the gradient of each network; nothing means any.
  package var gradientClip: Double?
  package var hiddenStart: ActorCriticSettings.HiddenStart
  package var start: ActorCriticSettings.Start

  package init(
    hiddenUnits: [Int] = [64, 64], activation: ActorCriticSettings.Unit = .rectifier, criticStepSize: Double = 3e-4,
    actorStepSize: Double = 3e-4, optimiser: ActorCriticSettings.OptimiserRule = .adam,
    temperature: Temperature = .tuned(entropy: nil), firstTemperature: Double = 1, temperatureStepSize: Double = 3e-4,
    discount: Double = 0.99, batch: Int = 256, replay: Int = 100_000, randomFirst: Int = 1000, stepsPerUpdate: Int = 1,
    targetRate: Double = 0.005, gradientClip: Double? = nil, hiddenStart: ActorCriticSettings.HiddenStart = .uniform,
    start: ActorCriticSettings.Start = .common
  ) {
    self.hiddenUnits = hiddenUnits
    self.activation = activation
    self.criticStepSize = criticStepSize
    self.actorStepSize = actorStepSize
    self.optimiser = optimiser
    self.temperature = temperature
    self.firstTemperature = firstTemperature
    self.temperatureStepSize = temperatureStepSize
    self.discount = discount
    self.batch = batch
    self.replay = replay
    self.randomFirst = randomFirst
    self.stepsPerUpdate = stepsPerUpdate
    self.targetRate = targetRate
    self.gradientClip = gradientClip
    self.hiddenStart = hiddenStart
    self.start = start
  }
}

// MARK: - As parameters

extension SoftActorCriticSettings {
  static let parameters = [
    Parameter(
      "hidden-units", Parameter.hiddenUnits.kind, "units of each hidden layer, in every network",
      .otherwise(.counts([64, 64]))),
    .activation,
    Parameter("critic-step-size", .number(.notNegative), "of the optimiser of both critics", .otherwise(.number(3e-4))),
    Parameter("actor-step-size", .number(.notNegative), "of the policy's optimiser", .otherwise(.number(3e-4))),
    .optimiser,
    Parameter(
      "temperature", Kind.number(.notNegative).orWord("tuned"),
      "what a nat of entropy is worth; tuned: learnt, so that the policy has the target entropy",
      .otherwise(.text("tuned"))),
    Parameter(
      "target-entropy", Kind.number(.anyNumber).orWord("auto"),
      "in nats, of actions as shares of their bound; auto: -1 for each number of an action", .otherwise(.text("auto"))),
    Parameter(
      "first-temperature", .number(.positive), "what a tuned temperature starts from", .otherwise(.number(1))),
    Parameter(
      "temperature-step-size", .number(.notNegative), "of the optimiser of a tuned temperature's logarithm",
      .otherwise(.number(3e-4))),
    .discount,
    Parameter("batch", Parameter.batch.kind, Parameter.batch.meaning, .otherwise(.count(256))),
    Parameter("replay", Parameter.replay.kind, Parameter.replay.meaning, .otherwise(.count(100_000))),
    .randomFirst, .stepsPerUpdate,
    Parameter(
      "target-rate", .probability, "share of the way to the critics that the slow ones go in an update",
      .otherwise(.number(0.005))),
    .gradientClip, .hiddenStart, .networkStart,
  ]

  /// What about the values cannot be.
  var fault: Fault? {
    Fault.ofHiddenUnits(hiddenUnits) ?? Fault.ofReplay(replay, batch: batch)
  }

  fileprivate init(_ arguments: Arguments) {
    self.init(
      hiddenUnits: arguments.counts("hidden-units"), activation: arguments.choice("activation"),
      criticStepSize: arguments.number("critic-step-size") ?? 0,
      actorStepSize: arguments.number("actor-step-size") ?? 0, optimiser: arguments.choice("optimiser"),
      temperature: arguments.number("temperature").map(Temperature.fixed)
        ?? .tuned(entropy: arguments.number("target-entropy")),
      firstTemperature: arguments.number("first-temperature") ?? 1,
      temperatureStepSize: arguments.number("temperature-step-size") ?? 0,
      discount: arguments.number("discount") ?? 0, batch: arguments.count("batch"), replay: arguments.count("replay"),
      randomFirst: arguments.count("random-first"), stepsPerUpdate: arguments.count("steps-per-update"),
      targetRate: arguments.number("target-rate") ?? 0, gradientClip: arguments.number("gradient-clip"),
      hiddenStart: arguments.choice("hidden-start"), start: arguments.choice("start"))
  }

  fileprivate var arguments: Arguments {
    var (temperature, entropy) = (Argument.text("tuned"), Argument.text("auto"))
    switch self.temperature {
    case .fixed(let value): temperature = .number(value)
    case .tuned(let target?): entropy = .number(target)
    case .tuned(nil): break
    }
    return [
      "hidden-units": .counts(hiddenUnits), "activation": .text(activation.rawValue),
      "critic-step-size": .number(criticStepSize), "actor-step-size": .number(actorStepSize),
      "optimiser": .text(optimiser.rawValue), "temperature": temperature, "target-entropy": entropy,
      "first-temperature": .number(firstTemperature), "temperature-step-size": .number(temperatureStepSize),
      "discount": .number(discount), "batch": .count(batch), "replay": .count(replay),
      "random-first": .count(randomFirst), "steps-per-update": .count(stepsPerUpdate),
      "target-rate": .number(targetRate), "gradient-clip": gradientClip.map { .number($0) } ?? .text("none"),
      "hidden-start": .text(hiddenStart.rawValue), "start": .text(start.rawValue),
    ]
  }
}

extension LearnerSettings {
  package static func softActorCritic(_ settings: SoftActorCriticSettings) -> LearnerSettings {
    LearnerSettings(.softActorCritic, settings.arguments)
  }

  /// How soft actors and critics learn, of that learner.
  package var softActorCritic: SoftActorCriticSettings {
    get { SoftActorCriticSettings(arguments.completed(by: SoftActorCriticSettings.parameters)) }
    set {
      precondition(algorithm == .softActorCritic, "Other learners have no soft actors and critics.")
      arguments = newValue.arguments
    }
  }
}
