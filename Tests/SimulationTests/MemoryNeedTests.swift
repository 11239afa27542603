// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Networks
import Quantities
import Randomness
import Schema
import Simulation
import Testing
import Workers

/// A run of which most of the memory is vectors, under the conditions of a test.
private struct Case: CustomTestStringConvertible {
  let testDescription: String
  var settings: SimulationSettings

  init(
    _ name: String, agents: Int = 10, dimension: Int = 4000, isComplete: Bool = false,
    strategy: StrategySettings = StrategySettings(), within: Distribution = .exponential(mean: 1),
    links: LinkSettings = LinkSettings(), failures: FailureSettings? = nil, until: Double = 200
  ) {
    testDescription = name
    let network =
      isComplete
      ? NetworkSettings(
        topology: .init(.complete, Arguments(["agents": .count(agents)]))) : ring(agents)
    let arrives = strategy.kind == .gossip || strategy.kind == .pushSum
    settings = SimulationTests.settings(
      network, dimension: dimension, stepSize: 1e-5, strategy: strategy,
      compute: ComputeSettings(betweenAgents: .constant(arrives ? 0 : 1), withinAgent: within), links: links,
      failures: failures, until: until, every: until / 10)
  }
}

private func latency(_ law: Distribution, loss: Double = 0, inOrder: Bool = false) -> LinkSettings {
  LinkSettings(latency: .law(law), loss: Probability(loss) ?? .never, inOrder: inOrder)
}

/// 32 kB of a vector of 4000 numbers at one message a second, on links of so many bytes a second.
private func lines(_ bytesPerSecond: UInt64, _ queue: LinkSettings.Queue = .fifo) -> LinkSettings {
  LinkSettings(bandwidth: .bytesPerSecond(bytesPerSecond), queue: queue)
}

private let poisson = ClockSettings(withinAgent: .exponential(mean: 1))

private let cases: [Case] = [
  Case("short latency", agents: 40, links: latency(.constant(0.01))),
  Case("long latency", links: latency(.constant(50))),
  Case("latency longer than the run", links: latency(.constant(1000))),
  Case("latency of chance", links: latency(.exponential(mean: 30))),
  Case("latency of heavy tails", links: latency(.pareto(minimum: 5, shape: 1.1), loss: 0.2)),
  Case("latency without a mean", links: latency(.pareto(minimum: 5, shape: 0.5))),
  Case("in order", links: latency(.exponential(mean: 10), inOrder: true)),
  Case("in order on complete", dimension: 2000, isComplete: true, links: latency(.exponential(mean: 5), inOrder: true)),
  Case(
    "loss", agents: 30, dimension: 2000, isComplete: true, links: latency(.exponential(mean: 1), loss: 0.5), until: 50),
  Case("a link that carries a tenth", links: lines(3200)),
  Case("a link that carries a tenth, newest first", agents: 40, links: lines(3200, .supersede)),
  Case("a link that carries most", agents: 40, links: lines(40_000)),
  Case("a link that carries just all", agents: 40, links: lines(32_000)),
  Case("a steady link", within: .constant(1), links: lines(16_000)),
  Case("consensus", agents: 40, strategy: StrategySettings(kind: .consensus), links: latency(.constant(0.2))),
  Case("combine first", agents: 40, strategy: StrategySettings(kind: .diffusionCTA), links: latency(.constant(20))),
  Case("pull", isComplete: true, strategy: StrategySettings(exchange: .pull)),
  Case(
    "clocks of links", strategy: StrategySettings(exchange: .link, linkInterval: .exponential(mean: 1)),
    links: latency(.constant(20))),
  Case("alone", agents: 40, strategy: StrategySettings(kind: .nonCooperative)),
  Case(
    "local rounds", agents: 40, strategy: StrategySettings(timing: .synchronousLocal), links: latency(.constant(0.5))),
  Case(
    "global rounds", agents: 40, strategy: StrategySettings(kind: .diffusionCTA, timing: .synchronousGlobal),
    links: latency(.constant(100))),
  Case(
    "acknowledged rounds", agents: 40, strategy: StrategySettings(timing: .synchronousLocal),
    links: latency(.constant(0.1), loss: 0.3)),
  Case(
    "rounds that wait for nobody",
    strategy: StrategySettings(timing: .synchronousLocal, missingNeighbour: .itself, peerTimeout: .seconds(0.01)),
    links: latency(.constant(50))),
  Case("slots", agents: 40, strategy: StrategySettings(timing: .slotted)),
  Case(
    "late slots",
    strategy: StrategySettings(timing: .slotted, slots: SlotSettings(messageDelay: 30, gradientDelay: 20))),
  Case(
    "slots that lose most", agents: 20, isComplete: true,
    strategy: StrategySettings(timing: .slotted, missingNeighbour: .lastHeard), links: latency(.constant(0), loss: 0.8)),
  Case(
    "gossip", agents: 50, isComplete: true, strategy: StrategySettings(kind: .gossip, clock: poisson),
    links: latency(.constant(20))),
  Case(
    "pairs", agents: 50,
    strategy: StrategySettings(
      kind: .gossip, clock: poisson, gossip: GossipSettings(exchange: .pairwise))),
  Case(
    "push-sum", agents: 20, strategy: StrategySettings(kind: .pushSum, clock: poisson), links: latency(.constant(20))),
  Case(
    "running sums", isComplete: true,
    strategy: StrategySettings(kind: .pushSum, clock: poisson, pushSum: PushSumSettings(runningSums: true)),
    links: latency(.exponential(mean: 2), loss: 0.2)),
  Case("push-sum in slots", agents: 40, strategy: StrategySettings(kind: .pushSum, timing: .slotted)),
  Case(
    "crashes", links: latency(.constant(20)),
    failures: FailureSettings(up: .exponential(mean: 20), down: .exponential(mean: 10))),
]

/// What is said of memory beforehand is no less than what is taken, and no more than twice that. Chance: counts stay
/// three deviations below their bounds but in one run of a thousand; draws are those of seed 7.
@Test(arguments: cases)
private func theMemoryNeededBoundsWhatIsHeld(_ item: Case) throws {
  let world = try World(item.settings, replication: 0)
  let need = MemoryNeed(ExpectedLoad(item.settings, in: world))
  let (_, use) = try simulateCountingMemory(item.settings, in: world)
  #expect(Double(use.bytes) <= need.bytes)
  let few = MemoryNeed.bytesOfRun + need.bytes(of: .network)
  #expect(need.bytes - few <= 2 * Double(use.bytes + use.parameterBytes / 2), "\(need.parts) \(use)")
}

/// Ten agents whose 1000 vectors of 80 kB each are on their way in the end.
@Test func linesAndLatenciesCountAllThatIsUnderWay() throws {
  for links in [LinkSettings(bandwidth: .bytesPerSecond(1000), queue: .fifo), latency(.constant(1000))] {
    let settings = settings(ring(10), dimension: 10_000, links: links, until: 1000, every: 100)
    let need = try MemoryNeed(ExpectedLoad(settings, in: World(settings, replication: 0)))
    #expect(abs(need.bytes(of: .messages) / 800e6 - 1) < 0.03)
  }
}

@Test func keptParametersAreCounted() throws {
  var settings = settings(ring(10), dimension: 1000, until: 10, every: 0.001)
  settings.measurement.keeping = .every(.seconds(0.001))
  let need = MemoryNeed(ExpectedLoad(settings))
  #expect(abs(need.bytes(of: .keptParameters) / 800e6 - 1) < 0.06)
  #expect(need.largest.path == "measure.keep-parameters")
}

// MARK: - Runs that have to end

/// 80 kB a second at each of ten agents, on links that carry nothing.
private let growing = settings(ring(10), dimension: 10_000, links: latency(.constant(1000)), until: 200, every: 100)

@Test func aRunEndsWithAnErrorWhereTheMemoryOfTheMachineDoes() throws {
  let world = try World(growing, replication: 0)
  let error = try #require(throws: SimulationError.self) {
    try simulateCountingMemory(growing, in: world, memory: { MachineMemory(limit: 8e9, available: 1e8) })
  }
  #expect(error.description.hasPrefix("The run takes more memory than there is"))
  #expect(error.description.contains("conditions.links.latency"))
}

@Test func memoryIsLookedAtOnlyWhereItGrowsByMuch() throws {
  let small = settings(ring(4), until: 100)
  let (record, _) = try simulateCountingMemory(
    small, in: World(small, replication: 0), memory: { MachineMemory(limit: 8e9, available: 0) })
  #expect(record.ending == .until)
}

@Test func aRunOfFarMoreEventsThanExpectedEndsWithAnError() throws {
  let small = settings(ring(4), until: 10_000)
  let world = try World(small, replication: 0)
  let error = try #require(throws: SimulationError.self) {
    try simulateCountingMemory(small, in: world, mostEvents: 50_000)
  }
  #expect(error.description.contains("far more events than were to be expected"))
  #expect(error.description.contains("conditions.compute"))
  // What is to be expected is what is made: three events of a step, and two messages of each.
  let load = ExpectedLoad(small, in: world)
  let (record, _) = try simulateCountingMemory(small, in: world)
  let made = Double(record.engine.events.values.reduce(0, +))
  #expect(abs(load.events / made - 1) < 0.01)
}

/// Minimisers that differ and regressors that are correlated take equations of M × M numbers when the world is drawn.
@Test func theEquationsForTheOptimumAreCounted() {
  var correlated = settings(ring(4), dimension: 100_000, spread: 1)
  #expect(MemoryNeed(ExpectedLoad(correlated)).bytes(of: .optimum) == 0)
  guard var task = correlated.task.linearRegression else { return }
  task.regressorCorrelation = .law(.constant(0.5))
  correlated.task = .linearRegression(task)
  let need = MemoryNeed(ExpectedLoad(correlated))
  #expect(need.bytes(of: .optimum) == 240e9)
  #expect(need.largest.path == "task.dimension")
}
