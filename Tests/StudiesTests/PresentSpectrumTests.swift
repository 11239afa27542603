// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Networks
import Scenarios
import Simulation
import Studies
import Testing

/// Between what sigma2 lies of a network that changes as these lines say.
private func range(
  _ network: String, _ lines: String..., strategy: String = "asynchronous"
) throws -> PresentSpectrum? {
  let text =
    """
    name: present
    task: {kind: linear-regression, dimension: 2}
    network: \(network)
    learner: {step-size: 0.02}
    strategy: {timing: \(strategy)}
    measure: {until: 100 s, every: 1 s}

    """ + lines.joined(separator: "\n") + "\n"
  let settings = try Scenario.parse(text: text, file: "s.yaml").arms[0].settings
  return try PresentSpectrum(settings, in: World(settings, replication: 0))
}

private func sigma(_ topology: NetworkSettings.Topology) throws -> Double {
  let drawn = try DrawnGraph(NetworkSettings(topology: topology), seed: 1, replication: 0)
  return try Network(drawn, NetworkSettings(topology: topology)).spectrum().secondSingularValue
}

@Test func aRingThatIsCutAndLosesAnAgentIsInPiecesAndThenARow() throws {
  let ring = NetworkSettings.Topology(.ring, ["agents": .count(6)])
  let row = NetworkSettings.Topology(.path, ["agents": .count(5)])
  let ring6 = "{topology: ring, agents: 6}"
  let cut = "{at: 20 s, for: 20 s, cut: {of: [agent-2], known: true}}"
  let leave = "{at: 60 s, leave: [agent-0]}"
  let both = try #require(try range(ring6, "timeline: [\(cut), \(leave)]"))
  let (whole, fewer) = (try sigma(ring), try sigma(row))
  #expect(abs(both.greatest - 1) < 1e-12)
  #expect(abs(both.least - whole) < 1e-12 && both.start == both.least)
  let left = try #require(try range(ring6, "timeline: [\(leave)]", strategy: "synchronous-global"))
  #expect(abs(left.greatest - fewer) < 1e-12)
  let joined = try #require(try range(ring6, "timeline: [{at: 0 s, leave: [agent-0]}]"))
  #expect(joined.least == joined.greatest && abs(joined.least - fewer) < 1e-12)
}

/// What an agent gave to a link that is absent it keeps: two agents that give each other 0.3 go on with 1, 0; 0, 1.
@Test func theWeightOfAnAbsentLinkReturns() throws {
  let pair = "{topology: path, agents: 2, weights: matrix, matrix: [[0.7, 0.3], [0.3, 0.7]]}"
  let seen = try #require(try range(pair, "timeline: [{at: 20 s, for: 5 s, cut: {links: all, known: true}}]"))
  #expect(abs(seen.least - 0.4) < 1e-12 && abs(seen.greatest - 1) < 1e-12)
}

@Test func aNetworkThatStaysHasNoRange() throws {
  let ring = "{topology: ring, agents: 6}"
  #expect(try range(ring) == nil)
  #expect(try range(ring, "timeline: [{at: 20 s, for: 5 s, cut: {links: all}}]") == nil)
}
