// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Records

/// One side of a requirement, or a part of it.
indirect enum RequirementTerm: Sendable, Equatable {
  enum Operation: Sendable {
    case add
    case subtract
    case multiply
    case divide
  }

  /// A number in base units.
  case number(Double, MetricDefinition.Scale)
  /// The metric of an arm, the arm by its position in the study.
  case metric(arm: Int, RunMetric)
  case negated(RequirementTerm)
  case combined(Operation, RequirementTerm, RequirementTerm)

  /// The value where metrics have these values.
  func value(_ metrics: (_ arm: Int, _ metric: RunMetric) -> Double) -> Double {
    switch self {
    case .number(let number, _): return number
    case .metric(let arm, let metric): return metrics(arm, metric)
    case .negated(let term): return -term.value(metrics)
    case .combined(let operation, let left, let right):
      return operation.value(left.value(metrics), right.value(metrics))
    }
  }

  /// The metrics that it names.
  var metrics: [(arm: Int, metric: RunMetric)] {
    switch self {
    case .number: []
    case .metric(let arm, let metric): [(arm, metric)]
    case .negated(let term): term.metrics
    case .combined(_, let left, let right): left.metrics + right.metrics
    }
  }

  /// What it is measured in: powers of the second and of the byte.
  struct Dimension: Equatable, Sendable {
    var seconds = 0
    var bytes = 0

    init(_ scale: MetricDefinition.Scale) {
      switch scale {
      case .seconds: seconds = 1
      case .bytes: bytes = 1
      case .decibels, .plain, .share, .count: break
      }
    }

    init(seconds: Int, bytes: Int) {
      self.seconds = seconds
      self.bytes = bytes
    }

    /// In words, as what a term is.
    var words: String {
      switch (seconds, bytes) {
      case (0, 0): "a plain number"
      case (1, 0): "a duration"
      case (0, 1): "a number of bytes"
      default: "in s^\(seconds) B^\(bytes)"
      }
    }
  }

  var dimension: Dimension {
    switch self {
    case .number(_, let scale): return Dimension(scale)
    case .metric(_, let metric): return Dimension(metric.scale)
    case .negated(let term): return term.dimension
    case .combined(let operation, let left, let right):
      let (one, other) = (left.dimension, right.dimension)
      switch operation {
      case .add, .subtract: return left.isZero ? other : one
      case .multiply: return Dimension(seconds: one.seconds + other.seconds, bytes: one.bytes + other.bytes)
      case .divide: return Dimension(seconds: one.seconds - other.seconds, bytes: one.bytes - other.bytes)
      }
    }
  }

  /// How its value is shown.
  var scale: MetricDefinition.Scale {
    switch self {
    case .number(_, let scale): return scale
    case .metric(_, let metric): return metric.scale
    case .negated(let term): return term.scale
    case .combined(let operation, let left, let right):
      switch operation {
      case .add, .subtract: return left.isZero ? right.scale : left.scale
      case .multiply, .divide:
        switch (dimension.seconds, dimension.bytes) {
        case (1, 0): return .seconds
        case (0, 1): return .bytes
        case (0, 0):
          // A squared error or a share that is scaled stays one; their ratio is a plain number.
          if Self.isFactor(right) { return left.scale }
          return operation == .multiply && Self.isFactor(left) ? right.scale : .count
        default: return .count
        }
      }
    }
  }

  /// Whether it is a literal zero, which goes with every unit.
  var isZero: Bool {
    switch self {
    case .number(let number, .count): number == 0
    case .negated(let term): term.isZero
    default: false
    }
  }

  /// Whether it is a number in decibels, a factor that may only multiply and divide.
  var isDecibels: Bool {
    if case .number(_, .decibels) = self { true } else { false }
  }

  private static func isFactor(_ term: RequirementTerm) -> Bool {
    term.metrics.isEmpty && [.count, .decibels, .share].contains(term.scale)
  }
}
