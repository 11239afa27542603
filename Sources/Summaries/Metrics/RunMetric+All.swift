// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Records
import Results
import Statistics

extension RunMetric {
  /// What the names of means over the final window begin with.
  static let finalPrefix = "final-"

  /// All metrics, in the order in which messages name them.
  package static let all: [RunMetric] =
    costs + finals + [
      number("staleness", .plain, "mean age of neighbours' estimates when combined, in the sender's updates") {
        run, _ in run.staleness.count > 0 ? run.staleness.meanUpdates : nil
      },
      number("staleness-time", .seconds, "the same in virtual time") { run, _ in
        run.staleness.count > 0 ? run.staleness.meanSeconds : nil
      },
      number("lost", .share, "lost messages over messages sent") { run, _ in
        run.messages.sent > 0 ? Double(run.messages.lost) / Double(run.messages.sent) : nil
      },
      number("waiting", .share, "share of the time up that agents do not compute") { run, _ in run.waitingShare },
      number("updates", .plain, "updates per agent") { run, _ in mean(run.agents.map { Double($0.updates) }) },
      number("updates-least", .plain, "updates of the agent with the least") { run, _ in
        run.agents.map { Double($0.updates) }.min()
      },
      number("episodes", .plain, "episodes that agents have learnt from, per agent") { run, _ in run.episodesPerAgent },
      number("samples", .plain, "data samples used by all agents; of episodes, their steps") { run, arm in
        run.samples(perUpdate: arm.samplesPerUpdate)
      },
      number("messages", .plain, "messages of all agents that links have transmitted") { run, _ in
        Double(run.messages.started)
      },
      number("bytes", .bytes, "bytes sent by all agents") { run, _ in Double(run.messages.bytes) },
      RunMetric(
        name: "wall-seconds", quantity: .seconds, help: "real time that a run took",
        reading: .number { run, _ in run.wallSeconds }),
    ]

  /// The metric of a name, or of a final one without `final-`.
  package static func named(_ name: String) -> RunMetric? {
    all.first { $0.name == name } ?? all.first { $0.shortName == name }
  }

  /// The mean over the final window of what a run measures under this name.
  ///
  /// - Precondition: runs measure it, which is so for squared errors and returns.
  static func final(_ series: String) -> RunMetric {
    guard let metric = finals.first(where: { $0.shortName == series }) else {
      preconditionFailure("No run measures '\(series)'.")
    }
    return metric
  }

  static var timeToTarget: RunMetric { costs[0] }

  /// The metric that was probably meant by a name that there is not.
  static func nearestName(to name: String) -> String? {
    nearest(to: name, among: all.map(\.name)) ?? nearest(to: name, among: all.map(\.shortName))
  }

  /// What it took to reach the target, time first.
  private static let costs: [RunMetric] = [
    cost("time", .seconds, "virtual time") { run, arm in run.timeToTarget(in: arm) },
    cost("updates", .plain, "mean updates per agent") { run, arm in run.toTarget(.updates, in: arm, \.updates) },
    cost("messages", .plain, "messages of all agents") { run, arm in
      run.toTarget(.messages, in: arm, \.messages)
    },
    cost("bytes", .bytes, "bytes of all agents") { run, arm in run.toTarget(.bytes, in: arm, \.bytes) },
    cost("samples", .plain, "data samples, counted or updates,") { run, arm in
      run.samplesToTarget(in: arm)
    },
    cost("episodes", .plain, "mean episodes per agent") { run, arm in run.toTarget(series: .episodes, in: arm) },
  ]

  /// Means over the final window.
  private static let finals: [RunMetric] =
    [
      ("msd", "mean-square deviation from the network optimum"), ("msd-own", "the same from each agent's own optimum"),
      ("disagreement", "mean squared distance from the agents' average"), ("msd-all", "msd of crashed agents too"),
      ("msd-own-all", "msd-own of crashed agents too"), ("disagreement-all", "disagreement of crashed agents too"),
    ].map { name, help in
      // A run that has diverged counts as infinitely bad, not as one to be left out; one in which nobody was up is.
      number(finalPrefix + name, .power, "final \(help), linear") { run, _ in
        run.final(name).map { $0.isNaN ? .infinity : $0 }
      }
    }
    + [
      (MetricName.testReturn, "median over agents of the test return"), (.lowerQuartileReturn, "lower quartile of it"),
      (.upperQuartileReturn, "upper quartile of it"), (.meanReturn, "mean of it"),
      (.interquartileMeanReturn, "mean of its middle half"), (.testReturnAll, "median of crashed agents too"),
      (.everyTaskReturn, "mean over agents of their exact returns, averaged over all tasks"),
    ].map { name, help in
      number(finalPrefix + name.rawValue, .performance, "final \(help)") { run, _ in
        run.final(name.rawValue).map(orWorst)
      }
    } + [
      number("final-return-all-tasks", .performance, "final mean return over agents and all tasks") { run, _ in
        run.taskReturns?.mean
      },
      number("final-age", .seconds, "final age of the newest estimates received") { run, _ in run.final("age") },
      number("final-available", .share, "final share of agents that are up") { run, _ in run.finals["available"] },
    ]

  private static func number(
    _ name: String, _ quantity: Quantity, _ help: String,
    _ value: @escaping @Sendable (RunRecord, StudyHeader.Arm) -> Double?
  ) -> RunMetric {
    RunMetric(name: name, quantity: quantity, help: help, reading: .number { run, arm in value(run.record, arm) })
  }

  private static func cost(
    _ what: String, _ quantity: Quantity, _ help: String,
    _ value: @escaping @Sendable (RunRecord, StudyHeader.Arm) -> TargetCost?
  ) -> RunMetric {
    RunMetric(
      name: "\(what)-to-target", quantity: quantity, help: "\(help) to the target (Kaplan-Meier median)",
      reading: .cost(value))
  }
}

extension RunMetric {
  /// The metrics of a table for which none were named: the time to target, and the final error or return of
  /// the verdict.
  package static func usual(in study: StoredStudy) -> [RunMetric] {
    let aim = study.header.arms.first { $0.target != nil }?.target
    let isOfControl = study.isOfControl
    let known = isOfControl ? returnMetrics : squaredErrorMetrics
    let final = aim.flatMap { known.contains($0.metric) ? $0.metric : nil } ?? (isOfControl ? "return" : "msd")
    return (aim == nil ? [] : [timeToTarget]) + [.final(final)]
  }

  /// The metric of a name.
  ///
  /// - Throws: `unknownMetric`, with all that there are.
  package init(_ name: String) throws(GroupingError) {
    guard let metric = Self.named(name) else {
      throw .unknownMetric(name, all: Self.all.map(\.name), guess: Self.nearestName(to: name))
    }
    self = metric
  }
}
