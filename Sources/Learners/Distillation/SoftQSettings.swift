// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets
import Schema

/// How agents learn by soft Q-learning from replayed transitions, alone or with a shared policy that they distil.
///
/// Source: Teh et al., "Distral: robust multitask reinforcement learning", 2017; Wan, "Multi-task deep reinforcement
/// learning via policy distillation", 2019, algorithm 1. Sizes that are usual here are those of a public replication, with
/// a discount at which its worlds tell the forms apart.
package struct SoftQSettings: Sendable, Equatable {
  /// What the policy of an agent is made of.
  package enum Form: Sendable, Equatable {
    /// What actions are worth to it alone: the learner `soft-q`.
    case alone
    /// That, and in the values of states a shared policy: it acts on softmax(f), sharpened where it is said.
    case oneColumn(Prior)
    /// That and a shared policy: it acts on softmax(α log π₀ + β f).
    case twoColumns(Prior)
  }

  /// The shared policy π₀.
  package enum Prior: String, Sendable, CaseIterable {
    /// A network, distilled from what agents do.
    case learnt
    /// A network that was learnt elsewhere (`priorFrom`) and stays as it is.
    case frozen
    /// Uniform for ever: its network stays as it is, and nobody asks it.
    case uniform
  }

  package var form: Form
  /// The parameters that a shared policy starts from; nothing where they are drawn.
  package var priorFrom: NumberTable?
  /// α.
  package var priorWeight: Double
  /// β.
  package var sharpness: Double
  /// β', with which an agent of one column acts; nothing means as it is.
  package var actingSharpness: Double?
  /// γ.
  package var discount: Double
  /// n: from one step on, targets are those of replayed transitions; from two on, of the steps that were just taken.
  package var targetSteps: Int
  /// Transitions that a step learns from.
  package var batch: Int
  /// Of how many of its latest transitions an agent learns.
  package var replay: Int
  /// Steps of the environment with uniform actions before an agent learns.
  package var randomFirst: Int
  /// U, steps of the environment in a local step.
  package var stepsPerUpdate: Int
  package var priorStepSize: Double
  package var taskStepSize: Double
  package var hiddenUnits: [Int]
  package var activation: ActorCriticSettings.Unit
  package var optimiser: ActorCriticSettings.OptimiserRule
  package var gradientClip: Double?
  package var hiddenStart: ActorCriticSettings.HiddenStart
  package var start: ActorCriticSettings.Start

  package init(
    form: Form = .twoColumns(.learnt), priorFrom: NumberTable? = nil, priorWeight: Double = 0.8, sharpness: Double = 5,
    actingSharpness: Double? = nil, discount: Double = 0.95, targetSteps: Int = 1, batch: Int = 128,
    replay: Int = 10_000, randomFirst: Int = 1000, stepsPerUpdate: Int = 1, priorStepSize: Double = 0.001,
    taskStepSize: Double = 0.001, hiddenUnits: [Int] = [50, 50],
    activation: ActorCriticSettings.Unit = .leakyRectifier, optimiser: ActorCriticSettings.OptimiserRule = .adam,
    gradientClip: Double? = nil, hiddenStart: ActorCriticSettings.HiddenStart = .uniform,
    start: ActorCriticSettings.Start = .common
  ) {
    self.form = form
    self.priorFrom = priorFrom
    self.priorWeight = priorWeight
    self.sharpness = sharpness
    self.actingSharpness = actingSharpness
    self.discount = discount
    self.targetSteps = targetSteps
    self.batch = batch
    self.replay = replay
    self.randomFirst = randomFirst
    self.stepsPerUpdate = stepsPerUpdate
    self.priorStepSize = priorStepSize
    self.taskStepSize = taskStepSize
    self.hiddenUnits = hiddenUnits
    self.activation = activation
    self.optimiser = optimiser
    self.gradientClip = gradientClip
    self.hiddenStart = hiddenStart
    self.start = start
  }

  /// The shared policy; nothing where an agent has none.
  package var prior: Prior? {
    switch form {
    case .alone: nil
    case .oneColumn(let prior), .twoColumns(let prior): prior
    }
  }
}

// MARK: - As parameters

extension SoftQSettings {
  /// Of agents alone.
  static let parameters =
    [
      Parameter(
        "prior-weight", .probability, "how much of what differs from the uniform policy counts as differing",
        .otherwise(.number(0.8)))
    ] + common

  /// Of agents that distil a shared policy.
  static let distillationParameters =
    [
      Parameter(
        "columns", .count(1...2), "2: agents act on the shared policy and their own worths; 1: on their worths alone",
        .otherwise(.count(2))),
      .choice(
        "prior", Prior.learnt,
        "the shared policy: distilled from what agents do, frozen as prior-from has it, or uniform for ever"),
      .priorFrom,
      Parameter(
        "prior-weight", .probability, "how much differing from the shared policy counts, beside being random",
        .otherwise(.number(0.8))),
      Parameter(
        "acting-sharpness", Kind.number(.positive).orWord(), "with which agents of one column act, per unit of return",
        .otherwise(.text("none"))),
      Parameter(
        "prior-step-size", .number(.notNegative), "of the shared policy's optimiser", .otherwise(.number(0.001))),
    ] + common

  private static let common = [
    Parameter("sharpness", .number(.positive), "of soft values, per unit of return", .otherwise(.number(5))),
    .shortDiscount,
    Parameter(
      "n-step", .count(1...1_000_000),
      "steps of a target; from 2 on agents learn from the steps that they have just taken instead of replayed ones",
      .otherwise(.count(1))),
    .batch, .replay, .randomFirst, .stepsPerUpdate,
    Parameter("task-step-size", .number(.notNegative), "of the optimiser of worths", .otherwise(.number(0.001))),
    .smallHiddenUnits, .leakyActivation, .optimiser, .gradientClip, .hiddenStart, .networkStart,
  ]

  fileprivate init(_ arguments: Arguments, isShared: Bool) {
    var form = Form.alone
    if isShared {
      let prior: Prior = arguments.choice("prior")
      form = arguments.count("columns") == 1 ? .oneColumn(prior) : .twoColumns(prior)
    }
    self.init(
      form: form, priorFrom: arguments.special("prior-from"), priorWeight: arguments.number("prior-weight") ?? 0,
      sharpness: arguments.number("sharpness") ?? 1,
      actingSharpness: arguments["acting-sharpness"]?.number, discount: arguments.number("discount") ?? 0,
      targetSteps: arguments.count("n-step"), batch: arguments.count("batch"), replay: arguments.count("replay"),
      randomFirst: arguments.count("random-first"), stepsPerUpdate: arguments.count("steps-per-update"),
      priorStepSize: arguments.number("prior-step-size") ?? 0, taskStepSize: arguments.number("task-step-size") ?? 0,
      hiddenUnits: arguments.counts("hidden-units"), activation: arguments.choice("activation"),
      optimiser: arguments.choice("optimiser"), gradientClip: arguments.number("gradient-clip"),
      hiddenStart: arguments.choice("hidden-start"), start: arguments.choice("start"))
  }

  fileprivate var arguments: Arguments {
    var arguments: Arguments = [
      "prior-weight": .number(priorWeight), "sharpness": .number(sharpness), "discount": .number(discount),
      "n-step": .count(targetSteps), "batch": .count(batch), "replay": .count(replay),
      "random-first": .count(randomFirst), "steps-per-update": .count(stepsPerUpdate),
      "task-step-size": .number(taskStepSize), "hidden-units": .counts(hiddenUnits),
      "activation": .text(activation.rawValue), "optimiser": .text(optimiser.rawValue),
      "gradient-clip": gradientClip.map { .number($0) } ?? .text("none"), "hidden-start": .text(hiddenStart.rawValue),
      "start": .text(start.rawValue),
    ]
    guard let prior else { return arguments }
    if case .oneColumn = form { arguments["columns"] = .count(1) } else { arguments["columns"] = .count(2) }
    arguments["prior"] = .text(prior.rawValue)
    arguments["prior-from"] = priorFrom.map { .special($0) }
    arguments["prior-step-size"] = .number(priorStepSize)
    arguments["acting-sharpness"] = actingSharpness.map { .number($0) } ?? .text("none")
    return arguments
  }
}

extension LearnerSettings {
  package static func softQ(_ settings: SoftQSettings) -> LearnerSettings {
    LearnerSettings(settings.prior == nil ? .softQLearning : .distral, settings.arguments)
  }

  /// How agents learn softly, alone or with a shared policy, of these two learners.
  package var softQ: SoftQSettings {
    let isShared = algorithm == .distral
    return SoftQSettings(
      arguments.completed(by: isShared ? SoftQSettings.distillationParameters : SoftQSettings.parameters),
      isShared: isShared)
  }
}
