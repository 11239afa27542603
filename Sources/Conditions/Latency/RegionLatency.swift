// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Quantities
import Randomness
import Schema

extension LatencyForm {
  /// Half the round trip between the regions of the two ends.
  package static let regions = LatencyForm(
    "regions", "half the round trip between the regions of the two agents, times a factor of each message",
    parameters: [
      Parameter("regions", .anything, "who is where, and the round trips between regions")
    ],
    facts: { arguments in
      guard let regions: RegionSettings = arguments.special("regions") else { return LatencyFacts(law: .constant(0)) }
      let greatest = regions.greatestRoundTrip.seconds / 2
      return LatencyFacts(law: regions.jitter, greatestScale: greatest, boundOfScale: greatest, isSame: false)
    },
    links: { (arguments, draw) throws(ConditionError) in
      guard let regions: RegionSettings = arguments.special("regions") else {
        preconditionFailure("Latencies between regions have regions.")
      }
      let network = draw.network
      var scales: [Double] = []
      scales.reserveCapacity(network.linkCount)
      let trips = regions.trips
      for link in 0..<network.linkCount {
        let ends = (network.senders[link], network.receivers[link])
        scales.append(try regions.roundTrip(ends, in: network, trips).seconds / 2)
      }
      return LinkLatencies(law: regions.jitter, scales: scales)
    })
}

extension RegionSettings: SpecialValue {
  /// The longest round trip that there can be.
  var greatestRoundTrip: VirtualDuration {
    let longest = max(within, roundTrips.map(\.duration).max() ?? .zero)
    guard missingPairs == .shortestPath else { return longest }
    return max(longest, trips.values.flatMap(\.values).max() ?? .zero)
  }

  /// The round trips between regions in both directions, missing ones made up for where the scenario says so.
  var trips: [String: [String: VirtualDuration]] {
    var trips: [String: [String: VirtualDuration]] = [:]
    for trip in roundTrips {
      trips[trip.first, default: [:]][trip.second] = trip.duration
      trips[trip.second, default: [:]][trip.first] = trip.duration
    }
    if missingPairs == .shortestPath { Self.addShortestPaths(&trips) }
    return trips
  }

  /// Gives every pair without a round trip the shortest way over other regions.
  ///
  /// Source: Floyd, Algorithm 97: Shortest path, Communications of the ACM 5 (1962).
  private static func addShortestPaths(_ trips: inout [String: [String: VirtualDuration]]) {
    var ways = trips
    let regions = trips.keys.sorted()
    for middle in regions {
      for first in regions where first != middle {
        guard let there = ways[first]?[middle] else { continue }
        for second in regions where second != middle && second != first {
          guard let onwards = ways[middle]?[second] else { continue }
          let way = there + onwards
          if ways[first]?[second].map({ $0 > way }) ?? true { ways[first]?[second] = way }
        }
      }
    }
    // What was measured stays, even where there would be a shorter way around.
    for (first, others) in ways { trips[first]?.merge(others) { given, _ in given } }
  }

  /// The region of an agent: the one that names it, else that of its turn.
  ///
  /// - Parameter rank: of the agent among the names of all.
  package func region(of agent: String, rank: Int) -> String? {
    regionOfAgent[agent] ?? (inTurn.isEmpty ? nil : inTurn[rank % inTurn.count])
  }

  /// The round trip between the two ends of a link, from the regions they are in.
  func roundTrip(
    _ ends: (sender: NodeID, receiver: NodeID), in network: Network,
    _ trips: [String: [String: VirtualDuration]]
  ) throws(ConditionError) -> VirtualDuration {
    let (first, second) = (network.names[ends.sender.index], network.names[ends.receiver.index])
    guard let here = region(of: first, rank: ends.sender.index) else { throw Self.noRegion(first) }
    guard let there = region(of: second, rank: ends.receiver.index) else { throw Self.noRegion(second) }
    if let trip = trips[here]?[there] { return trip }
    if here == there { return within }
    throw ConditionError(
      description: "Agents '\(first)' and '\(second)' are linked, but no round trip between their regions "
        + "\(here) and \(there) is given.")
  }

  private static func noRegion(_ agent: String) -> ConditionError {
    ConditionError(description: "Agent '\(agent)' is in no region.")
  }
}
