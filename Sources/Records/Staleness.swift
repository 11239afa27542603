// SPDX-License-Identifier: GPL-3.0-or-later

/// How old neighbours' estimates were when they were combined.
package struct Staleness: Sendable, Codable, Equatable {
  /// Estimates combined (each use counts).
  package var count: UInt64 = 0
  package var meanSeconds = 0.0
  package var maximumSeconds = 0.0
  package var meanUpdates = 0.0
  package var maximumUpdates: UInt64 = 0
  /// Estimates delivered for the first time.
  package var deliveries: UInt64 = 0
  /// Mean time from the making of an estimate to its first delivery, in seconds.
  package var meanDeliverySeconds = 0.0
  /// Local steps of strategies whose parameters change on arrival (gossip, push-sum); zero elsewhere.
  package var gradients: UInt64 = 0
  /// How often the agent's parameters changed between the start of such a step, where its gradient is taken, and its
  /// end, where it is applied.
  package var meanGradientUpdates = 0.0
  package var maximumGradientUpdates: UInt64 = 0
  /// Bin 0 counts ages of zero; bin b ≥ 1 counts ages in [2^((b−1)/4), 2^(b/4)) microseconds, the last bin all
  /// above.
  package var secondsHistogram: [UInt64] = []
  /// Bin b counts estimates that were b sender updates old, the last bin all above.
  package var updatesHistogram: [UInt64] = []

  package init() {}
}
