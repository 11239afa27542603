// SPDX-License-Identifier: GPL-3.0-or-later
import Simulation

/// A scenario file, read and found good: what to run, in how many variants and how often.
package struct Scenario: Sendable, Equatable {
  /// One variant.
  package struct Arm: Sendable, Equatable {
    package var name: String
    package var settings: SimulationSettings

    package init(name: String, settings: SimulationSettings) {
      self.name = name
      self.settings = settings
    }
  }

  package var name: String
  /// What the study is to find out, in the author's words.
  package var question: String?
  /// At least one.
  package var arms: [Arm]
  package var replications: Int
  package var seed: UInt64

  package init(name: String, question: String?, arms: [Arm], replications: Int, seed: UInt64) {
    self.name = name
    self.question = question
    self.arms = arms
    self.replications = replications
    self.seed = seed
  }
}
