// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Networks
import Quantities
import Records
import Schema
import Simulation
import Testing

/// The windows of a run that keeps everything.
private func windows(
  _ settings: SimulationSettings, every: Double, product: RealisedSettings.Product = .yes
) throws -> (windows: [RealisedWindow], network: Network) {
  var settings = settings
  settings.measurement.records.realised = RealisedSettings(every: .seconds(every), product: product)
  let world = try World(settings, replication: 0)
  return (try simulate(settings, in: world).windows, world.network)
}

private let twoAgents = NetworkSettings(topology: .edgeList(agents: ["a", "b"], edges: [.init("a", "b")]))

/// c_lk in row l and column k.
private func matrix(_ network: Network) -> [Double] {
  let count = network.nodeCount
  var entries = [Double](repeating: 0, count: count * count)
  for agent in 0..<count { entries[agent * count + agent] = network.selfWeights[agent] }
  for link in 0..<network.linkCount {
    entries[network.senders[link].index * count + network.receivers[link].index] = network.weights[link]
  }
  return entries
}

private func times(_ left: [Double], _ right: [Double], _ count: Int) -> [Double] {
  (0..<count * count).map { entry in
    (0..<count).reduce(0) { $0 + left[entry / count * count + $1] * right[$1 * count + entry % count] }
  }
}

private func difference(_ left: [Double]?, _ right: [Double]) -> Double {
  guard let left, left.count == right.count else { return .nan }
  return zip(left, right).map { abs($0 - $1) }.max() ?? 0
}

/// Rounds end at whole seconds, so windows of five seconds have four rounds, then five each.
@Test(
  arguments: [StrategyDefinition.diffusionATC, .diffusionCTA, .consensus], [CombinationRule.metropolis, .averaging])
func withoutLossRoundsRealiseTheDesignedMatrix(strategy: StrategyDefinition, rule: CombinationRule) throws {
  var settings = settings(
    NetworkSettings(topology: .randomGeometric(agents: 15, reach: .meanDegree(4))),
    strategy: StrategySettings(kind: strategy, timing: .synchronousGlobal, missingNeighbour: .itself), until: 22)
  settings.network.weights = NetworkSettings.Weights(rule)
  let (windows, network) = try windows(settings, every: 5)
  let designed = matrix(network)
  #expect(windows.map(\.end) == [5, 10, 15, 20, 22])
  var power = designed
  for _ in 0..<4 { power = times(power, designed, 15) }
  for (number, window) in windows.enumerated() {
    #expect(difference(window.meanMatrix, designed) <= 1e-15)
    #expect(window.matrices?.uses.allSatisfy { $0.largestAge == 0 || strategy != .diffusionATC } == true)
    guard (1...3).contains(number) else { continue }
    #expect(window.combinations == Array(repeating: 5, count: 15))
    if strategy == .diffusionATC { #expect(difference(window.matrices?.product, power) <= 1e-14) }
  }
  let spectrum = network.spectrum()
  let found = try #require(windows[1].mean.secondSingularValue)
  #expect(abs(found - spectrum.secondSingularValue) < 1e-14)
  #expect(try difference(windows[1].mean.perron, #require(spectrum.perronVector)) < 1e-14)
}

/// While two halves hear nothing of each other the product has two blocks and no Perron vector; afterwards it has one.
@Test(arguments: [StrategySettings.Timing.asynchronous, .synchronousGlobal])
func aPartitionGivesBlocksAndHealingJoinsThem(timing: StrategySettings.Timing) throws {
  var settings = settings(
    ring(8), strategy: StrategySettings(timing: timing, missingNeighbour: .itself),
    compute: ComputeSettings(betweenAgents: .constant(1), withinAgent: .exponential(mean: 1)), until: 80)
  settings.timeline = [
    TimelineEntry(
      at: [.after(.seconds(10))], for: .seconds(31), action: "partition",
      ["groups": .list([.names((0..<4).map { "agent-\($0)" }), .names((4..<8).map { "agent-\($0)" })])])
  ]
  let (windows, _) = try windows(settings, every: 20)
  #expect(windows.count == 4)
  for (number, window) in windows.enumerated() {
    let product = try #require(window.matrices?.product)
    func isAcross(_ entry: Int) -> Bool { (entry / 8 < 4) != (entry % 8 < 4) }
    let across = product.indices.filter(isAcross).map { product[$0] }
    #expect(across.allSatisfy { $0 == 0 } == (number == 1))
    #expect((window.product?.perron == nil) == (number == 1))
    #expect((window.mean.perron == nil) == (number == 1))
    if number == 1 {
      #expect(abs((window.product?.secondEigenvalueModulus ?? 0) - 1) < 1e-12)
    } else if number > 1 {
      #expect(product.allSatisfy { $0 > 0 } && (window.product?.secondEigenvalueModulus ?? 1) < 0.9)
    }
  }
}

/// Agents that hear nobody take part as they step: the shares are those of their steps.
@Test func aloneEverybodyTakesPartWithItsSteps() throws {
  var settings = settings(ring(4), strategy: StrategySettings(kind: .nonCooperative), until: 12)
  settings.conditions.compute.durations = .each([1, 2, 3, 4].map { .seconds($0) })
  let (windows, _) = try windows(settings, every: 12.5)
  let window = try #require(windows.first)
  #expect(window.steps == [12, 6, 4, 3] && window.combinations == [0, 0, 0, 0])
  let shares: [Double] = [12.0 / 25, 6.0 / 25, 4.0 / 25, 3.0 / 25]
  #expect(window.participation == shares)
  let effective = try #require(window.effectiveAgents)
  #expect(abs(effective - 625.0 / 205) < 1e-12)
  #expect(window.meanMatrix == window.matrices?.product && window.mean.perron == nil)
}

/// Two agents that send halves to each other in slots have as much of the other as of themselves in every slot.
@Test func weightsOfPushSumAreSharesOfMass() throws {
  var settings = settings(
    twoAgents, strategy: StrategySettings(kind: .pushSum, timing: .slotted),
    until: 10)
  settings.task = .averaging(AveragingSettings(dimension: 1))
  settings.learner = LearnerSettings(algorithm: .none, stepSize: .law(.constant(0)), initial: .values([0, 1]))
  let (windows, _) = try windows(settings, every: 2)
  #expect(windows.count == 5)
  for window in windows {
    #expect(window.combinations == [2, 2] && window.ownWeights == [0.5, 0.5])
    #expect(window.meanMatrix == [0.5, 0.5, 0.5, 0.5] && window.matrices?.product == [0.5, 0.5, 0.5, 0.5])
    #expect(window.matrices?.uses.map(\.meanAge) == [0.5, 0.5])
    #expect(window.participation == nil)
  }
}

/// Agents without links, whose shares go nowhere.
@Test(arguments: [StrategySettings.Timing.slotted, .asynchronous], [false, true])
func withoutLinksEverybodyIsMadeOfItself(timing: StrategySettings.Timing, runningSums: Bool) throws {
  var settings = settings(
    NetworkSettings(topology: .edgeList(agents: ["a", "b", "c"], edges: []), requiresConnection: false),
    strategy: StrategySettings(kind: .pushSum, timing: timing), until: 10)
  settings.strategy.pushSum.runningSums = runningSums
  let (windows, _) = try windows(settings, every: 4)
  #expect(windows.count == 3)
  for window in windows {
    #expect(window.matrices?.product == [1, 0, 0, 0, 1, 0, 0, 0, 1] && window.product?.perron == nil)
  }
}

/// Half of the other at each arrival: three quarters of an agent's weights after two pushes of the same neighbour.
@Test func gossipMixesHalves() throws {
  var strategy = StrategySettings(kind: .gossip, clock: ClockSettings(betweenAgents: .constant(1)))
  strategy.gossip.exchange = .push
  var settings = settings(twoAgents, strategy: strategy, until: 4)
  settings.task = .averaging(AveragingSettings(dimension: 1))
  settings.learner = LearnerSettings(algorithm: .none, stepSize: .law(.constant(0)), initial: .values([0, 1]))
  let (windows, _) = try windows(settings, every: 4.5, product: .no)
  let window = try #require(windows.first)
  #expect(window.combinations.allSatisfy { $0 >= 2 } && window.product == nil && window.participation == nil)
  #expect(window.meanMatrix == [0.5, 0.5, 0.5, 0.5])
}

/// `auto` keeps products up to 200 agents, and a fusion centre has none of all this.
@Test func productsAreKeptOfFewAgents() throws {
  for agents in [200, 201] {
    let (windows, _) = try windows(settings(ring(agents), until: 3), every: 3.5, product: .auto)
    let isKept = windows.map { $0.product != nil }
    #expect(isKept == [agents == 200])
  }
  var centre = settings(ring(3), strategy: StrategySettings(kind: .centralised, timing: .synchronousGlobal), until: 3)
  centre.measurement.records.realised = RealisedSettings(every: .seconds(1))
  #expect(centre.realised == nil)
}
