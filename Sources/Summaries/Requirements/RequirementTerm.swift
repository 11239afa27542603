// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation

/// One side of a requirement, or a part of it.
indirect enum RequirementTerm: Sendable, Equatable {
  enum Operation: Sendable {
    case add
    case subtract
    case multiply
    case divide
  }

  /// A number in base units.
  case number(Double, RunMetric.Quantity)
  /// The metric of an arm, both by position: that of the arm in the study, that of the metric in `RunMetric.all`.
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

    init(_ quantity: RunMetric.Quantity) {
      switch quantity {
      case .seconds: seconds = 1
      case .bytes: bytes = 1
      case .power, .share, .plain, .performance: break
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
    case .number(_, let quantity): return Dimension(quantity)
    case .metric(_, let metric): return Dimension(metric.quantity)
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
  var quantity: RunMetric.Quantity {
    switch self {
    case .number(_, let quantity): return quantity
    case .metric(_, let metric): return metric.quantity
    case .negated(let term): return term.quantity
    case .combined(let operation, let left, let right):
      switch operation {
      case .add, .subtract: return left.isZero ? right.quantity : left.quantity
      case .multiply, .divide:
        switch (dimension.seconds, dimension.bytes) {
        case (1, 0): return .seconds
        case (0, 1): return .bytes
        case (0, 0):
          // A squared error or a share that is scaled stays one; their ratio is a plain number.
          if Self.isScale(right) { return left.quantity }
          return operation == .multiply && Self.isScale(left) ? right.quantity : .plain
        default: return .plain
        }
      }
    }
  }

  /// Whether it is a literal zero, which goes with every unit.
  var isZero: Bool {
    switch self {
    case .number(let number, .plain): number == 0
    case .negated(let term): term.isZero
    default: false
    }
  }

  /// Whether it is a number in decibels, a factor that may only multiply and divide.
  var isDecibels: Bool {
    if case .number(_, .power) = self { true } else { false }
  }

  private static func isScale(_ term: RequirementTerm) -> Bool {
    term.metrics.isEmpty && (term.quantity == .plain || term.quantity == .power || term.quantity == .share)
  }
}
