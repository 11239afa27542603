// SPDX-License-Identifier: GPL-3.0-or-later

extension RequirementTerm {
  /// What the value can be where metrics lie between bounds. A metric that comes twice counts as two, which makes the
  /// bounds wider and never too narrow.
  func bounds(_ metrics: (_ arm: Int, _ metric: RunMetric) -> Interval) -> Interval {
    switch self {
    case .number(let number, _): return Interval(lower: number, upper: number)
    case .metric(let arm, let metric): return metrics(arm, metric)
    case .negated(let term): return term.bounds(metrics).negated
    case .combined(let operation, let left, let right):
      return operation.bounds(left.bounds(metrics), right.bounds(metrics))
    }
  }
}

extension RequirementTerm.Operation {
  func value(_ left: Double, _ right: Double) -> Double {
    switch self {
    case .add: left + right
    case .subtract: left - right
    case .multiply: left * right
    case .divide: left / right
    }
  }

  /// Source: Moore, "Interval analysis", 1966; an end that is not a number, such as that of zero times infinity, is left
  /// out, as the other ends lie beyond it.
  fileprivate func bounds(_ left: Interval, _ right: Interval) -> Interval {
    if left.isExact, right.isExact {
      let exact = value(left.lower, right.lower)
      return Interval(lower: exact, upper: exact)
    }
    if self == .divide, right.contains(0) { return Interval(lower: -.infinity, upper: .infinity) }
    let ends = [left.lower, left.upper].flatMap { end in [right.lower, right.upper].map { value(end, $0) } }
      .filter { !$0.isNaN }
    return Interval(lower: ends.min() ?? .nan, upper: ends.max() ?? .nan)
  }
}

extension Interval {
  /// Whether it is a single value, or not a number.
  var isExact: Bool { !(lower < upper) }
}

extension Requirement.Comparison {
  /// Whether two values between bounds compare so, whatever they are between them; nothing where that is open.
  func holds(_ left: Interval, _ right: Interval) -> Bool? {
    let (worst, best): ((Double, Double), (Double, Double)) =
      switch self {
      case .less, .atMost: ((left.upper, right.lower), (left.lower, right.upper))
      case .greater, .atLeast: ((left.lower, right.upper), (left.upper, right.lower))
      }
    if holds(worst.0, worst.1) ?? false { return true }
    return holds(best.0, best.1) ?? true ? nil : false
  }
}
