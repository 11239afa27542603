// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Schema

/// Control tasks: agents act in episodes, each in a task of its own.
package struct ControlSettings: DrawnTask, Equatable {
  /// Which tasks of the environment agents have.
  package enum Tasks: String, Sendable, CaseIterable {
    /// All agents the same one.
    case single
    /// The tasks of the grid of masses and lengths one after the other, by the agents' names in natural order, and from
    /// the first again where there are more agents.
    case grid
  }

  package var environment: EnvironmentDefinition
  package var tasks: Tasks
  /// After how many steps an episode is truncated; nothing means as the environment says.
  package var timeLimit: Int?

  package init(environment: EnvironmentDefinition, tasks: Tasks = .single, timeLimit: Int? = nil) {
    self.environment = environment
    self.tasks = tasks
    self.timeLimit = timeLimit
  }
}

extension TaskDefinition {
  /// Agents that act in episodes.
  package static let control = TaskDefinition(
    name: "control", meaning: "each agent acts in episodes of an environment, in a task of its own",
    parameters: [
      Parameter("environment", .choice(EnvironmentDefinition.all.map(\.name)), "what agents act on"),
      Parameter(
        "tasks", .choice(ControlSettings.Tasks.allCases.map(\.rawValue)),
        "one task for all, or those of the environment's grid one after the other", .otherwise(.text("single"))),
      Parameter(
        "time-limit", Kind.count(1...100_000).orWord("auto"),
        "steps after which an episode is cut off; auto: as the environment says", .otherwise(.text("auto"))),
    ], usualLearner: "actor-critic", hasEpisodes: true, scoresEveryTask: true,
    facts: { arguments in
      let settings = ControlSettings(arguments)
      var facts = TaskFacts(
        parameterCount: nil, minimisers: .unknown, closedForm: .none("There is no closed form for agents that act."))
      if settings.tasks == .grid { facts.changes = [.shift] }
      facts.returnBound = settings.environment.returnBound(settings.timeLimit ?? settings.environment.timeLimit)
      return facts
    }, draw: { arguments, _ in ControlSettings(arguments) })
}

extension TaskSettings {
  package static func control(_ settings: ControlSettings) -> TaskSettings {
    TaskSettings(
      .control,
      [
        "environment": .text(settings.environment.name), "tasks": .text(settings.tasks.rawValue),
        "time-limit": settings.timeLimit.map { .count($0) } ?? .text("auto"),
      ])
  }

  /// The settings of agents that act in episodes, where that is the task.
  package var control: ControlSettings? { definition == .control ? ControlSettings(arguments) : nil }
}

extension ControlSettings {
  fileprivate init(_ arguments: Arguments) {
    self.init(
      environment: arguments.text("environment").flatMap(EnvironmentDefinition.named) ?? .cartPoleBalance,
      tasks: arguments.choice("tasks"), timeLimit: arguments["time-limit"]?.count)
  }
}
