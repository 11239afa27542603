// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets
import Schema

/// How agents with critics learn from whole episodes and distil what they do into a shared policy.
///
/// Source: Teh et al., "Distral: robust multitask reinforcement learning", 2017, table 1; Wan, "Multi-task deep
/// reinforcement learning via policy distillation", 2019, algorithm 2, with its step sizes: ten times as large ones diverge.
package struct DistralSettings: Sendable, Equatable {
  /// What becomes of the shared policy.
  package enum Prior: String, Sendable, CaseIterable {
    /// It learns as the variant says.
    case learnt
    /// It was learnt elsewhere (`priorFrom`) and stays as it is.
    case frozen
  }

  package var variant: DistralVariant
  package var prior: Prior
  /// The parameters that the shared policy starts from; nothing where they are drawn.
  package var priorFrom: NumberTable?
  /// α, of variants that do not say it.
  package var priorWeight: Double
  /// β.
  package var sharpness: Double
  /// γ.
  package var discount: Double
  package var priorStepSize: Double
  package var taskStepSize: Double
  package var criticStepSize: Double
  package var hiddenUnits: [Int]
  package var activation: ActorCriticSettings.Unit
  package var optimiser: ActorCriticSettings.OptimiserRule
  package var gradientClip: Double?
  package var hiddenStart: ActorCriticSettings.HiddenStart
  package var start: ActorCriticSettings.Start

  package init(
    variant: DistralVariant = .divergenceEntropyTwoColumns, prior: Prior = .learnt, priorFrom: NumberTable? = nil,
    priorWeight: Double = 0.8, sharpness: Double = 5, discount: Double = 0.95, priorStepSize: Double = 1e-4,
    taskStepSize: Double = 1e-4, criticStepSize: Double = 1e-4,
    hiddenUnits: [Int] = [50, 50], activation: ActorCriticSettings.Unit = .leakyRectifier,
    optimiser: ActorCriticSettings.OptimiserRule = .adam, gradientClip: Double? = nil,
    hiddenStart: ActorCriticSettings.HiddenStart = .uniform, start: ActorCriticSettings.Start = .common
  ) {
    self.variant = variant
    self.prior = prior
    self.priorFrom = priorFrom
    self.priorWeight = priorWeight
    self.sharpness = sharpness
    self.discount = discount
    self.priorStepSize = priorStepSize
    self.taskStepSize = taskStepSize
    self.criticStepSize = criticStepSize
    self.hiddenUnits = hiddenUnits
    self.activation = activation
    self.optimiser = optimiser
    self.gradientClip = gradientClip
    self.hiddenStart = hiddenStart
    self.start = start
  }

  static let parameters = [
    Parameter.choice(
      "variant", DistralVariant.divergenceEntropyTwoColumns, "what policies are made of, and what they pay for"),
    .choice("prior", Prior.learnt, "the shared policy: learnt as the variant says, or frozen as prior-from has it"),
    .priorFrom,
    Parameter(
      "prior-weight", .probability, "how much differing from the shared policy counts, of variants with entropy",
      .otherwise(.number(0.8))),
    Parameter("sharpness", .number(.positive), "of policies, per unit of return", .otherwise(.number(5))),
    .shortDiscount,
    Parameter("prior-step-size", .number(.notNegative), "of the shared policy's optimiser", .otherwise(.number(1e-4))),
    Parameter("task-step-size", .number(.notNegative), "of the optimiser of each policy", .otherwise(.number(1e-4))),
    Parameter("critic-step-size", .number(.notNegative), "of the optimiser of each critic", .otherwise(.number(1e-4))),
    .smallHiddenUnits, .leakyActivation, .optimiser, .gradientClip, .hiddenStart, .networkStart,
  ]

  fileprivate init(_ arguments: Arguments) {
    self.init(
      variant: arguments.choice("variant"), prior: arguments.choice("prior"),
      priorFrom: arguments.special("prior-from"), priorWeight: arguments.number("prior-weight") ?? 0,
      sharpness: arguments.number("sharpness") ?? 1, discount: arguments.number("discount") ?? 0,
      priorStepSize: arguments.number("prior-step-size") ?? 0, taskStepSize: arguments.number("task-step-size") ?? 0,
      criticStepSize: arguments.number("critic-step-size") ?? 0, hiddenUnits: arguments.counts("hidden-units"),
      activation: arguments.choice("activation"), optimiser: arguments.choice("optimiser"),
      gradientClip: arguments.number("gradient-clip"), hiddenStart: arguments.choice("hidden-start"),
      start: arguments.choice("start"))
  }

  fileprivate var arguments: Arguments {
    var arguments: Arguments = [
      "variant": .text(variant.rawValue), "prior": .text(prior.rawValue), "prior-weight": .number(priorWeight),
      "sharpness": .number(sharpness),
      "discount": .number(discount), "prior-step-size": .number(priorStepSize),
      "task-step-size": .number(taskStepSize), "critic-step-size": .number(criticStepSize),
      "hidden-units": .counts(hiddenUnits), "activation": .text(activation.rawValue),
      "optimiser": .text(optimiser.rawValue), "gradient-clip": gradientClip.map { .number($0) } ?? .text("none"),
      "hidden-start": .text(hiddenStart.rawValue), "start": .text(start.rawValue),
    ]
    arguments["prior-from"] = priorFrom.map { .special($0) }
    return arguments
  }
}

extension LearnerSettings {
  package static func distral(_ settings: DistralSettings) -> LearnerSettings {
    LearnerSettings(.distralActorCritic, settings.arguments)
  }

  /// How agents with critics distil what they do, of that learner.
  package var distral: DistralSettings { DistralSettings(arguments.completed(by: DistralSettings.parameters)) }
}
