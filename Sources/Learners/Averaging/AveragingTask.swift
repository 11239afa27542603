// SPDX-License-Identifier: GPL-3.0-or-later
import Schema

/// Agreement on the mean of the agents' initial parameters; there are no data.
package struct AveragingSettings: DrawnTask, Equatable {
  /// The number M of parameters.
  package var dimension: Int

  package init(dimension: Int = 1) { self.dimension = dimension }
}

extension TaskDefinition {
  /// Agreement on a mean.
  package static let averaging = TaskDefinition(
    name: "averaging", meaning: "agents agree on the mean of what they start from; there is nothing to learn",
    parameters: [.dimension], usualLearner: "none", isAgreement: true,
    facts: { arguments in
      TaskFacts(parameterCount: arguments.count("dimension"), minimisers: .meanOfStarts, closedForm: .averaging)
    },
    draw: { arguments, _ in AveragingSettings(dimension: arguments.count("dimension")) })
}

extension TaskSettings {
  package static func averaging(_ settings: AveragingSettings) -> TaskSettings {
    TaskSettings(.averaging, ["dimension": .count(settings.dimension)])
  }
}
