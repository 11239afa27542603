// SPDX-License-Identifier: GPL-3.0-or-later

/// How step sizes were chosen so that all arms end equally accurate, on pilot replications that are reported nowhere.
package struct Tuning: Sendable, Codable, Equatable {
  /// One try of an arm.
  package struct Attempt: Sendable, Codable, Equatable {
    /// By which the step size of the scenario was multiplied.
    package var factor: Double
    /// The mean final squared error of the pilot replications, linear.
    package var level: Double

    package init(factor: Double, level: Double) {
      self.factor = factor
      self.level = level
    }
  }

  package struct Arm: Sendable, Codable, Equatable {
    package var name: String
    /// By which its step size was multiplied in the reported runs.
    package var factor: Double
    /// The mean final squared error of the pilot replications with that factor, linear.
    package var level: Double
    /// Whether that is the level asked for, within the tolerance.
    package var isMatched: Bool
    /// All tries in their order.
    package var attempts: [Attempt]

    package init(name: String, factor: Double, level: Double, isMatched: Bool, attempts: [Attempt]) {
      self.name = name
      self.factor = factor
      self.level = level
      self.isMatched = isMatched
      self.attempts = attempts
    }
  }

  /// The metric whose final value was matched, such as `msd`.
  package var metric: String
  /// The arm with the step size of the scenario, to whose level the others were brought.
  package var reference: String
  /// That level, linear.
  package var level: Double
  /// Decibels by which a matched arm may differ from it.
  package var tolerance: Double
  /// The pilot replications: numbers that no reported run has.
  package var pilots: [Int]
  /// A digest of the scenario before the tuning, so that it is done again where that has changed.
  package var scenarioHash: String
  package var arms: [Arm]

  package init(
    metric: String, reference: String, level: Double, tolerance: Double, pilots: [Int], scenarioHash: String,
    arms: [Arm]
  ) {
    self.metric = metric
    self.reference = reference
    self.level = level
    self.tolerance = tolerance
    self.pilots = pilots
    self.scenarioHash = scenarioHash
    self.arms = arms
  }
}
