// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Foundation
import Learners
import Networks
import Quantities
import Randomness
import ReferenceFiles
import Simulation
import Testing
import Theory

/// Directed push-sum, from an independent program.
private struct PushSumReference: Decodable {
  struct Expected: Decodable {
    let average: Double
    /// A number of rounds, and the estimates after it.
    let losslessEstimateAfterRounds: [Round]
  }
  struct Round: Decodable {
    let number: Int
    let estimates: [Double]

    init(from decoder: any Decoder) throws {
      var container = try decoder.unkeyedContainer()
      number = try container.decode(Int.self)
      estimates = try container.decode([Double].self)
    }
  }
  let n: Int
  let outNeighbours: [[Int]]
  let x0: [Double]
  let messageLoss: Double
  let expected: Expected

  static func load() throws -> PushSumReference {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(PushSumReference.self, from: theoryReference("push-sum"))
  }

  func network() throws -> Network {
    try directed(n, outNeighbours.indices.flatMap { sender in outNeighbours[sender].map { (sender, $0) } })
  }
}

/// A network of links that go in one direction.
private func directed(_ agents: Int, _ links: [(sender: Int, receiver: Int)]) throws -> Network {
  try Network(
    names: (0..<agents).map { "\($0)" }, edges: links.map { .init("\($0.sender)", "\($0.receiver)") },
    isDirected: true, weights: .init(.averaging))
}

/// Agreement by push-sum on the mean of what the agents start from.
private func averaging(
  _ timing: StrategySettings.Timing, runningSums: Bool, start: InitialParameters.Choice, links: LinkSettings,
  failures: FailureSettings? = nil, until: Double
) -> SimulationSettings {
  var strategy = StrategySettings(kind: .pushSum, timing: timing)
  strategy.pushSum.runningSums = runningSums
  strategy.clock = ClockSettings(
    withinAgent: .exponential(mean: 1), startPhase: .uniform(lower: 0, upper: 1))
  return SimulationSettings(
    network: ring(1), task: .averaging(AveragingSettings(dimension: 1)),
    learner: LearnerSettings(algorithm: .none, stepSize: .law(.constant(0)), initial: start), strategy: strategy,
    conditions: ConditionSettings(links: links, failures: failures),
    measurement: MeasurementSettings(until: .seconds(until), every: .seconds(until)), seed: 3)
}

/// The world of the settings on another network than theirs.
private func world(_ settings: SimulationSettings, on network: Network) throws -> World {
  var ofOneAgent = settings
  ofOneAgent.learner.initial = .constant(0)
  let task = try World(ofOneAgent, replication: 0).task
  return World(
    network: network, task: task, typicalStepDurations: Array(repeating: 0, count: network.nodeCount),
    latencies: try LinkLatencies(settings.conditions.links.latency, network: network))
}

private func parameters(_ settings: SimulationSettings, on network: Network) throws -> [Double] {
  try simulateWithTrace(settings, in: world(settings, on: network)).1.parameters
}

private func links(_ loss: Double, latency: Distribution = .constant(0)) -> LinkSettings {
  LinkSettings(latency: .law(latency), loss: Probability(loss) ?? .never)
}

@Test(arguments: [false, true])
func slottedPushSumHasTheEstimatesOfTheReference(runningSums: Bool) throws {
  let reference = try PushSumReference.load()
  for round in reference.expected.losslessEstimateAfterRounds {
    let settings = averaging(
      .slotted, runningSums: runningSums, start: .values(reference.x0), links: links(0), until: Double(round.number))
    let seen = try parameters(settings, on: reference.network())
    for (estimate, expected) in zip(seen, round.estimates) {
      #expect(abs(estimate - expected) < 1e-12, "round \(round.number)")
    }
  }
}

/// With loss, running sums reach the exact average; plain push-sum agrees on something else.
@Test(arguments: [StrategySettings.Timing.slotted, .asynchronous])
func onlyRunningSumsHealLosses(timing: StrategySettings.Timing) throws {
  let reference = try PushSumReference.load()
  func limit(_ runningSums: Bool) throws -> [Double] {
    let latency: Distribution = timing == .slotted ? .uniform(lower: 0, upper: 0.5) : .exponential(mean: 2)
    let settings = averaging(
      timing, runningSums: runningSums, start: .values(reference.x0),
      links: links(reference.messageLoss, latency: latency), until: timing == .slotted ? 600 : 1500)
    return try parameters(settings, on: reference.network())
  }
  #expect(try limit(true).allSatisfy { abs($0 - reference.expected.average) < 1e-9 })
  let plain = try limit(false)
  #expect(plain.allSatisfy { abs($0 - plain[0]) < 1e-9 })
  #expect(abs(plain[0] - reference.expected.average) > 1e-2)
}

/// The mass left after 20 slots against its closed form, in the mean of 400 runs on the directed graph of the reference: the
/// expected mass goes through the matrix of shares, of which its largest eigenvalue is what each slot leaves in the end. A
/// bar of 4.42 standard errors is missed with probability 1e-5.
@Test func massDecaysByItsClosedForm() throws {
  let network = try PushSumReference.load().network()
  let receivers = (0..<network.nodeCount).map { agent in
    network.outgoing(NodeID(agent)).map { network.receivers[$0.index].index }
  }
  func expected(_ slots: Int) -> Double {
    var mass = [Double](repeating: 1, count: receivers.count)
    for _ in 0..<slots {
      var next = [Double](repeating: 0, count: receivers.count)
      for (sender, others) in receivers.enumerated() {
        let share = mass[sender] / Double(1 + others.count)
        next[sender] += share
        for receiver in others { next[receiver] += 0.8 * share }
      }
      mass = next
    }
    return mass.reduce(0, +)
  }
  let factor = try PushSum(receivers: receivers).massFactor(lossProbability: 0.2)
  #expect(abs(expected(401) / expected(400) - factor) < 1e-9)
  let masses = try (0..<400 as Range<UInt64>).map { seed in
    var settings = averaging(
      .slotted, runningSums: false, start: .constant(1), links: links(0.2), until: 20)
    settings.seed = seed
    return try #require(simulateWithTrace(settings, in: world(settings, on: network)).1.conservedSums.last).last ?? 0
  }
  let mean = masses.reduce(0, +) / 400
  let variance = masses.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 399
  #expect(abs(mean - expected(20)) < 4.42 * (variance / 400).squareRoot())
}

/// A random strongly connected directed graph: a circle, and other links each with probability 0.2.
private func randomNetwork(_ draws: inout Draws, agents: Int) throws -> Network {
  var links: [(sender: Int, receiver: Int)] = []
  for sender in 0..<agents {
    for receiver in 0..<agents where receiver != sender {
      if receiver == (sender + 1) % agents || draws.uniform() < 0.2 { links.append((sender, receiver)) }
    }
  }
  return try directed(agents, links)
}

/// The invariant after every event: what agents hold and what is on its way is what they started with. Plain push-sum
/// where nothing is lost; running sums under any loss, with messages that overtake or supersede each other and agents
/// that crash.
@Test(arguments: 0..<40)
func nothingIsEverLostOrMadeByPushSum(trial: Int) throws {
  var draws = Draws(StreamKey(seed: 4, replication: 0, purpose: .data, entity: "push-sum"), at: UInt64(trial))
  func pick<Choice>(_ choices: [Choice]) -> Choice { choices[Int(draws.integer(below: UInt32(choices.count)))] }
  let network = try randomNetwork(&draws, agents: pick([2, 3, 7, 12]))
  let runningSums = trial % 2 == 0
  var conditions = links(
    runningSums ? pick([0.1, 0.5, 0.9]) : 0,
    latency: pick([.constant(0), .exponential(mean: 3), .uniform(lower: 0, upper: 0.4)]))
  let timing: StrategySettings.Timing = trial % 4 < 2 ? .asynchronous : .slotted
  if runningSums, timing == .asynchronous {
    conditions.bandwidth = pick([nil, .bytesPerSecond(20)])
    conditions.inOrder = pick([false, true])
  }
  let failures =
    runningSums ? pick([nil, FailureSettings(up: .exponential(mean: 10), down: .exponential(mean: 4))]) : nil
  var settings = averaging(
    timing, runningSums: runningSums, start: .normal(standardDeviation: 1), links: conditions, failures: failures,
    until: 50)
  settings.seed = UInt64(trial)
  let (record, trace) = try simulateWithTrace(settings, in: world(settings, on: network))
  #expect(trace.conservedSums.count == trace.events.count - 1)
  let start = try #require(trace.conservedSums.first { !$0.isEmpty })
  #expect(abs(start[1] - Double(network.nodeCount)) < 1e-12)
  let agrees = trace.conservedSums.allSatisfy { sums in
    sums.isEmpty || zip(sums, start).allSatisfy { abs($0 - $1) < 1e-9 }
  }
  #expect(agrees)
  #expect(record.messages.accounted == record.messages.sent)
  #expect(record.messages.used > 5)
  // Messages of one broadcast share a vector. Running sums keep shares that somebody has still to hear of: for each agent
  // at most twice as many as messages are on their way and receivers are there, and eight.
  let onTheirWay = Int(record.messages.inFlightAtEnd + record.messages.neverStarted)
  let remembered = runningSums ? 2 * (onTheirWay + network.linkCount) + 9 * network.nodeCount : 0
  #expect(trace.snapshotsInUse <= onTheirWay + remembered)
}

/// Fact h: a constant to 1e-12 under everything, also where mass is lost for good.
@Test(arguments: [StrategySettings.Timing.slotted, .asynchronous], [false, true])
func pushSumKeepsAConstant(timing: StrategySettings.Timing, runningSums: Bool) throws {
  let network = try PushSumReference.load().network()
  for constant in [0.1, -1 / 3.0, 1e300] {
    let settings = averaging(
      timing, runningSums: runningSums, start: .constant(constant), links: links(0.3, latency: .exponential(mean: 1)),
      failures: FailureSettings(up: .exponential(mean: 30), down: .exponential(mean: 5)), until: 200)
    #expect(try parameters(settings, on: network).allSatisfy { abs($0 / constant - 1) < 1e-12 })
  }
}

/// In slots the latency changes nothing while it is below half a slot, bit for bit.
@Test(arguments: [false, true])
func latencyBelowHalfASlotChangesNothing(runningSums: Bool) throws {
  let network = try PushSumReference.load().network()
  func seen(_ latency: Distribution) throws -> [Double] {
    let settings = averaging(
      .slotted, runningSums: runningSums, start: .normal(standardDeviation: 1), links: links(0.2, latency: latency),
      until: 30)
    return try parameters(settings, on: network)
  }
  let atOnce = try seen(.constant(0))
  #expect(try seen(.uniform(lower: 0, upper: 0.5)) == atOnce)
  #expect(try seen(.constant(0.5)) == atOnce)
  #expect(try seen(.constant(0.51)) != atOnce)
}

/// Subgradient-push against its recursion: s ← shares of all s + d at z, mass ← shares of all masses, z = s / mass.
@Test(arguments: [0, 0.1])
func subgradientPushIsItsRecursion(compute: Double) throws {
  let network = try PushSumReference.load().network()
  let agents = network.nodeCount
  var settings = averaging(.slotted, runningSums: false, start: .constant(0), links: links(0), until: 40)
  settings.task = .linearRegression(LinearRegressionSettings(dimension: 2, truth: .init(spread: 0.5)))
  settings.learner = LearnerSettings(stepSize: .law(.constant(0.05)))
  let task = try LinearRegressionTask(
    LinearRegressionSettings(dimension: 2, truth: .init(spread: 0.5)), stepSize: .law(.constant(0.05)),
    agents: network.keys, seed: settings.seed, replication: StreamFamily.study)
  let world = World(
    network: network, task: task, typicalStepDurations: Array(repeating: compute, count: agents),
    latencies: try LinkLatencies(.law(.constant(0)), network: network))
  let plain = PlainLearning(world: world, seed: settings.seed)
  var sums = Array(repeating: [0.0, 0, 1], count: agents)
  for slot in 0..<40 {
    for agent in 0..<agents {
      let estimate = sums[agent].prefix(2).map { $0 / sums[agent][2] }
      let increment = plain.increment(estimate, agent: agent, attempt: slot)
      for entry in 0..<2 { sums[agent][entry] += increment[entry] }
    }
    var next = Array(repeating: [0.0, 0, 0], count: agents)
    for agent in 0..<agents {
      let receivers = [agent] + network.outgoing(NodeID(agent)).map { network.receivers[$0.index].index }
      for receiver in receivers {
        for entry in 0..<3 { next[receiver][entry] += sums[agent][entry] / Double(receivers.count) }
      }
    }
    sums = next
  }
  let (record, trace) = try simulateWithTrace(settings, in: world)
  for agent in 0..<agents {
    for entry in 0..<2 {
      #expect(abs(trace.parameters[2 * agent + entry] - sums[agent][entry] / sums[agent][2]) < 1e-12)
    }
  }
  #expect(trace.parameters.contains { abs($0) > 0.1 })
  #expect(record.messages.bytes == record.messages.sent * 24)
  #expect(record.agents.allSatisfy { $0.updates == (compute == 0 ? 41 : 40) })
}

/// An agent that forgot its mass would leave the others with a part of the whole.
@Test func pushSumRefusesAgentsThatForget() throws {
  let network = try PushSumReference.load().network()
  let settings = averaging(
    .asynchronous, runningSums: true, start: .constant(1), links: links(0),
    failures: FailureSettings(up: .constant(5), down: .constant(1), onRecovery: .reset), until: 20)
  #expect(throws: SimulationError.self) { try parameters(settings, on: network) }
}

/// A latency of exactly half a slot is in time, whatever its quarters are.
@Test(arguments: [0.1, 1 / 3.0, 0.7])
func aShareThatTakesHalfASlotIsAddedInItsSlot(duration: Double) throws {
  let reference = try PushSumReference.load()
  func seen(_ latency: Double) throws -> [Double] {
    var settings = averaging(
      .slotted, runningSums: false, start: .values(reference.x0), links: links(0, latency: .constant(latency)),
      until: 25.5 * duration)
    settings.strategy.slots.duration = .seconds(duration)
    return try parameters(settings, on: reference.network())
  }
  #expect(try seen(VirtualDuration(seconds: duration).seconds / 2) == seen(0))
}

/// An agent that begins when a slot does takes part in it, though in binary numbers 3 × 0.1 / 0.1 is more than 3.
@Test func anAgentThatBeginsWithASlotTakesPartInIt() throws {
  var settings = averaging(
    .slotted, runningSums: false, start: .constant(1), links: links(0), until: 1)
  settings.network = ring(3)
  settings.strategy.slots.duration = .seconds(0.1)
  for slot in [3.0, 6, 7] {
    settings.conditions.compute.startPhase = .constant(slot * 0.1)
    let first = try #require(try Seen(settings).events.first { $0.kind == .timer })
    #expect(first.time == VirtualTime(seconds: slot * 0.1))
  }
}

/// Slots know no acknowledgements, so one-way links may lose messages: the very case that running sums are made for.
@Test(arguments: [StrategyDefinition.pushSum, .diffusionATC])
func slotsOfADirectedGraphMayLoseMessages(kind: StrategyDefinition) throws {
  var settings = averaging(.slotted, runningSums: true, start: .constant(1), links: links(0.3), until: 50)
  settings.strategy.kind = kind
  settings.network = NetworkSettings(
    topology: .ring(agents: 5, directed: true),
    weights: .init(.averaging), requiresDoublyStochastic: .no)
  let seen = try Seen(settings)
  #expect(seen.record.messages.lost > 20 && seen.record.messages.acknowledgements == 0)
  #expect(seen.parameters.allSatisfy { abs($0 - 1) < 1e-12 })
}
