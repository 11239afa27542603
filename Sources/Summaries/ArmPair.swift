// SPDX-License-Identifier: GPL-3.0-or-later
import Records
import Results
import Statistics

/// An arm with its runs.
struct ArmRuns {
  let header: StudyHeader.Arm
  let runs: [StoredRun]
  /// What runs of the study measure.
  let metrics: [MetricDefinition]

  /// The runs in the order of their replications.
  var records: [RunRecord] {
    runs.map(\.record).sorted { $0.identity.replication < $1.identity.replication }
  }

  /// Whether nothing in it is random, so that one of its runs says all there is to say.
  var isCertain: Bool { header.isCertain(runs.map(\.record)) }
}

extension StudyHeader.Arm {
  /// Whether nothing in the arm is random: by its settings, and in files that do not note that by its runs, which are
  /// copies of each other then. By chance runs in which something is random can agree too, and are no copies for that.
  func isCertain(_ records: [RunRecord]) -> Bool { isDeterministic ?? records.areCopies }
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

  /// Nothing if an arm has no runs.
  init?(_ own: ArmRuns, _ other: ArmRuns) {
    guard !own.runs.isEmpty, !other.runs.isEmpty else { return nil }
    (self.own, self.other) = (own, other)
    isExact = own.isCertain && other.isCertain
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

  /// A p-value, not below what an exact test of so few different values could give: many returns end at the best there
  /// is, and many times at the end of the run, where Student's and Welch's tests know too much.
  private func credible(_ p: Double?, _ own: [Double], _ other: [Double]) -> Double? {
    let least = unpaired == nil ? SmallestP.paired(own, other) : SmallestP.unpaired(own, other)
    return p.map { max($0, least) }
  }

  /// The mean of this arm over that of the other; nothing where a mean is zero or not finite.
  func ratioOfMeans(_ own: [Double], _ other: [Double]) -> Ratio? {
    let estimate =
      unpaired == nil ? RatioOfMeans(paired: own, with: other) : RatioOfMeans(of: own, over: other)
    return estimate.map {
      Ratio(
        ratio: $0.ratio, interval: Interval($0.low, $0.high), p: credible($0.twoSidedP, own, other))
    }
  }

  /// The mean difference, paired where the arms are.
  func difference(_ own: [Double], _ other: [Double]) -> Comparison.Difference? {
    guard (own + other).allSatisfy(\.isFinite) else { return nil }
    let estimate =
      unpaired == nil ? MeanEstimate(of: zip(own, other).map { $0 - $1 }) : MeanEstimate(of: own, minus: other)
    return estimate.map {
      Comparison.Difference(
        mean: $0.mean, interval: Interval($0.low, $0.high), p: credible($0.twoSidedP, own, other))
    }
  }

  /// What pairing gained; nothing without pairs.
  func varianceRatio(_ own: [Double], _ other: [Double]) -> Double? {
    unpaired == nil ? CommonRandomNumbersGain(own, other)?.varianceRatio : nil
  }

  /// How probably a value of this arm lies below one of the other; infinite ones take their place in the order.
  func improvement(_ own: [Double], _ other: [Double]) -> Comparison.Estimate? {
    ImprovementEstimate(own, below: other, arePaired: unpaired == nil).map {
      Comparison.Estimate(value: $0.share, interval: Interval($0.low, $0.high))
    }
  }
}
