// SPDX-License-Identifier: GPL-3.0-or-later

/// How far the worst agents are: percentiles over agents, which runs measure where a scenario asks for them.
extension MetricDefinition {
  package static let msd95 = MetricDefinition(
    "msd-95th-percentile", title: "95th percentile of squared errors",
    "squared distance from the network optimum that 95 % of the agents do not exceed", .decibels, .less,
    by: .quantile(level: 0.95))

  /// What can be measured of runs beside `ofEstimation`.
  package static let furtherOfEstimation = [msd95]
}
