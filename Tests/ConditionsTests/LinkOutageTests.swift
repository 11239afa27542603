// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Networks
import Quantities
import Randomness
import Schema
import Testing

/// Three agents in a row.
private func row() throws -> Network {
  try Network(names: ["a", "b", "c"], edges: [.init("a", "b"), .init("b", "c")])
}

private func settings(_ scope: LinkOutageSettings.Scope) -> LinkOutageSettings {
  LinkOutageSettings([
    "up": .special(Distribution.exponential(mean: 3)), "down": .special(Distribution.exponential(mean: 1)),
    "scope": .text(scope.rawValue),
  ])
}

/// The begins and ends of so many outages of a line.
private func changes(of line: Int, _ scope: LinkOutageSettings.Scope, replication: UInt32 = 0) throws -> [VirtualTime] {
  let outages = LinkOutages(settings(scope), network: try row(), seed: 1, replication: replication)
  var times: [VirtualTime] = []
  for _ in 0..<1000 {
    let begin = outages.begin(of: line, after: times.last ?? .zero)
    times.append(try #require(begin))
    let end = outages.end(of: line, after: times[times.count - 1])
    times.append(try #require(end))
    outages.countOutage(of: line)
  }
  return times
}

@Test func anEdgeGoesDownInBothDirections() throws {
  let network = try row()
  let outages = LinkOutages(settings(.edge), network: network, seed: 1, replication: 0)
  #expect(outages.lineCount == 2)
  for line in 0..<2 {
    let (link, back) = outages.links(of: line)
    #expect(network.reverse[link.index] == back)
  }
}

@Test func aLinkGoesDownByItself() throws {
  let outages = LinkOutages(settings(.link), network: try row(), seed: 1, replication: 0)
  #expect(outages.lineCount == 4)
  for line in 0..<4 {
    let (link, same) = outages.links(of: line)
    #expect(link == LinkID(line) && same == link)
  }
}

@Test func linksGoDownEachAtTimesOfItsOwn() throws {
  let seen = try (0..<4).map { try changes(of: $0, .link) }
  #expect(Set(seen.joined()).count == 8000)
  #expect(try changes(of: 0, .link, replication: 1) != seen[0])
}

/// Down 1 of 4 of the time: over 1,000 cycles 0.25 ± 4.42 standard errors of 0.75 · 0.25 · √(2 / 1,000), a false-alarm
/// probability of 1e-5.
@Test func aLinkIsDownForTheShareThatItsLawsSay() throws {
  let times = try changes(of: 0, .edge)
  let down = stride(from: 0, to: times.count, by: 2).reduce(0) { $0 + (times[$1 + 1] - times[$1]).seconds }
  let last = try #require(times.last).seconds
  #expect(abs(down / last - 0.25) < 4.42 * 0.0084)
}

@Test func withoutSettingsNoLinkGoesDown() throws {
  #expect(LinkOutages(nil, network: try row(), seed: 1, replication: 0).lineCount == 0)
}
