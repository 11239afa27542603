// SPDX-License-Identifier: GPL-3.0-or-later
import Schema

/// What is measured of every run, whatever its agents learn: what was spent, and what the world was like.
extension MetricDefinition {
  package static let age = MetricDefinition(
    "age", title: "age", "mean age of the newest estimates received, over links that have been heard", .seconds,
    .neither)
  /// What was spent, which a crash does not take back.
  package static let updates = MetricDefinition(
    "updates", "updates per agent", .count, .neither, over: .allAgents, isCumulative: true)
  package static let episodes = MetricDefinition(
    "episodes", "episodes that agents have learnt from, per agent", .count, .neither, over: .allAgents,
    isCumulative: true)
  package static let samples = MetricDefinition(
    "samples", "data samples used by all agents; of episodes, their steps", .count, .neither, over: .allAgents,
    isCumulative: true)
  package static let messages = MetricDefinition(
    "messages", "messages of all agents that links have transmitted", .count, .neither, over: .allAgents,
    isCumulative: true)
  package static let bytes = MetricDefinition(
    "bytes", "bytes sent by all agents, acknowledgements included", .bytes, .neither, over: .allAgents,
    isCumulative: true)
  package static let available = MetricDefinition(
    "available", "share of agents that are up", .share, .neither, over: .allAgents)

  /// What records of energy measure; it is no part of a run, and of no fingerprint.
  package static let joules = MetricDefinition(
    "joules", "energy that all agents have taken, in joules", .count, .neither, over: .allAgents, isCumulative: true)
  /// What push-sum has of its mass, where a scenario asks for it; no part of a fingerprint either.
  package static let mass = MetricDefinition(
    "mass", "mass of push-sum that agents hold and that is on the way, over the number of agents", .count, .neither,
    over: .allAgents)
  package static let massLeast = MetricDefinition(
    "mass-least", "the least mass of push-sum that an agent holds", .count, .neither, over: .allAgents)
  /// What changes no fingerprint.
  package static let besideRuns = [joules, mass, massLeast]

  /// What runs measure whatever their agents learn; a learner puts what these are judged by before it.
  public static let ofEveryRun = [
    disagreement, disagreementAll, age, updates, samples, messages, bytes, available,
  ]

  /// The metrics of Starling's own learners, in the order in which messages name them.
  private static let builtIn: [MetricDefinition] = [
    msd, ownMSD, disagreement, msdAll, ownMSDAll, disagreementAll,
    testReturn, lowerQuartileReturn, upperQuartileReturn, meanReturn, interquartileMeanReturn, testReturnAll,
    everyTaskReturn, recentSteps, recentReturn, flight,
    everyTaskFlight,
    msd95, loss, testError, age, updates, episodes, samples, messages, bytes, available, joules, mass, massLeast,
  ]

  package static let register = Register("metric", builtIn) { $0.name }

  /// These and those that a program adds.
  package static let all = register.close()
}
