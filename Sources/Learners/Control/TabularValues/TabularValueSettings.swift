// SPDX-License-Identifier: GPL-3.0-or-later
import Schema

/// How agents learn in a table what actions are worth: the learners `q-learning` and `sarsa`.
///
/// Source: Watkins and Dayan, "Q-learning", 1992; Wan, "Multi-task deep reinforcement learning via policy distillation",
/// 2019, section 2.2; Sutton and Barto, "Reinforcement learning", sections 6.4 and 6.5.
package struct TabularValueSettings: Sendable, Equatable {
  /// What the state behind an action is worth.
  package enum Rule: Sendable, Equatable {
    /// As much as its best action: Q-learning.
    case best
    /// As much as the action that the agent takes there: SARSA.
    case taken
  }

  package var rule: Rule
  /// α.
  package var stepSize: Double
  /// γ.
  package var discount: Double
  package var exploration: Exploration
  /// U, steps of the environment in a local step.
  package var stepsPerUpdate: Int
  /// What every action is worth at first.
  package var firstValue: Double

  package init(
    rule: Rule = .best, stepSize: Double = 0.1, discount: Double = 0.95, exploration: Exploration = Exploration(),
    stepsPerUpdate: Int = 1, firstValue: Double = 0
  ) {
    self.rule = rule
    self.stepSize = stepSize
    self.discount = discount
    self.exploration = exploration
    self.stepsPerUpdate = stepsPerUpdate
    self.firstValue = firstValue
  }
}

// MARK: - As parameters

extension TabularValueSettings {
  static let parameters = [
    Parameter("q-step-size", .number(.notNegative), "of each update of the table", .otherwise(.number(0.1))),
    .shortDiscount, .exploration, .stepsPerUpdate,
    Parameter("first-value", .number(.anyNumber), "what every action is worth at first", .otherwise(.number(0))),
  ]

  fileprivate init(_ arguments: Arguments, rule: Rule) {
    self.init(
      rule: rule, stepSize: arguments.number("q-step-size") ?? 0, discount: arguments.number("discount") ?? 0,
      exploration: Exploration(arguments["exploration"]), stepsPerUpdate: arguments.count("steps-per-update"),
      firstValue: arguments.number("first-value") ?? 0)
  }

  fileprivate var arguments: Arguments {
    [
      "q-step-size": .number(stepSize), "discount": .number(discount), "exploration": exploration.argument,
      "steps-per-update": .count(stepsPerUpdate), "first-value": .number(firstValue),
    ]
  }
}

extension LearnerSettings {
  package static func tabularValues(_ settings: TabularValueSettings) -> LearnerSettings {
    LearnerSettings(settings.rule == .best ? .tabularQLearning : .sarsa, settings.arguments)
  }

  /// How a table of values is learnt, of these two learners.
  package var tabularValues: TabularValueSettings {
    TabularValueSettings(
      arguments.completed(by: TabularValueSettings.parameters), rule: algorithm == .sarsa ? .taken : .best)
  }
}
