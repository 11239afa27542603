// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Randomness
import Records
import Schema
import Workers

/// The agents of a run, by the number that their parameters are made of.
public enum AnyStepBank: ~Copyable {
  case single(StepBank<Float>)
  case double(StepBank<Double>)
}

/// A learner: what one local step of an agent computes. It says all that anybody has to know about it.
///
/// A learner is one file that makes one of these, and a line in `builtIn`.
public struct LearnerDefinition: Definition, Equatable {
  /// The name in scenarios.
  public let name: String
  /// What it is, as `Definition` wants it.
  public let meaning: String
  /// Where it comes from.
  public let source: String?
  /// What scenarios can say of it.
  public let parameters: [Parameter]
  /// The names of the tasks that it can learn.
  package let tasks: [String]
  /// Whether steps can end with their gradients, for another node to make the increment.
  package let givesGradients: Bool
  /// Whether shared parameters change at turns of a sweep, so that it goes with strategies in which agents take turns.
  package let takesTurns: Bool
  /// What to say to those who give a parameter of other learners, by its name.
  package let replacements: [String: String]
  /// What about the values cannot be, beyond what each parameter allows; a fault names one of the learner's parameters.
  let check: @Sendable (LearningPlan) -> Fault?
  let facts: @Sendable (LearningPlan) -> LearnerFacts
  /// The agents of one replication, or nothing where the task is not one of `tasks`.
  let make: @Sendable (LearningContext) -> AnyStepBank?

  /// A learner; what the values mean is said where they are kept.
  public init(
    name: String, meaning: String, source: String? = nil, parameters: [Parameter], tasks: [String],
    givesGradients: Bool = false, takesTurns: Bool = false, replacements: [String: String] = [:],
    check: @escaping @Sendable (LearningPlan) -> Fault? = { _ in nil },
    facts: @escaping @Sendable (LearningPlan) -> LearnerFacts,
    make: @escaping @Sendable (LearningContext) -> AnyStepBank?
  ) {
    self.name = name
    self.meaning = meaning
    self.source = source
    self.parameters = parameters
    self.tasks = tasks
    self.givesGradients = givesGradients
    self.takesTurns = takesTurns
    self.replacements = replacements
    self.check = check
    self.facts = facts
    self.make = make
  }

  /// What it can learn, and who can make its steps.
  public var properties: [Property] {
    [Property("tasks", tasks.joined(separator: ", "))]
      + (takesTurns ? [Property("strategies", "those in which agents take turns")] : [])
      + (givesGradients ? [Property("steps", "can end with gradients, for a fusion centre to make the step")] : [])
  }

  /// Starling's own learners: a new one is a file of its own and a line here.
  private static let builtIn: [LearnerDefinition] = [
    .leastMeanSquares, .leakyLeastMeanSquares, .steepestDescent, .none, .actorCritic, .deepQLearning,
    .tabularQLearning, .sarsa, .advantageActorCritic, .proximalPolicy, .reinforce, .softQLearning, .distral,
    .distralActorCritic, .softActorCritic, .multiTaskPlayers, .policySearch, .policyGradient, .dualAscent,
    .softmaxRegression, .external,
  ]

  package static let register = Register("learner", builtIn) { $0.name }

  /// All learners: Starling's own and those that a program adds.
  package static let all = register.close()

  /// The learner of a name.
  package static func named(_ name: String) -> LearnerDefinition? { all.first { $0.name == name } }

  /// By the name, as no two share it.
  public static func == (left: LearnerDefinition, right: LearnerDefinition) -> Bool { left.name == right.name }
}

/// A task and how it is learnt.
public struct LearningPlan: Sendable, Equatable {
  /// What is learnt.
  public var task: TaskSettings
  /// How.
  public var learner: LearnerSettings

  package init(_ task: TaskSettings, _ learner: LearnerSettings) {
    self.task = task
    self.learner = learner
  }

  package var facts: LearnerFacts { learner.algorithm.facts(self) }

  /// What about the values of the learner cannot be. Whether the learner goes with the task has been asked before.
  package var fault: Fault? { learner.algorithm.check(self) }
}

/// What others have to know about a learner with its values, at a task with its own.
public struct LearnerFacts: Sendable {
  /// The blocks of each agent's parameters, and the phases of a local step, as its bank has them.
  public var layout: StepLayout
  /// What is measured of its agents, first what they are judged by.
  public var metrics: [MetricDefinition]
  /// What is measured of them beside these where a scenario asks for it (`measure.also`).
  public var furtherMetrics: [MetricDefinition] = []
  /// Bytes of one parameter in memory and in messages.
  public var bytesPerParameter = MemoryLayout<Double>.size
  /// The path of the key that decides how many parameters there are; nothing where none does.
  public var sizeSaidBy: String?
  /// The parameter that asks for several phases, with its value.
  package var phasesSaidBy: (parameter: String, value: String)?
  /// Whether there is anything to learn.
  package var adapts = true
  /// Whether two runs can differ by what steps draw: data, episodes, noise of gradients.
  public var isRandom = false
  /// Whether what agents start from is drawn in every replication.
  public var startsVary = false
  /// The parameter by which agents start apart from each other, and what to say instead; nothing where they do not.
  package var startsApart: (parameter: String, hint: String)?
  /// Whether gradients are exact, so that mean parameters say it all.
  public var hasExactGradients = false
  /// Whether the theory of the task, where there is one, is about this learner.
  package var followsTheory = false
  /// Whether its steps lead elsewhere than to the minimisers of its task, as leakage and penalties do: then nobody says
  /// where its agents end.
  public var isBiased = false
  /// Why there is no one step size by which final errors can be matched, following "arm 'a'"; nothing where there is.
  public var matchingObstacle: String?
  /// Data samples that one update uses, where they are a fixed number.
  public var samplesPerUpdate = 0.0
  /// The most samples that a step can have.
  public var mostSamplesPerStep: UInt64 = 1
  /// The most samples for which a step computes gradients, where these are others than it has drawn anew.
  public var mostGradientSamplesPerStep: UInt64?
  /// The fewest samples that a step has, and the fewest episodes that end in it.
  package var leastPerStep = (samples: 1.0, episodes: 0.0)
  /// Numbers of a sample on its way to a fusion centre; nothing where steps cannot end in samples.
  package var numbersPerSample: Int?
  /// How many samples an upload to a fusion centre has, where it is not as many as the step.
  package var samplesPerUpload: UInt64?
  /// Whether steps may be computed on other threads.
  package var computesElsewhere = false
  /// Whether steps are computed by a program of the user, whose code no revision of this one tells apart.
  package var isComputedByPrograms = false
  /// What the shared policy is, the first block of the parameters, as files carry it to other studies; nothing where there
  /// is none.
  package var carriedPrior: PriorNetwork?
  /// The parameter by which agents have nothing to tell each other, with its value; nothing where they have.
  package var tellsNothingBy: (parameter: String, value: String)?
  /// What makes policies of the parameters that results keep; nothing where these are no networks that act.
  package var policies: PolicyForm?
  /// What agents take beside their parameters.
  public var memory = Memory()

  /// Bytes beside parameters and increments, in Double, so that no size can overflow.
  public struct Memory: Sendable {
    /// For each agent that learns.
    public var perLearner = 0.0
    /// For each node, a fusion centre among them.
    public var perNode = 0.0
    /// All together.
    public var once = 0.0
    /// Samples that an agent uses over and over.
    public var samplesPerLearner = 0.0
    /// What a checkpoint of an agent holds beside its parameters and what each node has.
    public var perCheckpoint = 0.0
    /// What a step takes while it is computed.
    public var perStep = 0.0
    /// Whether each agent keeps that between phases; else each thread does.
    package var keepsStep = false

    /// Nothing.
    public init() {}
  }

  /// What has to be known of every learner.
  public init(_ layout: StepLayout, metrics: [MetricDefinition]) {
    self.layout = layout
    self.metrics = metrics
  }

  /// What has to be known of a learner whose parameters are all shared and change in one phase; where a task leaves open
  /// how many there are, as one that the learner does not go with, none.
  public init(parameterCount: Int?, metrics: [MetricDefinition]) {
    self.init(StepLayout(all: parameterCount ?? 0), metrics: metrics)
  }

  /// The number M of parameters of each agent, its own among them.
  package var parameterCount: Int { layout.parameterCount }

  /// What is measured where a scenario asks for some of the further metrics by name: these in the learner's order.
  package func metrics(and names: [String]) -> [MetricDefinition] {
    metrics + furtherMetrics.filter { names.contains($0.name) }
  }

  /// Whether agents have policies, which are judged by their returns.
  package var isJudgedByReturns: Bool { metrics.first { $0.sense != .neither }?.sense == .more }
}

/// What learners of one replication are made from.
public struct LearningContext: Sendable {
  /// The learner with its values.
  public var settings: LearnerSettings
  /// What its task drew for the study.
  public var task: any DrawnTask
  /// The nodes of the network; those that do not learn come last.
  public var nodes: [EntityKey]
  /// How many of them learn.
  public var agentCount: Int
  /// Test episodes of each policy at a point of the grid.
  public var testEpisodes: Int
  /// The seed of all randomness.
  public var seed: UInt64
  /// Under which number draws of this replication are keyed.
  public var replication: UInt32
  /// Where steps go that may be computed on other threads.
  package var steps: StepPool
  /// The names of the nodes, where they have any.
  package var names: [String]
  /// Whom a learner tells that the run cannot go on.
  package var trouble: RunTrouble

  package init(
    _ settings: LearnerSettings, task: any DrawnTask, nodes: [EntityKey], agentCount: Int, testEpisodes: Int,
    seed: UInt64, replication: UInt32, steps: StepPool, names: [String] = [], trouble: RunTrouble = RunTrouble()
  ) {
    self.settings = settings
    self.task = task
    self.nodes = nodes
    self.agentCount = agentCount
    self.testEpisodes = testEpisodes
    self.seed = seed
    self.replication = replication
    self.steps = steps
    self.names = names
    self.trouble = trouble
  }

  /// The agents, or nothing where the learner does not go with the task.
  package var bank: AnyStepBank? { settings.algorithm.make(self) }
}

extension LearningPlan {
  /// What is wrong with where parameters start, at a task that decides on their number.
  var initialFault: Fault? {
    task.facts.parameterCount.flatMap { learner.initial.fault(parameterCount: $0) }
  }
}
