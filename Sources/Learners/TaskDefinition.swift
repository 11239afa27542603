// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Randomness
import Schema

/// A task: what agents learn from. It says all that anybody has to know about it.
///
/// A task is one file that makes one of these, and a line in `all`.
package struct TaskDefinition: Definition, Equatable {
  package let name: String
  package let meaning: String
  package let source: String?
  package let parameters: [Parameter]
  /// The learner where a scenario names none.
  package let usualLearner: String
  /// Whether agents act in episodes: then they can be tested in some, budgets can count them, and steps can take as long
  /// as their episodes have steps.
  package let hasEpisodes: Bool
  /// Whether every agent can be scored in every task of the study.
  package let scoresEveryTask: Bool
  /// Whether agents learn nothing but agree on the mean of what they start from, which takes cooperation.
  package let isAgreement: Bool
  /// What about the values cannot be, beyond what each parameter allows; with the number of agents where it is known.
  let check: @Sendable (Arguments, _ agents: Int?) -> Fault?
  let facts: @Sendable (Arguments) -> TaskFacts
  /// Draws what is drawn once per study.
  let draw: @Sendable (Arguments, TaskDraw) throws -> any DrawnTask
  /// Another way to say the same, the same for all that means the same.
  let settle: @Sendable (Arguments) -> Arguments

  package init(
    name: String, meaning: String, source: String? = nil, parameters: [Parameter], usualLearner: String,
    hasEpisodes: Bool = false, scoresEveryTask: Bool = false, isAgreement: Bool = false,
    check: @escaping @Sendable (Arguments, _ agents: Int?) -> Fault? = { _, _ in nil },
    facts: @escaping @Sendable (Arguments) -> TaskFacts,
    draw: @escaping @Sendable (Arguments, TaskDraw) throws -> any DrawnTask,
    settle: @escaping @Sendable (Arguments) -> Arguments = { $0 }
  ) {
    self.name = name
    self.meaning = meaning
    self.source = source
    self.parameters = parameters
    self.usualLearner = usualLearner
    self.hasEpisodes = hasEpisodes
    self.scoresEveryTask = scoresEveryTask
    self.isAgreement = isAgreement
    self.check = check
    self.facts = facts
    self.draw = draw
    self.settle = settle
  }

  /// All tasks: a new one is a file of its own and a line here.
  package static let all: [TaskDefinition] = [.linearRegression, .averaging, .control, .fiveState]

  /// The task of a name.
  package static func named(_ name: String) -> TaskDefinition? { all.first { $0.name == name } }

  /// By the name, as no two share it.
  package static func == (left: TaskDefinition, right: TaskDefinition) -> Bool { left.name == right.name }
}

/// A task with the values of its parameters.
package struct TaskSettings: Sendable, Equatable {
  package let definition: TaskDefinition
  package let arguments: Arguments

  package init(_ definition: TaskDefinition, _ arguments: Arguments = Arguments()) {
    self.definition = definition
    self.arguments = definition.settle(arguments.settled(by: definition.parameters))
  }

  package var facts: TaskFacts { definition.facts(arguments) }

  /// What about the values cannot be.
  package func fault(agents: Int?) -> Fault? { definition.check(arguments, agents) }

  /// What is drawn of it once per study.
  package func drawn(_ draw: TaskDraw) throws -> any DrawnTask { try definition.draw(arguments, draw) }
}

/// What others have to know about a task with its values.
package struct TaskFacts: Sendable {
  /// What agents would end at if nobody told them anything, or all told each other everything.
  package enum Minimisers: Sendable {
    /// All agents have the same one.
    case shared
    /// Each has one of its own.
    case own
    /// Near what fits a finite set of samples best.
    case ofSamples
    /// The mean of what they start from.
    case meanOfStarts
    /// Nobody knows: the costs are not convex.
    case unknown
    /// Nobody knows: the returns are not concave.
    case unknownAscent
    /// It is not said here.
    case unsaid
  }

  /// Which theory predicts where such agents end, and how fast.
  package enum ClosedForm: Sendable {
    case averaging
    case regression
    /// None, for a reason in a whole sentence.
    case none(String)
  }

  /// The number M of parameters, where the task alone decides on it.
  package var parameterCount: Int?
  package var minimisers: Minimisers
  package var closedForm: ClosedForm
  /// Whether two draws of the agents' tasks can differ.
  package var varies = false
  /// The greatest return of an episode.
  package var returnBound: EnvironmentDefinition.ReturnBound?
  /// Bytes of what is drawn, for each agent.
  package var bytesPerAgent = 0.0
  /// Bytes that are needed while it is drawn, all together.
  package var bytesWhileDrawn = 0.0

  package init(parameterCount: Int?, minimisers: Minimisers, closedForm: ClosedForm) {
    self.parameterCount = parameterCount
    self.minimisers = minimisers
    self.closedForm = closedForm
  }
}

/// What tasks are drawn for.
package struct TaskDraw: Sendable {
  /// What the streams of the agents are keyed by, in the order of ranks.
  package let agents: [EntityKey]
  package let learner: LearnerSettings
  package let seed: UInt64
  package let replication: UInt32

  package init(agents: [EntityKey], learner: LearnerSettings, seed: UInt64, replication: UInt32) {
    self.agents = agents
    self.learner = learner
    self.seed = seed
    self.replication = replication
  }
}

/// What was drawn of a task once for a study: what the learners of its replications are made from.
package protocol DrawnTask: Sendable {
  /// The variance of the noise of each agent's observations, where there are such; a combination rule weighs them.
  var observationNoise: [Double]? { get }
}

extension DrawnTask {
  package var observationNoise: [Double]? { nil }
}
