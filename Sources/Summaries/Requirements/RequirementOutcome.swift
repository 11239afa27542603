// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Records
import Results
import Statistics

/// What the runs say of a requirement.
package struct RequirementOutcome: Sendable, Codable, Equatable {
  package enum Status: String, Sendable, Codable {
    /// The runs say so with 97.5 % confidence, and are `leastReplications` or more.
    case shown
    /// The runs say the contrary with 97.5 % confidence, and are `leastReplications` or more.
    case refuted
    /// Another draw of as many replications might well have said the contrary, or they are too few to tell.
    case notShown = "not-shown"
  }

  /// The confidence that is asked for: what is missing is one tail of a 95 % interval.
  package static let confidenceAsked = 0.975
  /// The fewest replications by which an exact test of signs, whose smallest one-sided p-value is half of that of
  /// `SmallestP`, can leave no more to chance than that. Fewer often agree with each other by chance.
  package static let leastReplications = 6

  package var requirement: String
  package var status: Status
  /// The two sides from all runs, in linear units and seconds; infinite for a target that was not reached.
  package var left: Double
  package var right: Double
  /// How sure the runs are of the requirement, one minus a one-sided p-value; nothing for fewer than two replications
  /// that all arms in it have.
  package var satisfiedConfidence: Double?
  /// The same for its contrary.
  package var violatedConfidence: Double?
  /// Replications that all arms in it have.
  package var replications: Int
  /// The two sides as people read them.
  package var sides: [String]
  package var comparison: Requirement.Comparison
}

extension Requirement {
  /// Judges the requirement by the runs of a study.
  ///
  /// The two sides are those of the arms' summaries. How sure they are is told by the replications that all arms in it
  /// have, since arms share their seeds (`confidence`).
  ///
  /// *Randomness*: the resamples are a function of the seed of the study and of the requirement's text.
  ///
  /// - Parameter study: one with the arms that the requirement was read for.
  package func judge(_ study: StoredStudy, resamples: Int = 10_000) -> RequirementOutcome {
    let named = Set((left.metrics + right.metrics).map(\.arm)).sorted()
    var all: [Int: [StoredRun]] = [:]
    for arm in named { all[arm] = study.runs.filter { $0.record.identity.arm == study.header.arms[arm].name } }
    let common = named.map { Set(all[$0, default: []].map(\.record.identity.replication)) }
    let shared = (common.first ?? []).filter { number in common.allSatisfy { $0.contains(number) } }
    var paired = all
    for arm in named {
      paired[arm] = all[arm, default: []].filter { shared.contains($0.record.identity.replication) }
        .sorted { $0.record.identity.replication < $1.record.identity.replication }
    }
    let estimate = sides(Sample(self, all, study.header)) { arm in Array((all[arm] ?? []).indices) }
    var outcome = RequirementOutcome(
      requirement: text, status: .notShown, left: estimate.left, right: estimate.right, satisfiedConfidence: nil,
      violatedConfidence: nil, replications: shared.count,
      sides: [shown(left, leftText, estimate.left), shown(right, rightText, estimate.right)], comparison: comparison)
    let sample = Sample(self, paired, study.header)
    let confidence = confidence(replications: shared.count, seed: study.header.seed, resamples: resamples) { chosen in
      sides(sample) { _ in chosen }
    }
    guard let confidence else { return outcome }
    outcome.satisfiedConfidence = confidence.satisfied
    outcome.violatedConfidence = confidence.violated
    guard shared.count >= RequirementOutcome.leastReplications else { return outcome }
    switch comparison.holds(estimate.left, estimate.right) {
    case true? where confidence.satisfied >= RequirementOutcome.confidenceAsked: outcome.status = .shown
    case false? where confidence.violated >= RequirementOutcome.confidenceAsked: outcome.status = .refuted
    default: break
    }
    return outcome
  }

  /// What every metric of the requirement is in every run.
  private struct Sample {
    private var observations: [String: RunMetric.Observations] = [:]

    init(_ requirement: Requirement, _ runs: [Int: [StoredRun]], _ header: StudyHeader) {
      for (arm, metric) in requirement.left.metrics + requirement.right.metrics {
        observations[Self.key(arm, metric)] = metric.observations(runs[arm, default: []], header.arms[arm])
      }
    }

    func value(_ arm: Int, _ metric: RunMetric, of chosen: [Int]) -> Double {
      observations[Self.key(arm, metric)]?.value(of: chosen) ?? .nan
    }

    private static func key(_ arm: Int, _ metric: RunMetric) -> String { "\(arm).\(metric.name)" }
  }

  private func sides(_ sample: Sample, _ chosen: (Int) -> [Int]) -> (left: Double, right: Double) {
    func value(_ term: RequirementTerm) -> Double {
      term.value { arm, metric in sample.value(arm, metric, of: chosen(arm)) }
    }
    return (value(left), value(right))
  }

  // MARK: - Words

  /// A side with its value behind it, unless it is a plain number anyway.
  private func shown(_ term: RequirementTerm, _ text: String, _ value: Double) -> String {
    guard !term.metrics.isEmpty else { return text }
    return "\(text) (\(Self.text(value, term.quantity)))"
  }

  private static func text(_ value: Double, _ quantity: RunMetric.Quantity) -> String {
    guard !value.isNaN else { return "undefined" }
    switch quantity {
    // A difference of squared errors may lie below zero, where there are no decibels.
    case .power where value < 0: return trimmed(value)
    case .performance: return quantity.text(value)
    case _ where value < 0: return "-" + Self.text(-value, quantity)
    case .seconds, .bytes, .share, .plain: return value.isFinite ? quantity.text(value) : "never"
    case .power: return quantity.text(value)
    }
  }
}

extension RequirementOutcome {
  package var isShown: Bool { status == .shown }

  /// The outcome as people read it.
  package func lines(_ style: TerminalStyle) -> [String] {
    let word =
      switch status {
      case .shown: "shown"
      case .refuted: "refuted"
      case .notShown: "not shown"
      }
    let colour = isShown ? style.green : style.yellow
    let sentence = "\(word): \(sides[0]) \(comparison.rawValue) \(sides[1])\(confidence)"
    return labelled("Require", sentence, style, colour: colour)
  }

  private var confidence: String {
    guard let confidence = satisfiedConfidence, replications >= Self.leastReplications else {
      let count = replications == 0 ? "no" : replications == 1 ? "one" : "\(replications)"
      return "; \(count) \(replications == 1 ? "replication is" : "replications are") too few to show anything"
    }
    // Rounded towards what is asked for, 97.4 % would look like enough.
    let percent = (confidence * 1000).rounded(.down) / 10
    let number = percent == percent.rounded() ? "\(Int(percent))" : "\(percent)"
    let asked = confidence < Self.confidenceAsked && status == .notShown ? "; 97.5 % are asked for" : ""
    return " with \(number) % confidence\(asked)"
  }
}
