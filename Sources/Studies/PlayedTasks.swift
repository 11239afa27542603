// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Learners
import Randomness
import Simulation

/// Tasks in which policies can be evaluated, whether one player acts in each or several.
package struct PlayedTasks: Sendable {
  /// What they are tasks of.
  package let environment: String
  package let names: [String]
  /// After how many steps an episode is truncated.
  package let timeLimit: Int
  /// The numbers of an observation by name; empty where several players see something.
  package let observationNames: [String]
  /// What agents see in the corridor of the environment; nothing where it has none.
  package let corridor: Corridor?
  /// How many metres a step leads; nothing where steps lead nowhere.
  package let stepLength: Double?
  private let timeSteps: [Double]
  /// Those of one player; nothing where several play.
  package let control: ControlTasks?

  /// What the agents of such runs act in, and what makes their policies; nothing where they do not act, or where their policy
  /// is no network.
  static func of(_ settings: SimulationSettings) -> (tasks: PlayedTasks, form: PolicyForm)? {
    guard let form = settings.learning.policies else { return nil }
    if let players = form.players { return (PlayedTasks(players.task), form) }
    return settings.task.control.map { (PlayedTasks($0), form) }
  }

  private init(_ settings: ControlSettings) {
    let tasks = ControlTasks(settings)
    environment = settings.environment.name
    names = tasks.names
    timeLimit = tasks.timeLimit
    observationNames = tasks.environment.observationNames
    corridor = tasks.environment.corridor
    stepLength = tasks.environment.stepLength
    timeSteps = tasks.names.indices.map { tasks.timeStep(of: $0) }
    control = tasks
  }

  private init(_ task: ParticleTask) {
    environment = task.game.rawValue
    names = task.names
    timeLimit = task.timeLimit
    observationNames = []
    corridor = nil
    stepLength = nil
    timeSteps = task.names.map { _ in ParticleWorld.timeStep }
    control = nil
  }

  package var count: Int { names.count }

  /// The seconds of the agent's own world that a step of a task lasts.
  package func timeStep(of task: Int) -> Double { timeSteps[task] }

  /// Plays episodes of a task of one player.
  func play(_ policy: ControlPolicy, in task: Int, _ evaluation: PolicyEvaluation, starts: StreamKey) -> PolicyEpisodes
  {
    guard let control else { preconditionFailure("Several players have no policy of one.") }
    return control.evaluate(
      policy, in: task, starts: starts, episodes: evaluation.episodes, isFollowed: evaluation.isFollowed)
  }
}
