// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Schema

/// A section that chooses one of several definitions, as it is written. Its keys are those of all of them, as these
/// describe their parameters.
struct ChoiceDraft<Chosen: Definition> {
  var definition: Chosen
  /// What is given of the parameters of all definitions.
  var arguments = Arguments()

  /// - Parameters:
  ///   - key: which names the definition.
  ///   - plural: what messages call all of them.
  static func record(
    _ key: String, of all: [Chosen], _ plural: String, _ help: String, required: Bool = false
  ) -> Record<ChoiceDraft> {
    Record(
      [Field(choice: key, \.definition, of: all, plural, help, required: required)]
        + Field.parameters(of: all.map(\.parameters), \.arguments))
  }
}

/// The section `task`.
typealias TaskDraft = ChoiceDraft<TaskDefinition>

extension TaskDraft {
  static var record: Record<TaskDraft> {
    record("kind", of: TaskDefinition.all, "tasks", "what agents learn", required: true)
  }
}

/// The section `learner`.
typealias LearnerDraft = ChoiceDraft<LearnerDefinition>

extension LearnerDraft {
  static var record: Record<LearnerDraft> {
    record("algorithm", of: LearnerDefinition.all, "learners", "how agents learn")
  }
}

extension Codec<PerAgent> {
  /// One number for all, a law, or a list with one number for each agent.
  static func perAgent(_ rule: LawRule) -> Codec {
    Codec<Argument>.value(.perAgent(rule)).map(\.perAgent, Argument.perAgent)
  }
}
