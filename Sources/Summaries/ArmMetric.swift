// SPDX-License-Identifier: GPL-3.0-or-later
import Records
import Results
import Statistics

/// A number that an arm has, by the name that requirements and tables use.
package struct ArmMetric: Sendable {
  /// What its value is measured in.
  package enum Quantity: Sendable, Equatable {
    case seconds
    case bytes
    /// A squared error, linear; shown in decibels.
    case power
    /// From 0 to 1; shown in per cent.
    case share
    /// A number of things, or any other plain number.
    case plain
  }

  /// What the runs of one arm say of a metric, run by run.
  enum Observations {
    /// An arm's value is the mean over its runs, those left out to which the metric does not apply.
    case means([Double?])
    /// An arm's value is the Kaplan–Meier median: runs that never reached the target are censored.
    case survival([TimeToTarget])

    /// The value of the arm from some of its runs, by their positions, with repetitions; infinite for a target that
    /// half of them never reached, not a number where the metric applies to none.
    func value(of chosen: [Int]) -> Double {
      switch self {
      case .means(let values):
        var (sum, count) = (0.0, 0.0)
        for position in chosen {
          guard let value = values[position] else { continue }
          sum += value
          count += 1
        }
        return count > 0 ? sum / count : .nan
      case .survival(let times): return KaplanMeier(chosen.map { times[$0] }).map { $0.median ?? .infinity } ?? .nan
      }
    }
  }

  /// The name; squared errors also go by it without `final-`.
  package let name: String
  package let quantity: Quantity
  /// What it is, as the end of a sentence.
  package let help: String
  /// Whether arms without a target have none.
  package let needsTarget: Bool
  let observations: @Sendable ([RunRecord], StudyHeader.Arm) -> Observations
}

extension ArmMetric {
  /// All metrics, in the order in which messages name them.
  package static let all: [ArmMetric] =
    toTarget + finals + [
      mean("staleness", .plain, "mean age of neighbours' estimates when combined, in the sender's updates") { run, _ in
        run.staleness.count > 0 ? run.staleness.meanUpdates : nil
      },
      mean("staleness-time", .seconds, "the same in virtual time") { run, _ in
        run.staleness.count > 0 ? run.staleness.meanSeconds : nil
      },
      mean("lost", .share, "lost messages over messages sent") { run, _ in
        run.messages.sent > 0 ? Double(run.messages.lost) / Double(run.messages.sent) : nil
      },
      mean("waiting", .share, "share of the time up that agents do not compute") { run, _ in run.waitingShare },
      mean("updates", .plain, "updates per agent") { run, _ in
        Summaries.mean(run.agents.map { Double($0.updates) })
      },
      mean("updates-least", .plain, "updates of the agent with the least") { run, _ in
        run.agents.map { Double($0.updates) }.min()
      },
      mean("samples", .plain, "data samples used by all agents") { run, arm in
        run.agents.reduce(0) { $0 + Double($1.updates) } * arm.samplesPerUpdate
      },
      mean("messages", .plain, "messages sent by all agents") { run, _ in Double(run.messages.sent) },
      mean("bytes", .bytes, "bytes sent by all agents") { run, _ in Double(run.messages.bytes) },
    ]

  /// The metric of a name or an alias.
  package static func named(_ name: String) -> ArmMetric? {
    all.first { $0.name == name } ?? all.first { $0.name == "final-\(name)" }
  }

  /// What it took to reach the target.
  private static let toTarget: [ArmMetric] = [
    ArmMetric(
      name: "time-to-target", quantity: .seconds, help: "virtual time to the target (Kaplan-Meier median)",
      needsTarget: true
    ) { runs, arm in .survival(runs.map { $0.timeToTarget(until: arm.until) }) },
    cost("updates-to-target", .plain, "mean updates per live agent", "updates") { reached, _ in reached.updates },
    cost("messages-to-target", .plain, "messages of all agents", "messages") { reached, _ in reached.messages },
    cost("bytes-to-target", .bytes, "bytes of all agents", "bytes") { reached, _ in reached.bytes },
    ArmMetric(
      name: "samples-to-target", quantity: .plain,
      help: "data samples to the target: updates per live agent times agents (Kaplan-Meier median)", needsTarget: true
    ) { runs, arm in
      let samples = Double(arm.agents) * arm.samplesPerUpdate
      return .survival(
        runs.map { run in
          let updates = run.toTarget("updates", \.updates)
          return TimeToTarget(updates.time * samples, isReached: updates.isReached)
        })
    },
  ]

  /// Means over the final window.
  private static let finals: [ArmMetric] =
    [
      ("msd", "mean-square deviation from the network optimum"), ("msd-own", "the same from each agent's own optimum"),
      ("disagreement", "mean squared distance from the agents' average"), ("msd-all", "msd of crashed agents too"),
      ("msd-own-all", "msd-own of crashed agents too"), ("disagreement-all", "disagreement of crashed agents too"),
    ].map { name, help in
      // A run that has diverged counts as infinitely bad, not as one to be left out.
      mean("final-\(name)", .power, "final \(help), linear") { run, _ in
        run.finals[name].map { $0.isNaN ? .infinity : $0 }
      }
    } + [
      mean("final-age", .seconds, "final age of the newest estimates received") { run, _ in run.finals["age"] },
      mean("final-available", .share, "final share of agents that are up") { run, _ in run.finals["available"] },
    ]

  private static func mean(
    _ name: String, _ quantity: Quantity, _ help: String,
    _ value: @escaping @Sendable (RunRecord, StudyHeader.Arm) -> Double?
  ) -> ArmMetric {
    ArmMetric(name: name, quantity: quantity, help: help, needsTarget: false) { runs, arm in
      .means(runs.map { value($0, arm) })
    }
  }

  private static func cost(
    _ name: String, _ quantity: Quantity, _ help: String, _ series: String,
    _ value: @escaping @Sendable (RunRecord.TargetReached, StudyHeader.Arm) -> Double
  ) -> ArmMetric {
    ArmMetric(name: name, quantity: quantity, help: "\(help) to the target (Kaplan-Meier median)", needsTarget: true) {
      runs, arm in .survival(runs.map { $0.toTarget(series) { value($0, arm) } })
    }
  }
}
