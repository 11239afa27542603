// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Schema

/// The section `learner` as it is written. Its keys are those of all learners, as these describe their parameters.
struct LearnerDraft {
  var algorithm = LearnerDefinition.leastMeanSquares
  /// What is given of the parameters of all learners.
  var arguments = Arguments()

  init() {}

  /// The draft that says the same as the settings.
  init(_ settings: LearnerSettings) {
    algorithm = settings.algorithm
    arguments = settings.arguments
  }

  static var record: Record<LearnerDraft> {
    Record(
      [Field(choice: "algorithm", \.algorithm, of: LearnerDefinition.all, "learners", "how agents learn")]
        + Field.parameters(of: LearnerDefinition.all.map(\.parameters), \.arguments))
  }
}
