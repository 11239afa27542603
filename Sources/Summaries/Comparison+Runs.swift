// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Records
import Results
import Statistics

extension Comparison {
  /// Compares two arms.
  ///
  /// - Parameter metric: the squared error or the return that is compared.
  init(_ pair: ArmPair, metric: String) {
    arm = pair.own.header.name
    other = pair.other.header.name
    unpaired = pair.unpaired
    pairs = pair.unpaired == nil ? pair.ownRuns.count : 0
    degreesOfFreedom = min(pair.ownRuns.count, pair.otherRuns.count) - 1
    final = Self.final(pair, metric: metric)
    let target = pair.own.header.target
    let hasCommonTarget = target != nil && target == pair.other.header.target
    time = hasCommonTarget ? Self.time(pair) : nil
    costs = time == nil ? [] : Self.costs(pair)
  }

  private static func final(_ pair: ArmPair, metric: String) -> Final? {
    // Runs in which nobody was up at the end are left out; others that lack the metric are not to be compared by it.
    guard (pair.ownRuns + pair.otherRuns).allSatisfy({ $0.finals[metric] != nil }),
      let pair = pair.ending(with: metric)
    else { return nil }
    let own = pair.ownRuns.compactMap { $0.final(metric) }
    let other = pair.otherRuns.compactMap { $0.final(metric) }
    guard !returnMetrics.contains(metric) else {
      guard let difference = pair.difference(own, other) else { return nil }
      return Final(
        metric: metric, p: difference.p, difference: difference,
        varianceRatio: pair.varianceRatio(own, other), improvement: pair.improvement(own.map { -$0 }, other.map { -$0 })
      )
    }
    // Where both arms have come to agree to rounding, there is nothing left to compare.
    guard (own + other).contains(where: { $0 > roundingLevel }) else { return nil }
    guard (own + other).allSatisfy(\.isFinite), let estimate = pair.ratioOfMeans(own, other) else { return nil }
    return Final(
      metric: metric, ratio: estimate.ratio, interval: estimate.interval, decibels: decibels(ofPower: estimate.ratio),
      decibelsInterval: estimate.interval?.inDecibels, p: estimate.p, difference: pair.difference(own, other),
      varianceRatio: pair.varianceRatio(own, other), improvement: pair.improvement(own, other))
  }

  private static func time(_ pair: ArmPair) -> Time? {
    let until = (pair.own.header.until, pair.other.header.until)
    let own = pair.ownRuns.map { $0.timeToTarget(until: until.0) }
    let other = pair.otherRuns.map { $0.timeToTarget(until: until.1) }
    guard (own + other).contains(where: \.isReached) else { return nil }
    // One basis for all: which times are compared may not depend on how the arms turn out.
    let horizon = (own + other).filter { !$0.isReached }.map(\.time).min()
    func restricted(_ runs: [TimeToTarget]) -> [Double] { runs.map { min($0.time, horizon ?? .infinity) } }
    guard let estimate = pair.ratioOfMeans(restricted(other), restricted(own)) else { return nil }
    var time = Time(restrictedTo: horizon, ratio: estimate.ratio, interval: estimate.interval, p: estimate.p)
    if pair.unpaired == nil {
      time.soonerPairs = zip(own, other).count { $0.isSooner(than: $1) }
      time.laterPairs = zip(own, other).count { $1.isSooner(than: $0) }
    }
    if (own + other).allSatisfy(\.isReached) {
      time.difference = pair.difference(own.map(\.time), other.map(\.time))
      time.varianceRatio = pair.varianceRatio(own.map(\.time), other.map(\.time))
    }
    func order(_ runs: [TimeToTarget]) -> [Double] { runs.map { $0.isReached ? $0.time : .infinity } }
    time.improvement = pair.improvement(order(own), order(other))
    return time
  }

  private static func costs(_ pair: ArmPair) -> [Cost] {
    func ratio(_ name: String, _ cost: (RunRecord) -> TimeToTarget?) -> Cost? {
      let own = pair.ownRuns.compactMap(cost)
      let other = pair.otherRuns.compactMap(cost)
      guard own.count == pair.ownRuns.count, other.count == pair.otherRuns.count else { return nil }
      // Costs have no end in common to which means could be restricted, but for a budget.
      let open = (own + other).filter { !$0.isReached }
      let ends = open.compactMap(\.censoredAt)
      guard ends.count == open.count else { return nil }
      let horizon = ends.min()
      func restricted(_ runs: [TimeToTarget]) -> [Double] { runs.map { min($0.time, horizon ?? .infinity) } }
      guard let estimate = pair.ratioOfMeans(restricted(own), restricted(other)) else { return nil }
      return Cost(
        metric: name, restrictedTo: horizon, ratio: estimate.ratio, interval: estimate.interval, p: estimate.p)
    }
    let updates = ratio("updates") { $0.toTarget("updates", \.updates) }
    let counted = ratio("samples") { $0.toTarget(series: .samples) }
    return [
      ratio("episodes") { $0.toTarget(series: .episodes) }, updates,
      counted ?? updates.flatMap { samples(pair, updates: $0) },
      ratio("messages") { $0.toTarget("messages", \.messages) }, ratio("bytes") { $0.toTarget("bytes", \.bytes) },
    ].compactMap { $0 }
  }

  /// Samples of all agents, if each had made the mean number of updates: those of the updates, times constants.
  private static func samples(_ pair: ArmPair, updates: Cost) -> Cost? {
    func perUpdate(_ arm: StudyHeader.Arm) -> Double { Double(arm.agents) * arm.samplesPerUpdate }
    guard !pair.ownRuns.contains(where: \.isOfControl), !pair.otherRuns.contains(where: \.isOfControl) else {
      return nil
    }
    let scale = perUpdate(pair.own.header) / perUpdate(pair.other.header)
    guard scale.isFinite, scale > 0 else { return nil }
    return Cost(
      metric: "samples", restrictedTo: updates.restrictedTo.map { $0 * perUpdate(pair.own.header) },
      ratio: updates.ratio * scale,
      interval: updates.interval.map { Interval(lower: $0.lower * scale, upper: $0.upper * scale) },
      // A test of the updates says nothing about samples where the arms use differently many for one.
      p: scale == 1 ? updates.p : nil)
  }
}
