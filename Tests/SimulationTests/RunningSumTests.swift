// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Quantities
import Randomness
import Records
import Simulation
import Testing

/// Push-sum of agents whose clocks differ by far: between two messages of a slow neighbour a fast one sends nearly all its
/// mass away, and what is left lies below the last digit of all that it has ever sent.
private func averaging(
  runningSums: Bool, agents: Int, start: InitialParameters.Choice, clock: ClockSettings, links: LinkSettings,
  until: Double, seed: UInt64 = 1
) -> SimulationSettings {
  var strategy = StrategySettings(kind: .pushSum, clock: clock)
  strategy.pushSum.runningSums = runningSums
  var settings = settings(ring(agents), strategy: strategy, links: links, until: until, every: until / 100, seed: seed)
  settings.task = .averaging(AveragingSettings(dimension: 1))
  settings.learner = LearnerSettings(algorithm: .none, stepSize: .law(.constant(0)), initial: start)
  settings.conditions.compute.betweenAgents = .constant(0)
  return settings
}

private func worst(_ settings: SimulationSettings) throws -> Double {
  try #require(Seen(settings).record.series.first { $0.metric == "msd-all" }?.values.max())
}

/// Where nothing is lost or overtaken, running sums are plain push-sum bit for bit, through a million messages of clocks
/// that differ ten thousand times.
@Test func withoutLossRunningSumsArePlainPushSum() throws {
  let clock = ClockSettings(
    betweenAgents: .mixture(probability: 0.5, slow: .constant(10_000), fast: .constant(1)),
    withinAgent: .exponential(mean: 1))
  func seen(_ runningSums: Bool) throws -> Seen {
    try Seen(
      averaging(
        runningSums: runningSums, agents: 6, start: .values([0, 1, 2, 9, -4, 3]), clock: clock, links: LinkSettings(),
        until: 130_000, seed: 3))
  }
  let (plain, summed) = (try seen(false), try seen(true))
  #expect(summed.record.messages.sent > 1_000_000 / 2)
  #expect(plain.parameters == summed.parameters)
  #expect(plain.record.fingerprint == summed.record.fingerprint)
}

/// Agents that all start at one value and learn nothing stay there under any loss. The bar is 1e-12 of the value, as each
/// share rounds s and mass apart.
@Test(arguments: 0..<6)
func runningSumsOfOneValueStayThere(seed: UInt64) throws {
  let clock = ClockSettings(
    betweenAgents: .lognormal(median: 1, sigma: 2), withinAgent: .exponential(mean: 1))
  let links = LinkSettings(latency: .law(.constant(0.1)), loss: try #require(Probability(0.2)))
  let settings = averaging(
    runningSums: true, agents: 6, start: .constant(-1.044), clock: clock, links: links, until: 3600, seed: seed)
  #expect(try worst(settings) < 1e-24)
}

/// Whatever is lost, overtaken or superseded and however clocks differ, no estimate leaves the hull of the initial values,
/// here [0, 9] with mean 3.
@Test(arguments: 0..<20)
func runningSumsStayInTheHull(seed: UInt64) throws {
  let clock = ClockSettings(
    betweenAgents: .lognormal(median: 1, sigma: Double(1 + seed % 4)), withinAgent: .exponential(mean: 1))
  var links = LinkSettings(latency: .law(.exponential(mean: 2)), loss: try #require(Probability(0.3)))
  if seed % 2 == 0 { links.bandwidth = .bytesPerSecond(16) }
  links.inOrder = seed % 3 == 0
  let settings = averaging(
    runningSums: true, agents: 4, start: .values([0, 1, 2, 9]), clock: clock, links: links, until: 500, seed: seed)
  let seen = try Seen(settings)
  #expect(seen.parameters.allSatisfy { $0 >= -1e-9 && $0 <= 9 + 1e-9 })
  #expect(try worst(settings) <= 36 + 1e-9)
}
