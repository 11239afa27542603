// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import EventEngine
import Learners
import Networks
import Quantities
import Randomness
import Records
import Simulation
import Testing

/// Everything that can go wrong at once in diffusion.
private func everything(timing: StrategySettings.Timing, unit: Double = 1) throws -> SimulationSettings {
  let strategy = StrategySettings(
    timing: timing, missingNeighbour: timing == .asynchronous ? .lastHeard : .itself,
    peerTimeout: timing == .synchronousLocal ? .seconds(4) : nil)
  return try everything(strategy, unit: unit)
}

/// Fact i: the listing order of agents and edges is no part of a scenario's meaning.
@Test(arguments: StrategySettings.Timing.allCases)
func listingAgentsInAnotherOrderChangesNothing(timing: StrategySettings.Timing) throws {
  var settings = try everything(timing: timing)
  let first = try Seen(settings)
  settings.network.topology = .edgeList(
    agents: ["d", "b", "a", "c"], edges: [.init("c", "d"), .init("c", "a"), .init("b", "a"), .init("c", "b")])
  let second = try Seen(settings)
  #expect(first.parameters.contains { $0 != 0 })
  #expect(first.record.fingerprint == second.record.fingerprint)
  #expect(first.parameters == second.parameters)
  #expect(first.events == second.events)
}

/// Fact i: names carry the randomness, so renumbering agents with their names permutes results. The names change
/// their order here while the draws stay with them: a, b, c, d against the same agents where an isolated one between
/// them shifts every rank.
@Test(arguments: [StrategySettings.Timing.asynchronous, .synchronousLocal])
func anAgentWithoutLinksChangesNobody(timing: StrategySettings.Timing) throws {
  var settings = try everything(timing: timing)
  let alone = try Seen(settings)
  settings.network.requiresConnection = false
  settings.network.topology = .edgeList(
    agents: ["a", "aa", "b", "c", "d"],
    edges: [.init("a", "b"), .init("b", "c"), .init("a", "c"), .init("c", "d")])
  let joined = try Seen(settings)
  var parameters = joined.parameters
  parameters.removeSubrange(3..<6)
  #expect(parameters == alone.parameters)
  #expect(joined.record.agents.filter { $0.name != "aa" }.map(\.updates) == alone.record.agents.map(\.updates))
  #expect(joined.record.messages == alone.record.messages)
}

/// Fact i: times in other units.
@Test(arguments: StrategySettings.Timing.allCases)
func multiplyingAllTimesByAPowerOfTwoChangesNoParameter(timing: StrategySettings.Timing) throws {
  let first = try Seen(everything(timing: timing))
  let second = try Seen(everything(timing: timing, unit: 1024))
  #expect(first.parameters == second.parameters)
  #expect(first.record.messages == second.record.messages)
  #expect(first.record.engine.events == second.record.engine.events)
}

@Test func theSameSeedRepeatsARunAndAnotherDoesNot() throws {
  var settings = try everything(timing: .asynchronous)
  let first = try Seen(settings)
  #expect(try Seen(settings).record.fingerprint == first.record.fingerprint)
  #expect(try Seen(settings, replication: 1).record.fingerprint != first.record.fingerprint)
  settings.seed += 1
  #expect(try Seen(settings).record.fingerprint != first.record.fingerprint)
  settings.seed -= 1
  settings.learner.stepSize = .law(.constant(0.050_000_001))
  #expect(try Seen(settings).record.fingerprint != first.record.fingerprint)
}

/// Every instant of a synchronous run with equal steps is full of ties; sums go in the order of names all the same.
@Test(arguments: [StrategySettings.Timing.synchronousGlobal, .synchronousLocal, .asynchronous])
func theOrderOfTiesChangesNoParameter(timing: StrategySettings.Timing) throws {
  var settings = settings(ring(8), spread: 0.4)
  settings.strategy = StrategySettings(timing: timing)
  let inOrder = try Seen(settings)
  #expect(inOrder.record.engine.ties > 1000)
  for seed in 0..<20 {
    settings.ties = .random(seed: UInt64(seed))
    let shuffled = try Seen(settings)
    #expect(shuffled.parameters == inOrder.parameters)
    #expect(shuffled.events != inOrder.events)
    #expect(shuffled.record.messages == inOrder.record.messages)
  }
}

/// Losses at a small probability are losses at a larger one, message by message.
@Test func lossesAreNestedInTheirProbability() throws {
  let world = try World(settings(paw), replication: 0)
  func lost(_ probability: Double) throws -> Set<Int> {
    let links = try Transmissions(
      LinkSettings(loss: try #require(Probability(probability))), latencies: world.latencies, network: world.network,
      acknowledges: false, seed: 1, replication: 0)
    return Set((0..<20_000).filter { links.isLost(LinkID($0 % 8), index: UInt64($0), attempt: 0) })
  }
  let few = try lost(0.05)
  let many = try lost(0.1)
  #expect(few.isSubset(of: many))
  #expect(abs(Double(few.count) - 1000) < 4.42 * 30.8)
  #expect(abs(Double(many.count) - 2000) < 4.42 * 42.4)
}
