// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Quantities
import Randomness
import Records
import Schema

/// Agents that learn what each action is worth in each of finitely many states, in a table of numbers, and take the best
/// action but for an exploration: Q-learning and SARSA. After an action a in s with reward r that leads to s′,
///
///     Q(s, a) ← Q(s, a) + α (r + γ Q(s′, a′) − Q(s, a))
///
/// where a′ is the best action in s′ (Q-learning) or the one that the agent takes there (SARSA), and Q(s′, a′) is zero where
/// the task has ended the episode in s′. An episode that the time limit cuts off has a value behind it.
///
/// Parameters are the table, all of it shared, so that agents can diffuse it. A local step is U steps of the environment with
/// an update each; its increment is the sum of theirs. What an agent keeps for itself is where it is, and what it has chosen
/// to do next; a step that is given up leaves no trace. The test policy is greedy.
///
/// Source: Watkins and Dayan, "Q-learning", 1992; Wan, 2019, equation 2.17; Sutton and Barto, "Reinforcement learning",
/// section 6.4; for many agents Kar, Moura and Poor, "QD-learning", 2013.
///
/// *Randomness*: `episodeStart` of the agent in the attempt, an index for each episode that begins in it; `actionNoise` of
/// the agent at the index of the attempt, for each choice whether it is uniform, and which; `testEpisode` as `PolicyTester`
/// says.
package typealias TabularValueLearning = ActingBank<TabularValueCore>

extension LearnerDefinition {
  /// The best action of the next state counts.
  package static let tabularQLearning = definition(
    "q-learning",
    "a table of what actions are worth in finitely many states, each with the best that can follow: Q-learning",
    source: "Watkins and Dayan, Q-learning, 1992; Wan, 2019, section 2.2")

  /// The action that is taken in the next state counts.
  package static let sarsa = definition(
    "sarsa", "a table of what actions are worth in finitely many states, each with what does follow: SARSA",
    source: "Sutton and Barto, Reinforcement learning, section 6.4")

  private static func definition(_ name: String, _ meaning: String, source: String) -> LearnerDefinition {
    LearnerDefinition(
      name: name, meaning: meaning, source: source, parameters: TabularValueSettings.parameters, tasks: ["control"],
      replacements: ["step-size": "use q-step-size", "initial": "use first-value"],
      check: { $0.task.control?.environment.faultOfTables },
      facts: { plan in plan.acting { plan.learner.tabularValues.facts(in: $0) } },
      make: { TabularValueLearning.agents($0.settings.tabularValues, $0) })
  }
}

extension EnvironmentDefinition {
  /// What is wrong with a learner here that keeps a table.
  fileprivate var faultOfTables: Fault? {
    if let fault = faultOfChoices { return fault }
    guard stateCount == nil else { return nil }
    let able = EnvironmentDefinition.all.filter { $0.stateCount != nil }.map(\.name)
    return .whole(
      "keeps a table of finitely many states, which environment \(name) has not",
      hint: "use dqn, or environment \(alternatives(able))")
  }
}

/// A table of values: of each state the numbers of its actions, state after state.
struct TabularValues: Sendable {
  let stateCount: Int
  let actionCount: Int
  /// ε in the long run.
  private let exploration: Double

  init(_ settings: TabularValueSettings, tasks: ControlTasks) {
    stateCount = tasks.environment.stateCount ?? 1
    actionCount = tasks.environment.actionChoices ?? 1
    exploration = settings.exploration.end
  }

  var parameterCount: Int { stateCount * actionCount }

  var layout: StepLayout { StepLayout([.shared("q", parameterCount)]) }

  /// Where an action of a state has its number.
  func place(_ state: Int, _ action: Int) -> Int { state * actionCount + action }

  /// The policies of such parameters: greedy ones, and those that explore as in the long run.
  var policies: PolicyForm {
    PolicyForm(parameterCount: parameterCount) {
      .table(choices: actionCount, at: $0, exploring: nil)
    } drawn: {
      .table(choices: actionCount, at: $0, exploring: (exploration, $1))
    }
  }
}

extension TabularValueSettings {
  fileprivate func facts(in tasks: ControlTasks) -> LearnerFacts {
    let table = TabularValues(self, tasks: tasks)
    let vector = Double(MemoryLayout<Float>.size * table.parameterCount)
    var facts = LearnerFacts.acting(table.layout, policies: table.policies, start: .common)
    facts.sizeSaidBy = nil
    facts.startsVary = false
    facts.furtherMetrics = MetricDefinition.furtherOfLivingAgents
    facts.mostSamplesPerStep = UInt64(stepsPerUpdate)
    facts.leastPerStep = (samples: Double(stepsPerUpdate), episodes: 0)
    facts.memory.perLearner = vector + 1000
    facts.memory.perCheckpoint = 1000
    facts.memory.perStep = vector
    return facts
  }
}
