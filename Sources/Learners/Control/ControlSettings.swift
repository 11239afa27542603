// SPDX-License-Identifier: GPL-3.0-or-later

/// Control tasks: agents act in episodes, each in a task of its own.
package struct ControlSettings: Sendable, Equatable {
  package enum Environment: String, Sendable, CaseIterable {
    case cartPoleBalance = "cart-pole-balance"
    case cartPoleSwingUp = "cart-pole-swing-up"
    case invertedPendulum = "inverted-pendulum"
  }

  /// Which tasks of the environment agents have.
  package enum Tasks: String, Sendable, CaseIterable {
    /// All agents the same one.
    case single
    /// The tasks of the grid of masses and lengths one after the other, by the agents' names in natural order, and from
    /// the first again where there are more agents.
    case grid
  }

  package var environment: Environment
  package var tasks: Tasks
  /// After how many steps an episode is truncated; nothing means as the environment says.
  package var timeLimit: Int?

  package init(environment: Environment, tasks: Tasks = .single, timeLimit: Int? = nil) {
    self.environment = environment
    self.tasks = tasks
    self.timeLimit = timeLimit
  }
}
