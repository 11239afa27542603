// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets
import Schema

/// How agents learn what actions are worth from replayed transitions.
///
/// Source: Mnih et al., "Human-level control through deep reinforcement learning", 2015, algorithm 1; van Hasselt, Guez
/// and Silver, "Deep reinforcement learning with double Q-learning", 2016. The schedule of ε and the sizes that are usual
/// here are those of a public replication of Distral's grid worlds.
package struct DeepQSettings: Sendable, Equatable {
  /// What an error δ = Q(s, a) − y costs.
  package enum Loss: String, Sendable, CaseIterable {
    /// ½ δ² up to an error of 1, and |δ| − ½ beyond.
    case huber
    /// ½ δ².
    case squared
  }

  /// Of each hidden layer.
  package var hiddenUnits: [Int]
  package var activation: ActorCriticSettings.Unit
  /// Of the optimiser.
  package var stepSize: Double
  package var optimiser: ActorCriticSettings.OptimiserRule
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
  package var exploration: Exploration
  /// After how many updates an agent's target network becomes its network; nothing means that there is none.
  package var targetEvery: Int?
  package var loss: Loss
  /// Whether the network chooses the action that the target network judges.
  package var isDouble: Bool
  /// The longest norm of the gradient; nothing means any.
  package var gradientClip: Double?
  package var hiddenStart: ActorCriticSettings.HiddenStart
  package var start: ActorCriticSettings.Start

  package init(
    hiddenUnits: [Int] = [64, 64], activation: ActorCriticSettings.Unit = .rectifier, stepSize: Double = 0.001,
    optimiser: ActorCriticSettings.OptimiserRule = .adam, discount: Double = 0.99, batch: Int = 128,
    replay: Int = 10_000, randomFirst: Int = 1000, stepsPerUpdate: Int = 1, exploration: Exploration = Exploration(),
    targetEvery: Int? = 500, loss: Loss = .huber, isDouble: Bool = false, gradientClip: Double? = nil,
    hiddenStart: ActorCriticSettings.HiddenStart = .uniform, start: ActorCriticSettings.Start = .common
  ) {
    self.hiddenUnits = hiddenUnits
    self.activation = activation
    self.stepSize = stepSize
    self.optimiser = optimiser
    self.discount = discount
    self.batch = batch
    self.replay = replay
    self.randomFirst = randomFirst
    self.stepsPerUpdate = stepsPerUpdate
    self.exploration = exploration
    self.targetEvery = targetEvery
    self.loss = loss
    self.isDouble = isDouble
    self.gradientClip = gradientClip
    self.hiddenStart = hiddenStart
    self.start = start
  }

  /// The network of the values of all actions.
  package func network(in tasks: ControlTasks) -> Perceptron<Float> {
    Perceptron(
      layerSizes: [tasks.observationCount] + hiddenUnits + [tasks.environment.actionChoices ?? 1],
      activation: activation.activation)
  }
}

// MARK: - As parameters

extension DeepQSettings {
  static let parameters = [
    .hiddenUnits, .activation,
    Parameter("q-step-size", .number(.notNegative), "of the optimiser", .otherwise(.number(0.001))),
    .optimiser, .discount,
    .batch, .replay, .randomFirst, .stepsPerUpdate,
    .exploration,
    Parameter(
      "target-every", Kind.count(1...1_000_000_000).orWord(),
      "updates between copies of the network to the target network; none: there is no target network",
      .otherwise(.count(500))),
    .choice("q-loss", Loss.huber, "of a difference between value and target"),
    Parameter(
      "double", .flag, "whether the network chooses the action that the target network judges", .otherwise(.flag(false))
    ),
    .gradientClip, .hiddenStart, .networkStart,
  ]

  fileprivate init(_ arguments: Arguments) {
    self.init(
      hiddenUnits: arguments.counts("hidden-units"), activation: arguments.choice("activation"),
      stepSize: arguments.number("q-step-size") ?? 0, optimiser: arguments.choice("optimiser"),
      discount: arguments.number("discount") ?? 0, batch: arguments.count("batch"), replay: arguments.count("replay"),
      randomFirst: arguments.count("random-first"), stepsPerUpdate: arguments.count("steps-per-update"),
      exploration: Exploration(arguments["exploration"]),
      targetEvery: arguments["target-every"]?.count, loss: arguments.choice("q-loss"),
      isDouble: arguments.flag("double"),
      gradientClip: arguments.number("gradient-clip"), hiddenStart: arguments.choice("hidden-start"),
      start: arguments.choice("start"))
  }

  fileprivate var arguments: Arguments {
    [
      "hidden-units": .counts(hiddenUnits), "activation": .text(activation.rawValue), "q-step-size": .number(stepSize),
      "optimiser": .text(optimiser.rawValue), "discount": .number(discount), "batch": .count(batch),
      "replay": .count(replay), "random-first": .count(randomFirst), "steps-per-update": .count(stepsPerUpdate),
      "exploration": exploration.argument, "target-every": targetEvery.map { .count($0) } ?? .text("none"),
      "q-loss": .text(loss.rawValue),
      "double": .flag(isDouble), "gradient-clip": gradientClip.map { .number($0) } ?? .text("none"),
      "hidden-start": .text(hiddenStart.rawValue), "start": .text(start.rawValue),
    ]
  }
}

extension LearnerSettings {
  package static func deepQ(_ settings: DeepQSettings) -> LearnerSettings {
    LearnerSettings(.deepQLearning, settings.arguments)
  }

  /// How values of actions are learnt, of that learner.
  package var deepQ: DeepQSettings {
    get { DeepQSettings(arguments.completed(by: DeepQSettings.parameters)) }
    set {
      precondition(algorithm == .deepQLearning, "Other learners have no values of actions.")
      arguments = newValue.arguments
    }
  }
}
