// SPDX-License-Identifier: GPL-3.0-or-later
import Environments

/// The tasks of an environment that a scenario names, one after the other; loops over steps are compiled for each.
package struct ControlTasks: Sendable {
  enum List: Sendable {
    case cartPoleBalance([CartPoleBalance])
    case cartPoleSwingUp([CartPoleSwingUp])
    case invertedPendulum([InvertedPendulum])
  }

  let list: List
  /// The tasks by name.
  package let names: [String]
  /// After how many steps an episode is truncated.
  package let timeLimit: Int
  /// How many numbers an observation has.
  package let observationCount: Int
  /// The largest magnitude that the mean action of a policy has.
  package let meanActionBound: Double

  package init(_ settings: ControlSettings) {
    let isGrid = settings.tasks == .grid
    func facts<Task: ControlTask>(_ type: Task.Type) -> (Int, Int, Double) {
      (settings.timeLimit ?? Task.timeLimit, Task.observationCount, Task.meanActionBound)
    }
    switch settings.environment {
    case .cartPoleBalance:
      let tasks = isGrid ? CartPoleBalance.taskGrid : [.single]
      list = .cartPoleBalance(tasks)
      names = tasks.map { taskName(mass: $0.dynamics.poleMass, length: $0.dynamics.poleHalfLength) }
      (timeLimit, observationCount, meanActionBound) = facts(CartPoleBalance.self)
    case .cartPoleSwingUp:
      let tasks = isGrid ? CartPoleSwingUp.taskGrid : [.single]
      list = .cartPoleSwingUp(tasks)
      names = tasks.map { taskName(mass: $0.dynamics.poleMass, length: $0.dynamics.poleHalfLength) }
      (timeLimit, observationCount, meanActionBound) = facts(CartPoleSwingUp.self)
    case .invertedPendulum:
      let tasks = isGrid ? InvertedPendulum.taskGrid : [.single]
      list = .invertedPendulum(tasks)
      names = tasks.map { taskName(mass: $0.mass, length: $0.length) }
      (timeLimit, observationCount, meanActionBound) = facts(InvertedPendulum.self)
    }
  }

  package var count: Int { names.count }

  /// The numbers of an observation by name, as columns of a table.
  package var observationNames: [String] {
    switch list {
    case .cartPoleBalance: ["position", "velocity", "angle", "angular_velocity"]
    case .cartPoleSwingUp: ["position", "velocity", "cos_angle", "sin_angle", "angular_velocity"]
    case .invertedPendulum: ["cos_angle", "sin_angle", "angular_velocity"]
    }
  }

  /// The seconds of the agent's own world that a step of a task lasts.
  package func timeStep(of task: Int) -> Double {
    switch list {
    case .cartPoleBalance(let tasks): tasks[task].dynamics.timeStep
    case .cartPoleSwingUp(let tasks): tasks[task].dynamics.timeStep
    case .invertedPendulum(let tasks): tasks[task].timeStep
    }
  }
}

/// Such as `m0.1-l0.5`: short enough for a command line, and no two tasks of an environment share it.
private func taskName(mass: Double, length: Double) -> String { "m\(mass)-l\(length)" }
