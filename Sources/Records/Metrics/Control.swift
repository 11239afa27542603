// SPDX-License-Identifier: GPL-3.0-or-later

/// Returns: of agents that act. Each agent's is that of its policy in its own task, the mean of test episodes.
extension MetricDefinition {
  package static let testReturn = MetricDefinition(
    "return", label: "Test return", "median over agents of the test return", .plain, .more, divergesBeyond: .infinity,
    isKeptPerAgent: true, ofAllAgents: "return-all", quartiles: ["return-lower-quartile", "return-upper-quartile"])
  package static let lowerQuartileReturn = MetricDefinition(
    "return-lower-quartile", title: "lower-quartile return", label: "Test return, first quartile",
    "lower quartile over agents of the test return", .plain, .more)
  package static let upperQuartileReturn = MetricDefinition(
    "return-upper-quartile", title: "upper-quartile return", label: "Test return, third quartile",
    "upper quartile over agents of the test return", .plain, .more)
  package static let meanReturn = MetricDefinition(
    "return-mean", title: "mean return", label: "Test return, mean over agents",
    "mean over agents of the test return", .plain, .more)
  package static let interquartileMeanReturn = MetricDefinition(
    "return-iqm", title: "IQM return", label: "Test return, IQM over agents",
    "mean of the middle half over agents of the test return", .plain, .more)
  package static let testReturnAll = MetricDefinition(
    "return-all", title: "return of all", label: "Test return, all agents",
    "median of the test return, of crashed agents too", .plain, .more, over: .allAgents, divergesBeyond: .infinity)
  /// What one policy for all tasks would have the most of; measured where returns are exact.
  package static let everyTaskReturn = MetricDefinition(
    "return-every-task", title: "every-task return", label: "Return in every task, mean over agents",
    "mean over agents of their exact returns, averaged over all tasks", .plain, .more)

  /// How long agents take while they learn, in environments that go on from step to step.
  package static let recentSteps = MetricDefinition(
    "recent-steps", title: "recent steps", label: "Steps of recent episodes",
    "steps of the agent's last 20 training episodes, in the mean; of the first until it ends", .count, .neither,
    isKeptPerAgent: true)

  /// What they get meanwhile.
  package static let recentReturn = MetricDefinition(
    "recent-return", title: "recent return", label: "Return of recent episodes",
    "return of the agent's last 20 training episodes, in the mean; none before the first has ended", .plain, .more,
    isKeptPerAgent: true)

  /// What can be measured beside `ofControl` of agents whose environments go on.
  package static let furtherOfLivingAgents = [recentSteps, recentReturn]

  /// How far agents fly in their own task.
  package static let flight = MetricDefinition(
    "flight", title: "safe flight", label: "Mean safe flight, in metres",
    "metres flown until a crash or the end in test episodes with drawn actions, mean over agents", .plain, .more,
    isKeptPerAgent: true)

  /// How far they fly in all of them.
  package static let everyTaskFlight = MetricDefinition(
    "flight-every-task", title: "every-task safe flight", label: "Mean safe flight in every task, in metres",
    "the same in every task of the study, mean over tasks and agents", .plain, .more, isKeptPerAgent: true)

  /// What can be measured beside of agents that fly.
  package static let ofFlights = [flight, everyTaskFlight]

  /// What runs measure whose agents act.
  public static let ofControl = [
    testReturn, lowerQuartileReturn, upperQuartileReturn, meanReturn, interquartileMeanReturn, testReturnAll,
    disagreement, disagreementAll, age, updates, episodes, samples, messages, bytes, available,
  ]

  /// What runs measure whose agents know their tasks exactly.
  package static let ofExactPolicies = ofControl + [everyTaskReturn]
}
