// SPDX-License-Identifier: GPL-3.0-or-later

/// A metric that is measured on the grid, by the name that scenarios and results use.
///
/// What a run measures depends on what its agents learn: squared errors where the optimum is known, returns where they
/// act.
package enum MetricName: String, Sendable, CaseIterable {
  /// Mean over live agents of the squared distance to the network optimum.
  case msd
  /// Mean over live agents of the squared distance to the agent's own minimiser.
  case ownMSD = "msd-own"
  /// Mean over live agents of the squared distance to their average.
  case disagreement
  /// The same three over all agents, crashed ones included.
  case msdAll = "msd-all"
  case ownMSDAll = "msd-own-all"
  case disagreementAll = "disagreement-all"
  /// Median over live agents of the return of the agent's policy in its own task, each the mean of test episodes.
  case testReturn = "return"
  /// Quartiles, mean and mean of the middle half of the same.
  case lowerQuartileReturn = "return-lower-quartile"
  case upperQuartileReturn = "return-upper-quartile"
  case meanReturn = "return-mean"
  case interquartileMeanReturn = "return-iqm"
  /// The median over all agents, crashed ones included.
  case testReturnAll = "return-all"
  /// Mean over live agents of the return of the agent's policy averaged over all tasks, where returns are exact: what
  /// one policy for all tasks would have the most of.
  case everyTaskReturn = "return-every-task"
  /// Mean over links that have been heard of the age of the newest estimate received, in seconds.
  case age
  /// Mean number of updates over all agents: what was spent, which a crash does not take back.
  case updates
  /// Mean number of episodes that agents have learnt from, over all of them.
  case episodes
  /// Data samples used by all agents; of episodes, their steps.
  case samples
  /// Messages sent by all agents.
  case messages
  /// Bytes sent by all agents, acknowledgements included.
  case bytes
  /// The share of agents that are up.
  case available
}

extension MetricName {
  /// What runs measure whose agents learn a known optimum.
  package static let ofEstimation: [MetricName] = [
    .msd, .ownMSD, .disagreement, .msdAll, .ownMSDAll, .disagreementAll, .age, .updates, .messages, .bytes, .available,
  ]

  /// What runs measure whose agents act.
  package static let ofControl: [MetricName] = [
    .testReturn, .lowerQuartileReturn, .upperQuartileReturn, .meanReturn, .interquartileMeanReturn, .testReturnAll,
    .disagreement, .disagreementAll, .age, .updates, .episodes, .samples, .messages, .bytes, .available,
  ]

  /// What runs measure whose agents know their tasks exactly.
  package static let ofExactPolicies: [MetricName] = ofControl + [.everyTaskReturn]

  /// Whether it is a squared distance: averaged in linear units, shown in decibels.
  package var isSquaredError: Bool {
    switch self {
    case .msd, .ownMSD, .disagreement, .msdAll, .ownMSDAll, .disagreementAll: true
    default: false
    }
  }

  /// Whether it is a return of policies, of which more is better.
  package var isReturn: Bool {
    switch self {
    case .testReturn, .lowerQuartileReturn, .upperQuartileReturn, .meanReturn, .interquartileMeanReturn,
      .testReturnAll, .everyTaskReturn:
      true
    default: false
    }
  }

  /// Whether it counts what has been spent, and so never falls in a run.
  package var isCumulative: Bool {
    switch self {
    case .updates, .episodes, .samples, .messages, .bytes: true
    default: false
    }
  }

  /// Whether a value of it has come up to a target.
  package func reaches(_ threshold: Double, with value: Double) -> Bool {
    isReturn ? value >= threshold : value <= threshold
  }
}
