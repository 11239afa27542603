// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets
import Schema

/// How agents learn whose tasks have several players.
///
/// Source: "Multi-task multi-agent reinforcement learning with task-specific relations", which gives no numbers: these are
/// ours.
package struct PlayerSettings: Sendable, Equatable {
  /// Whether what players gain moves their relations.
  package enum Relations: String, Sendable, CaseIterable {
    /// No, as published: relations learn from what they say of actions, and nothing else.
    case fixed
    /// The losses of critics and policies have a gradient with respect to relations and skills.
    case endToEnd = "end-to-end"
  }

  /// What agents share.
  package enum Share: String, Sendable, CaseIterable {
    case all
    /// Everything but critics, whose scale differs where rewards do.
    case policyAndEncoders = "policy-and-encoders"
  }

  /// What an action after the next state is worth.
  package enum NextAction: String, Sendable, CaseIterable {
    /// The mean over the target policy.
    case expected
    /// That of a draw from it, as published.
    case sampled
  }

  /// Which actions a policy learns from.
  package enum PolicyActions: String, Sendable, CaseIterable {
    /// All of them, by what each is worth.
    case all
    /// Those that were replayed, as published.
    case replayed
  }

  package var relations = Relations.endToEnd
  package var share = Share.all
  package var nextAction = NextAction.expected
  package var policyActions = PolicyActions.all
  package var sizes = PlayerSizes()
  /// τ.
  package var temperature = 1.0
  /// N.
  package var samples = 8
  package var stepSize = 0.003
  package var discount = 0.95
  package var entropyBonus = 0.02
  package var rewardScale = 0.1
  package var batch = 512
  package var replay = 20_000
  /// Copies of its world that an agent plays in.
  package var environments = 32
  /// Updates of policies and critics in a local step.
  package var updates = 10
  package var optimiser = ActorCriticSettings.OptimiserRule.adam
  package var hiddenStart = ActorCriticSettings.HiddenStart.uniform
  package var start = ActorCriticSettings.Start.common

  package init() {}
}

// MARK: - As parameters

extension PlayerSettings {
  static let parameters: [Parameter] = [
    .choice(
      "relations", Relations.endToEnd,
      "end-to-end: what players gain moves them; fixed: only what they say of actions does, as published"),
    .choice("share", Share.all, "all networks, or policy-and-encoders: all but critics, which agents keep"),
    .choice(
      "next-action", NextAction.expected, "that targets count on: the mean over the policy, or a draw as published"),
    .choice(
      "policy-actions", PolicyActions.all, "that a policy learns from: all, or those that were replayed as published"),
    Parameter("skills", .count(1...1000), "that a player can have", .otherwise(.count(4))),
    Parameter("skill-temperature", .number(.positive), "of drawn skills", .otherwise(.number(1))),
    Parameter("samples", .count(1...1000), "skills that one is compared with", .otherwise(.count(8))),
    Parameter("key-units", .count(1...10_000), "of what relations are made of", .otherwise(.count(16))),
    Parameter("value-units", .count(1...10_000), "of what players see of each other", .otherwise(.count(16))),
    Parameter("head-units", .count(1...10_000), "of the hidden layer of each network", .otherwise(.count(32))),
    Parameter("encoder-units", .count(1...10_000), "of the hidden layer of the task encoder", .otherwise(.count(16))),
    Parameter("network-step-size", .number(.notNegative), "of all optimisers", .otherwise(.number(0.003))),
    .shortDiscount,
    Parameter("entropy-bonus", .number(.notNegative), "what a unit of entropy is worth", .otherwise(.number(0.02))),
    Parameter("reward-scale", .number(.positive), "by which rewards are multiplied", .otherwise(.number(0.1))),
    Parameter("batch", Parameter.batch.kind, Parameter.batch.meaning, .otherwise(.count(512))),
    Parameter(
      "replay", Parameter.replay.kind, "of how many of its players' latest transitions an agent learns",
      .otherwise(.count(20_000))),
    Parameter(
      "environments", .count(1...10_000), "copies of its world in which an agent plays an episode a step",
      .otherwise(.count(32))),
    Parameter("updates", .count(1...10_000), "of policies and critics in a step", .otherwise(.count(10))),
    .optimiser, .hiddenStart, .networkStart,
  ]

  fileprivate init(_ arguments: Arguments) {
    relations = arguments.choice("relations")
    share = arguments.choice("share")
    nextAction = arguments.choice("next-action")
    policyActions = arguments.choice("policy-actions")
    sizes = PlayerSizes(
      skills: arguments.count("skills"), keyUnits: arguments.count("key-units"),
      valueUnits: arguments.count("value-units"), hiddenUnits: arguments.count("head-units"),
      encoderUnits: arguments.count("encoder-units"))
    temperature = arguments.number("skill-temperature") ?? 1
    samples = arguments.count("samples")
    stepSize = arguments.number("network-step-size") ?? 0
    discount = arguments.number("discount") ?? 0
    entropyBonus = arguments.number("entropy-bonus") ?? 0
    rewardScale = arguments.number("reward-scale") ?? 1
    batch = arguments.count("batch")
    replay = arguments.count("replay")
    environments = arguments.count("environments")
    updates = arguments.count("updates")
    optimiser = arguments.choice("optimiser")
    hiddenStart = arguments.choice("hidden-start")
    start = arguments.choice("start")
  }

  fileprivate var arguments: Arguments {
    [
      "relations": .text(relations.rawValue), "share": .text(share.rawValue),
      "next-action": .text(nextAction.rawValue), "policy-actions": .text(policyActions.rawValue),
      "skills": .count(sizes.skills), "skill-temperature": .number(temperature), "samples": .count(samples),
      "key-units": .count(sizes.keyUnits), "value-units": .count(sizes.valueUnits),
      "head-units": .count(sizes.hiddenUnits), "encoder-units": .count(sizes.encoderUnits),
      "network-step-size": .number(stepSize), "discount": .number(discount), "entropy-bonus": .number(entropyBonus),
      "reward-scale": .number(rewardScale), "batch": .count(batch), "replay": .count(replay),
      "environments": .count(environments), "updates": .count(updates), "optimiser": .text(optimiser.rawValue),
      "hidden-start": .text(hiddenStart.rawValue), "start": .text(start.rawValue),
    ]
  }

  /// The networks of agents with these roles.
  package func networks(of task: ParticleTask) -> PlayerNetworks<Float> {
    PlayerNetworks(sizes, roles: task.roles.count, temperature: temperature, sharesCritics: share == .all)
  }
}

extension LearnerSettings {
  package static func players(_ settings: PlayerSettings) -> LearnerSettings {
    LearnerSettings(.multiTaskPlayers, settings.arguments)
  }

  /// How agents learn whose tasks have several players, of that learner.
  package var players: PlayerSettings {
    PlayerSettings(arguments.completed(by: PlayerSettings.parameters))
  }
}
