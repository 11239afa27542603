// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation

/// How long a spell goes on that is found under way at a time that knows nothing of it, where spells follow a law: the
/// spell is length-biased, and the time lies anywhere in it.
///
///     P(residual ≤ x) = ∫_0^x 1 − F(t) dt / E[X]
///
/// Source: Cox, Renewal Theory (1962), section 5.2.
///
/// Of a constant and of an exponential law it is exact; of others the integral is a sum by Simpson's rule over a geometric
/// grid, between whose points the residual is interpolated linearly.
package struct ResidualTime {
  private static let pointsPerDoubling = 64.0
  private static let doublings = 60.0

  private let law: Distribution
  private var points: [Double] = []
  /// The integral up to each point.
  private var sums: [Double] = []

  /// - Parameter law: with a finite mean above zero.
  package init(of law: Distribution) {
    self.law = law
    guard !law.isConstant, !isExponential else { return }
    var end = law.mean
    while law.cumulativeProbability(end) < 1 - 1e-12, end < law.mean * 1e12 { end *= 2 }
    let count = Int(Self.pointsPerDoubling * Self.doublings)
    points = [0] + (0...count).map { end * exp2((Double($0) - Double(count)) / Self.pointsPerDoubling) }
    sums = [0]
    func above(_ value: Double) -> Double { 1 - law.cumulativeProbability(value) }
    var left = above(0)
    for index in 1..<points.count {
      let (low, high) = (points[index - 1], points[index])
      let right = above(high)
      sums.append(sums[index - 1] + (high - low) * (left + 4 * above((low + high) / 2) + right) / 6)
      left = right
    }
  }

  private var isExponential: Bool { law == .exponential(mean: law.mean) }

  /// The residual of which so large a share of all is shorter.
  package func quantile(_ share: Double) -> Double {
    if law.isConstant { return share * law.mean }
    if isExponential { return -law.mean * log1p(-share) }
    let wanted = share * (sums.last ?? 0)
    var (low, high) = (0, sums.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if sums[middle] <= wanted { low = middle } else { high = middle }
    }
    let step = sums[high] - sums[low]
    return points[low] + (step > 0 ? (wanted - sums[low]) / step : 0) * (points[high] - points[low])
  }
}
