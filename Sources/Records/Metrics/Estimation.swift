// SPDX-License-Identifier: GPL-3.0-or-later

/// Squared errors: of agents that learn a known optimum.
extension MetricDefinition {
  /// A squared error a million times the first is that of a step size that is not stable.
  private static let millionfold = 1e6

  package static let msd = MetricDefinition(
    "msd", title: "MSD", "mean-square deviation from the network optimum", .decibels, .less,
    divergesBeyond: millionfold, isKeptPerAgent: true, ofAllAgents: "msd-all")
  package static let ownMSD = MetricDefinition(
    "msd-own", title: "own MSD", label: "MSD to own optimum", "mean-square deviation from each agent's own optimum",
    .decibels, .less, ofAllAgents: "msd-own-all")
  package static let disagreement = MetricDefinition(
    "disagreement", "mean squared distance from the agents' average", .decibels, .less,
    divergesBeyond: .infinity, ofAllAgents: "disagreement-all")
  package static let msdAll = MetricDefinition(
    "msd-all", title: "MSD of all", label: "MSD, all agents", "msd of crashed agents too", .decibels, .less,
    over: .allAgents, divergesBeyond: millionfold)
  package static let ownMSDAll = MetricDefinition(
    "msd-own-all", title: "own MSD of all", label: "MSD to own optimum, all agents", "msd-own of crashed agents too",
    .decibels, .less, over: .allAgents)
  package static let disagreementAll = MetricDefinition(
    "disagreement-all", title: "disagreement of all", label: "Disagreement, all agents",
    "disagreement of crashed agents too", .decibels, .less, over: .allAgents, divergesBeyond: .infinity)

  /// What runs measure whose agents learn a known optimum.
  public static let ofEstimation = [
    msd, ownMSD, disagreement, msdAll, ownMSDAll, disagreementAll, age, updates, messages, bytes, available,
  ]
}
