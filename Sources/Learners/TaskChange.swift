// SPDX-License-Identifier: GPL-3.0-or-later

/// What happens to the tasks of some agents while a run goes on. Steps that have begun end with the old task.
public enum TaskChange: Sendable, Equatable {
  /// A kind of changes; which of them a task knows its facts say.
  public enum Kind: Sendable {
    case move
    case shift
  }

  /// Their minimisers move by a vector (M numbers).
  case move([Double])
  /// Each of them takes the task so many places on in the list of tasks, and from its start again at its end.
  case shift(Int)
}
