// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Foundation
import Learners
import Networks
import Quantities
import Simulation
import Testing
import Theory

// Fact g: noise-free quadratic costs with different minimisers on the triangle with a tail, one agent ten times
// slower, 30 % loss, a latency of several steps.

private func farFromSynchronous() throws -> SimulationSettings {
  var settings = settings(
    paw, dimension: 2, spread: 1, stepSize: 0.1, algorithm: .steepestDescent, until: 20_000, every: 5_000)
  settings.conditions.compute = ComputeSettings(
    betweenAgents: .constant(1), withinAgent: .exponential(mean: 1),
    stragglers: [.init(choice: .named(["b"]), slowdown: 10)])
  settings.conditions.links = LinkSettings(
    latency: .law(.exponential(mean: 4)), loss: try #require(Probability(0.3)))
  return settings
}

/// The largest distance of an entry from the synchronous fixed point w = C'(w + M R (w° − w)).
private func distanceFromFixedPoint(_ settings: SimulationSettings) throws -> Double {
  let world = try World(settings, replication: 0)
  let task = try #require(world.regression)
  let fixedPoint = try task.costs.fixedPoint(on: world.network, stepSizes: task.stepSizes).parameters
  let seen = try Seen(settings)
  return zip(seen.parameters, fixedPoint).map { abs($0 - $1) }.max() ?? .infinity
}

@Test func staleIntermediateEstimatesKeepTheSynchronousFixedPoint() throws {
  let settings = try farFromSynchronous()
  #expect(try distanceFromFixedPoint(settings) < 1e-9)
  let truths = try #require(try World(settings, replication: 0).regression).truths
  #expect(truths.prefix(2) != truths.suffix(2))
}

@Test(arguments: [StrategySettings.MissingNeighbourRule.itself, .renormalise])
func leavingNeighboursOutMissesTheFixedPoint(rule: StrategySettings.MissingNeighbourRule) throws {
  var settings = try farFromSynchronous()
  settings.strategy.missingNeighbour = rule
  #expect(try distanceFromFixedPoint(settings) > 1e-3)
}

@Test func combinedEstimatesInMessagesMissTheFixedPoint() throws {
  var settings = try farFromSynchronous()
  settings.strategy.message = .combined
  #expect(try distanceFromFixedPoint(settings) > 1e-3)
}
