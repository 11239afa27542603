// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Quantities
import Schema

/// Control tasks: agents act in episodes, each in a task of its own.
package struct ControlSettings: DrawnTask, Equatable {
  /// Which tasks of the environment agents have.
  package enum Tasks: Sendable, Equatable {
    /// All agents the same one.
    case single
    /// Those of the environment's grid one after the other, by the agents' names in natural order, and from the first
    /// again where there are more agents.
    case grid
    /// Those of these names in the same way, no name twice.
    case named([String])

    /// What stands for all of the environment's choice.
    static let words = ["single", "grid"]
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
        "tasks",
        .described(
          .either([.list(.line), .choice(ControlSettings.Tasks.words)]),
          "single, grid, or a list of tasks by name such as [a, b]"),
        "one task for all, those of the environment's grid one after the other, or these one after the other",
        .otherwise(.text("single"))),
      Parameter(
        "time-limit", Kind.count(1...100_000).orWord("auto"),
        "steps after which an episode is cut off; auto: as the environment says", .otherwise(.text("auto"))),
    ], usualLearner: "actor-critic", hasEpisodes: true, scoresEveryTask: true,
    check: { arguments, _ in ControlSettings(arguments).fault },
    facts: { arguments in
      let settings = ControlSettings(arguments)
      var facts = TaskFacts(
        parameterCount: nil, minimisers: .unknown, closedForm: .none("There is no closed form for agents that act."))
      if settings.tasks != .single { facts.changes = [.shift] }
      facts.returnBound = settings.environment.returnBound(settings.timeLimit ?? settings.environment.timeLimit)
      return facts
    }, draw: { arguments, _ in ControlSettings(arguments) })
}

extension TaskSettings {
  package static func control(_ settings: ControlSettings) -> TaskSettings {
    TaskSettings(
      .control,
      [
        "environment": .text(settings.environment.name), "tasks": settings.tasks.argument,
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
      tasks: Tasks(arguments["tasks"]), timeLimit: arguments["time-limit"]?.count)
  }

  /// What about the names of tasks cannot be.
  fileprivate var fault: Fault? {
    guard case .named(let names) = tasks else { return nil }
    let known = environment.tasks.map(\.name)
    guard !names.isEmpty else {
      return Fault("tasks", "names no task of environment \(environment.name)", allowed: Self.list(of: known))
    }
    for (position, name) in names.enumerated() {
      guard known.contains(name) else {
        return Fault(
          "tasks", "has '\(visible(name))', which is no task of environment \(environment.name)",
          hint: nearest(to: name, among: known).map { "did you mean '\($0)'?" }, allowed: Self.list(of: known))
      }
      if names[..<position].contains(name) { return Fault("tasks", "has '\(visible(name))' twice") }
    }
    return nil
  }

  private static func list(of names: [String]) -> String { "tasks: " + names.joined(separator: ", ") }
}

extension ControlSettings.Tasks {
  /// What the parameter says; a single one where it was not given.
  fileprivate init(_ argument: Argument?) {
    if let names = argument?.names {
      self = .named(names)
    } else {
      self = argument?.text == "grid" ? .grid : .single
    }
  }

  /// What says it.
  fileprivate var argument: Argument {
    switch self {
    case .single: .text("single")
    case .grid: .text("grid")
    case .named(let names): .names(names)
    }
  }
}
