// SPDX-License-Identifier: GPL-3.0-or-later

/// Watches a linear iteration K ← G K + S with the help of how its changes shrink.
struct IterationProgress {
  /// What to do next.
  enum Verdict {
    /// Go on.
    case goesOn
    /// What is left is below 10⁻¹³ of the whole, or rounding.
    case settled
    /// The changes grow for good.
    case grows
    /// The changes shrink slowly, each by this ratio.
    case shrinks(ratio: Double)
  }

  private var lastChange = Double.infinity
  private var lastRatio = 0.0
  private var growths = 0

  /// Judges one step.
  mutating func judge(before: [Double], after: [Double]) -> Verdict {
    var (squaredChange, squaredSize) = (0.0, 0.0)
    for index in after.indices {
      let change = after[index] - before[index]
      squaredChange += change * change
      squaredSize += after[index] * after[index]
    }
    let change = squaredChange.squareRoot()
    let size = squaredSize.squareRoot()
    guard size.isFinite else { return .grows }
    guard change > 0 else { return .settled }
    let previous = lastChange
    lastChange = change
    guard previous.isFinite else { return .goesOn }
    let ratio = change / previous
    defer { lastRatio = ratio }
    if ratio < 1, change * ratio / (1 - ratio) <= 1e-13 * size { return .settled }
    if ratio >= 1 {
      // Changes as small as this that do not shrink are rounding.
      if change <= 1e-9 * size { return .settled }
      growths += 1
      return growths >= 20 ? .grows : .goesOn
    }
    growths = 0
    if ratio > 0.6, abs(ratio - lastRatio) <= 1e-3 * (1 - ratio) {
      // The change that follows is of another kind, and says nothing in proportion to this one.
      lastChange = .infinity
      return .shrinks(ratio: ratio)
    }
    return .goesOn
  }
}
