// SPDX-License-Identifier: GPL-3.0-or-later
import Environments

/// The tasks of an environment that a scenario names, one after the other.
package struct ControlTasks: Sendable {
  package let environment: EnvironmentDefinition
  /// After how many steps an episode is truncated.
  package let timeLimit: Int
  let list: [EnvironmentDefinition.Task]

  package init(_ settings: ControlSettings) {
    environment = settings.environment
    timeLimit = settings.timeLimit ?? settings.environment.timeLimit
    list = settings.tasks == .grid ? settings.environment.grid : [settings.environment.single]
  }

  package var count: Int { list.count }

  /// The tasks by name.
  package var names: [String] { list.map(\.name) }

  /// How many numbers an observation has.
  package var observationCount: Int { environment.observationNames.count }

  /// The seconds of the agent's own world that a step of a task lasts.
  package func timeStep(of task: Int) -> Double { list[task].timeStep }
}
