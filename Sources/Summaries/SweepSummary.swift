// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Records
import Results

/// What a sweep says: its cells, the best of them, and whether the next is any different.
///
/// Two cells are compared and no more, so the work grows with the number of cells and not with its square.
package struct SweepSummary: Sendable {
  /// Where a cell lies in the grid.
  package struct Place: Sendable, Codable, Equatable {
    /// The arm of the file; nothing where the file has one.
    package let arm: String?
    /// The value of each axis.
    package let values: [String]

    package init(arm: String?, values: [String]) {
      self.arm = arm
      self.values = values
    }
  }

  /// A cell and what its runs came to.
  package struct Cell: Sendable {
    package let place: Place
    package let name: String
    package let runs: Int
    package let toTarget: ArmSummary.ToTarget?
    package let final: ArmSummary.Final?
    /// Whether nothing in it is random.
    let isCertain: Bool
  }

  package let header: StudyHeader
  /// The dotted paths of the swept keys.
  package let axes: [String]
  /// In the order of the grid.
  package let cells: [Cell]
  /// What cells are judged by after their time to the target.
  package let metric: MetricDefinition
  /// Positions of the cells that have runs, the best first: those that reach the target soonest, then those with the
  /// best final value.
  package let ranking: [Int]
  /// The best cell against the next; nothing where there is no next.
  package let comparison: Comparison?
  package let verdict: Verdict
  package let warnings: [Warning]
  package let failures: [FailedRun]

  /// Summarises what is there; a sweep need not be complete.
  ///
  /// - Parameter places: one for each arm of the study.
  package init(_ study: StoredStudy, axes: [String], places: [Place]) {
    let header = study.header
    let groups = Dictionary(grouping: study.runs, by: \.record.identity.arm)
    let metric = header.verdictMetric
    let cells = zip(header.arms, places).map { arm, place in
      let runs = groups[arm.name] ?? []
      let isTimed = header.target != nil && !runs.isEmpty
      return Cell(
        place: place, name: arm.name, runs: runs.count,
        toTarget: isTimed ? ArmSummary.ToTarget(runs.map(\.record), in: arm) : nil,
        final: ArmSummary.Final(metric, of: runs.map(\.record), in: arm, header.metrics),
        isCertain: arm.isCertain(runs.map(\.record)))
    }
    let ranking = cells.indices.filter { cells[$0].runs > 0 }.sorted { cells[$0].rank < cells[$1].rank }
    let ranked = ranking.map {
      ArmRuns(header: header.arms[$0], runs: groups[cells[$0].name] ?? [], metrics: header.metrics)
    }
    comparison = Self.comparison(ranked, header: header, metric: metric)
    (self.header, self.axes, self.cells, self.metric, self.ranking) = (header, axes, cells, metric, ranking)
    failures = study.failures
    let family = Self.family(ranked.first, of: ranked.count, header: header, metric: metric)
    verdict = SweepVerdict(
      header: header, cells: ranked.prefix(2).map { ArmSummary($0.header, runs: $0.runs, metrics: header.metrics) },
      count: ranked.count, comparison: comparison, words: VerdictWords(header: header, family: family, metric: metric)
    ).write()
    let ends = Self.aboutEnds(header, groups, cells, ranking, metric)
    let all = zip(ranking, ranked).sorted { $0.0 < $1.0 }
      .flatMap { Warning.aboutRuns(of: $1, cells[$0].toTarget, header) }
    warnings = Self.warnings(study, best: ranking.first.map { cells[$0] }) + all + ends
  }

  /// The best cell against the next. The data choose both among all cells, so the comparison counts as one of the
  /// family of tests that as many arms have.
  private static func comparison(_ ranked: [ArmRuns], header: StudyHeader, metric: MetricDefinition) -> Comparison? {
    guard ranked.count > 1 else { return nil }
    return comparison(ranked[0], ranked[1], of: ranked.count, header: header, metric: metric)
  }

  /// The best cell against another one of so many.
  private static func comparison(
    _ best: ArmRuns, _ other: ArmRuns, of count: Int, header: StudyHeader, metric: MetricDefinition
  ) -> Comparison? {
    let family = family(best, of: count, header: header, metric: metric)
    var comparisons = [ArmPair(best, other)].compactMap { pair in pair.map { Comparison($0, metric: metric) } }
    comparisons.adjust(for: family)
    return comparisons.first
  }

  /// As many tests as so many arms have, of which one is the best cell.
  private static func family(
    _ best: ArmRuns?, of count: Int, header: StudyHeader, metric: MetricDefinition
  ) -> TestFamily {
    TestFamily(arms: count, base: best?.header.name ?? "", metric: metric.name, hasTarget: header.target != nil)
  }

  /// That nobody was up in the end, and that the soonest cell ends worse than the one that ends best: again a pair of
  /// the family.
  private static func aboutEnds(
    _ header: StudyHeader, _ groups: [String: [StoredRun]], _ cells: [Cell], _ ranking: [Int],
    _ metric: MetricDefinition
  ) -> [Warning] {
    func runs(_ position: Int) -> ArmRuns {
      ArmRuns(header: header.arms[position], runs: groups[cells[position].name] ?? [], metrics: header.metrics)
    }
    var warnings = ranking.sorted().compactMap { Warning.nobodyUp(runs($0), metric: metric) }
    let finals = ranking.filter { cells[$0].final != nil }
    guard let best = ranking.first, cells[best].toTarget?.reached ?? 0 > 0,
      let level = finals.min(by: { (cells[$0].final?.rank ?? 0) < (cells[$1].final?.rank ?? 0) }), level != best
    else { return warnings }
    let comparison = comparison(
      runs(best), runs(level), of: ranking.count, header: header, metric: metric)
    if comparison?.final?.isWorse ?? false {
      warnings.append(.bestEndsWorse(cell: cells[best].name, other: cells[level].name, metric: metric))
    }
    return warnings
  }

  private static func warnings(_ study: StoredStudy, best: Cell?) -> [Warning] {
    var warnings = Warning.aboutTheFile(study)
    if let best, best.runs < 10, !best.isCertain { warnings.append(.fewReplications(arm: best.name, runs: best.runs)) }
    if study.header.target == nil, study.header.arms.contains(where: { $0.target != nil }) {
      warnings.append(.targetsDiffer)
    }
    return warnings
  }
}

extension SweepSummary.Cell {
  /// Time to the target, then final value; what is missing or not finite comes last.
  fileprivate var rank: (Int, Double, Double) {
    let (order, time) = toTarget?.rank ?? ArmSummary.ToTarget.last
    return (order, time, final?.rank ?? .infinity)
  }
}

/// The one JSON document of `starling sweep --json`: every cell, and no run.
package struct SweepDocument: Encodable {
  private struct Cell: Encodable {
    let name: String
    let arm: String?
    let values: [String: String]
    let runs: Int
    let toTarget: ArmSummary.ToTarget?
    let final: ArmSummary.Final?
    /// From one for the best; nothing without runs.
    let rank: Int?
  }

  private let schema = "starling-sweep/1"
  private let name: String
  private let question: String?
  private let seed: UInt64
  private let replications: Int
  private let shard: String?
  private let axes: [String]
  private let target: StudyHeader.Target?
  private let metric: String
  private let cells: [Cell]
  private let best: String?
  private let comparison: Comparison?
  private let verdict: Verdict
  private let warnings: [Caution]
  private let failures: [FailedRun]
  private let requirements: [RequirementOutcome]?
  private let precision: PrecisionReport?

  /// The document of a sweep, with what was asked of it beyond its table.
  package init(
    _ summary: SweepSummary, requirements: [RequirementOutcome] = [], precision: PrecisionReport? = nil
  ) {
    self.requirements = requirements.isEmpty ? nil : requirements
    self.precision = precision
    let header = summary.header
    (name, question, seed, replications) = (header.name, header.question, header.seed, header.replications)
    (shard, target, axes, metric) = (header.shard, header.target, summary.axes, summary.metric.name)
    let ranks = Dictionary(uniqueKeysWithValues: zip(summary.ranking, 1...))
    cells = summary.cells.enumerated().map { position, cell in
      Cell(
        name: cell.name, arm: cell.place.arm,
        values: Dictionary(zip(summary.axes, cell.place.values)) { first, _ in first }, runs: cell.runs,
        toTarget: cell.toTarget, final: cell.final, rank: ranks[position])
    }
    best = summary.ranking.first.map { summary.cells[$0].name }
    (comparison, verdict, failures) = (summary.comparison, summary.verdict, summary.failures)
    warnings = summary.warnings.cautions
  }
}
