// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Randomness
import Schema

/// The section `task` as it is written. Its keys are those of all tasks, as these describe their parameters.
struct TaskDraft {
  var definition = TaskDefinition.linearRegression
  /// What is given of the parameters of all tasks.
  var arguments = Arguments()

  init() {}

  /// The draft that says the same as the settings.
  init(_ settings: TaskSettings) {
    definition = settings.definition
    arguments = settings.arguments
  }

  static var record: Record<TaskDraft> {
    Record(
      [Field(choice: "kind", \.definition, of: TaskDefinition.all, "tasks", "what agents learn", required: true)]
        + Field.parameters(of: TaskDefinition.all.map(\.parameters), \.arguments))
  }
}

extension Codec<PerAgent> {
  /// One number for all, a law, or a list with one number for each agent.
  static func perAgent(_ rule: LawRule) -> Codec {
    Codec<Argument>.value(.perAgent(rule)).map({ Arguments(["": $0]).perAgent("") }, { .perAgent($0) })
  }
}
