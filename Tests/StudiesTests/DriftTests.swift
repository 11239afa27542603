// SPDX-License-Identifier: GPL-3.0-or-later
import Records
import Scenarios
import Studies
import Testing

// What sums of binary fractions got wrong: coincidences at decimal durations. Whole numbers, by hand.

/// The records of a scenario, by arm, of one replication.
private func records(_ text: String, _ overrides: String...) throws -> [RunRecord] {
  let study = try Study(Scenario.parse(text: text, file: "drift.yaml", overrides: overrides.map { try Override($0) }))
  return try study.records(of: study.plan, jobs: 2)
}

extension RunRecord {
  fileprivate func values(_ metric: MetricDefinition) -> [Double] {
    series.first { $0.metric == metric.name }?.values ?? []
  }
}

/// Rounds with steps of one length are slots of that length, bit for bit.
@Test(arguments: ["100 ms", "70 ms", "1 s", "300 us", "13 min", "7 ns"])
func roundsAreSlotsOfTheLengthOfTheirSteps(step: String) throws {
  let duration = try #require(VirtualTimes(step))
  let text = """
    name: verdict
    task: {kind: linear-regression, dimension: 5, noise-variance: 0.01}
    network: {topology: ring, agents: 10}
    learner: {algorithm: lms, step-size: 0.05}
    strategy: {kind: diffusion-atc, timing: slotted, slots: {duration: \(step)}}
    conditions: {compute: {between-agents: \(step)}}
    measure: {until: \(duration.times(200)), every: \(step), target: {msd: -10 dB}}
    arms: {slotted: {}, rounds: {strategy.timing: synchronous-global}}
    replications: 1
    """
  let both = try records(text)
  #expect(both[0].values(.updates) == both[1].values(.updates))
  #expect(both[0].values(.updates).last == 200)
  #expect(both[0].values(.msd).map(\.bitPattern) == both[1].values(.msd).map(\.bitPattern))
  #expect(both[0].target?.time == both[1].target?.time)
}

/// A number of a unit, to be multiplied.
private struct VirtualTimes {
  let number: Int
  let unit: Substring

  init?(_ text: String) {
    let parts = text.split(separator: " ")
    guard parts.count == 2, let number = Int(parts[0]) else { return nil }
    (self.number, unit) = (number, parts[1])
  }

  func times(_ factor: Int) -> String { "\(number * factor) \(unit)" }
}

/// One exact gradient step in each interval of the grid: E x² shrinks by (1 − μ)² a step, and no step is missed.
@Test func everyMeasurementOfAGridOfStepsShowsItsSteps() throws {
  let text = """
    name: grid
    task: {kind: linear-regression, dimension: 1, noise-variance: 0.01, truth: {centre: [1]}}
    network: {topology: ring, agents: 4}
    learner: {algorithm: steepest-descent, step-size: 0.001}
    strategy: {kind: non-cooperative, timing: asynchronous}
    conditions: {compute: {between-agents: 100 ms}}
    measure: {until: 200 s, every: 100 ms}
    replications: 1
    """
  for overrides in [[], ["conditions.compute.between-agents=300 ms", "measure.every=300 ms", "measure.until=600 s"]] {
    let study = try Study(Scenario.parse(text: text, file: "grid.yaml", overrides: overrides.map { try Override($0) }))
    let record = try #require(try study.records(of: study.plan, jobs: 1).first)
    #expect(record.values(.updates) == (0...2000).map(Double.init))
    var expected = try #require(record.values(.msd).first)
    for value in record.values(.msd) {
      #expect(abs(value / expected - 1) < 1e-9)
      expected *= 0.999 * 0.999
    }
  }
  // A point of the grid has one name.
  #expect(try records(text)[0].grid[3] == 0.3)
}

/// Six steps of patience with an agent that takes seven, in seconds and in tenths of them.
@Test func patienceDoesNotDependOnTheUnit() throws {
  let text = """
    name: timeout
    task: {kind: linear-regression, dimension: 2, noise-variance: 0.01, truth: {spread: 1}}
    network: {topology: complete, agents: 4}
    learner: {algorithm: lms, step-size: 0.05}
    strategy: {kind: diffusion-atc, timing: synchronous-local, missing-neighbour: self, peer-timeout: 6 s}
    conditions: {compute: {between-agents: 1 s, stragglers: {agents: [agent-0], slowdown: 7}}}
    measure: {until: 1403.5 s, every: 3.5 s, final-window: 0.5}
    arms:
      seconds: {}
      tenths:
        strategy.peer-timeout: 600 ms
        conditions.compute.between-agents: 100 ms
        measure.until: 140.35 s
        measure.every: 350 ms
    replications: 1
    """
  let both = try records(text)
  #expect(both[0].messages.late == 0)
  #expect(both[0].messages == both[1].messages)
  #expect(both[0].values(.msd) == both[1].values(.msd))
}

/// Messages that take three steps are three updates old when they are combined, and never more.
@Test(arguments: [("1 s", "3 s"), ("100 ms", "300 ms"), ("125 ms", "375 ms"), ("70 us", "210 us")])
func messagesThatTakeThreeStepsAreThreeUpdatesOld(step: String, latency: String) throws {
  let duration = try #require(VirtualTimes(step))
  let text = """
    name: staleness
    task: {kind: linear-regression, dimension: 2, noise-variance: 0.01}
    network: {topology: ring, agents: 10}
    learner: {algorithm: lms, step-size: 0.1}
    strategy: {kind: diffusion-atc, timing: asynchronous}
    conditions: {compute: {between-agents: \(step)}, links: {latency: \(latency)}}
    measure: {until: \(duration.times(600)), every: \(duration.times(10))}
    replications: 1
    """
  let staleness = try records(text)[0].staleness
  #expect(staleness.meanUpdates == 3)
  #expect(staleness.maximumUpdates == 3)
}

/// Three steps up and one down: of the 41 points of the grid of steps an agent is down at each fourth.
@Test(arguments: [("10 ms", "30 ms"), ("1 s", "3 s"), ("700 us", "2.1 ms")])
func anAgentIsUpAtThreePointsOfFour(step: String, up: String) throws {
  let duration = try #require(VirtualTimes(step))
  let text = """
    name: crash
    task: {kind: linear-regression, dimension: 2, noise-variance: 0.01}
    network: {topology: ring, agents: 4}
    learner: {algorithm: lms, step-size: 0.05}
    strategy: {kind: diffusion-atc, timing: asynchronous}
    conditions: {compute: {between-agents: \(step)}, failures: {up: \(up), down: \(step)}}
    measure: {until: \(duration.times(40)), every: \(step)}
    replications: 1
    """
  let record = try records(text)[0]
  let available = record.values(.available)
  #expect(available.count == 41)
  #expect(available.reduce(0, +) == 31)
  #expect(record.agents.allSatisfy { $0.updates == 20 })
}

/// Messages that are exactly as long as a step on their links: what one rate is in two units is one run, bit for bit.
@Test(arguments: [
  (dimension: 40, overhead: 3, step: "10 ms", rates: ["32.3 kB/s", "32300 B/s", "258.4 kbit/s"]),
  (dimension: 512, overhead: 4, step: "8 ms", rates: ["4.1 Mbit/s", "512500 B/s", "0.0041 Gbit/s"]),
  (dimension: 36, overhead: 3, step: "15 s", rates: ["19.4 B/s", "0.0194 kB/s", "155.2 bit/s"]),
])
func theUnitOfABandwidthDoesNotMatter(
  _ given: (dimension: Int, overhead: Int, step: String, rates: [String])
) throws {
  let step = try #require(VirtualTimes(given.step))
  let arms = given.rates.enumerated().map { "arm-\($0): {conditions.links.bandwidth: \($1)}" }
  let text = """
    name: bandwidth
    task: {kind: linear-regression, dimension: \(given.dimension), noise-variance: 0.01}
    network: {topology: ring, agents: 10}
    learner: {algorithm: lms, step-size: 0.0005}
    strategy: {kind: diffusion-atc, timing: asynchronous}
    conditions: {compute: {between-agents: \(given.step)}, links: {overhead: \(given.overhead) B}}
    measure: {until: \(step.times(200)), every: \(step.times(10))}
    arms: {\(arms.joined(separator: ", "))}
    replications: 1
    """
  let found = try records(text)
  #expect(Set(found.map(\.fingerprint)).count == 1)
  // A message leaves as the next one comes, and is combined one step after it was made.
  #expect(found.allSatisfy { $0.staleness.meanUpdates == 1 && $0.messages.superseded == 0 })
}

/// What carries a tenth in a world that is ten times slower carries the same.
@Test func aSlowerWorldHasSlowerLinks() throws {
  let text = """
    name: bandwidth-scale
    task: {kind: linear-regression, dimension: 36, noise-variance: 0.01}
    network: {topology: ring, agents: 10}
    learner: {algorithm: lms, step-size: 0.01}
    strategy: {kind: diffusion-atc, timing: asynchronous}
    conditions: {compute: {between-agents: 1500 ms}, links: {bandwidth: 194 B/s, overhead: 3 B}}
    measure: {until: 1500 s, every: 15 s}
    arms:
      as it is: {}
      ten times:
        conditions.links.bandwidth: 19.4 B/s
        conditions.compute.between-agents: 15 s
        measure.until: 15000 s
        measure.every: 150 s
    replications: 1
    """
  let both = try records(text)
  #expect(both[0].messages == both[1].messages)
  #expect(both[0].staleness.meanUpdates == both[1].staleness.meanUpdates)
  #expect(both[0].values(.msd).map(\.bitPattern) == both[1].values(.msd).map(\.bitPattern))
}
