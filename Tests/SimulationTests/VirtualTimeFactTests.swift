// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Networks
import Quantities
import Randomness
import Records
import Simulation
import Testing

// The facts of virtual time. Statistical tolerances are 4.42 standard errors, a false-alarm probability of 1e-5 each,
// with fixed seeds.

/// Fact a. Over 68,000 rounds the standard error of the mean is √(Σ 1/i²) / √68,000 = 0.0048.
@Test func aGlobalRoundOfExponentialStepsTakesTheHarmonicNumber() throws {
  let harmonic = (1...10).reduce(0) { $0 + 1 / Double($1) }
  var settings = settings(ring(10), dimension: 1)
  settings.strategy.timing = .synchronousGlobal
  settings.conditions.compute.withinAgent = .exponential(mean: 1)
  settings.measurement = MeasurementSettings(until: .seconds(200_000), every: .seconds(10_000))
  let record = try simulate(settings, in: World(settings, replication: 0))
  let rounds = Double(record.agents.map(\.updates).min() ?? 0)
  #expect(abs(200_000 / rounds - harmonic) < 0.0211)
}

/// Fact b, on the same draws, bit for bit.
@Test(arguments: [0.0, 0.4])
func aLocalRoundBeginsWhenTheLastOfTheNeighbourhoodHasDelivered(meanLatency: Double) throws {
  var settings = settings(ring(5), until: 400)
  settings.strategy = StrategySettings(timing: .synchronousLocal)
  settings.conditions.compute.withinAgent = .lognormal(median: 1, sigma: 0.7)
  settings.conditions.links.latency = .law(.exponential(mean: meanLatency))
  let world = try World(settings, replication: 0)
  let network = world.network
  let compute = ComputeTimes(
    settings.conditions.compute, typical: world.typicalStepDurations, network: network, seed: settings.seed,
    replication: 3)
  let links = try Transmissions(
    settings.conditions.links, latencies: world.latencies, network: network, acknowledges: false, seed: settings.seed,
    replication: 3)
  let seen = try Seen(settings, replication: 3)
  var start = [VirtualTime](repeating: .zero, count: 5)
  for round in 0..<20 {
    for agent in 0..<5 { #expect(seen.begins(of: agent)[round] == start[agent].seconds) }
    let end = (0..<5).map { start[$0] + compute.duration(of: NodeID($0), attempt: UInt64(round)) }
    for agent in 0..<5 {
      start[agent] = end[agent]
      for link in network.incoming(NodeID(agent)) {
        let latency = links.latency(LinkID(link), index: UInt64(round), attempt: 0)
        start[agent] = max(start[agent], end[network.senders[link].index] + latency)
      }
    }
  }
}

/// Fact c. The number of losses before a delivery has the variance p / (1 − p)², so over 45,000 deliveries the
/// standard error is 0.3 √0.612 / √45,000 = 0.0011.
@Test func anEstimateIsDeliveredAfterItsLatencyAndATimeoutPerLoss() throws {
  var settings = settings(ring(2), dimension: 1, until: 30_000, every: 10_000)
  settings.strategy = StrategySettings(
    timing: .synchronousLocal,
    retransmission: .init(timeout: .seconds(0.3), backOff: 1, losesAcknowledgements: false))
  settings.conditions.links.latency = .law(.constant(0.05))
  settings.conditions.links.loss = try .independent(#require(Probability(0.3)))
  let record = try simulate(settings, in: World(settings, replication: 0))
  #expect(record.staleness.deliveries > 40_000)
  #expect(abs(record.staleness.meanDeliverySeconds - (0.05 + 0.3 * 0.3 / 0.7)) < 0.0049)
}

/// Fact d for renewal senders: mean age L + E[X²] / (2 E[X]). Ages have a standard deviation of about 0.35 and are
/// sampled some 200,000 times independently: standard error 0.0008; the bound allows for twice that.
@Test func informationFromRenewalSendersHasItsMeanAge() throws {
  var settings = settings(ring(20), dimension: 1, until: 20_000, every: 0.739_085_133)
  settings.conditions.compute.withinAgent = .uniform(lower: 0.5, upper: 1.5)
  settings.conditions.links.latency = .law(.constant(0.3))
  settings.measurement.finalWindow = 0.95
  let record = try simulate(settings, in: World(settings, replication: 0))
  let age = try #require(record.finals["age"])
  #expect(abs(age - (0.3 + (1 + 1 / 12.0) / 2)) < 0.007)
}

/// Fact d for Poisson senders under loss: mean age L + 1 / (λ (1 − p)). The standard deviation is 1.67, and about
/// 66,000 samples are independent: standard error 0.0065.
@Test func informationFromPoissonSendersUnderLossHasItsMeanAge() throws {
  var settings = settings(ring(20), dimension: 1, until: 20_000, every: 0.739_085_133)
  settings.conditions.compute.withinAgent = .exponential(mean: 1)
  settings.conditions.links.latency = .law(.constant(0.3))
  settings.conditions.links.loss = try .independent(#require(Probability(0.4)))
  settings.measurement.finalWindow = 0.95
  let record = try simulate(settings, in: World(settings, replication: 0))
  let age = try #require(record.finals["age"])
  #expect(abs(age - (0.3 + 1 / 0.6)) < 0.029)
}

/// Fact e. The mean of 20 renewal counts up to t has the standard deviation cv √(t / 20) = 31.6.
@Test func updatesGrowAsTimeOverTheMeanStep() throws {
  var settings = settings(ring(20), dimension: 1, until: 40_000, every: 10_000)
  settings.conditions.compute = ComputeSettings(
    betweenAgents: .constant(2), withinAgent: .gamma(mean: 1, shape: 1))
  let record = try simulate(settings, in: World(settings, replication: 0))
  let mean = Double(record.agents.map(\.updates).reduce(0, +)) / 20
  #expect(abs(mean - 20_000) < 140)
}

/// Fact f.
@Test func withEqualConstantStepsAllTimingsAgreeBitForBit() throws {
  let parameters = try StrategySettings.Timing.allCases.map { timing in
    var settings = settings(
      NetworkSettings(topology: .randomGeometric(agents: 12, reach: .meanDegree(4))), spread: 0.3)
    settings.strategy = StrategySettings(timing: timing)
    return try Seen(settings).parameters
  }
  #expect(parameters[0].contains { $0 != 0 })
  #expect(parameters[1] == parameters[0])
  #expect(parameters[2] == parameters[0])
}
