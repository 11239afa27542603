// SPDX-License-Identifier: GPL-3.0-or-later

/// What the agents of a world learn, with what was drawn of it.
package enum WorldTask: Sendable {
  case linearRegression(LinearRegressionTask)
  case averaging(AveragingSettings)
  case control(ControlSettings)
  case finite(FiniteTasks)

  /// The number M of parameters, where the task alone decides on it.
  package var dimension: Int? {
    switch self {
    case .linearRegression(let task): task.dimension
    case .averaging(let settings): settings.dimension
    case .control: nil
    case .finite(let tasks): tasks.parameterCount
    }
  }
}
