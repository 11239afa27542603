// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Randomness
import Workers

/// What learners of one replication are made from.
package struct LearningContext: Sendable {
  package var settings: LearnerSettings
  package var task: WorldTask
  /// The nodes of the network; those that do not learn come last.
  package var nodes: [EntityKey]
  /// How many of them learn.
  package var learnerCount: Int
  /// Test episodes of each policy at a point of the grid.
  package var testEpisodes: Int
  package var seed: UInt64
  package var replication: UInt32
  /// Where steps go that may be computed on other threads.
  package var steps: StepPool

  package init(
    _ settings: LearnerSettings, task: WorldTask, nodes: [EntityKey], learnerCount: Int, testEpisodes: Int,
    seed: UInt64, replication: UInt32, steps: StepPool
  ) {
    self.settings = settings
    self.task = task
    self.nodes = nodes
    self.learnerCount = learnerCount
    self.testEpisodes = testEpisodes
    self.seed = seed
    self.replication = replication
    self.steps = steps
  }
}

/// The agents of a run, by the number that their parameters are made of.
package enum AnyStepBank: ~Copyable {
  case single(StepBank<Float>)
  case double(StepBank<Double>)
}

/// A learner: its name, and how its agents are made. What goes with it is still said elsewhere: its settings by
/// `LearnerSettings`, the rules of scenarios by `Consistency`.
package struct LearnerDefinition: Sendable {
  /// As scenarios write it.
  package let name: String
  /// The agents of one replication, or nothing where the learner does not go with the task.
  package let make: @Sendable (LearningContext) -> AnyStepBank?

  init(_ name: LearnerSettings.Algorithm, make: @escaping @Sendable (LearningContext) -> AnyStepBank?) {
    self.name = name.rawValue
    self.make = make
  }

  /// All learners: a new one is a file of its own and a line here.
  package static let all: [LearnerDefinition] = [
    .leastMeanSquares, .steepestDescent, .pureAveraging, .actorCritic, .policyGradient, .dualAscent,
  ]

  /// The learner of a name.
  package static func named(_ name: String) -> LearnerDefinition? { all.first { $0.name == name } }
}
