// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import DamagedScenarios
import Foundation
import Learners
import Quantities
import Randomness
import Scenarios
import Simulation
import Testing

/// The settings of the only arm of the small scenario with a section added or a value set.
private func settings(_ overrides: String...) throws -> SimulationSettings {
  let overrides = try overrides.map { try Override($0) }
  return try Scenario.parse(text: ValidScenarios.small, file: "good.yaml", overrides: overrides).arms[0].settings
}

private func betweenAgents(_ law: String) throws -> Distribution {
  try settings("conditions.compute.between-agents=\(law)").conditions.compute.betweenAgents
}

private func withinAgent(_ law: String) throws -> Distribution {
  try settings("conditions.compute.within-agent=\(law)").conditions.compute.withinAgent
}

@Test(arguments: [
  ("100 ms", 0.1), ("100ms", 0.1), ("3 us", 3e-6), ("3 µs", 3e-6), ("7 ns", 7e-9), ("1.5 s", 1.5), ("2 min", 120),
  ("0.5 h", 1800), ("1 day", 86_400), ("1e3 ms", 1), ("+2.5e-1 s", 0.25), (".5 s", 0.5), ("1 h 30 min", 5400),
  ("3 m 31 s", 211), ("2 d 04 h", 187_200), ("{constant: 9 m 02 s}", 542),
])
func aDurationIsItsSeconds(_ text: String, _ seconds: Double) throws {
  #expect(try betweenAgents(text) == .constant(seconds))
}

@Test(arguments: [
  ("8 bit/s", 1.0), ("10 Mbit/s", 1.25e6), ("1 Gbit/s", 1.25e8), ("64 kbit/s", 8e3), ("3 B/s", 3), ("2 kB/s", 2e3),
  ("1.3 MB/s", 1.3e6), ("32.3 kB/s", 32_300), ("4.1 Mbit/s", 512_500), ("0.0000000001 B/s", 1e-10), ("1e6 GB/s", 1e15),
])
func aRateIsItsBytesPerSecond(_ text: String, _ rate: Double) throws {
  #expect(try settings("conditions.links.bandwidth=\(text)").conditions.links.bandwidth?.same?.bytesPerSecond == rate)
}

/// What cannot be counted exactly is refused, not rounded.
@Test(arguments: ["0.00000000001 B/s", "1.2345678901234567891 kB/s", "1e-300 B/s", "123456789.12345678901 B/s"])
func aRateOfTooManyDigitsIsRefused(_ text: String) throws {
  let error = try #require(throws: ScenarioError.self) { try settings("conditions.links.bandwidth=\(text)") }
  #expect(error.message == "conditions.links.bandwidth is '\(text)', with more digits than are counted")
  #expect(error.hint == "in B/s it has at most 18 digits, of which 10 behind the point")
}

/// One duration, size or share is one number in every unit, also as the parameter of a law and in a budget.
@Test(arguments: [
  ("conditions.compute.between-agents", "{exponential: 4.1 min}", "{exponential: 246 s}"),
  ("conditions.compute.between-agents", "{uniform: [32.3 ms, 0.7 h]}", "{uniform: [0.0323 s, 42 min]}"),
  ("conditions.compute.between-agents", "{gamma: {mean: 1.1 day, cv: 2}}", "{gamma: {mean: 95040 s, cv: 2}}"),
  ("conditions.links.latency", "{exponential: 8.2 us}", "{exponential: 0.0000082 s}"),
  ("conditions.links.loss", "0.7 %", "0.007"), ("conditions.links.overhead", "32.3 kB", "32300 B"),
  ("measure.budget", "{bytes: 32.3 kB}", "{bytes: 32300 B}"),
  ("measure.budget", "{bytes: 4.35 GB}", "{bytes: 4350 MB}"),
])
func aQuantityIsOneNumberInEveryUnit(_ key: String, _ one: String, _ other: String) throws {
  #expect(try settings("\(key)=\(one)") == settings("\(key)=\(other)"))
}

@Test(arguments: [
  ("0", UInt64(0)), ("64 B", 64), ("1.3 MB", 1_300_000), ("2 KiB", 2048), ("1 MiB", 1_048_576), ("3 kB", 3000),
  ("1 GiB", 1_073_741_824), ("0.5 GB", 500_000_000),
])
func aSizeIsItsBytes(_ text: String, _ bytes: UInt64) throws {
  #expect(try settings("conditions.links.overhead=\(text)").conditions.links.overhead == ByteCount(bytes))
}

/// The parameters of a law that draws are real numbers, of which a computed one may lie between two nanoseconds.
@Test func theParametersOfALawAreNotCountedInNanoseconds() throws {
  #expect(try betweenAgents("{exponential: 0.12345678901234567 s}") == .exponential(mean: 0.12345678901234567))
  #expect(try betweenAgents("{exponential: 1 h 30 min}") == .exponential(mean: 5400))
  #expect(throws: ScenarioError.self) { try betweenAgents("{exponential: 1e-400 s}") }
}

/// No law gives another duration than was written: what numbers of seconds do not hold is refused, wherever they are
/// drawn or multiplied.
@Test(arguments: [
  ("conditions.links.latency", "100 day 1 ns"), ("conditions.links.latency", "8640000.000000001 s"),
  ("conditions.links.latency", "{constant: 105000 day 3 ns}"),
  ("conditions.links.latency", "{mixture: {probability: 0.1, slow: 200 day 1 ns, fast: 1 s}}"),
  ("conditions.links.latency", "{uniform: [1 s, 17280000.000000001 s]}"),
  ("conditions.compute.between-agents", "17280000.000000001 s"), ("conditions.compute.start-phase", "100 day 1 ns"),
  ("conditions.failures", "{up: 17280000.000000001 s, down: 1 s}"),
])
func aDurationThatALawDoesNotHoldIsRefused(_ key: String, _ text: String) throws {
  let error = try #require(throws: ScenarioError.self) { try settings("\(key)=\(text)") }
  #expect(error.message.contains("too long to be held to the nanosecond where durations are drawn or multiplied"))
  #expect(error.hint == "one of more than 52 days is held in whole minutes")
}

@Test func aLongRoundTripIsHeldOrRefused() throws {
  func latency(_ trip: String) throws -> LatencySettings {
    let regions = "{assignment: {x: [agent-0, agent-1], y: [agent-2, agent-3]}, round-trip: {x-y: \(trip)}}"
    return try settings("conditions.links.latency={regions: \(regions)}").conditions.links.latency
  }
  guard let held = try latency("200 day").regions else { throw CancellationError() }
  #expect(held.roundTrips[0].duration.nanoseconds == 17_280_000_000_000_000)
  #expect(throws: ScenarioError.self) { try latency("200 day 2 ns") }
}

/// Every number of nanoseconds up to 52 days, and of minutes up to 292 years, is the duration that a constant law gives.
@Test func aConstantLawGivesExactlyWhatWasWritten() throws {
  for number in 0..<Int64(300) {
    let scattered = number &* 0x1E37_79B9_7F4A_7C15 & .max
    let written = VirtualDuration(
      nanoseconds: number % 2 == 0
        ? scattered % (52 * 86_400_000_000_000) : scattered % (292 * 365 * 1440) * 60_000_000_000)
    let settings = try settings("conditions.links.latency=\(written.text)")
    guard let law = settings.conditions.links.latency.law else { throw CancellationError() }
    #expect(VirtualDuration(seconds: law.mean) == written, "\(written.text)")
  }
}

@Test func aShareMayBeInPerCent() throws {
  #expect(try settings("conditions.links.loss=5 %").conditions.links.loss.independent == 0.05)
  #expect(try settings("conditions.links.loss=0.05").conditions.links.loss.independent == 0.05)
}

@Test func aTargetInDecibelsIsLinear() throws {
  let target = try #require(try settings("measure.target={msd: -30 dB}").measurement.target)
  #expect(abs(target.threshold - 1e-3) < 1e-15)
  #expect(try settings("measure.target.msd=0.25").measurement.target?.threshold == 0.25)
}

@Test func zeroNeedsNoUnit() throws {
  #expect(try settings("conditions.links.latency=0").conditions.links.latency == .law(.constant(0)))
}

@Test func everyLawIsReadByItsName() throws {
  #expect(try betweenAgents("{constant: 20 ms}") == .constant(0.02))
  #expect(try betweenAgents("{uniform: [10 ms, 20 ms]}") == .uniform(lower: 0.01, upper: 0.02))
  #expect(try betweenAgents("{exponential: {mean: 1 s}}") == .exponential(mean: 1))
  #expect(try betweenAgents("{exponential: 1 s}") == .exponential(mean: 1))
  #expect(try betweenAgents("{lognormal: {median: 100 ms, sigma: 0.6}}") == .lognormal(median: 0.1, sigma: 0.6))
  #expect(try betweenAgents("{gamma: {mean: 1 s, shape: 4}}") == .gamma(mean: 1, shape: 4))
  #expect(try betweenAgents("{gamma: {mean: 1 s, cv: 0.5}}") == .gamma(mean: 1, shape: 4))
}

@Test func aLognormalLawByMeanAndVariationHasThem() throws {
  let law = try betweenAgents("{lognormal: {mean: 30 s, cv: 0.7}}")
  #expect(abs(law.mean / 30 - 1) < 1e-14)
  #expect(abs(law.squaredCoefficientOfVariation / 0.49 - 1) < 1e-14)
}

@Test func aLognormalLawByMedianAndVariationHasThem() throws {
  let law = try betweenAgents("{lognormal: {median: 30 s, cv: 0.7}}")
  #expect(abs(law.cumulativeProbability(30) - 0.5) < 1e-14)
  #expect(abs(law.squaredCoefficientOfVariation / 0.49 - 1) < 1e-14)
}

@Test func aFactorWithoutAMeanHasMeanOne() throws {
  #expect(try withinAgent("{exponential: {}}") == .exponential(mean: 1))
  #expect(try withinAgent("{gamma: {cv: 0.5}}") == .gamma(mean: 1, shape: 4))
  let law = try withinAgent("{lognormal: {cv: 0.2}}")
  #expect(abs(law.mean - 1) < 1e-14)
  #expect(abs(law.squaredCoefficientOfVariation / 0.04 - 1) < 1e-13)
}

@Test func defaultsAreThoseOfTheSettings() throws {
  let small = try settings()
  #expect(small.conditions == ConditionSettings())
  #expect(small.strategy == StrategySettings())
  #expect(small.measurement == MeasurementSettings(until: .seconds(10), every: .seconds(1)))
  #expect(small.task == .linearRegression(LinearRegressionSettings(dimension: 2)))
  #expect(small.learner == LearnerSettings(stepSize: .law(.constant(0.02))))
}

@Test func theMissingNeighbourRuleFollowsTheTiming() throws {
  #expect(try settings("strategy.timing=asynchronous").strategy.missingNeighbour == .lastHeard)
  #expect(try settings("strategy.timing=synchronous-global").strategy.missingNeighbour == .itself)
  #expect(try settings("strategy.timing=synchronous-local").strategy.missingNeighbour == .wait)
}

@Test func theMemoryEstimateGrowsWithTheVectors() throws {
  func need(_ dimension: Int) throws -> MemoryNeed {
    MemoryNeed(ExpectedLoad(try settings("task.dimension=\(dimension)")))
  }
  let (small, large) = (try need(1000), try need(1001))
  // Of eight-byte numbers four agents have parameters, an increment and a minimiser, which the world has too; then there
  // are the network's optimum, in both, and the means over live and all agents.
  #expect(large.bytes(of: .agents) - small.bytes(of: .agents) == 8 * (4 * 4 + 2 + 2))
  // Each agent has sent an estimate and makes the next, and one more is being averaged.
  #expect(large.bytes(of: .estimates) - small.bytes(of: .estimates) == 8 * (4 * 2 + 1))
}

/// Steps that take no time are refused where they would follow each other, and allowed where a clock or a message
/// comes before each.
@Test func stepsWithoutDurationGoWithGossipAndPushSumOnly() throws {
  for kind in ["gossip", "push-sum"] {
    let compute = try settings("strategy.kind=\(kind)", "conditions.compute.between-agents=0 s").conditions.compute
    #expect(compute.betweenAgents == .constant(0))
  }
  #expect(throws: ScenarioError.self) { try settings("conditions.compute.between-agents=0 s") }
}

@Test func theMemoryEstimateKnowsWhatIsLate() throws {
  func estimate(_ delays: String...) throws -> Double {
    MemoryNeed(
      ExpectedLoad(
        try settings(
          "task.dimension=1000", "strategy.timing=slotted", "strategy.slots.message-delay=\(delays[0])",
          "strategy.slots.gradient-delay=\(delays[1])"))
    ).bytes
  }
  // Four agents hold one vector more for each slot, with a few bytes beside it.
  #expect(abs(try estimate("0", "8") - estimate("0", "7") - 8 * 4 * 1000) < 100)
  #expect(try estimate("8", "0") - estimate("7", "0") >= 8 * 4 * 1000)
}
