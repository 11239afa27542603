// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Schema

/// The two tasks on five cells in a row (`FiveStateGridWorld`), known exactly to the agents that learn them.
package struct FiveStateSettings: Sendable, Equatable {
  /// Which of them agents have.
  package enum Tasks: String, Sendable, CaseIterable {
    /// The left goal and the right goal in turn, by the agents' names in natural order.
    case alternating
    /// All agents the average of both: its transition probabilities and rewards are the means of theirs.
    case average
  }

  /// Up to here, `I − γ P` is far from singular in double precision, whatever the policy.
  package static let greatestDiscount = 0.999999
  /// The number of parameters of a policy, one for each state and action.
  package static let parameterCount = FiveStateGridWorld.stateCount * FiveStateGridWorld.actionCount
  package static let stateCount = FiveStateGridWorld.stateCount

  package var tasks: Tasks
  /// γ, from 0 to `greatestDiscount`. The paper leaves it open; 0.95 is in its authors' code for their larger worlds.
  package var discount: Double
  /// The distribution of the first state, five probabilities.
  package var start: [Double]
  /// p of the modified dynamics; nothing for the original ones.
  package var driftProbability: Double?

  package init(
    tasks: Tasks = .alternating, discount: Double = 0.95, start: [Double] = FiveStateGridWorld.startInMiddle,
    driftProbability: Double? = nil
  ) {
    self.tasks = tasks
    self.discount = discount
    self.start = start
    self.driftProbability = driftProbability
  }
}

extension TaskDefinition {
  /// Two tasks on five cells that agents know exactly.
  package static let fiveState = TaskDefinition(
    name: "five-state", meaning: "two tasks on five cells in a row, which agents know exactly",
    source: "Zeng et al., A decentralized policy gradient approach to multi-task reinforcement learning, 2021",
    parameters: [
      Parameter(
        "tasks", .choice(FiveStateSettings.Tasks.allCases.map(\.rawValue)),
        "the two in turn, or their average for all", .otherwise(.text("alternating"))),
      Parameter(
        "discount", .number(Bounds(lower: 0, upper: FiveStateSettings.greatestDiscount)), "of rewards, per step",
        .otherwise(.number(0.95))),
      Parameter(
        "start",
        .described(.list(.probability), "\(FiveStateSettings.stateCount) probabilities that sum to one"),
        "where episodes start", .otherwise(.numbers(FiveStateGridWorld.startInMiddle)), example: "[0, 0, 1, 0, 0]"),
      Parameter(
        "drift-probability", Kind.probability.orWord(),
        "of going right in S2 and S4 in the first task, left in the second, whatever the action",
        .otherwise(.text("none"))),
    ], usualLearner: "policy-gradient", scoresEveryTask: true,
    check: { arguments, _ in
      let start = arguments["start"]?.numbers ?? []
      guard start.count != FiveStateSettings.stateCount || abs(start.reduce(0, +) - 1) > 1e-9 else { return nil }
      return Fault(
        "start", "must be \(FiveStateSettings.stateCount) probabilities that sum to one",
        hint: "such as [0, 0, 1, 0, 0], always S3")
    },
    facts: { arguments in
      var facts = TaskFacts(
        parameterCount: FiveStateSettings.parameterCount, minimisers: .unknownAscent,
        closedForm: .none("There is no closed form for agents that act."))
      if arguments.text("tasks") != FiveStateSettings.Tasks.average.rawValue { facts.changes = [.shift] }
      return facts
    },
    draw: { arguments, draw in
      try FiniteTasks(
        FiveStateSettings(arguments), stepSize: draw.learner.stepSize, agents: draw.agents, seed: draw.seed,
        replication: draw.replication)
    })
}

extension TaskSettings {
  package static func fiveState(_ settings: FiveStateSettings) -> TaskSettings {
    TaskSettings(
      .fiveState,
      [
        "tasks": .text(settings.tasks.rawValue), "discount": .number(settings.discount),
        "start": .numbers(settings.start),
        "drift-probability": settings.driftProbability.map { .number($0) } ?? .text("none"),
      ])
  }
}

extension FiveStateSettings {
  fileprivate init(_ arguments: Arguments) {
    self.init(
      tasks: arguments.choice("tasks"), discount: arguments.number("discount") ?? 0,
      start: arguments["start"]?.numbers ?? [], driftProbability: arguments.number("drift-probability"))
  }
}
