// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Randomness
import Schema

/// A task: what agents learn from. It says all that anybody has to know about it.
///
/// A task is one file that makes one of these, and a line in `builtIn`.
public struct TaskDefinition: Definition, Equatable {
  /// The name in scenarios.
  public let name: String
  /// What it is, as `Definition` wants it.
  public let meaning: String
  /// Where it comes from.
  public let source: String?
  /// What scenarios can say of it.
  public let parameters: [Parameter]
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

  /// A task; what the values mean is said where they are kept.
  public init(
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

  /// Starling's own tasks: a new one is a file of its own and a line here.
  private static let builtIn: [TaskDefinition] = [
    .linearRegression, .averaging, .control, .particles, .fiveState, .gridWorld, .classification,
    .external,
  ]

  package static let register = Register("task", builtIn) { $0.name }

  /// All tasks: Starling's own and those that a program adds.
  package static let all = register.close()

  /// The task of a name.
  package static func named(_ name: String) -> TaskDefinition? { all.first { $0.name == name } }

  /// By the name, as no two share it.
  public static func == (left: TaskDefinition, right: TaskDefinition) -> Bool { left.name == right.name }
}

/// A task with the values of its parameters.
public struct TaskSettings: Sendable, Equatable {
  /// The task.
  public let definition: TaskDefinition
  /// The values of its parameters, all of them.
  public let arguments: Arguments

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
public struct TaskFacts: Sendable {
  /// What agents would end at if nobody told them anything, or all told each other everything.
  public enum Minimisers: Sendable {
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
  public enum ClosedForm: Sendable {
    case averaging
    case regression
    /// None, for a reason in a whole sentence.
    case none(String)
  }

  /// The number M of parameters, where the task alone decides on it.
  public var parameterCount: Int?
  /// What agents would end at.
  public var minimisers: Minimisers
  /// Which theory predicts where they end.
  public var closedForm: ClosedForm
  /// How the agents' tasks can change while a run goes on.
  public var changes: Set<TaskChange.Kind> = []
  /// Whether two draws of the agents' tasks can differ.
  public var varies = false
  /// The greatest return of an episode.
  package var returnBound: EnvironmentDefinition.ReturnBound?
  /// Bytes of what is drawn, for each agent.
  public var bytesPerAgent = 0.0
  /// Bytes that are needed while it is drawn, all together.
  public var bytesWhileDrawn = 0.0

  /// What has to be known of every task.
  public init(parameterCount: Int?, minimisers: Minimisers, closedForm: ClosedForm) {
    self.parameterCount = parameterCount
    self.minimisers = minimisers
    self.closedForm = closedForm
  }
}

/// What tasks are drawn for.
public struct TaskDraw: Sendable {
  /// What the streams of the agents are keyed by, in the order of ranks.
  public let agents: [EntityKey]
  /// How agents will learn it.
  public let learner: LearnerSettings
  /// The seed of all randomness.
  public let seed: UInt64
  /// Under which number draws are keyed.
  public let replication: UInt32

  package init(agents: [EntityKey], learner: LearnerSettings, seed: UInt64, replication: UInt32) {
    self.agents = agents
    self.learner = learner
    self.seed = seed
    self.replication = replication
  }
}

/// What was drawn of a task once for a study: what the learners of its replications are made from.
public protocol DrawnTask: Sendable {
  /// The variance of the noise of each agent's observations, where there are such; a combination rule weighs them.
  var observationNoise: [Double]? { get }
}

/// A task in which some agents have what is only theirs; who they are depends on the network and how fast agents are.
package protocol PlacedTask: DrawnTask {
  /// Gives it to them.
  ///
  /// - Parameter who: the ranks of those that a choice means.
  mutating func place(_ who: (TruthOffset.Choice) throws -> [Int]) throws
}

extension DrawnTask {
  /// None.
  public var observationNoise: [Double]? { nil }
}
