// SPDX-License-Identifier: GPL-3.0-or-later
import Records
import Results
import Statistics

/// An arm with its runs.
struct ArmRuns {
  let header: StudyHeader.Arm
  let runs: [StoredRun]

  /// The runs in the order of their replications.
  var records: [RunRecord] {
    runs.map(\.record).sorted { $0.identity.replication < $1.identity.replication }
  }

  /// Whether its replications are copies of one run, because nothing in it is random.
  var areCopies: Bool { runs.map(\.record).areCopies }
}

/// The runs of two arms that are compared, in pairs where they can be, and the estimators that suit them.
struct ArmPair {
  let own: ArmRuns
  let other: ArmRuns
  /// Runs of this arm; in pairs, position by position with those of the other.
  private(set) var ownRuns: [RunRecord]
  private(set) var otherRuns: [RunRecord]
  /// Why the arms are not paired.
  let unpaired: String?
  /// Whether nothing in the two arms is random: then one run of each stands for all, and says all there is to say.
  let isExact: Bool
  private let seed: UInt64
  private let resamples: Int

  /// Nothing if an arm has no runs.
  init?(_ own: ArmRuns, _ other: ArmRuns, seed: UInt64, resamples: Int) {
    guard !own.runs.isEmpty, !other.runs.isEmpty else { return nil }
    (self.own, self.other, self.seed, self.resamples) = (own, other, seed, resamples)
    isExact = own.areCopies && other.areCopies
    let partners = Dictionary(
      other.records.map { ($0.identity.replication, $0) }, uniquingKeysWith: { first, _ in first })
    let pairs = own.records.compactMap { record in partners[record.identity.replication].map { (record, $0) } }
    // Different networks do not part a pair: data, speeds and outages of one seed and name are the same on both.
    unpaired = pairs.isEmpty ? "the arms have no replication in common" : nil
    ownRuns = unpaired == nil ? pairs.map(\.0) : own.records
    otherRuns = unpaired == nil ? pairs.map(\.1) : other.records
    if isExact { (ownRuns, otherRuns) = (Array(ownRuns.prefix(1)), Array(otherRuns.prefix(1))) }
  }

  /// The same of the runs, or pairs of them, that end with a value of the metric; nothing if none does.
  func ending(with metric: String) -> ArmPair? {
    func hasValue(_ run: RunRecord) -> Bool { run.final(metric) != nil }
    var rest = self
    if unpaired == nil {
      let pairs = zip(ownRuns, otherRuns).filter { hasValue($0) && hasValue($1) }
      (rest.ownRuns, rest.otherRuns) = (pairs.map(\.0), pairs.map(\.1))
    } else {
      (rest.ownRuns, rest.otherRuns) = (ownRuns.filter(hasValue), otherRuns.filter(hasValue))
    }
    return rest.ownRuns.isEmpty || rest.otherRuns.isEmpty ? nil : rest
  }

  /// A ratio with its interval and its p-value.
  struct Ratio {
    let ratio: Double
    let interval: Interval?
    var p: Double?
  }

  private var name: String { "\(own.header.name)/\(other.header.name)" }

  /// A p-value of a bootstrap or of a limit law, not below what so few runs can show.
  private func credible(_ p: Double?) -> Double? {
    let least =
      unpaired == nil
      ? SmallestP.paired(ownRuns.count) : SmallestP.unpaired(ownRuns.count, otherRuns.count)
    return p.map { max($0, least) }
  }

  /// The p-value of a difference of returns, not below what so few runs can show: many end at the best there is, where
  /// Student's and Welch's tests know too much, or do not exist because nothing varies.
  func credible(of difference: Comparison.Difference) -> Double? {
    guard difference.interval != nil else { return nil }
    return credible(difference.p ?? (difference.mean == 0 ? 1 : 0))
  }

  /// The mean of this arm over that of the other.
  func ratioOfMeans(_ own: [Double], _ other: [Double]) -> Ratio? {
    guard unpaired == nil else {
      let estimate = IndependentBootstrap(seed: seed, name: name, resamples: resamples).ratio(own, other, of: mean)
      return ratio(estimate?.estimate, estimate?.low, estimate?.high, p: WelchTest(own, other)?.twoSidedP)
    }
    let estimate = PairedBootstrap(seed: seed, name: name, resamples: resamples).ratioOfMeans(own, other)
    return ratio(estimate?.ratio, estimate?.low, estimate?.high, p: credible(estimate?.twoSidedP))
  }

  /// The median or the restricted mean of `upper` over that of `lower`.
  ///
  /// - Parameter restriction: nothing for medians.
  func ratioOfTimes(_ upper: [TimeToTarget], _ lower: [TimeToTarget], upTo restriction: Double?) -> Ratio? {
    guard unpaired == nil else {
      let estimate = IndependentBootstrap(seed: seed, name: name, resamples: resamples).ratio(upper, lower) { runs in
        KaplanMeier(runs).map { curve in
          restriction.map { curve.restrictedMean(upTo: $0) } ?? curve.median ?? .infinity
        }
      }
      return ratio(estimate?.estimate, estimate?.low, estimate?.high, p: credible(LogRank(upper, lower)?.p))
    }
    let bootstrap = PairedBootstrap(seed: seed, name: name, resamples: resamples)
    let estimate =
      restriction.map { bootstrap.ratioOfRestrictedMeans(upper, lower, upTo: $0) }
      ?? bootstrap.ratioOfMedians(upper, lower)
    return ratio(estimate?.ratio, estimate?.low, estimate?.high, p: credible(estimate?.twoSidedP))
  }

  private func ratio(_ value: Double?, _ low: Double?, _ high: Double?, p: Double?) -> Ratio? {
    guard let value, value.isFinite, value > 0 else { return nil }
    return Ratio(ratio: value, interval: Interval(low, high), p: p)
  }

  /// The mean difference, paired where the arms are.
  func difference(_ own: [Double], _ other: [Double]) -> Comparison.Difference? {
    guard (own + other).allSatisfy(\.isFinite) else { return nil }
    guard unpaired == nil else {
      return WelchTest(own, other).map {
        Comparison.Difference(mean: $0.difference, interval: Interval($0.low, $0.high), p: $0.twoSidedP)
      }
    }
    return PairedDifference(own, other).map {
      Comparison.Difference(
        mean: $0.difference.mean, interval: Interval($0.difference.low, $0.difference.high), p: $0.twoSidedP)
    }
  }

  /// What pairing gained; nothing without pairs.
  func varianceRatio(_ own: [Double], _ other: [Double]) -> Double? {
    unpaired == nil ? CommonRandomNumbersGain(own, other)?.varianceRatio : nil
  }

  /// How probably a value of this arm lies below one of the other; infinite ones take their place in the order.
  func improvement(_ own: [Double], _ other: [Double]) -> Comparison.Estimate? {
    guard let lower = TaskScores(columns: [own.map { -$0 }]), let upper = TaskScores(columns: [other.map { -$0 }])
    else { return nil }
    // A tenth of the resamples moves the bounds of a share by less than its last printed digit.
    let bootstrap = StratifiedBootstrap(seed: seed, name: name, resamples: max(1, resamples / 10))
    guard let estimate = bootstrap.probabilityOfImprovement(lower, over: upper), let value = estimate.estimate
    else { return nil }
    return Comparison.Estimate(value: value, interval: Interval(estimate.low, estimate.high))
  }
}
