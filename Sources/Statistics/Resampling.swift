// SPDX-License-Identifier: GPL-3.0-or-later
import Randomness

/// Resampling with replacement inside strata, from a stream of random numbers that a seed and a name determine.
///
/// *Randomness*: the resample of number b takes one whole number per observation from index b of its stream, stratum by
/// stratum. So what comes out is a pure function of the data, the seed and the name, and equal names resample equally.
struct Resampling: Sendable {
  private let key: StreamKey
  let resamples: Int
  let level: Double

  init(seed: UInt64, name: String, resamples: Int, level: Double) {
    precondition(resamples > 0 && level > 0 && level < 1, "A bootstrap needs resamples and a level.")
    key = StreamKey(seed: seed, replication: StreamFamily.study, purpose: .bootstrap, entity: name)
    self.resamples = resamples
    self.level = level
  }

  /// Hands over the positions of each resample, in the order of the strata.
  ///
  /// - Parameter strata: neighbouring ranges of positions from 0 on, none of them empty.
  func forEachResample(of strata: [Range<Int>], _ body: ([Int]) -> Void) {
    var chosen = Array(0..<(strata.last?.upperBound ?? 0))
    for resample in 0..<resamples {
      var draws = Draws(key, at: UInt64(resample))
      for stratum in strata {
        let size = UInt32(stratum.count)
        for position in stratum { chosen[position] = stratum.lowerBound + Int(draws.integer(below: size)) }
      }
      body(chosen)
    }
  }

  /// The values of a statistic on all resamples.
  ///
  /// - Parameter statistic: of the observations at some positions; nothing where it is undefined.
  func values(of strata: [Range<Int>], _ statistic: ([Int]) -> Double?) -> ResampledValues {
    var values = ResampledValues()
    values.defined.reserveCapacity(resamples)
    forEachResample(of: strata) { values.append(statistic($0)) }
    return values
  }

  /// The statistic of all observations, with the percentiles of its values on resamples unless no stratum can vary.
  func interval(of strata: [Range<Int>], _ statistic: ([Int]) -> Double?) -> BootstrapInterval {
    let estimate = statistic(Array(0..<(strata.last?.upperBound ?? 0))).flatMap(defined)
    guard strata.contains(where: { $0.count > 1 }) else {
      return BootstrapInterval(
        estimate: estimate, low: nil, high: nil, level: level, resamples: 0, undefinedResamples: 0)
    }
    let values = values(of: strata, statistic)
    let bounds = values.percentiles(level: level)
    return BootstrapInterval(
      estimate: estimate, low: bounds.low, high: bounds.high, level: level, resamples: resamples,
      undefinedResamples: values.undefined)
  }
}

/// What a statistic is on resamples.
struct ResampledValues {
  /// The values that are numbers.
  fileprivate(set) var defined: [Double] = []
  /// How many resamples have none.
  private(set) var undefined = 0

  fileprivate mutating func append(_ value: Double?) {
    if let value, !value.isNaN { defined.append(value) } else { undefined += 1 }
  }

  /// The bounds that cut off equal shares at both ends. Undefined values count as -∞ for the lower bound and as ∞ for
  /// the upper one.
  func percentiles(level: Double) -> (low: Double?, high: Double?) {
    let tail = (1 - level) / 2
    guard undefined > 0 else {
      let sorted = SortedSample(defined)
      return (sorted?.quantile(tail), sorted?.quantile(1 - tail))
    }
    func sorted(undefinedAs value: Double) -> SortedSample? {
      SortedSample(defined + Array(repeating: value, count: undefined))
    }
    return (
      sorted(undefinedAs: -.infinity)?.quantile(tail), sorted(undefinedAs: .infinity)?.quantile(1 - tail)
    )
  }

  /// Twice the smaller of the shares on the two sides of a value, both of which count what equals it and what is
  /// undefined; at least 2 / (B + 1) for B resamples, at most 1.
  func twoSidedP(against value: Double) -> Double {
    let below = defined.count { $0 <= value } + undefined
    let above = defined.count { $0 >= value } + undefined
    let count = Double(defined.count + undefined)
    return min(1, max(2 / (count + 1), 2 * Double(min(below, above)) / count))
  }
}

/// A number, or nothing if it is none.
func defined(_ value: Double) -> Double? { value.isNaN ? nil : value }
