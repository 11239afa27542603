// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Quantities
import Randomness

/// The latency of every link: a typical value of the link times a draw per message.
package struct LinkLatencies: Sendable {
  /// Seconds by which the draw is multiplied, by the rank of the link; empty where it is one for all. Where values change
  /// in time the greatest of each link.
  package let scales: [Double]
  /// The law of the draw.
  package let law: Distribution
  /// Takes the place of the typical values where these change in time, seconds.
  package let trace: LinkSeries?

  init(law: Distribution, scales: [Double], trace: LinkSeries? = nil) {
    self.law = law
    self.trace = trace
    self.scales = trace.map { trace in scales.indices.map { trace.greatest($0) } } ?? scales
  }

  /// Looks the links up in the latency settings.
  ///
  /// - Throws: if links have no latency there: an agent has no region, two linked regions have no round trip.
  package init(_ settings: LatencySettings, network: Network) throws(ConditionError) {
    self = try settings.links(LinkDraw(network: network))
  }

  /// The expected latency of a link in seconds; where it changes in time, at its greatest.
  package func mean(_ link: LinkID) -> Double { (scales.isEmpty ? 1 : scales[link.index]) * law.mean }
}

extension LatencySettings {
  /// The latency on the links of a network.
  package func links(_ draw: LinkDraw) throws(ConditionError) -> LinkLatencies {
    try setting.form.links(setting.arguments, draw)
  }
}
