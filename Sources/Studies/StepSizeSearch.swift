// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation

/// Looks for the factor of the step size with which an arm ends at a given level.
///
/// The final error over the factor is a valley: with smaller steps it falls, as there is less gradient noise, until
/// steps are so small that the run ends before the error has settled. Its right slope is the one that is looked for, as
/// the left one has the same error later. There the level grows by about 10 dB for a factor of ten, since the
/// mean-square deviation of small steps is proportional to the step size; that is the first guess. Then it is bracketed
/// and interpolated.
///
/// The search keeps nothing but what was seen, and says which factor to try next: the same levels always lead to the
/// same factors.
package struct StepSizeSearch: Sendable {
  /// How far from the level a factor brings the arm.
  package struct Point: Sendable, Equatable {
    /// The natural logarithm of the factor.
    package var position: Double
    /// Decibels above the level asked for; infinite for an arm that diverges.
    package var excess: Double
  }

  /// Factors from 1/64 to 64.
  package static let reach = log(64.0)
  /// Levels of one arm that are looked at before it is given up.
  package static let mostAttempts = 14
  /// Decibels by which the level of small steps grows when the logarithm of the factor grows by one.
  private static let usualSlope = 10 / log(10.0)
  /// The first step away from what is known.
  private static let longestStep = log(6.0)
  private static let shortestStep = 0.01
  /// A valley this narrow in the logarithm, or a bracket, holds nothing between its ends that could be tried.
  private static let narrow = 0.01

  /// Decibels within which the level is met.
  package let tolerance: Double
  package private(set) var points: [Point] = []

  package init(tolerance: Double) { self.tolerance = tolerance }

  package mutating func add(factor: Double, excess: Double) {
    points.append(Point(position: log(factor), excess: excess.isNaN ? .infinity : excess))
  }

  /// The number of the try that came nearest to the level, the first of equals.
  package var choice: Int { points.indices.min { abs(points[$0].excess) < abs(points[$1].excess) } ?? 0 }

  package var isMet: Bool { !points.isEmpty && abs(points[choice].excess) <= tolerance }

  /// The factor to try next; nothing where the level is met or cannot be.
  package var next: Double? {
    guard points.count < Self.mostAttempts, !isMet else { return nil }
    guard !points.isEmpty else { return 1 }
    let sorted = points.sorted { $0.position < $1.position }
    let position =
      bracket(sorted).map(interpolated) ?? (sorted.allSatisfy { $0.excess > 0 } ? lower(sorted) : further(sorted))
    return position.map { exp($0) }
  }

  /// The rightmost neighbours of which the left one is too accurate and the right one not accurate enough.
  private func bracket(_ sorted: [Point]) -> (Point, Point)? {
    zip(sorted, sorted.dropFirst()).filter { $0.excess < 0 && $1.excess > 0 }.last
  }

  /// The zero of the line between the ends of a bracket, or its middle where that line has not been of use.
  private func interpolated(_ ends: (Point, Point)) -> Double? {
    let (left, right) = ends
    let width = right.position - left.position
    guard width > Self.narrow else { return nil }
    let recent = points.suffix(2)
    // Two tries in a row on one side of the root: the line does not come nearer from the other one.
    let isStuck = points.count > 3 && (recent.allSatisfy { $0.excess > 0 } || recent.allSatisfy { $0.excess < 0 })
    guard right.excess.isFinite, left.excess.isFinite, !isStuck else { return left.position + width / 2 }
    let share = -left.excess / (right.excess - left.excess)
    return left.position + width * min(0.95, max(0.05, share))
  }

  /// Where to look for more accuracy: down the slope, or inside the valley whose bottom has been passed.
  private func lower(_ sorted: [Point]) -> Double? {
    guard let lowest = sorted.indices.min(by: { sorted[$0].excess < sorted[$1].excess }) else { return nil }
    let point = sorted[lowest]
    if lowest == 0 {
      let step = sorted.count > 1 ? descent(sorted[0], sorted[1]) : guess(point.excess)
      let target = max(-Self.reach, point.position - step)
      return target < point.position ? target : nil
    }
    let isLast = lowest == sorted.count - 1
    if isLast, sorted.count > 1 {
      let target = min(Self.reach, point.position + descent(point, sorted[lowest - 1]))
      return target > point.position ? target : nil
    }
    // The bottom of the valley lies between the neighbours of the lowest point: look into the wider side.
    let left = lowest > 0 ? point.position - sorted[lowest - 1].position : 0
    let right = isLast ? 0 : sorted[lowest + 1].position - point.position
    guard max(left, right) > log(1.1) else { return nil }
    let goldenShare = (3 - 5.0.squareRoot()) / 2
    return left > right ? point.position - goldenShare * left : point.position + goldenShare * right
  }

  /// Where to look for less accuracy and more speed: to the right of the rightmost point.
  private func further(_ sorted: [Point]) -> Double? {
    guard let last = sorted.last else { return nil }
    let step = sorted.count > 1 ? descent(last, sorted[sorted.count - 2]) : guess(last.excess)
    let target = min(Self.reach, last.position + step)
    return target > last.position ? target : nil
  }

  private func guess(_ excess: Double) -> Double {
    excess.isFinite ? limited(abs(excess) / Self.usualSlope) : Self.longestStep / 2
  }

  /// How far to go on beyond a point, judged by the line through it and its neighbour.
  private func descent(_ point: Point, _ neighbour: Point) -> Double {
    let slope = (neighbour.excess - point.excess) / abs(neighbour.position - point.position)
    guard slope.isFinite else { return guess(point.excess) }
    guard abs(slope) > 0.1 else { return Self.longestStep }
    // A little too far, so that the level is bracketed.
    return limited(1.1 * abs(point.excess / slope))
  }

  private func limited(_ step: Double) -> Double { min(Self.longestStep, max(Self.shortestStep, step)) }
}
