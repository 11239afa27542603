// SPDX-License-Identifier: GPL-3.0-or-later
import Scenarios
import Simulation
import Studies
import Testing
import Workers

private func scenario(_ settings: [String], task: String? = nil) throws -> Scenario {
  let text = """
    name: flood
    task: {kind: linear-regression, dimension: 2, noise-variance: 0.01}
    network: {topology: ring, agents: 4}
    learner: {algorithm: lms, step-size: 0.05}
    conditions: {compute: {between-agents: 100 ms}}
    measure: {until: 10 s, every: 1 s}
    replications: 1
    """
  return try Scenario.parse(text: task ?? text, file: "flood.yaml", overrides: settings.map { try Override($0) })
}

/// Everything that can happen once a nanosecond, with the key that says so.
private let floods: [(key: String, settings: [String])] = [
  ("conditions.failures", ["conditions.failures.up=1 ns", "conditions.failures.down=1 ns"]),
  (
    "conditions.failures",
    ["conditions.failures.up={exponential: 1 ns}", "conditions.failures.down={exponential: 1 ns}"]
  ),
  ("strategy.slots.duration", ["strategy.timing=slotted", "strategy.slots.duration=1 ns"]),
  ("strategy.slots.duration", ["strategy.kind=push-sum", "strategy.timing=slotted", "strategy.slots.duration=1 ns"]),
  ("strategy.link-interval", ["strategy.message=w", "strategy.exchange=link", "strategy.link-interval=1 ns"]),
  (
    "strategy.clock",
    ["strategy.kind=gossip", "strategy.clock.between-agents=1 ns", "conditions.compute.between-agents=0 s"]
  ),
  (
    // One clock of all four agents, which has an agent ring every 4 ns.
    "strategy.clock",
    ["strategy.kind=gossip", "strategy.gossip.wake=one-at-a-time", "strategy.clock.between-agents=1 ns"]
  ),
  (
    "strategy.clock",
    ["strategy.kind=push-sum", "strategy.clock.between-agents=1 s", "strategy.clock.within-agent=1e-9"]
  ),
  ("conditions.compute", ["conditions.compute.between-agents=1 ns"]),
  ("conditions.compute", ["conditions.compute.within-agent={exponential: {mean: 1e-9}}"]),
  (
    "strategy.retransmission.timeout",
    [
      "strategy.timing=synchronous-local", "strategy.retransmission.acknowledge=always",
      "strategy.retransmission.timeout=1 ns", "strategy.retransmission.back-off=1", "conditions.links.latency=1 s",
    ]
  ),
]

@Test(arguments: floods)
private func whatHappensOnceANanosecondIsRefusedAtItsKey(_ flood: (key: String, settings: [String])) throws {
  let error = try #require(throws: ScenarioError.self) { try scenario(flood.settings) }
  #expect(error.message == "\(flood.key) makes more than ten billion events of a run of 10 s")
}

/// Durations of a run that is long but not without end.
@Test func whatHappensOnceAMillisecondIsNot() throws {
  for settings in [
    ["conditions.failures.up=1 ms", "conditions.failures.down=1 ms"],
    ["strategy.timing=slotted", "strategy.slots.duration=1 ms"],
    ["strategy.message=w", "strategy.exchange=link", "strategy.link-interval=1 ms"],
    ["strategy.kind=gossip", "strategy.clock.between-agents=1 ms"],
    ["strategy.timing=synchronous-local", "strategy.retransmission.timeout=1 ms", "conditions.links.latency=1 s"],
  ] {
    #expect(throws: Never.self) { try Study(scenario(settings)) }
  }
}

/// A law with a mean of 20 ms and a variation of three draws a typical step of 160 ns for some agent: its run ends,
/// after many events. With a variation of ten the step is no time, and the run would not end.
@Test func aStepThatIsDrawnTooShortIsRefusedBeforeTheRun() throws {
  func text(cv: Int) -> String {
    """
    name: tiny-steps
    task: {kind: linear-regression, dimension: 50}
    network: {topology: exponential, agents: 12, directed: true, weights: averaging}
    learner: {algorithm: lms, step-size: 0.01}
    strategy: {kind: diffusion-atc, timing: asynchronous}
    conditions: {compute: {between-agents: {gamma: {mean: 20 ms, cv: \(cv)}}}}
    measure: {until: 2 s, every: 1 s}
    replications: 2
    seed: 47
    """
  }
  let error = try #require(throws: StudyError.self) { try Study(scenario([], task: text(cv: 10))) }
  #expect(
    error.description.contains("conditions.compute makes more than ten billion events of a run of 2 s: as drawn"))
  let tiny = try Study(scenario([], task: text(cv: 3)))
  let load = ExpectedLoad(tiny.scenario.arms[0].settings, in: try tiny.world(of: 0))
  #expect(load.events > 1.8e8 && load.events < 1.9e8)
  #expect(load.eventSources.max { $0.total < $1.total }?.path == "conditions.compute")
}

@Test func agentsThatAreDrawnToTakeNoTimeAreRefusedBeforeTheRun() throws {
  let text = """
    name: zero-steps
    task: {kind: control, environment: cart-pole-balance}
    network: {topology: ring, agents: 4}
    learner: {algorithm: actor-critic}
    conditions: {compute: {between-agents: {discrete-uniform: {lower: 0 s, upper: 1 s, step: 1 s}}}}
    measure: {until: 10 s, every: 1 s}
    replications: 1
    """
  let zero = try scenario([], task: text)
  let error = try #require(throws: StudyError.self) { try Study(zero) }
  #expect(error.description.contains("conditions.compute makes more than ten billion events"))
  let clocks = try scenario([
    "strategy.kind=gossip", "strategy.clock.between-agents={discrete-uniform: {lower: 0 s, upper: 1 s, step: 1 s}}",
  ])
  #expect(throws: StudyError.self) { try Study(clocks) }
}

/// Where speeds are drawn anew, a replication in which they are too fast fails, and the others go on.
@Test func aReplicationThatDrawsNoTimeFailsAlone() throws {
  let settings = try scenario([
    "conditions.compute.between-agents={discrete-uniform: {lower: 0 s, upper: 3 s, step: 1 s}}", "resample=[speeds]",
  ]).arms[0].settings
  let isFlooded = (0..<20).map { (try? World(settings, replication: UInt32($0))) == nil }
  #expect(isFlooded.contains(true) && isFlooded.contains(false))
}

// MARK: - Memory

@Test func fewerRunsTakePlaceAtOnceWhereMemoryIsShort() throws {
  let study = try Study(scenario(["task.dimension=10000"]))
  let memory = try StudyMemory(study, replications: 1, readsCurves: true)
  let run = MemoryNeed(ExpectedLoad(study.scenario.arms[0].settings, in: try study.world(of: 0))).bytes
  #expect(memory.jobs(atMost: 8, in: MachineMemory(limit: 1e12, available: 1e12)) == 8)
  #expect(memory.jobs(atMost: 8, in: MachineMemory(limit: 4 * run, available: run)) == 3)
  #expect(memory.jobs(atMost: 8, in: MachineMemory(limit: run, available: run)) == 1)
}

@Test func aRunThatDoesNotFitSaysWhatTakesTheMemory() throws {
  let settings = try scenario([
    "task.dimension=10000", "conditions.links.bandwidth=1 kB/s", "conditions.links.queue=fifo", "measure.until=1000 s",
  ]).arms[0].settings
  let need = MemoryNeed(ExpectedLoad(settings))
  #expect(need.excess(over: MachineMemory(limit: 10e9, available: 0)) == nil)
  let excess = try #require(need.excess(over: MachineMemory(limit: 1e9, available: 0)))
  #expect(excess.path == "conditions.links.bandwidth")
  #expect(excess.message.contains("messages that wait for their links"))
}
