// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Schema

/// With which probability ε an action is drawn uniformly instead of chosen: after t steps of the environment
///
///     ε(t) = end + (start − end) exp(−t / decay)
package struct Exploration: Sendable, Equatable {
  package var start: Double
  package var end: Double
  /// In steps; with zero ε is `end` from the beginning.
  package var decay: Double

  package init(start: Double = 0.9, end: Double = 0.05, decay: Double = 1000) {
    (self.start, self.end, self.decay) = (start, end, decay)
  }

  /// ε after so many steps.
  package func probability(after steps: UInt64) -> Double {
    decay > 0 ? end + (start - end) * exp(-Double(steps) / decay) : end
  }
}

// MARK: - As a parameter

extension Parameter {
  static let exploration = Parameter(
    "exploration",
    .described(
      .record([
        Parameter("start", .probability, "at first", .otherwise(.number(0.9))),
        Parameter("end", .probability, "in the long run", .otherwise(.number(0.05))),
        Parameter(
          "decay", .number(.notNegative), "steps of the environment in which the difference falls to 1/e",
          .otherwise(.number(1000))),
      ]), "a map such as {start: 0.9, end: 0.05, decay: 1000}"),
    "with which probability actions are uniform, by steps of the environment",
    .otherwise(.record(["start": .number(0.9), "end": .number(0.05), "decay": .number(1000)])))
}

extension Exploration {
  /// What the parameter says.
  init(_ argument: Argument?) {
    let record = argument?.record
    self.init(
      start: record?.number("start") ?? 0, end: record?.number("end") ?? 0, decay: record?.number("decay") ?? 0)
  }

  /// What says it.
  var argument: Argument {
    .record(["start": .number(start), "end": .number(end), "decay": .number(decay)])
  }
}
