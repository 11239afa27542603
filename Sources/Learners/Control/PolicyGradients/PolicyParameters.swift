// SPDX-License-Identifier: GPL-3.0-or-later
import Schema

/// The settings of policy gradients as parameters of their three learners.
extension PolicySettings {
  /// Of `a2c`.
  static let segmentParameters: [Parameter] =
    [
      segment(5), copies(1), decay(1), rate("actor", 0.001), rate("critic", 0.001), bonus(0.01), normalising(false),
      .gradientClip,
    ] + common

  /// Of `ppo`.
  static let proximalParameters: [Parameter] =
    [
      segment(128), copies(4),
      Parameter("epochs", .count(1...1000), "how often each step is learnt from", .otherwise(.count(4))),
      Parameter(
        "minibatches", .count(1...1_000_000), "parts of the steps, drawn anew in each epoch, with an update for each",
        .otherwise(.count(4))),
      Parameter(
        "ratio-clip", .number(.positive), "how far a probability may move from what it was, as a share of it",
        .otherwise(.number(0.2))),
      decay(0.95), rate("actor", 0.001), rate("critic", 0.001), bonus(0.01), normalising(true),
      Parameter(
        "gradient-clip", Parameter.gradientClip.kind, "longest norm, of each network", .otherwise(.number(0.5))),
    ] + common

  /// Of `reinforce`.
  static let episodeParameters: [Parameter] =
    [
      Parameter("episodes-per-step", .count(1...10_000), "that a local step learns from", .otherwise(.count(1))),
      Parameter(
        "segment", Kind.count(1...1_000_000).orWord("episodes"),
        "steps of each environment in a local step, with what the critic says of the state behind them; or whole episodes",
        .otherwise(.text("episodes"))),
      copies(1),
      .choice("baseline", Baseline.learned, "what returns are compared with: what a critic has learned, or nothing"),
      rate("actor", 0.001), rate("critic", 0.001), bonus(0), normalising(false), .gradientClip,
    ] + common

  private static let common: [Parameter] = [
    .hiddenUnits,
    .choice("activation", ActorCriticSettings.Unit.hyperbolicTangent, "of hidden units"),
    .optimiser, .discount, .hiddenStart,
    .choice(
      "output-start", OutputStart.uniform, "how weights of output layers start; small: with next to no preference"),
    Parameter(
      "decay-steps", Kind.count(1...1_000_000_000).orWord(),
      "local steps in which step sizes fall to zero, along a line", .otherwise(.text("none"))),
    .networkStart,
  ]

  private static func segment(_ usual: Int) -> Parameter {
    Parameter(
      "n-step", .count(1...1_000_000), "steps of each environment in a local step, which it learns from",
      .otherwise(.count(usual)))
  }

  private static func copies(_ usual: Int) -> Parameter {
    Parameter(
      "environments", .count(1...10_000), "copies of its environment that an agent acts in", .otherwise(.count(usual)))
  }

  private static func decay(_ usual: Double) -> Parameter {
    Parameter(
      "trace-decay", .probability,
      "of what later steps say of an action: 1 counts rewards to the end of the segment, 0 looks one step ahead",
      .otherwise(.number(usual)))
  }

  private static func rate(_ network: String, _ usual: Double) -> Parameter {
    Parameter(
      "\(network)-step-size", .number(.notNegative), "of the \(network)'s optimiser", .otherwise(.number(usual)))
  }

  private static func bonus(_ usual: Double) -> Parameter {
    Parameter("entropy-bonus", .number(.notNegative), "what a unit of entropy is worth", .otherwise(.number(usual)))
  }

  private static func normalising(_ usual: Bool) -> Parameter {
    Parameter(
      "normalise-advantages", .flag, "whether those of a step get mean 0 and deviation 1", .otherwise(.flag(usual)))
  }

  fileprivate init(_ arguments: Arguments, of learner: LearnerDefinition) {
    self.init(
      hiddenUnits: arguments.counts("hidden-units"), activation: arguments.choice("activation"),
      actorStepSize: arguments.number("actor-step-size") ?? 0,
      criticStepSize: arguments.number("critic-step-size") ?? 0,
      optimiser: arguments.choice("optimiser"), discount: arguments.number("discount") ?? 0,
      entropyBonus: arguments.number("entropy-bonus") ?? 0,
      normalisesAdvantages: arguments.flag("normalise-advantages"),
      gradientClip: arguments.number("gradient-clip"), hiddenStart: arguments.choice("hidden-start"),
      outputStart: arguments.choice("output-start"), decaySteps: arguments["decay-steps"]?.count,
      start: arguments.choice("start"))
    if learner == .reinforce {
      baseline = arguments.choice("baseline")
      if let steps = arguments["segment"]?.count {
        followsReturns = true
        stretch = .segments(steps: steps, environments: arguments.count("environments"))
      } else {
        stretch = .episodes(arguments.count("episodes-per-step"))
      }
    } else {
      stretch = .segments(steps: arguments.count("n-step"), environments: arguments.count("environments"))
      traceDecay = arguments.number("trace-decay") ?? 1
    }
    if learner == .proximalPolicy {
      proximal = Proximal(
        epochs: arguments.count("epochs"), minibatches: arguments.count("minibatches"),
        clip: arguments.number("ratio-clip") ?? 1)
    }
  }

  fileprivate var arguments: Arguments {
    var arguments: Arguments = [
      "hidden-units": .counts(hiddenUnits), "activation": .text(activation.rawValue),
      "actor-step-size": .number(actorStepSize), "critic-step-size": .number(criticStepSize),
      "optimiser": .text(optimiser.rawValue), "discount": .number(discount), "entropy-bonus": .number(entropyBonus),
      "normalise-advantages": .flag(normalisesAdvantages),
      "gradient-clip": gradientClip.map { .number($0) } ?? .text("none"), "hidden-start": .text(hiddenStart.rawValue),
      "output-start": .text(outputStart.rawValue), "decay-steps": decaySteps.map { .count($0) } ?? .text("none"),
      "start": .text(start.rawValue),
    ]
    if learner == .reinforce { arguments["baseline"] = .text(baseline.rawValue) }
    switch stretch {
    case .episodes(let count):
      arguments["episodes-per-step"] = .count(count)
    case .segments(let steps, let environments) where learner == .reinforce:
      arguments["segment"] = .count(steps)
      arguments["environments"] = .count(environments)
    case .segments(let steps, let environments):
      arguments["n-step"] = .count(steps)
      arguments["environments"] = .count(environments)
      arguments["trace-decay"] = .number(traceDecay)
    }
    if let proximal {
      arguments["epochs"] = .count(proximal.epochs)
      arguments["minibatches"] = .count(proximal.minibatches)
      arguments["ratio-clip"] = .number(proximal.clip)
    }
    return arguments
  }

  /// The learner that such settings are of.
  fileprivate var learner: LearnerDefinition {
    followsReturns || playsWholeEpisodes ? .reinforce : proximal == nil ? .advantageActorCritic : .proximalPolicy
  }
}

extension LearnerSettings {
  package static func policy(_ settings: PolicySettings) -> LearnerSettings {
    LearnerSettings(settings.learner, settings.arguments)
  }

  /// How a policy follows its gradient, of these three learners.
  package var policy: PolicySettings {
    get { PolicySettings(arguments.completed(by: algorithm.parameters), of: algorithm) }
    set { self = .policy(newValue) }
  }
}
