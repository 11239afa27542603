// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import EventEngine
import Learners
import Networks
import Quantities
import Randomness
import Schema
import Simulation
import Testing

/// A graph of a topology on which every strategy has to hold what theory says of all graphs.
struct GraphExample: Sendable, CustomTestStringConvertible {
  let topology: NetworkSettings.Topology
  let number: Int

  var testDescription: String { "\(topology.definition.name) \(number)" }

  /// The examples of all topologies (one that is added comes in by itself), and two graphs whose first agent has one
  /// edge and none.
  static let all: [GraphExample] = {
    let leaf = ["b", "c", "d"].map { NetworkSettings.Edge($0, "e") } + [.init("a", "b"), .init("c", "d")]
    let agents = ["a", "b", "c", "d", "e"]
    let special: [NetworkSettings.Topology] = [
      .edgeList(agents: agents, edges: leaf), .edgeList(agents: ["0"] + agents, edges: leaf),
      .edgeList(agents: ["0"] + agents, edges: leaf, directed: true),
    ]
    let registered = TopologyDefinition.all.flatMap { definition in
      definition.examples.map { NetworkSettings.Topology(definition, $0) }
    }
    return (registered + special).enumerated().map { GraphExample(topology: $1, number: $0) }
  }()

  static let undirected = all.filter { !$0.network.isDirected }

  var network: NetworkSettings {
    let isDirected = topology.arguments.flag("directed")
    return NetworkSettings(
      topology: topology, weights: isDirected ? .init(.averaging) : .metropolis, requiresConnection: false,
      requiresDoublyStochastic: .no)
  }

  /// Whether some agents do not reach each other along links.
  var isInPieces: Bool {
    var settings = network
    settings.requiresConnection = true
    settings.redraws = 0
    return seeds.contains { (try? DrawnGraph(settings, seed: $0, replication: StreamFamily.study)) == nil }
  }

  /// Seeds of graphs: some of a random topology, one of any other.
  var seeds: [UInt64] { topology.definition.isRandom ? [1, 2, 3] : [1] }
}

/// Agents that only average, with turns at random times.
private func averaging(
  _ example: GraphExample, _ strategy: StrategySettings, from initial: InitialParameters.Choice, seed: UInt64,
  until: Double
) -> SimulationSettings {
  var strategy = strategy
  strategy.clock = ClockSettings(withinAgent: .exponential(mean: 1), startPhase: .uniform(lower: 0.1, upper: 1))
  return SimulationSettings(
    network: example.network, task: .averaging(AveragingSettings(dimension: 2)),
    learner: LearnerSettings(algorithm: .none, stepSize: .law(.constant(0)), initial: initial), strategy: strategy,
    conditions: ConditionSettings(compute: ComputeSettings(betweenAgents: .constant(1))),
    measurement: MeasurementSettings(until: .seconds(until), every: .seconds(until)), seed: seed)
}

private func pushSum(_ timing: StrategySettings.Timing, runningSums: Bool) -> StrategySettings {
  StrategySettings(kind: .pushSum, timing: timing, pushSum: PushSumSettings(runningSums: runningSums))
}

private let pushSums = [StrategySettings.Timing.asynchronous, .slotted].flatMap { timing in
  [false, true].map { pushSum(timing, runningSums: $0) }
}

/// Messages that go again soon, so that rounds go on under loss.
private let quick = StrategySettings.Retransmission(timeout: .seconds(1), backOff: 1)

private let gossips: [StrategySettings] = GossipSettings.Exchange.allCases.flatMap { exchange in
  GossipSettings.Loss.allCases.flatMap { loss in
    GossipSettings.Wake.allCases.map {
      StrategySettings(kind: .gossip, gossip: GossipSettings(exchange: exchange, loss: loss, wake: $0))
    }
  }
}

private let averagings: [StrategySettings] =
  gossips + pushSums
  + diffusions.flatMap { kind in
    [
      StrategySettings(kind: kind), StrategySettings(kind: kind, missingNeighbour: .renormalise),
      StrategySettings(kind: kind, exchange: .pull),
      StrategySettings(kind: kind, exchange: .link, linkInterval: .exponential(mean: 1), mailboxStart: .initial),
      StrategySettings(kind: kind, timing: .synchronousGlobal, retransmission: quick),
      StrategySettings(kind: kind, timing: .synchronousLocal, retransmission: quick),
      StrategySettings(kind: kind, timing: .synchronousLocal, missingNeighbour: .itself, peerTimeout: .seconds(2)),
    ]
      + SlotSettings.Activity.allCases.map {
        StrategySettings(
          kind: kind, timing: .slotted, missingNeighbour: .renormalise,
          slots: SlotSettings(activity: $0, activeProbability: .law(.constant(0.7)), messageDelay: 1))
      }
  }

/// Loss, latency and crashes, as far as the strategy knows them.
private func disturb(_ settings: inout SimulationSettings) throws {
  let strategy = settings.strategy
  settings.conditions.links.loss = try .independent(#require(Probability(0.3)))
  if strategy.timing == .slotted {
    settings.conditions.links.latency = .law(.uniform(lower: 0, upper: 0.5))
  } else if strategy.gossip.exchange == .push {
    settings.conditions.links.latency = .law(.exponential(mean: 0.7))
  }
  settings.conditions.failures = FailureSettings(up: .exponential(mean: 12), down: .exponential(mean: 3))
  if settings.directedObstacle != nil {
    // Rounds on one-way links know no acknowledgements: nothing may be lost.
    settings.conditions.links.loss = .never
    settings.conditions.failures = nil
  }
}

/// Where all agents hold the same numbers, nothing changes them on any graph: exactly, in push-sum to rounding.
@Test(arguments: cases(GraphExample.all))
func aConstantStaysOnEveryGraph(example: GraphExample) throws {
  for (index, strategy) in averagings.enumerated() {
    for seed in example.seeds {
      let constant = [0.1, -1 / 3.0, 1e300][(index + Int(seed)) % 3]
      var settings = averaging(example, strategy, from: .constant(constant), seed: seed, until: 25)
      try disturb(&settings)
      guard settings.directedObstacle == nil else { continue }
      let seen = try Seen(settings)
      if strategy.kind == .pushSum {
        // Running sums are differences: where mass drains out of a piece, what is left of it is less than their rounding.
        let drains = strategy.pushSum.runningSums && example.network.isDirected && example.isInPieces
        #expect(seen.parameters.allSatisfy { abs($0 / constant - 1) < (drains ? 1e-6 : 1e-12) }, "\(strategy)")
      } else {
        #expect(seen.parameters.allSatisfy { $0 == constant }, "\(strategy)")
      }
      #expect((seen.record.messages.sent > 0) == (try World(settings, replication: 0).network.linkCount > 0))
      #expect(seen.record.messages.accounted == seen.record.messages.sent)
    }
  }
}

/// The means of the agents' initial parameters.
private func startingMeans(_ settings: SimulationSettings) throws -> [Double] {
  let keys = try World(settings, replication: 0).network.keys
  let learner = PureAveraging(
    AveragingSettings(dimension: 2), initial: settings.learner.initial, agents: keys, seed: settings.seed,
    replication: 0)
  var sums = [0.0, 0]
  for rank in keys.indices {
    var start = [0.0, 0]
    learner.initialise(NodeID(rank), into: &start)
    for entry in 0..<2 { sums[entry] += start[entry] }
  }
  return sums.map { $0 / Double(keys.count) }
}

private func expectSameMean(_ seen: Seen, as settings: SimulationSettings) throws {
  let start = try startingMeans(settings)
  for entry in 0..<2 {
    let values = stride(from: entry, to: seen.parameters.count, by: 2).map { seen.parameters[$0] }
    #expect(abs(values.reduce(0, +) / Double(values.count) - start[entry]) < 1e-13, "\(settings.strategy)")
  }
}

/// Rounds and slots with doubly stochastic weights keep the mean. A round takes 1 s and what its messages need, at most
/// 0.6 s in 20 rounds with these seeds; so at 20.7 s everybody has done 20.
@Test(arguments: cases(GraphExample.undirected))
func roundsAndSlotsKeepTheMeanOnEveryGraph(example: GraphExample) throws {
  let timings = [StrategySettings.Timing.synchronousGlobal, .synchronousLocal, .slotted]
  for (kind, timing) in diffusions.flatMap({ kind in timings.map { (kind, $0) } }) {
    for seed in example.seeds {
      let strategy = StrategySettings(
        kind: kind, timing: timing, missingNeighbour: timing == .slotted ? .itself : .wait,
        retransmission: .init(timeout: .seconds(0.002), backOff: 1))
      var settings = averaging(example, strategy, from: .normal(standardDeviation: 1), seed: seed, until: 20.7)
      settings.conditions.links.latency = .law(.uniform(lower: 0, upper: 0.001))
      if timing != .slotted { settings.conditions.links.loss = try .independent(#require(Probability(0.3))) }
      if timing == .slotted, kind != .diffusionCTA {
        settings.strategy.slots.activeProbability = .law(.constant(0.5))
        settings.strategy.missingNeighbour = .lastHeard
      }
      let seen = try Seen(settings)
      let combinations = (0..<seen.record.agents.count).map { agent in
        seen.events.count { $0.kind == .combine && $0.subject == UInt32(agent) }
      }
      #expect(combinations.allSatisfy { $0 == combinations[0] && $0 >= 20 })
      try expectSameMean(seen, as: settings)
    }
  }
}

/// Pairs that average at one instant keep the mean whenever one looks, as long as losses take whole exchanges.
@Test(arguments: GraphExample.undirected, GossipSettings.Wake.allCases)
func pairsKeepTheMeanOnEveryGraph(example: GraphExample, wake: GossipSettings.Wake) throws {
  for seed in example.seeds {
    let strategy = StrategySettings(kind: .gossip, gossip: GossipSettings(exchange: .pairwise, wake: wake))
    var settings = averaging(example, strategy, from: .normal(standardDeviation: 1), seed: seed, until: 30)
    try disturb(&settings)
    try expectSameMean(Seen(settings), as: settings)
  }
}

/// Push-sum loses and makes nothing, after every event: plain while nothing is lost, with running sums whatever happens.
/// Edges that vanish take what is on them along, so agents that move keep their sum with running sums only.
@Test(arguments: cases(GraphExample.all))
func pushSumKeepsSumAndMassOnEveryGraph(example: GraphExample) throws {
  for (strategy, seed) in pushSums.flatMap({ strategy in example.seeds.map { (strategy, $0) } }) {
    guard strategy.pushSum.runningSums || MovementSettings(example.topology) == nil else { continue }
    var settings = averaging(example, strategy, from: .normal(standardDeviation: 1), seed: seed, until: 15)
    try disturb(&settings)
    if !strategy.pushSum.runningSums {
      settings.conditions.links.loss = .never
      settings.conditions.failures = nil
    }
    let seen = try Seen(settings)
    let audits = seen.trace.conservedSums.filter { !$0.isEmpty }
    let means = try startingMeans(settings)
    let agents = Double(seen.record.agents.count)
    let worst = audits.map { sums in
      max(abs(sums[0] - agents * means[0]), abs(sums[1] - agents * means[1]), abs(sums[2] - agents))
    }.max()
    #expect(try #require(worst) < 1e-9)
    #expect(audits.count > seen.events.count / 2)
  }
}

/// The graphs above have what is special about graphs.
@Test func theExamplesHaveAgentsWithFewNeighbours() throws {
  var degreesOfTheFirst: Set<Int> = []
  for example in GraphExample.all {
    let network = try Network(example.network, seed: 1, replication: 0)
    degreesOfTheFirst.insert(network.degree(NodeID(0)))
  }
  #expect(degreesOfTheFirst.isSuperset(of: [0, 1, 2]))
}
