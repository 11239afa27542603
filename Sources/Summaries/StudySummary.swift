// SPDX-License-Identifier: GPL-3.0-or-later
import Results

/// What a study says: its arms, how they compare, one verdict, and what to beware of.
package struct StudySummary: Sendable, Equatable {
  package let header: StudyHeader
  /// In the order of the scenario.
  package let arms: [ArmSummary]
  /// Every pair of arms, the later one against the earlier one.
  package let comparisons: [Comparison]
  package let verdict: Verdict
  package let warnings: [Warning]
  /// The squared error that the verdict is about: that of the target, else `msd`.
  package let metric: String

  /// Summarises what is there; a study need not be complete.
  ///
  /// *Randomness*: bootstrap intervals are functions of the study's seed.
  package init(_ study: StoredStudy) {
    let groups = study.header.arms.map { arm in
      ArmRuns(header: arm, runs: study.runs.filter { $0.record.identity.arm == arm.name })
    }
    metric = study.header.verdictMetric
    header = study.header
    arms = groups.map { ArmSummary($0.header, runs: $0.runs) }
    var comparisons: [Comparison] = []
    for later in groups.indices {
      for earlier in 0..<later where !groups[later].paired(with: groups[earlier]).isEmpty {
        comparisons.append(
          Comparison(groups[later], with: groups[earlier], metric: metric, seed: study.header.seed))
      }
    }
    self.comparisons = comparisons
    verdict = Verdict(header: header, arms: arms, comparisons: comparisons, metric: metric)
    warnings = Warning.about(study, groups: groups, arms: arms, verdict: verdict)
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
  private struct Caution: Encodable {
    let message: String
    let remedy: String
  }

  private let schema = "starling-summary/1"
  private let study: StudyHeader
  private let arms: [ArmSummary]
  private let runs: [StoredRun]
  private let comparisons: [Comparison]
  private let verdict: Verdict
  private let warnings: [Caution]
  private let failures: [FailedRun]
  private let sessions: [StoredSession]
  private let requirements: [RequirementOutcome]?
  private let precision: PrecisionReport?

  /// The document of a summary and of the study that it summarises, with what was asked of the study beyond it.
  package init(
    _ summary: StudySummary, of study: StoredStudy, requirements: [RequirementOutcome] = [],
    precision: PrecisionReport? = nil
  ) {
    self.requirements = requirements.isEmpty ? nil : requirements
    self.precision = precision
    self.study = summary.header
    arms = summary.arms
    runs = study.runs
    failures = study.failures
    sessions = study.sessions
    comparisons = summary.comparisons
    verdict = summary.verdict
    warnings = summary.warnings.map { Caution(message: $0.message, remedy: $0.remedy) }
  }
}
