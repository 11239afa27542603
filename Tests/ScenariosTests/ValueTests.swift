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
  ("1.3 MB/s", 1.3e6),
])
func aRateIsItsBytesPerSecond(_ text: String, _ rate: Double) throws {
  #expect(try settings("conditions.links.bandwidth=\(text)").conditions.links.bandwidth == rate)
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

@Test func aShareMayBeInPerCent() throws {
  #expect(try settings("conditions.links.loss=5 %").conditions.links.loss == Probability(0.05))
  #expect(try settings("conditions.links.loss=0.05").conditions.links.loss == Probability(0.05))
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
