// SPDX-License-Identifier: GPL-3.0-or-later
import Schema

/// A task of which nothing is known here.
struct ExternalTask: DrawnTask {}

extension TaskDefinition {
  /// What only the learner's own program knows.
  package static let external = TaskDefinition(
    name: "external", meaning: "the data are those of the learner's own program", parameters: [],
    usualLearner: "external",
    facts: { _ in
      TaskFacts(
        parameterCount: nil, minimisers: .unsaid,
        closedForm: .none("The data of an external task are known to the learner's program alone."))
    },
    draw: { _, _ in ExternalTask() })
}
