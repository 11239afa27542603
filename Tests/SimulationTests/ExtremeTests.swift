// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Networks
import Quantities
import Randomness
import Records
import Simulation
import Testing

/// Step size 10 makes every parameter grow beyond all numbers. That is a result, and the same one every time.
@Test(arguments: StrategySettings.Timing.allCases)
func aDivergingRunEndsAndRepeatsItself(timing: StrategySettings.Timing) throws {
  let settings = settings(paw, spread: 1, stepSize: 10, strategy: StrategySettings(timing: timing), until: 2000)
  let first = try Seen(settings)
  #expect(first.parameters.contains { !$0.isFinite })
  #expect(first.record.finals["msd"].map { $0.isFinite } != true)
  #expect(try Seen(settings).record.fingerprint == first.record.fingerprint)
  #expect(first.record.messages.accounted == first.record.messages.sent)
}

/// A place for a law of which half of the draws are zero and the others exceed the greatest number.
private enum WildPlace: CaseIterable {
  case step, start, latency, repetition, outage

  private static let law = Distribution.lognormal(median: 1, sigma: 5000)

  func study(in timing: StrategySettings.Timing) throws -> SimulationSettings {
    var settings = settings(ring(5), strategy: StrategySettings(timing: timing), until: 50)
    settings.conditions.links.loss = try .independent(#require(Probability(0.5)))
    switch self {
    case .step: settings.conditions.compute.withinAgent = Self.law
    case .start: settings.conditions.compute.startPhase = Self.law
    case .latency: settings.conditions.links.latency = .law(Self.law)
    case .repetition: settings.strategy.retransmission = .init(timeout: .seconds(1), backOff: 1e300)
    case .outage: settings.conditions.failures = FailureSettings(up: Self.law, down: Self.law)
    }
    return settings
  }
}

/// Steps, messages, starts and repetitions that never come keep no run from its end.
@Test(arguments: WildPlace.allCases, StrategySettings.Timing.allCases)
private func whatTakesForEverNeverComes(_ place: WildPlace, timing: StrategySettings.Timing) throws {
  let record = try Seen(place.study(in: timing)).record
  #expect(record.messages.accounted == record.messages.sent)
  #expect(record.grid.last == 50)
}

@Test func oneAgentAloneDoesTheSameInEveryTiming() throws {
  let parameters = try StrategySettings.Timing.allCases.map { timing in
    try Seen(settings(ring(1), strategy: StrategySettings(timing: timing))).parameters
  }
  #expect(parameters[0].contains { $0 != 0 })
  #expect(Set(parameters).count == 1)
}

/// Agents begin when their phase says so, in every timing; the first global round ends with the last of them.
@Test func startPhasesDelayTheFirstStep() throws {
  for timing in StrategySettings.Timing.allCases {
    var settings = settings(ring(6), strategy: StrategySettings(timing: timing))
    settings.conditions.compute.startPhase = .uniform(lower: 0, upper: 3)
    let seen = try Seen(settings)
    let phases = (0..<6).map { seen.begins(of: $0)[0] }
    #expect(Set(phases).count == 6 && phases.allSatisfy { 0 <= $0 && $0 < 3 })
    if timing == .synchronousGlobal {
      for agent in 0..<6 { #expect(seen.begins(of: agent)[1] == phases.max()! + 1) }
    }
  }
}

/// Whatever happens, estimates are let go: at the end at most those are held that a mailbox, a message on its way, an
/// agent that waits, or an unacknowledged repetition still needs.
@Test(arguments: cases(0..<120, atLeast: 20))
func noEstimateIsHeldForEver(trial: Int) throws {
  var settings = try randomSettings(trial)
  settings.measurement = MeasurementSettings(until: .seconds(600), every: .seconds(600))
  let seen = try Seen(settings)
  let links = try World(settings, replication: 0).network.linkCount
  let messages = seen.record.messages
  let onTheirWay = Int(messages.inFlightAtEnd + messages.neverStarted)
  #expect(seen.trace.snapshotsInUse <= 4 * links + seen.record.agents.count + onTheirWay)
}

/// Parts of the world that are named are drawn again in each replication, and nothing else is.
@Test func onlyWhatIsResampledChangesBetweenReplications() throws {
  var settings = settings(NetworkSettings(topology: .randomGeometric(agents: 12, reach: .meanDegree(4))), spread: 1)
  settings.conditions.compute.betweenAgents = .exponential(mean: 1)
  for resampled in SimulationSettings.Resampled.allCases {
    settings.resample = [resampled]
    let (first, second) = (try World(settings, replication: 0), try World(settings, replication: 1))
    #expect((first.network.senders != second.network.senders) == (resampled == .network))
    #expect((first.regression?.truths != second.regression?.truths) == (resampled == .tasks))
    #expect((first.typicalStepDurations != second.typicalStepDurations) == (resampled == .speeds))
  }
}
