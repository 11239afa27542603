// SPDX-License-Identifier: GPL-3.0-or-later
import Numerics

/// Why a finite decision process cannot be, or has no values. The description is a full sentence for a person.
package enum EnvironmentError: Error, Equatable, CustomStringConvertible {
  /// Numbers of states, actions and rewards that do not go together.
  case shape(String)
  /// Probabilities that are negative, or do not sum to one.
  case notADistribution(String)
  /// A discount that is not in [0, 1).
  case discount(Double)
  /// A reward that is no finite number.
  case reward
  /// Equations without a unique solution.
  case singular
  /// Memory that could not be had.
  case outOfMemory(numbers: Int)

  package var description: String {
    switch self {
    case .shape(let what): "The shapes do not go together: \(what)"
    case .notADistribution(let what): "\(what) are not probabilities that sum to one."
    case .discount(let discount): "The discount \(discount) is not at least zero and below one."
    case .reward: "A reward is not a finite number."
    case .singular: "The equations have no unique solution."
    case .outOfMemory(let numbers): "There is no memory for \(numbers) numbers."
    }
  }
}

extension EnvironmentError {
  init(_ failure: LinearEquationsFailure) {
    switch failure {
    case .singular: self = .singular
    case .outOfMemory(let numbers): self = .outOfMemory(numbers: numbers)
    }
  }
}
