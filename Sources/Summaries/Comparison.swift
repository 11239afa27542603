// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Records
import Results
import Statistics

/// Two arms compared over the replications that both have: the same seed meets the same world in both.
package struct Comparison: Sendable, Codable, Equatable {
  /// The ratio of mean final squared errors, this arm over the other; below one (0 dB) this arm is better.
  package struct Final: Sendable, Codable, Equatable {
    package var metric: String
    package var ratio: Double
    /// The 95 % interval of a paired bootstrap; nothing for fewer than two pairs.
    package var interval: Interval?
    package var decibels: Double
    package var decibelsInterval: Interval?
  }

  /// How many times sooner this arm reaches the target: the other arm's time over this arm's; above one it is sooner.
  package struct Time: Sendable, Codable, Equatable {
    /// Which times are compared.
    package enum Basis: String, Sendable, Codable {
      /// Kaplan–Meier medians.
      case median
      /// Restricted means, where an arm reaches the target in fewer than half of its runs.
      case restrictedMean = "restricted-mean"
    }

    package var basis: Basis
    package var ratio: Double
    /// The 95 % interval of a bootstrap over seed pairs; nothing for fewer than two pairs.
    package var interval: Interval?
    /// Pairs in which this arm is sooner, and in which the other one is; a run that never reaches the target loses
    /// to one that does.
    package var soonerPairs: Int
    package var laterPairs: Int
  }

  package var arm: String
  package var other: String
  package var pairs: Int
  /// Nothing if a mean is zero or not finite.
  package var final: Final?
  /// Nothing if the arms have no common target, or if it was reached at once or never by both.
  package var time: Time?

  /// The same comparison seen from the other arm.
  package var reversed: Comparison {
    Comparison(
      arm: other, other: arm, pairs: pairs,
      final: final.map {
        Final(
          metric: $0.metric, ratio: 1 / $0.ratio, interval: $0.interval?.reciprocal, decibels: -$0.decibels,
          decibelsInterval: $0.decibelsInterval?.negated)
      },
      time: time.map {
        Time(
          basis: $0.basis, ratio: 1 / $0.ratio, interval: $0.interval?.reciprocal, soonerPairs: $0.laterPairs,
          laterPairs: $0.soonerPairs)
      })
  }
}

extension Comparison {
  /// Compares two arms.
  ///
  /// *Randomness*: the bootstrap draws from a stream of its own that the seed and the two names determine.
  ///
  /// - Parameter metric: the squared error that is compared.
  init(_ arm: ArmRuns, with other: ArmRuns, metric: String, seed: UInt64) {
    let pairs = arm.paired(with: other)
    self.arm = arm.header.name
    self.other = other.header.name
    self.pairs = pairs.count
    let bootstrap = PairedBootstrap(seed: seed, name: "\(arm.header.name)/\(other.header.name)")
    final = Self.final(pairs, metric: metric, bootstrap)
    let target = arm.header.target
    time =
      target == nil || target != other.header.target
      ? nil : Self.time(pairs, until: (arm.header.until, other.header.until), bootstrap)
  }

  private static func final(_ pairs: [ArmRuns.Pair], metric: String, _ bootstrap: PairedBootstrap) -> Final? {
    let own = pairs.compactMap { $0.own.finals[metric] }
    let other = pairs.compactMap { $0.other.finals[metric] }
    // Where both arms have come to agree to rounding, there is nothing left to compare.
    guard (own + other).contains(where: { $0 > roundingLevel }) else { return nil }
    guard own.count == pairs.count, other.count == pairs.count, (own + other).allSatisfy(\.isFinite),
      let estimate = bootstrap.ratioOfMeans(own, other), let ratio = estimate.ratio, ratio.isFinite, ratio > 0
    else { return nil }
    let interval = Interval(estimate.low, estimate.high)
    return Final(
      metric: metric, ratio: ratio, interval: interval, decibels: decibels(ofPower: ratio),
      decibelsInterval: interval?.inDecibels)
  }

  private static func time(_ pairs: [ArmRuns.Pair], until: (Double, Double), _ bootstrap: PairedBootstrap) -> Time? {
    let own = pairs.map { $0.own.timeToTarget(until: until.0) }
    let other = pairs.map { $0.other.timeToTarget(until: until.1) }
    guard own.contains(where: \.isReached) || other.contains(where: \.isReached) else { return nil }
    let horizon = (own + other).filter { !$0.isReached }.map(\.time).min() ?? min(until.0, until.1)
    let hasMedians = survivalMedian(own) != nil && survivalMedian(other) != nil
    let estimate =
      hasMedians
      ? bootstrap.ratioOfMedians(other, own) : bootstrap.ratioOfRestrictedMeans(other, own, upTo: horizon)
    guard let estimate, let ratio = estimate.ratio, ratio.isFinite, ratio > 0 else { return nil }
    return Time(
      basis: hasMedians ? .median : .restrictedMean, ratio: ratio, interval: Interval(estimate.low, estimate.high),
      soonerPairs: zip(own, other).count { $0.isSooner(than: $1) },
      laterPairs: zip(own, other).count { $1.isSooner(than: $0) })
  }
}

/// Squared errors at or below this, -200 dB, are those of rounding.
let roundingLevel = 1e-20

/// An arm with its runs.
struct ArmRuns {
  /// Runs of one replication in two arms.
  struct Pair {
    let own: RunRecord
    let other: RunRecord
  }

  let header: StudyHeader.Arm
  let runs: [StoredRun]

  /// The replications that both arms have, in order.
  func paired(with other: ArmRuns) -> [Pair] {
    let partners = Dictionary(
      other.runs.map { ($0.record.identity.replication, $0.record) }, uniquingKeysWith: { first, _ in first })
    return runs.map(\.record).sorted { $0.identity.replication < $1.identity.replication }.compactMap { record in
      partners[record.identity.replication].map { Pair(own: record, other: $0) }
    }
  }
}
