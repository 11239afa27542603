// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation

/// What a chain of discrete events looks like at some times, when events come as a Poisson process (uniformisation):
/// the mean over the number of events up to then.
///
/// Source: Jensen, "Markoff chains as an aid in the study of Markoff processes", 1953.
struct PoissonMixture {
  /// The mean number of events up to each time.
  let means: [Double]

  /// After how many events nothing is left to count, at any of the times: 12 standard deviations and some.
  var lastEvent: Int {
    let largest = means.max() ?? 0
    return Int(min(1e15, largest + 12 * largest.squareRoot() + 40))
  }

  /// The probability of exactly so many events, at each time.
  func weights(_ events: Int) -> [Double] {
    let count = Double(events)
    return means.map { mean in
      guard mean > 0 else { return events == 0 ? 1 : 0 }
      return exp(count * log(mean) - mean - lgamma(count + 1))
    }
  }

  /// The means over the number of events of some numbers, at each time.
  ///
  /// - Parameter next: the numbers after 0, 1, 2, … events, in this order.
  func average(count: Int, _ next: (Int) -> [Double]) -> [[Double]] {
    var sums = [[Double]](repeating: [Double](repeating: 0, count: count), count: means.count)
    for events in 0...lastEvent {
      let values = next(events)
      for (time, weight) in weights(events).enumerated() where weight > 0 {
        for index in 0..<count { sums[time][index] += weight * values[index] }
      }
    }
    return sums
  }
}
