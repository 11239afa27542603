// SPDX-License-Identifier: GPL-3.0-or-later
import Records
import Summaries
import Workers

/// How often the intervals of studies of two arms cover what is true: two worlds of agents that estimate, with all runs at
/// the target and with a good third of them censored, and one of agents that act.
package struct Coverage: Sendable {
  package enum World: String, Sendable, CaseIterable {
    case estimation
    case censored
    case control
    case unpaired
  }

  private let kind: World
  private let world: SyntheticWorld
  private let arms: [SyntheticArm]
  private let truth: Truth

  /// - Parameter areAlike: whether the arms differ in nothing but their draws; else the second is slower, ends worse and
  ///   varies more.
  package init(_ kind: World, areAlike: Bool, jobs: Int) {
    self.kind = kind
    var world = SyntheticWorld()
    world.isOfControl = kind == .control
    world.isUnpaired = kind == .unpaired
    if kind == .censored { world = world.censoring(0.35) }
    // So long that hardly a run has still far to go: the mean of a rare few is beyond what six runs can tell.
    if kind != .censored { world.until = 600 }
    self.world = world
    let first = kind == .control ? SyntheticArm.ofControl : SyntheticArm()
    var second = first
    if !areAlike {
      (second.rate, second.floor, second.spread) = (0.8 * first.rate, 1.4 * first.floor, first.spread + 0.1)
      second.messages = 4
    }
    arms = [first, second]
    truth = Truth(world, arms, jobs: jobs)
  }

  /// How often the intervals of some studies hold.
  package func shares(of studies: Int, replications: Int, jobs: Int) -> [Share] {
    let maker = SyntheticStudy(world: world, arms: arms, replications: replications)
    let found = inParallel(count: studies, jobs: jobs) { number in verdicts(maker, number) }
    var counts: [(title: String, hits: Int, studies: Int)] = []
    for verdict in found.joined() {
      let place = counts.firstIndex { $0.title == verdict.title }
      guard let place else {
        counts.append((verdict.title, verdict.isCovered ? 1 : 0, 1))
        continue
      }
      counts[place].studies += 1
      if verdict.isCovered { counts[place].hits += 1 }
    }
    // An interval that few studies print is one of a selection.
    return counts.filter { 2 * $0.studies >= studies }.map {
      Share(
        title: $0.title, replications: replications, arms: nil, hits: $0.hits, studies: $0.studies,
        promise: .atLeast(0.94))
    }
  }

  /// Which intervals of a study there are, and whether they cover the truth.
  private func verdicts(_ maker: SyntheticStudy, _ number: Int) -> [(title: String, isCovered: Bool)] {
    let study = maker.study(number)
    let summary = StudySummary(study)
    var found: [(title: String, isCovered: Bool)] = []
    func note(_ title: String, _ interval: Interval?, _ truth: Double) {
      if let interval { found.append(("\(kind.rawValue): \(title)", interval.contains(truth))) }
    }
    let metric = world.isOfControl ? MetricDefinition.testReturn : .msd
    note("mean final", summary.arms[1].final(metric.name)?.interval, truth.final[1])
    note("median time", summary.arms[0].toTarget?.interval, truth.medianTime[0])
    if world.isOfControl {
      note("IQM of agents", summary.arms[1].returns?.interquartileMeanInterval, truth.middleOfReturns[1])
    }
    // Seen from the second arm.
    guard let comparison = summary.comparisons.first else { return found }
    note("ratio of finals", comparison.final?.interval, truth.final[1] / truth.final[0])
    note("difference of finals", comparison.final?.difference?.interval, truth.final[1] - truth.final[0])
    let betterEnd = world.isOfControl ? 1 - truth.endsLower : truth.endsLower
    note("probability of a better end", comparison.final?.improvement?.interval, betterEnd)
    note("ratio of times", comparison.time?.interval, truth.meanTime[0] / truth.meanTime[1])
    note("difference of times", comparison.time?.difference?.interval, truth.meanTime[1] - truth.meanTime[0])
    note("probability of being sooner", comparison.time?.improvement?.interval, truth.isSooner)
    note("ratio of costs", comparison.cost("messages")?.interval, truth.meanMessages[1] / truth.meanMessages[0])
    // The table of single arms by the values of runs.
    var alone = study
    alone.runs = study.runs.filter { $0.record.identity.arm == SyntheticStudy.name(1) }
    alone.header.arms = Array(study.header.arms.suffix(1))
    let rows = GroupedSummary(alone, by: [], metrics: RunMetric.usual(in: alone)).rows
    let sample = rows.compactMap(\.sample).first
    note("IQM of runs", sample?.interquartileMeanInterval, truth.middleOfFinals[1])
    return found
  }
}
