// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Records
import Results
import Statistics

/// How precisely a study is to be known before it stops adding replications.
package struct PrecisionGoal: Sendable, Codable, Equatable {
  /// Fewer replications never are enough.
  package static let leastReplications = 10

  /// The largest share by which a mean may miss the true one, such as 0.05.
  package var relative: Double
  /// More replications are not run.
  package var atMost: Int

  package init(relative: Double, atMost: Int) {
    precondition(relative > 0 && atMost >= Self.leastReplications, "A goal is a share and enough replications.")
    self.relative = relative
    self.atMost = atMost
  }
}

/// How precisely the replications of a study tell its final values and times to target,
/// and whether that is enough.
///
/// For each arm two means count: the final value that the verdict is about, in linear units, and the time to target.
/// Where some runs never reached the target, that time is restricted to the shortest of those runs: the mean of the
/// lesser of the two, which is the restricted mean of the Kaplan–Meier curve. A mean with half width h is within the
/// share g if h / |mean| ≤ g / (1 + g).
///
/// The zero of plain numbers such as returns means nothing, and so does a share of them. Their mean with half width h is
/// within the share g if h ≤ g r, where r is the range from the least to the greatest value of the metric on the grids of
/// all runs of the study.
///
/// Source: Law, "Simulation modeling and analysis", 2015, section 9.4.1.
package struct PrecisionReport: Sendable, Encodable, Equatable {
  /// One mean of one arm.
  package struct Mean: Sendable, Encodable, Equatable {
    package var arm: String
    /// The name of a `RunMetric`.
    package var metric: String
    /// How a sentence names it.
    var title: String
    package var mean: Double
    /// The least share g within which the mean is known; infinite where nothing is known.
    package var precision: Double
    /// For a plain number, the range of which the precision is a share.
    package var range: Double?
    package var isPrecise: Bool
    /// For a time, the virtual seconds that it is restricted to; nothing where all runs reached the target.
    package var restrictedTo: Double?
    /// Whether more replications might help: not for a mean that has diverged.
    package var canImprove: Bool

    private enum CodingKeys: String, CodingKey {
      case arm, metric, mean, precision, range, isPrecise, restrictedTo, canImprove
    }
  }

  package var goal: PrecisionGoal
  package var replications: Int
  /// Runs that could not be carried to their end, after which nothing is added.
  package var failedRuns: Int
  package var means: [Mean]

  /// Whether every mean is as precise as asked for.
  package var isReached: Bool { means.allSatisfy(\.isPrecise) }

  /// What the runs of a study come to.
  ///
  /// - Parameter replications: how many were asked for so far.
  package init(_ study: StoredStudy, goal: PrecisionGoal, replications: Int) {
    self.goal = goal
    self.replications = replications
    failedRuns = study.failures.count
    let metric = study.header.verdictMetric
    let range = metric.scale == .plain ? Self.range(of: metric.name, in: study) : nil
    means = study.header.arms.flatMap { arm -> [Mean] in
      let runs = study.runs.map(\.record).filter { $0.identity.arm == arm.name }
      let values = Self.finals(metric.name, of: runs)
      // Errors of rounding have no digits to know.
      let errors = metric.scale == .decibels ? values.map { $0 <= roundingLevel ? 0 : $0 } : values
      if arm.isCertain(runs) { return Self.certain(arm, runs, final: metric, values) }
      let name = RunMetric.finalPrefix + metric.name
      let title = "final \(metric.title)"
      let final =
        range.map { Mean(arm: arm.name, metric: name, title, plain: values, of: $0, goal) }
        ?? Mean(arm: arm.name, metric: name, title, values: errors, goal: goal)
      guard arm.target != nil else { return [final] }
      let times = runs.map { $0.timeToTarget(in: arm).estimate }
      let horizon = times.filter { !$0.isReached }.map(\.time).min()
      var time = Mean(
        arm: arm.name, metric: RunMetric.timeToTarget.name, horizon == nil ? "time" : "restricted time",
        values: times.map { min($0.time, horizon ?? .infinity) }, goal: goal)
      time.restrictedTo = horizon
      return [final, time]
    }
  }

  /// How many replications to go on to; nothing where they are enough, can be no more, or would not help.
  ///
  /// As many as the least precise mean seems to need, its half width falling with the square root of their number; at
  /// most twice as many as there are, since the estimate is rough. What is there decides, and nothing else: a study
  /// that was interrupted takes the same way.
  package var next: Int? {
    let open = means.filter { !$0.isPrecise && $0.canImprove }
    guard !open.isEmpty, failedRuns == 0, replications < goal.atMost else { return nil }
    let wanted = open.map { mean in
      let excess = mean.excess(over: goal)
      return excess.isFinite ? Double(replications) * excess * excess : .infinity
    }
    let most = min(2 * replications, goal.atMost)
    let least = min(replications + max(1, replications / 10), most)
    let needed = wanted.max() ?? 0
    return needed < Double(most) ? max(least, Int(needed.rounded(.up))) : most
  }
}

extension PrecisionReport {
  /// The final values of runs but for those in which nobody was up; a single unknown one if that was so in all.
  private static func finals(_ metric: String, of runs: [RunRecord]) -> [Double] {
    let present = runs.filter { $0.finals[metric] == nil || $0.final(metric) != nil }
    return present.isEmpty && !runs.isEmpty ? [.nan] : present.map { $0.final(metric) ?? .nan }
  }

  /// The means of an arm in which nothing is random: a single run tells them.
  private static func certain(
    _ arm: StudyHeader.Arm, _ runs: [RunRecord], final metric: MetricDefinition, _ values: [Double]
  ) -> [Mean] {
    func mean(_ metric: String, _ title: String, _ value: Double?) -> Mean {
      let value = value ?? .nan
      return Mean(
        arm: arm.name, metric: metric, title: title, mean: value, precision: 0, range: nil, isPrecise: value.isFinite,
        restrictedTo: nil, canImprove: value.isFinite)
    }
    let end = mean(RunMetric.finalPrefix + metric.name, "final \(metric.title)", values.first)
    guard arm.target != nil, let time = runs.first?.timeToTarget(in: arm).estimate else { return [end] }
    var reached = mean(RunMetric.timeToTarget.name, time.isReached ? "time" : "restricted time", time.time)
    reached.restrictedTo = time.isReached ? nil : time.time
    return [end, reached]
  }

  /// From the least to the greatest value that any run measured of a metric; zero for none.
  private static func range(of metric: String, in study: StoredStudy) -> Double {
    var ends: (least: Double, greatest: Double)?
    for run in study.runs {
      for value in run.record.series.first(where: { $0.metric == metric })?.values ?? [] where value.isFinite {
        ends = (min(ends?.least ?? value, value), max(ends?.greatest ?? value, value))
      }
    }
    return ends.map { $0.greatest - $0.least } ?? 0
  }
}

extension PrecisionReport.Mean {
  /// How many times the half width is what the goal allows; infinite where nothing is known.
  fileprivate func excess(over goal: PrecisionGoal) -> Double {
    guard range == nil else { return precision / goal.relative }
    return precision.isFinite ? precision / (1 + precision) / (goal.relative / (1 + goal.relative)) : .infinity
  }

  fileprivate init(
    arm: String, metric: String, _ title: String, plain values: [Double], of range: Double, _ goal: PrecisionGoal
  ) {
    let interval = TInterval(of: values)
    let share = interval?.halfWidth.map { $0 == 0 ? 0 : $0 / range } ?? .infinity
    self.init(
      arm: arm, metric: metric, title: title, mean: interval?.mean ?? .nan, precision: share, range: range,
      isPrecise: values.count >= PrecisionGoal.leastReplications && share <= goal.relative, restrictedTo: nil,
      canImprove: values.allSatisfy(\.isFinite))
  }

  fileprivate init(arm: String, metric: String, _ title: String, values: [Double], goal: PrecisionGoal) {
    let interval = TInterval(of: values)
    let mean = interval?.mean ?? .nan
    let half = interval?.halfWidth
    let share = half.map { $0 == 0 ? 0 : $0 / abs(mean) } ?? .infinity
    self.init(
      arm: arm, metric: metric, title: title, mean: mean, precision: share < 1 ? share / (1 - share) : .infinity,
      isPrecise: SequentialReplications.isPrecise(
        values, relativePrecision: goal.relative, minimum: PrecisionGoal.leastReplications),
      restrictedTo: nil, canImprove: values.allSatisfy(\.isFinite))
  }
}

extension PrecisionReport {
  /// What was reached, and a warning with a remedy where that is not what was asked for.
  package func lines(_ style: TerminalStyle) -> [String] {
    let arms = means.reduce(into: [String]()) { if $0.last != $1.arm { $0.append($1.arm) } }
    let parts = arms.map { arm in
      let own = means.filter { $0.arm == arm }
      return arm + " "
        + own.map { "\($0.title) \(Self.text($0.precision))\($0.range == nil ? "" : " of its range")" }
        .joined(separator: ", ")
    }
    let verb =
      isReached ? plural(replications, "tells", "tell") : plural(replications, "does not tell", "do not tell")
    let sentence =
      "\(counted(replications, "replication")) \(verb) every mean within \(Self.text(goal.relative)): "
      + parts.joined(separator: "; ") + "."
    return labelled("Precise", sentence, style, colour: isReached ? style.green : style.yellow)
      + [warning].compactMap { $0 }.cautions.flatMap { $0.lines(style) }
  }

  /// What keeps the study from the precision asked for; nothing if it is reached.
  package var warning: Warning? {
    guard !isReached, failedRuns == 0 else { return nil }
    if let lost = means.first(where: { !$0.canImprove }) {
      return .neverPrecise(arm: lost.arm, metric: lost.title)
    }
    guard let worst = means.filter({ !$0.isPrecise }).max(by: { $0.precision < $1.precision }) else { return nil }
    // Of what is not known at all the half width counts as the mean, or as the range.
    let least = worst.range == nil ? (1 + goal.relative) / goal.relative : 1 / goal.relative
    let excess = worst.precision.isFinite ? worst.excess(over: goal) : least
    let needed = Double(replications) * excess * excess
    return .notPrecise(
      arm: worst.arm, metric: worst.title, precision: worst.precision, replications: replications,
      needed: max(replications + 1, Int(min(needed, 1e6).rounded(.up))))
  }

  static func text(_ share: Double) -> String { share.isFinite ? humanShare(share) : "unknown" }
}
