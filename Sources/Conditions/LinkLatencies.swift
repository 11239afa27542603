// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Quantities
import Randomness

/// The latency of every link: a typical value of the link times a draw per message.
package struct LinkLatencies: Sendable {
  /// Seconds by which the draw is multiplied, by the rank of the link; empty where it is one for all.
  package let scales: [Double]
  /// The law of the draw.
  package let law: Distribution

  /// Looks the links up in the latency settings.
  ///
  /// - Throws: if an agent has no region or two linked regions have no round trip.
  package init(_ settings: LinkSettings.Latency, network: Network) throws(ConditionError) {
    switch settings {
    case .law(let law):
      self.law = law
      scales = []
    case .regions(let regions):
      law = regions.jitter
      var scales: [Double] = []
      scales.reserveCapacity(network.linkCount)
      for link in 0..<network.linkCount {
        let sender = network.names[network.senders[link].index]
        let receiver = network.names[network.receivers[link].index]
        scales.append(try regions.roundTrip(sender, receiver).seconds / 2)
      }
      self.scales = scales
    }
  }

  /// The expected latency of a link in seconds.
  package func mean(_ link: LinkID) -> Double { (scales.isEmpty ? 1 : scales[link.index]) * law.mean }
}

extension RegionSettings {
  /// The round trip between two agents, from the regions they are in.
  func roundTrip(_ first: String, _ second: String) throws(ConditionError) -> VirtualDuration {
    guard let here = regionOfAgent[first] else { throw Self.noRegion(first) }
    guard let there = regionOfAgent[second] else { throw Self.noRegion(second) }
    for trip in roundTrips {
      if (trip.first, trip.second) == (here, there) || (trip.first, trip.second) == (there, here) {
        return trip.duration
      }
    }
    if here == there { return within }
    throw ConditionError(
      description: "Agents '\(first)' and '\(second)' are linked, but no round trip between their regions "
        + "\(here) and \(there) is given.")
  }

  private static func noRegion(_ agent: String) -> ConditionError {
    ConditionError(description: "Agent '\(agent)' is in no region.")
  }
}
