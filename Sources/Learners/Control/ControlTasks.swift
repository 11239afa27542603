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
    let environment = settings.environment
    list =
      switch settings.tasks {
      case .single: [environment.single]
      case .grid: environment.grid
      case .named(let names): names.compactMap { name in environment.tasks.first { $0.name == name } }
      }
  }

  package var count: Int { list.count }

  /// The tasks by name.
  package var names: [String] { list.map(\.name) }

  /// The position of an agent's task in the list: they are taken in turn, and then so many places on.
  func position(agent: Int, shift: Int) -> Int { (agent % count + shift % count + count) % count }

  /// How many numbers an observation has.
  package var observationCount: Int { environment.observationNames.count }

  /// The seconds of the agent's own world that a step of a task lasts.
  package func timeStep(of task: Int) -> Double { list[task].timeStep }
}
