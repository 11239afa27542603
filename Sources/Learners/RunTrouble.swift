// SPDX-License-Identifier: GPL-3.0-or-later

/// Why a run cannot go on, where its learner is who knows: told by the learner in the middle of an event, heard by whoever
/// carries the run out, which ends when the event does. Until then what the learner computes counts for nothing.
///
/// It is touched by the thread of the run alone.
package final class RunTrouble: @unchecked Sendable {
  /// The first that was told, as whole sentences.
  package private(set) var message: String?
  /// Called once, as soon as anything is told.
  package var whenTold: (String) -> Void = { _ in }
  /// Whether the run was cancelled, for a learner that waits for something.
  package var isCancelled: @Sendable () -> Bool = { false }

  package init() {}

  /// Ends the run.
  ///
  /// - Parameter message: whole sentences; they may have several lines.
  package func tell(_ message: String) {
    guard self.message == nil else { return }
    self.message = message
    whenTold(message)
  }
}
