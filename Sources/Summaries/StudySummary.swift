// SPDX-License-Identifier: GPL-3.0-or-later
import Records
import Results

/// What a study says: its arms, how they compare, one verdict, and what to beware of.
package struct StudySummary: Sendable, Equatable {
  package let header: StudyHeader
  /// In the order of the scenario.
  package let arms: [ArmSummary]
  /// Every pair of arms, the later one against the earlier one; of many arms those with the base arm of the family, and of
  /// a fork each branch against the run as it was.
  package let comparisons: [Comparison]
  /// Which tests stand or fall together.
  package let family: TestFamily
  package let verdict: Verdict
  package let warnings: [Warning]
  /// What the verdict is about.
  package let metric: MetricDefinition
  /// How the arms compare at one final error; nothing where their step sizes were not tuned for that.
  package let matched: MatchedStudy?
  /// How each arm settled, by the metric of the verdict.
  package let steadyStates: [SteadyState]

  /// Summarises what is there; a study need not be complete.
  package init(_ study: StoredStudy) {
    let groups = study.header.arms.map(study.runs)
    let metric = study.header.verdictMetric
    self.metric = metric
    header = study.header
    arms = groups.map { ArmSummary($0.header, runs: $0.runs, metrics: study.header.metrics) }
    let present = groups.filter { !$0.runs.isEmpty }
    let base = study.header.tuning?.reference ?? present.first?.header.name ?? ""
    let hasTarget = study.header.target != nil
    if study.header.isFork {
      let branches = Self.branches(present, of: study.header)
      family = TestFamily(branchesOf: branches.map(\.origin.header.name), metric: metric.name, hasTarget: hasTarget)
      comparisons = Self.comparisons(branches.map { ($0.branch, $0.origin) }, family: family, metric: metric)
    } else {
      family = TestFamily(arms: present.count, base: base, metric: metric.name, hasTarget: hasTarget)
      comparisons = Self.comparisons(Self.pairs(present, base: family.base), family: family, metric: metric)
    }
    matched = MatchedStudy(header: header, arms: arms, comparisons: comparisons)
    verdict = Verdict(
      header: header, arms: arms, comparisons: comparisons, family: family, matched: matched, metric: metric)
    steadyStates = groups.compactMap { SteadyState($0, metric: metric) }
    warnings = Warning.about(
      study, groups: groups, arms: arms, comparisons: comparisons, base: base, verdict: verdict,
      metric: metric, matched: matched, steadyStates: steadyStates)
  }

  /// Every pair of arms, the later one first, or those with a base arm.
  private static func pairs(_ groups: [ArmRuns], base: String?) -> [(ArmRuns, ArmRuns)] {
    groups.indices.flatMap { later in
      groups[..<later].compactMap { earlier in
        let names = [earlier, groups[later]].map(\.header.name)
        return base.map(names.contains) ?? true ? (groups[later], earlier) : nil
      }
    }
  }

  /// The branches of a fork, each with the arm that is as it was.
  private static func branches(
    _ groups: [ArmRuns], of header: StudyHeader
  ) -> [(branch: ArmRuns, origin: ArmRuns)] {
    groups.compactMap { branch in
      let name = header.origin(of: branch.header.name)
      return groups.first { $0.header.name == name }.map { (branch, $0) }
    }
  }

  private static func comparisons(
    _ pairs: [(ArmRuns, ArmRuns)], family: TestFamily, metric: MetricDefinition
  ) -> [Comparison] {
    var comparisons = pairs.compactMap { own, other in
      ArmPair(own, other).map { Comparison($0, metric: metric) }
    }
    comparisons.adjust(for: family)
    return comparisons
  }

  /// How one arm compares with another, whichever way it was computed.
  package func comparison(_ arm: String, with other: String) -> Comparison? {
    comparisons.comparison(arm, with: other)
  }
}

extension [Comparison] {
  /// How one arm compares with another, whichever way it was computed.
  func comparison(_ arm: String, with other: String) -> Comparison? {
    first { $0.arm == arm && $0.other == other } ?? first { $0.arm == other && $0.other == arm }?.reversed
  }
}

/// The one JSON document of `--json`.
package struct StudyDocument: Encodable {
  private let schema = "starling-summary/1"
  private let study: StudyHeader
  private let arms: [ArmSummary]
  private let runs: [StoredRun]
  private let comparisons: [Comparison]
  private let family: TestFamily
  private let matched: MatchedStudy?
  private let steadyStates: [SteadyState]
  private let verdict: Verdict
  private let warnings: [Caution]
  private let failures: [FailedRun]
  private let sessions: [StoredSession]
  private let requirements: [RequirementOutcome]?
  private let precision: PrecisionReport?
  private let recoveries: [BranchRecovery]?

  /// The document of a summary and of the study that it summarises, with what was asked of the study beyond it.
  package init(
    _ summary: StudySummary, of study: StoredStudy, requirements: [RequirementOutcome] = [],
    precision: PrecisionReport? = nil
  ) {
    self.requirements = requirements.isEmpty ? nil : requirements
    self.precision = precision
    recoveries = summary.header.isFork ? study.runs.compactMap { BranchRecovery($0.record, of: study.header) } : nil
    self.study = summary.header
    arms = summary.arms
    runs = study.runs
    failures = study.failures
    sessions = study.sessions
    comparisons = summary.comparisons
    family = summary.family
    matched = summary.matched
    steadyStates = summary.steadyStates
    verdict = summary.verdict
    warnings = summary.warnings.cautions
  }
}
