// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Testing
import Theory

private struct DelayedGradientReference: Decodable {
  struct Entry: Decodable {
    let tau: Int
    let stability: Double
    let below: Double
    let above: Double
    let gain: Double?
    let radius: Double?
    let variance: Double?

    // The names in the file have points and capitals that no key strategy keeps.
    enum CodingKeys: String, CodingKey {
      case tau, radius
      case stability = "stabilityLimitMuH"
      case below = "radiusAt0.98Limit"
      case above = "radiusAt1.02Limit"
      case gain = "muH"
      case variance = "steadyVarianceUnitNoise"
    }
  }
  let entries: [Entry]
}

private struct DelayedConsensusReference: Decodable {
  struct Point: Decodable {
    let round: Int
    let values: [Double]

    init(from decoder: any Decoder) throws {
      var container = try decoder.unkeyedContainer()
      round = try container.decode(Int.self)
      values = try container.decode([Double].self)
    }
  }
  struct Expected: Decodable {
    let limit: Double
    let rate: Double
    let trajectory: [Point]
  }
  struct Entry: Decodable {
    let rule: String
    let matrix: [[Double]]
    let tau: Int
    let x0: [Double]
    let expected: Expected
  }
  let entries: [Entry]
}

private struct PushSumReference: Decodable {
  struct Expected: Decodable {
    let average: Double
    let losslessEstimateAfterRounds: [DelayedConsensusReference.Point]
  }
  let outNeighbours: [[Int]]
  let x0: [Double]
  let expected: Expected
}

@Suite struct LinearRecursionTests {
  @Test func lateGradientsHaveTheLimitsOfTheReference() throws {
    let file: DelayedGradientReference = try reference("delayed-gradient")
    for entry in file.entries {
      let limit = DelayedGradient.stabilityLimit(delay: entry.tau)
      #expect(abs(limit - entry.stability) <= 1e-14)
      func radius(_ gain: Double) throws -> Double {
        try DelayedGradient(gain: gain, delay: entry.tau).spectralRadius()
      }
      #expect(abs(try radius(0.98 * limit) - entry.below) <= 1e-9)
      #expect(abs(try radius(1.02 * limit) - entry.above) <= 1e-9)
      #expect(abs(try radius(limit) - 1) <= 1e-9)
      guard let gain = entry.gain else { continue }
      #expect(abs(try radius(gain) - (try #require(entry.radius))) <= 1e-9)
      let variance = try DelayedGradient(gain: gain, delay: entry.tau).steadyVariance()
      #expect(abs(variance / (try #require(entry.variance)) - 1) <= 1e-11)
    }
    #expect(throws: TheoryError.diverges(.mean)) { try DelayedGradient(gain: 0.7, delay: 2).steadyVariance() }
  }

  @Test func lateAveragingHasTheLimitsRatesAndTrajectoriesOfTheReference() throws {
    let file: DelayedConsensusReference = try reference("delayed-consensus")
    #expect(file.entries.count >= 4)
    for entry in file.entries {
      let consensus = DelayedConsensus(combination: CombinationMatrix(rows: entry.matrix), delay: entry.tau)
      let limit = try consensus.limit(from: entry.x0)
      #expect(abs(limit - entry.expected.limit) <= 1e-12, "\(entry.rule) \(entry.tau)")
      #expect(abs(try consensus.rate() - entry.expected.rate) <= 1e-9, "\(entry.rule) \(entry.tau)")
      let trajectory = try consensus.trajectory(from: entry.x0, at: entry.expected.trajectory.map(\.round))
      for (values, point) in zip(trajectory, entry.expected.trajectory) {
        for (value, expected) in zip(values, point.values) { #expect(abs(value - expected) <= 1e-12) }
      }
      let late = try consensus.trajectory(from: entry.x0, at: [2000])[0]
      #expect(late.allSatisfy { abs($0 - limit) <= 1e-9 })
    }
  }

  @Test func pushSumHasTheEstimatesOfTheReference() throws {
    let file: PushSumReference = try reference("push-sum")
    let pushSum = PushSum(receivers: file.outNeighbours)
    let points = file.expected.losslessEstimateAfterRounds
    let estimates = pushSum.estimates(from: file.x0, after: points.map(\.round))
    for (values, point) in zip(estimates, points) {
      for (value, expected) in zip(values, point.values) { #expect(abs(value - expected) <= 1e-12) }
    }
    // The error shrinks at the rate of the second eigenvalue, up to a constant.
    let rate = try pushSum.rate()
    let errors = pushSum.estimates(from: file.x0, after: [20, 40]).map { values in
      values.reduce(0) { max($0, abs($1 - file.expected.average)) }
    }
    #expect(rate > 0.3 && rate < 1)
    #expect(abs(log(errors[1] / errors[0]) / (20 * log(rate)) - 1) <= 0.1)
  }
}
