// SPDX-License-Identifier: GPL-3.0-or-later

/// How well agents tell classes apart.
extension MetricDefinition {
  package static let loss = MetricDefinition(
    "loss", "mean cross-entropy over the rows that all agents together learn from", .plain, .less,
    divergesBeyond: .infinity, isKeptPerAgent: true)
  package static let testError = MetricDefinition(
    "test-error", "share of the test rows that agents put into another class", .share, .less)
}
