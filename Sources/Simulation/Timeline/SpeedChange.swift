// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions

/// What a disturbance does to speeds.
package enum SpeedChange: Sendable, Equatable {
  /// A cause: steps take so many times longer until it is undone.
  case slow(Double)
  /// A cause: nobody gets on until it is undone.
  case pause
  /// Ends the pauses of the timeline.
  case resume

  /// How many times longer steps take under the cause.
  var slowdown: Double {
    switch self {
    case .slow(let factor): factor
    case .pause: .infinity
    case .resume: 1
    }
  }
}

extension ScriptedChange {
  /// Whether it is a pause, of agents or of the centre as another event.
  func pauses(likewise subject: DisturbedNodes) -> Bool {
    guard case .speeds(let other, .pause) = self else { return false }
    return other.isCentre == subject.isCentre
  }
}
