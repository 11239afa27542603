// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Records
import Results
import Statistics

/// The metrics that tables and requirements of a study can name.
package struct RunMetrics: Sendable {
  /// In the order in which messages name them.
  package let all: [RunMetric]

  /// Those of runs that measure this, and of runs of Starling's own learners, so that a claim about a study and one about
  /// another read alike.
  package init(of definitions: [MetricDefinition]) {
    let known = MetricDefinition.all.map { definitions.named($0.name) ?? $0 }.union(definitions)
    let finals = known.filter { !$0.isCumulative }
    all =
      RunMetric.costs + [.recovery] + finals.filter(\.isJudged).map(RunMetric.final) + [RunMetric.returnInAllTasks]
      + finals.filter { !$0.isJudged }.map(RunMetric.final) + RunMetric.ofWholeRuns + RunMetric.ofAccounts
  }

  /// The metric of a name, or of a final one without `final-`.
  package func named(_ name: String) -> RunMetric? {
    all.first { $0.name == name } ?? all.first { $0.shortName == name }
  }

  /// The metric of a name.
  ///
  /// - Throws: `unknownMetric`, with all that there are.
  package func metric(_ name: String) throws(GroupingError) -> RunMetric {
    guard let metric = named(name) else {
      throw .unknownMetric(name, all: all.map(\.name), guess: nearestName(to: name))
    }
    return metric
  }

  /// The metric that was probably meant by a name that there is not.
  func nearestName(to name: String) -> String? {
    nearest(to: name, among: all.map(\.name)) ?? nearest(to: name, among: all.map(\.shortName))
  }
}

extension RunMetric {
  /// What the names of means over the final window begin with.
  static let finalPrefix = "final-"

  /// The mean of a metric over the final window. A run that has diverged counts as infinitely bad, not as one to be left
  /// out; one in which nobody was up is.
  static func final(_ definition: MetricDefinition) -> RunMetric {
    let note = definition.scale == .decibels ? ", linear" : ""
    return number(
      finalPrefix + definition.name, definition.scale, "final \(definition.meaning)\(note)",
      title: "final \(definition.title)"
    ) { run, _ in run.final(definition.name).map(definition.orWorst) }
  }

  /// The metrics of a table for which none were named: the time to target, and the final value of the verdict.
  package static func usual(in study: StoredStudy) -> [RunMetric] {
    let aim = study.header.arms.first { $0.target != nil }?.target
    return (aim == nil ? [] : [timeToTarget]) + [.final(study.header.judgedMetric(aim))]
  }

  static var timeToTarget: RunMetric { costs[0] }

  /// What it took to reach the target, time first.
  fileprivate static let costs: [RunMetric] = [
    cost("time", .seconds, "virtual time") { run, arm in run.timeToTarget(in: arm) },
    cost("updates", .count, "mean updates per agent") { run, arm in run.toTarget(.updates, in: arm, \.updates) },
    cost("messages", .count, "messages of all agents") { run, arm in
      run.toTarget(.messages, in: arm, \.messages)
    },
    cost("bytes", .bytes, "bytes of all agents") { run, arm in run.toTarget(.bytes, in: arm, \.bytes) },
    cost("joules", .count, "joules of all agents") { run, arm in run.joulesToTarget(in: arm) },
    cost("samples", .count, "data samples, counted or updates,") { run, arm in
      run.samplesToTarget(in: arm)
    },
    cost("episodes", .count, "mean episodes per agent") { run, arm in run.toTarget(series: .episodes, in: arm) },
  ]

  fileprivate static let returnInAllTasks = number(
    "final-return-all-tasks", .plain, "final mean return over agents and all tasks", title: "final return in all tasks"
  ) { run, _ in run.taskReturns?.mean }

  /// What the account of a run tells.
  fileprivate static let ofWholeRuns: [RunMetric] = [
    number("staleness", .count, "mean age of neighbours' estimates when combined, in the sender's updates") { run, _ in
      run.staleness.count > 0 ? run.staleness.meanUpdates : nil
    },
    number("staleness-time", .seconds, "the same in virtual time") { run, _ in
      run.staleness.count > 0 ? run.staleness.meanSeconds : nil
    },
    number("lost", .share, "lost messages over messages sent") { run, _ in
      run.messages.sent > 0 ? Double(run.messages.lost) / Double(run.messages.sent) : nil
    },
    number("waiting", .share, "share of the time up that agents do not compute") { run, _ in run.waitingShare },
    number("updates", .count, "updates per agent") { run, _ in mean(run.agents.map { Double($0.updates) }) },
    number("updates-least", .count, "updates of the agent with the least") { run, _ in
      run.agents.map { Double($0.updates) }.min()
    },
    number("episodes", .count, "episodes that agents have learnt from, per agent") { run, _ in run.episodesPerAgent },
    number("samples", .count, "data samples used by all agents; of episodes, their steps") { run, arm in
      run.samples(perUpdate: arm.samplesPerUpdate)
    },
    number("messages", .count, "messages of all agents that links have transmitted") { run, _ in
      Double(run.messages.started)
    },
    number("bytes", .bytes, "bytes sent by all agents") { run, _ in Double(run.messages.bytes) },
    realised("realised-second-singular-value", "second singular value of the realised combination matrix") {
      $0.mean.secondSingularValue
    },
    realised("realised-row-sum-error", "largest difference of its row sums from one") { $0.mean.rowSumError },
    realised("product-second-singular-value", "second singular value of the product over a window") {
      $0.product?.secondSingularValue
    },
    realised("product-row-sum-error", "largest difference of its row sums from one") { $0.product?.rowSumError },
    realised("effective-agents", "agents with equal shares of the steps that would have the same sum of squared shares")
    {
      $0.effectiveAgents
    },
    RunMetric(
      name: "wall-seconds", title: "wall seconds", scale: .seconds, help: "real time that a run took",
      reading: .number { run, _ in run.wallSeconds }),
  ]

  static func number(
    _ name: String, _ scale: MetricDefinition.Scale, _ help: String, title: String? = nil,
    _ value: @escaping @Sendable (RunRecord, StudyHeader.Arm) -> Double?
  ) -> RunMetric {
    RunMetric(
      name: name, title: title ?? name.replacing("-", with: " "), scale: scale, help: help,
      reading: .number { run, arm in value(run.record, arm) })
  }

  /// The mean over the windows of which a run keeps realised matrices; one that the end of the run cuts short counts where
  /// there is no other.
  private static func realised(
    _ name: String, _ help: String, _ value: @escaping @Sendable (RealisedWindow) -> Double?
  ) -> RunMetric {
    number(name, .plain, "\(help), mean over windows") { run, _ in
      guard let first = run.windows.first else { return nil }
      let whole = run.windows.filter { $0.end - $0.start >= (first.end - first.start) * (1 - 1e-9) }
      return mean(whole.compactMap(value))
    }
  }

  private static func cost(
    _ what: String, _ scale: MetricDefinition.Scale, _ help: String,
    _ value: @escaping @Sendable (RunRecord, StudyHeader.Arm) -> TargetCost?
  ) -> RunMetric {
    RunMetric(
      name: "\(what)-to-target", title: "\(what) to target", scale: scale,
      help: "\(help) to the target (Kaplan-Meier median)", reading: .cost(value))
  }
}
