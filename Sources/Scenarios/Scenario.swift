// SPDX-License-Identifier: GPL-3.0-or-later
import Records
import Simulation

/// A scenario file, read and found good: what to run, in how many variants and how often.
package struct Scenario: Sendable, Equatable {
  /// One variant.
  package struct Arm: Sendable, Equatable {
    package var name: String
    package var settings: SimulationSettings
    /// The presets that a sweep has chosen for it, by their keys: the settings have what they stand for.
    package var presets: [String: String] = [:]
    /// Presets that say nothing in it.
    package var idlePresets: [IdlePreset] = []

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
  /// What a sweep varies: what it has multiplied the arms by, or would.
  package var sweep: [SweepAxis] = []
  /// The arms before a sweep multiplied them, each with the first value of every axis; empty where none did.
  package var unswept: [Arm] = []

  package init(name: String, question: String?, arms: [Arm], replications: Int, seed: UInt64) {
    self.name = name
    self.question = question
    self.arms = arms
    self.replications = replications
    self.seed = seed
  }
}

extension Scenario {
  /// What the runs of its arms measure.
  package var metrics: [MetricDefinition] { arms.reduce([]) { $0.union($1.settings.metrics) } }

  /// Where a cell of a sweep lies.
  package struct Cell: Sendable, Equatable {
    /// The arm of the file; nothing where the file has one.
    package let arm: String?
    /// The value of each axis.
    package let values: [String]
  }

  /// Where each arm of a swept scenario lies, in their order: the last axis goes through its values first.
  package var cells: [Cell] {
    let inner = sweep.reduce(1) { $0 * $1.values.count }
    guard !unswept.isEmpty, arms.count == unswept.count * inner else { return [] }
    return arms.indices.map { position in
      var rest = position % inner
      var values: [String] = []
      for axis in sweep.reversed() {
        values.append(axis.values[rest % axis.values.count])
        rest /= axis.values.count
      }
      return Cell(arm: unswept.count > 1 ? unswept[position / inner].name : nil, values: values.reversed())
    }
  }
}
