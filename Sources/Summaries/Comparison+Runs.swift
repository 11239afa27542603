// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Records
import Results
import Statistics

extension Comparison {
  /// Compares two arms.
  ///
  /// - Parameter metric: by which the ends are compared.
  init(_ pair: ArmPair, metric: MetricDefinition) {
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

  private static func final(_ pair: ArmPair, metric: MetricDefinition) -> Final? {
    // Runs in which nobody was up at the end are left out; others that lack the metric are not to be compared by it.
    guard (pair.ownRuns + pair.otherRuns).allSatisfy({ $0.finals[metric.name] != nil }),
      let pair = pair.ending(with: metric.name)
    else { return nil }
    let own = pair.ownRuns.compactMap { $0.final(metric.name) }
    let other = pair.otherRuns.compactMap { $0.final(metric.name) }
    let improvement =
      metric.sense == .more
      ? pair.improvement(own.map { -$0 }, other.map { -$0 }) : pair.improvement(own, other)
    guard metric.scale == .decibels else {
      guard let difference = pair.difference(own, other) else { return nil }
      return Final(
        metric: metric.name, definition: metric, isExact: pair.isExact ? true : nil, p: difference.p,
        difference: difference, varianceRatio: pair.varianceRatio(own, other), improvement: improvement)
    }
    // Where both arms have come to agree to rounding, there is nothing left to compare.
    guard (own + other).contains(where: { $0 > roundingLevel }) else { return nil }
    guard (own + other).allSatisfy(\.isFinite), let estimate = pair.ratioOfMeans(own, other) else { return nil }
    return Final(
      metric: metric.name, definition: metric, ratio: estimate.ratio, interval: estimate.interval,
      decibels: decibels(ofPower: estimate.ratio), decibelsInterval: estimate.interval?.inDecibels,
      isToRounding: [own, other].contains { mean($0) ?? 1 <= roundingLevel } ? true : nil,
      isExact: pair.isExact ? true : nil, p: estimate.p, difference: pair.difference(own, other),
      varianceRatio: pair.varianceRatio(own, other), improvement: improvement)
  }

  private static func time(_ pair: ArmPair) -> Time? {
    let ownTimes = pair.ownRuns.map { $0.timeToTarget(in: pair.own.header) }
    let otherTimes = pair.otherRuns.map { $0.timeToTarget(in: pair.other.header) }
    let (own, other) = (ownTimes.map(\.estimate), otherTimes.map(\.estimate))
    guard (own + other).contains(where: \.isReached) else { return nil }
    // One basis for all: which times are compared may not depend on how the arms turn out.
    let horizon = (own + other).filter { !$0.isReached }.map(\.time).min()
    let restricted = (own: own.restricted(to: horizon), other: other.restricted(to: horizon))
    guard let estimate = pair.ratioOfMeans(restricted.other, restricted.own) else { return nil }
    var time = Time(
      restrictedTo: horizon, ratio: estimate.ratio, interval: estimate.interval, isExact: pair.isExact ? true : nil,
      p: estimate.p)
    if pair.unpaired == nil {
      time.soonerPairs = zip(own, other).count { $0.isSooner(than: $1) }
      time.laterPairs = zip(own, other).count { $1.isSooner(than: $0) }
    }
    time.difference = pair.difference(restricted.own, restricted.other)
    time.varianceRatio = pair.varianceRatio(restricted.own, restricted.other)
    if hasKnownOrder(ownTimes, otherTimes) {
      time.improvement = pair.improvement(ownTimes.map(\.bounds.upper), otherTimes.map(\.bounds.upper))
    }
    return time
  }

  /// Whether all times that were reached lie before the end of every run that reached none, so that none of those can
  /// have been sooner.
  private static func hasKnownOrder(_ own: [TargetCost], _ other: [TargetCost]) -> Bool {
    let last = (own + other).filter(\.isReached).map(\.bounds.upper).max() ?? 0
    return (own + other).allSatisfy { $0.isReached || $0.bounds.lower >= last }
  }

  private static func costs(_ pair: ArmPair) -> [Cost] {
    func ratio(_ name: String, _ cost: (RunRecord, StudyHeader.Arm) -> TargetCost?) -> Cost? {
      let own = pair.ownRuns.compactMap { cost($0, pair.own.header) }
      let other = pair.otherRuns.compactMap { cost($0, pair.other.header) }
      guard own.count == pair.ownRuns.count, other.count == pair.otherRuns.count else { return nil }
      // Costs have no end in common to which means could be restricted, but for a budget.
      let open = (own + other).filter { !$0.isReached }
      let horizon = open.compactMap(\.estimate.censoredAt).min()
      guard open.isEmpty || horizon != nil, open.allSatisfy({ $0.bounds.lower >= horizon ?? 0 }),
        let estimate = pair.ratioOfMeans(
          own.map(\.estimate).restricted(to: horizon), other.map(\.estimate).restricted(to: horizon))
      else { return nil }
      return Cost(
        metric: name, restrictedTo: horizon, ratio: estimate.ratio, interval: estimate.interval, p: estimate.p)
    }
    let updates = ratio("updates") { $0.toTarget(.updates, in: $1, \.updates) }
    let counted = ratio("samples") { $0.toTarget(series: .samples, in: $1) }
    return [
      ratio("episodes") { $0.toTarget(series: .episodes, in: $1) }, updates,
      counted ?? updates.flatMap { samples(pair, updates: $0) },
      ratio("messages") { $0.toTarget(.messages, in: $1, \.messages) },
      ratio("bytes") { $0.toTarget(.bytes, in: $1, \.bytes) }, ratio("joules") { $0.joulesToTarget(in: $1) },
    ].compactMap { $0 }
  }

  /// Samples of all agents, if each had made the mean number of updates: those of the updates, times constants.
  private static func samples(_ pair: ArmPair, updates: Cost) -> Cost? {
    func perUpdate(_ arm: StudyHeader.Arm) -> Double { Double(arm.agents) * arm.samplesPerUpdate }
    guard !(pair.ownRuns + pair.otherRuns).contains(where: \.countsSamples) else { return nil }
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

extension [TimeToTarget] {
  /// The times, those beyond an end counting with it.
  fileprivate func restricted(to horizon: Double?) -> [Double] { map { Swift.min($0.time, horizon ?? .infinity) } }
}
