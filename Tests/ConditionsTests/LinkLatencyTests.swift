// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Networks
import Quantities
import Randomness
import Testing

private func regions(_ regionOfAgent: [String: String], _ trips: [RegionSettings.RoundTrip]) -> RegionSettings {
  RegionSettings(
    regionOfAgent: regionOfAgent, roundTrips: trips, within: .seconds(0.002), jitter: .gamma(mean: 1.5, shape: 4))
}

private let line = ["a", "b", "c"]

/// Links in the order of receivers, then senders: b→a, a→b, c→b, b→c.
private func latencies(_ regions: RegionSettings) throws -> LinkLatencies {
  try LinkLatencies(
    .regions(regions), network: try Network(names: line, edges: [.init("a", "b"), .init("b", "c")]))
}

@Test func aLatencyIsHalfTheRoundTripInEitherOrder() throws {
  let trips = [RegionSettings.RoundTrip("west", "east", .seconds(0.06))]
  let latencies = try latencies(regions(["a": "east", "b": "west", "c": "west"], trips))
  #expect(latencies.scales == [0.03, 0.03, 0.001, 0.001])
  #expect(latencies.mean(LinkID(1)) == 0.03 * 1.5)
}

@Test func aRoundTripGivenWithinARegionCountsBeforeTheGeneralOne() throws {
  let trips = [RegionSettings.RoundTrip("west", "east", .seconds(0.06)), .init("west", "west", .seconds(0.01))]
  let latencies = try latencies(regions(["a": "east", "b": "west", "c": "west"], trips))
  #expect(latencies.scales == [0.03, 0.03, 0.005, 0.005])
}

@Test func aMissingRoundTripNamesTheAgentsAndTheRegions() {
  #expect {
    try latencies(regions(["a": "east", "b": "west", "c": "north"], [.init("east", "west", .seconds(1))]))
  } throws: {
    "\($0)" == "Agents 'c' and 'b' are linked, but no round trip between their regions north and west is given."
  }
}

@Test func anAgentWithoutARegionIsNamed() {
  #expect {
    try latencies(regions(["a": "east", "b": "east"], []))
  } throws: { "\($0)" == "Agent 'c' is in no region." }
}

@Test func theJitterOfAMessageMultipliesTheLatencyOfItsLink() throws {
  let settings = LinkSettings(
    latency: .regions(regions(["a": "east", "b": "west"], [.init("east", "west", .seconds(0.06))])))
  let far = try links(settings)
  let law = Distribution.gamma(mean: 1.5, shape: 4)
  let near = try links(LinkSettings(latency: .law(law)))
  let family = StreamFamily(seed: 1, replication: 0, purpose: .latency)
  for index in 0..<50 as Range<UInt64> {
    for (link, sender, receiver) in [(LinkID(0), "b", "a"), (LinkID(1), "a", "b")] {
      let key = family.key(EntityKey(from: EntityKey(sender), to: EntityKey(receiver)))
      for attempt in 0..<2 as Range<UInt32> {
        let factor = law.sample(key.attempt(attempt), at: index)
        #expect(near.latency(link, index: index, attempt: attempt) == .seconds(factor))
        #expect(far.latency(link, index: index, attempt: attempt) == .seconds(factor * 0.03))
      }
    }
  }
}
