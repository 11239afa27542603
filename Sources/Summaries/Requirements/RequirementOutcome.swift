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
    /// Runs ended before it could be told: they say neither that nor the contrary, whatever they would have gone on to.
    case notDecided = "not-decided"
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
  /// What they can be, whatever runs that ended before would have gone on to take; nothing where that leaves nothing
  /// open.
  package var leftBounds: Interval?
  package var rightBounds: Interval?
  /// How sure the runs are of the requirement, one minus a one-sided p-value; nothing for fewer than two replications
  /// that all arms in it have.
  package var satisfiedConfidence: Double?
  /// The same for its contrary. What is undefined or not decided, such as a comparison of two targets never reached, makes
  /// neither surer.
  package var violatedConfidence: Double?
  /// Replications that all arms in it have.
  package var replications: Int
  /// The two sides as people read them.
  package var sides: [String]
  package var comparison: Requirement.Comparison
  /// What to do about runs that ended too soon to tell; nothing where they did not.
  package var remedy: String?
  /// Whether nothing in the arms is random, so that one run decides; else nothing.
  package var isExact: Bool?
  /// Whether the claim is one about means of what came out the same in all runs although it is random: then they say
  /// nothing of how far off the mean is. Else nothing.
  package var doesNotVary: Bool?
}

extension Requirement {
  /// Judges the requirement by the runs of a study.
  ///
  /// The two sides are those of the arms' summaries. How sure they are is told by the replications that all arms in it
  /// have, since arms share their seeds (`confidence`). A run that ended before its target decides only what holds
  /// whatever it would have gone on to take.
  ///
  /// *Randomness*: the resamples are a function of the seed of the study and of the requirement's text.
  ///
  /// - Parameter study: one with the arms that the requirement was read for.
  package func judge(_ study: StoredStudy, resamples: Int = 10_000) -> RequirementOutcome {
    let runs = NamedRuns(self, study)
    let all = Sample(self, runs.all, study.header)
    func everyRun(_ arm: Int) -> [Int] { Array((runs.all[arm] ?? []).indices) }
    let estimate = sides(all, everyRun)
    let known = bounds(all, everyRun)
    var outcome = RequirementOutcome(
      requirement: text, status: .notShown, left: estimate.left, right: estimate.right,
      leftBounds: known.left.isExact ? nil : known.left, rightBounds: known.right.isExact ? nil : known.right,
      satisfiedConfidence: nil, violatedConfidence: nil, replications: runs.shared.count,
      sides: [shown(left, leftText, known.left), shown(right, rightText, known.right)], comparison: comparison)
    let holds = comparison.holds(known.left, known.right)
    if runs.areCertain {
      outcome.isExact = true
      outcome.status = holds.map { $0 ? .shown : .refuted } ?? .notDecided
      outcome.remedy = outcome.status == .notDecided ? remedy(runs.all) : nil
      return outcome
    }
    let sample = Sample(self, runs.paired, study.header)
    let sure = confidence(replications: runs.shared.count, seed: study.header.seed, resamples: resamples) { chosen in
      bounds(sample) { _ in chosen }
    }
    guard let sure else { return outcome }
    guard case .confidence(let satisfied, let violated) = sure else {
      outcome.doesNotVary = true
      return outcome
    }
    outcome.satisfiedConfidence = satisfied
    outcome.violatedConfidence = violated
    guard runs.shared.count >= RequirementOutcome.leastReplications else { return outcome }
    outcome.status = status(holds, (satisfied, violated), hasOpenRuns: runs.haveOpenEnds)
    if outcome.status == .notDecided { outcome.remedy = remedy(runs.all) }
    return outcome
  }

  /// What the runs come to, and how sure they are of it.
  ///
  /// - Parameters:
  ///   - holds: what all runs say; nothing where they do not decide.
  ///   - hasOpenRuns: whether runs ended before their target, so that what is open might be decided by longer ones.
  private func status(
    _ holds: Bool?, _ sure: (satisfied: Double, violated: Double), hasOpenRuns: Bool
  ) -> RequirementOutcome.Status {
    let asked = RequirementOutcome.confidenceAsked
    if holds == true, sure.satisfied >= asked { return .shown }
    if holds == false, sure.violated >= asked { return .refuted }
    let mightBeShown = holds != false && 1 - sure.violated >= asked
    let mightBeRefuted = holds != true && 1 - sure.satisfied >= asked
    return hasOpenRuns && (mightBeShown || mightBeRefuted) ? .notDecided : .notShown
  }

  /// What would let runs go on that ended before their target.
  private func remedy(_ runs: [Int: [StoredRun]]) -> String {
    let open = runs.values.flatMap { $0 }.map(\.record).filter { $0.target == nil && $0.ending != .stalled }
    return open.contains { $0.ending == .budget } ? "raise `measure.budget`" : "lengthen `measure.until`"
  }

  /// The runs of the arms that a requirement names.
  private struct NamedRuns {
    var all: [Int: [StoredRun]] = [:]
    /// Those of replications that all of the arms have, in their order.
    var paired: [Int: [StoredRun]] = [:]
    var shared: Set<Int> = []
    /// Whether nothing in any of the arms is random, and all of them have run.
    var areCertain = false
    /// Whether there are runs that might have reached a target had they gone on.
    var haveOpenEnds = false

    init(_ requirement: Requirement, _ study: StoredStudy) {
      let metrics = requirement.left.metrics + requirement.right.metrics
      let named = Set(metrics.map(\.arm)).sorted()
      for arm in named {
        all[arm] = study.runs.filter { $0.record.identity.arm == study.header.arms[arm].name }
      }
      let common = named.map { Set(all[$0, default: []].map(\.record.identity.replication)) }
      shared = (common.first ?? []).filter { number in common.allSatisfy { $0.contains(number) } }
      areCertain = named.allSatisfy { arm in
        let records = all[arm, default: []].map(\.record)
        return !records.isEmpty && study.header.arms[arm].isCertain(records)
      }
      for arm in named {
        paired[arm] = all[arm, default: []].filter { shared.contains($0.record.identity.replication) }
          .sorted { $0.record.identity.replication < $1.record.identity.replication }
      }
      haveOpenEnds = metrics.contains { arm, metric in
        metric.isCost && all[arm, default: []].contains { $0.record.target == nil && $0.record.ending != .stalled }
      }
    }
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

    func bounds(_ arm: Int, _ metric: RunMetric, of chosen: [Int]) -> Interval {
      observations[Self.key(arm, metric)]?.bounds(of: chosen) ?? Interval(lower: .nan, upper: .nan)
    }

    private static func key(_ arm: Int, _ metric: RunMetric) -> String { "\(arm).\(metric.name)" }
  }

  private func sides(_ sample: Sample, _ chosen: (Int) -> [Int]) -> (left: Double, right: Double) {
    func value(_ term: RequirementTerm) -> Double {
      term.value { arm, metric in sample.value(arm, metric, of: chosen(arm)) }
    }
    return (value(left), value(right))
  }

  /// What the two sides can be, whatever runs that ended before would have gone on to take.
  private func bounds(_ sample: Sample, _ chosen: (Int) -> [Int]) -> (left: Interval, right: Interval) {
    func bounds(_ term: RequirementTerm) -> Interval {
      term.bounds { arm, metric in sample.bounds(arm, metric, of: chosen(arm)) }
    }
    return (bounds(left), bounds(right))
  }

  // MARK: - Words

  /// A side with its value behind it, unless it is a plain number anyway.
  private func shown(_ term: RequirementTerm, _ text: String, _ bounds: Interval) -> String {
    guard !term.metrics.isEmpty else { return text }
    return "\(text) (\(Self.text(bounds, term.scale)))"
  }

  private static func text(_ bounds: Interval, _ scale: MetricDefinition.Scale) -> String {
    let (lower, upper) = (text(bounds.lower, scale), text(bounds.upper, scale))
    if bounds.isExact { return lower }
    switch (bounds.lower > -.infinity, bounds.upper < .infinity) {
    case (true, true): return "\(lower) to \(upper)"
    case (true, false): return "at least \(lower)"
    case (false, true): return "at most \(upper)"
    case (false, false): return "unknown"
    }
  }

  private static func text(_ value: Double, _ scale: MetricDefinition.Scale) -> String {
    guard !value.isNaN else { return "undefined" }
    switch scale {
    // A difference of squared errors may lie below zero, where there are no decibels.
    case .decibels where value < 0: return trimmed(value)
    case .plain: return scale.text(value)
    case _ where value < 0: return "-" + Self.text(-value, scale)
    case .seconds, .bytes, .share, .count: return value.isFinite ? scale.text(value) : "never"
    case .decibels: return scale.text(value)
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
      case .notDecided: "not decided"
      }
    let colour = isShown ? style.green : style.yellow
    let sentence = "\(word): \(sides[0]) \(comparison.rawValue) \(sides[1])\(confidence)"
    return labelled("Require", sentence, style, colour: colour)
  }

  private var confidence: String {
    if let remedy { return ": runs ended before their target; \(remedy)" }
    if isExact ?? false { return ", and nothing in it is random" }
    if doesNotVary ?? false, replications >= Self.leastReplications {
      return "; the runs do not vary, and so say nothing of how far off their mean is"
    }
    let sure = status == .refuted ? violatedConfidence : satisfiedConfidence
    guard let sure, replications >= Self.leastReplications else {
      let count = replications == 0 ? "no" : replications == 1 ? "one" : "\(replications)"
      let noun = plural(replications, "replication is", "replications are")
      return "; \(count) \(noun) too few to show anything"
    }
    // Rounded towards what is asked for, 97.4 % would look like enough.
    let percent = (sure * 1000).rounded(.down) / 10
    let number = percent == percent.rounded() ? "\(Int(percent))" : "\(percent)"
    let asked = sure < Self.confidenceAsked && status == .notShown ? "; 97.5 % are asked for" : ""
    return " with \(number) % confidence\(asked)"
  }
}
