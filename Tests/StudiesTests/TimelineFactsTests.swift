// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Scenarios
import Simulation
import Studies
import Testing

/// What is said of a timeline on a ring of eight agents.
private func facts(_ timeline: String) throws -> TimelineFacts? {
  let text =
    """
    name: facts
    task: {kind: linear-regression, dimension: 2}
    network: {topology: ring, agents: 8}
    learner: {step-size: 0.02}
    measure: {until: 100 s, every: 1 s}
    conditions: {groups: {rack: [agent-2, agent-5]}}
    timeline: \(timeline)

    """
  let settings = try Scenario.parse(text: text, file: "s.yaml").arms[0].settings
  return try TimelineFacts(settings, in: World(settings, replication: 0))
}

@Test func whatIsWrittenIsNotSaidAgain() throws {
  #expect(try facts("[{at: 5 s, crash: all}, {at: 9 s, recover: [agent-1]}, {at: 9 s, cut: {links: all}}]") == nil)
  #expect(try facts("[]") == nil)
}

/// Halves of a ring are rows of four, which have sigma2 of their own: 1/3 + √2/3 for Metropolis weights.
@Test func sidesHaveAgentsLinksAndTheirOwnSigma() throws {
  let entry = try #require(facts("[{at: 20 s, for: 5 s, partition: {bisect: bfs}}]")?.entries.first)
  #expect(entry.name == "partition@20s" && entry.links == 4 && entry.pieces.map(\.agents.count) == [4, 4])
  for piece in entry.pieces {
    let sigma = try #require(piece.secondSingularValue)
    #expect(abs(sigma - (1 + 2.0.squareRoot()) / 3) < 1e-12)
  }
}

/// Whom a run crashes, and who is chosen because of that, is whom it is said of before.
@Test func thoseWhoAreSaidToBeChosenAre() throws {
  let timeline =
    "[{at: 10 s, crash: {count: 3}}, {at: 20 s, pause: {event: crash@10s}}, {at: 30 s, slow: {group: rack, factor: 2}}]"
  let said = try #require(try facts(timeline))
  #expect(said.entries.map(\.name) == ["crash@10s", "pause@20s", "slow@30s"])
  #expect(said.entries[2].agents == ["agent-2", "agent-5"])
  #expect(said.entries[0].agents == said.entries[1].agents)
  #expect(said.sentence.hasPrefix("In replication 0: crash@10s is about agent-"))
  let text = """
    name: facts
    task: {kind: linear-regression, dimension: 2}
    network: {topology: ring, agents: 8}
    learner: {step-size: 0.02}
    measure: {until: 100 s, every: 1 s}
    timeline: [{at: 10 s, crash: {count: 3}}]

    """
  let settings = try Scenario.parse(text: text, file: "s.yaml").arms[0].settings
  let world = try World(settings, replication: 0)
  nonisolated(unsafe) var crashed: [String] = []
  let observer = RunObserver { occurrence in
    if occurrence.kind == .crashes, let agent = occurrence.agent { crashed.append(world.agents.names[agent.index]) }
  }
  _ = try simulate(settings, in: world, observer: observer)
  #expect(crashed == said.entries[0].agents)
}
