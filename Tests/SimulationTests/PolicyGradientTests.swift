// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Environments
import Foundation
import Learners
import Networks
import ReferenceFiles
import Simulation
import Testing
import Theory

/// A study of the five-state world in which a round takes a second.
func fiveState(
  _ network: NetworkSettings, _ task: FiveStateSettings = FiveStateSettings(discount: 0.9), learner: LearnerSettings,
  kind: StrategyDefinition = .consensus, timing: StrategySettings.Timing = .synchronousGlobal, rounds: Int
) -> SimulationSettings {
  SimulationSettings(
    network: network, task: .fiveState(task), learner: learner,
    strategy: StrategySettings(kind: kind, timing: timing),
    conditions: ConditionSettings(compute: ComputeSettings(betweenAgents: .constant(1))),
    measurement: MeasurementSettings(until: .seconds(Double(rounds) + 0.5), every: .seconds(0.5), testsAllTasks: true),
    seed: 5)
}

func policyGradient(
  stepSize: Double, relativeEntropyWeight: Double = 0, initial: InitialParameters.Choice = .constant(0)
) -> LearnerSettings {
  var learner = LearnerSettings(algorithm: .policyGradient, stepSize: .law(.constant(stepSize)), initial: initial)
  learner.relativeEntropyWeight = relativeEntropyWeight
  return learner
}

/// The parameters of each agent of the five-state world.
func rows(_ parameters: [Double]) -> [[Double]] {
  stride(from: 0, to: parameters.count, by: FiveStateSettings.parameterCount).map {
    Array(parameters[$0..<$0 + FiveStateSettings.parameterCount])
  }
}

func largestDifference(_ left: [Double], _ right: [Double]) -> Double {
  left.count == right.count ? zip(left, right).map { abs($0 - $1) }.max() ?? 0 : .infinity
}

private struct Reference: Decodable {
  struct Case: Decodable {
    enum CodingKeys: String, CodingKey {
      case gamma, lam, alpha, iterations, mu, theta0
      case weights = "W"
      case last = "theta_final"
    }
    let gamma: Double
    let lam: Double
    let alpha: Double
    let iterations: Int
    let weights: [[Double]]
    let mu: [Double]
    let theta0: [[[Double]]]
    let last: [[[Double]]]
  }
  let cases: [Case]
}

struct PolicyGradientTests {
  /// Algorithm 1 of the paper, through the simulator: to the tolerance of the reference.
  @Test func consensusInRoundsIsTheAlgorithmOfTheReference() throws {
    let reference = try JSONDecoder().decode(Reference.self, from: learningReference("dcpg_five_state"))
    #expect(reference.cases.count == 2)
    for one in reference.cases {
      let start = one.theta0[0].flatMap { $0 }
      #expect(one.theta0.allSatisfy { $0.flatMap { $0 } == start })
      // Two agents of degree one: the lazy weights are a half each.
      let isLazy = one.weights[0][0] == 0.5
      let network = NetworkSettings(
        topology: .edgeList(agents: ["a", "b"], edges: [.init("a", "b")]),
        weights: isLazy ? NetworkSettings.Weights(.lazyMetropolis) : .matrix(one.weights))
      let settings = fiveState(
        network, FiveStateSettings(discount: one.gamma, start: one.mu),
        learner: policyGradient(stepSize: one.alpha, relativeEntropyWeight: one.lam, initial: .entries(start)),
        rounds: one.iterations)
      let seen = try Seen(settings)
      #expect(seen.record.agents.allSatisfy { $0.updates == UInt64(one.iterations) })
      #expect(largestDifference(seen.parameters, one.last.flatMap { $0.flatMap { $0 } }) < 1e-10)
    }
  }

  @Test func consensusOnARingIsThePlainRecursion() throws {
    for (agents, seed) in [(3, 11), (6, 12), (7, 13)] as [(Int, UInt64)] {
      var settings = fiveState(
        NetworkSettings(topology: .ring(agents: agents), weights: NetworkSettings.Weights(.lazyMetropolis)),
        learner: policyGradient(
          stepSize: 0.3, relativeEntropyWeight: 0.05, initial: .normal(standardDeviation: 1)), rounds: 0)
      settings.seed = seed
      let world = try World(settings, replication: 0)
      guard let tasks = world.task as? FiniteTasks else {
        Issue.record("The world has no finite decision processes.")
        return
      }
      #expect((0..<agents).map { tasks.process(of: $0) } == (0..<agents).map { $0 % 2 })
      let start = try Seen(settings).parameters
      var plain = DecentralizedPolicyGradient(
        (0..<agents).map { SoftmaxObjective(tasks.processes[$0 % 2], relativeEntropyWeight: 0.05) },
        combination: CombinationMatrix(world.network), stepSize: 0.3, parameters: rows(start))
      for _ in 0..<200 { try plain.advance() }
      settings.measurement.until = .seconds(200.5)
      let seen = try Seen(settings)
      #expect(largestDifference(seen.parameters, plain.parameters.flatMap { $0 }) < 1e-12)
      #expect(largestDifference(seen.parameters, start) > 0.5)
    }
  }

  /// What runs measure is what the linear equations say of the final policies, in one's own task and in all.
  @Test func returnsAreExact() throws {
    let settings = fiveState(
      ring(5), learner: policyGradient(stepSize: 0.3, initial: .normal(standardDeviation: 1)), rounds: 20)
    let seen = try Seen(settings)
    let tasks = try FiveStateGridWorld.allCases.map { try $0.process(discount: 0.9) }
    let policies = rows(seen.parameters).map { TabularPolicy(softmax: $0, actionCount: 2) }
    let returns = try #require(seen.record.taskReturns)
    #expect(returns.tasks == ["left-goal", "right-goal"])
    #expect(returns.returns == (try policies.map { policy in try tasks.map { try $0.expectedReturn(of: policy) } }))
    let own = try policies.indices.map { try tasks[$0 % 2].expectedReturn(of: policies[$0]) }
    func last(_ metric: String) -> Double? { seen.record.series.first { $0.metric == metric }?.values.last }
    #expect(last("return") == own.sorted()[2])
    #expect(abs(try #require(last("return-mean")) - own.reduce(0, +) / 5) < 1e-15)
    let all = returns.returns.map { ($0[0] + $0[1]) / 2 }.reduce(0, +) / 5
    #expect(abs(try #require(last("return-every-task")) - all) < 1e-15)
    #expect(last("return-all") == own.sorted()[2] && last("episodes") == 0 && last("samples") == 0)
    #expect(seen.record.parameters.count == 5 && seen.record.parameters[1].values == .double(rows(seen.parameters)[1]))
  }

  /// Fact f: with equal constant compute times asynchronous and both barriers are the same, bit for bit. Messages of
  /// consensus carry w, so before the first of them agents have to know what their neighbours start from.
  @Test(arguments: [StrategyDefinition.consensus, .diffusionATC])
  func equalStepsMakeAllTimingsOne(kind: StrategyDefinition) throws {
    let timings: [StrategySettings.Timing] = [.synchronousGlobal, .synchronousLocal, .asynchronous]
    let parameters = try timings.map { timing in
      var settings = fiveState(
        paw, learner: policyGradient(stepSize: 0.3, initial: .normal(standardDeviation: 1)), kind: kind,
        timing: timing, rounds: 50)
      if kind == .consensus, timing == .asynchronous { settings.strategy.mailboxStart = .initial }
      return try Seen(settings).parameters
    }
    #expect(parameters[0] == parameters[1] && parameters[0] == parameters[2])
    #expect(parameters[0].allSatisfy(\.isFinite) && Set(parameters[0]).count > 10)
  }

  /// Together agents come to chance in the middle, worth γ / (2 − γ²) in each task; alone each reaches its goal at once.
  @Test func cooperationFindsTheOnlyPolicyThatServesBothTasks() throws {
    let learner = policyGradient(stepSize: 0.2, relativeEntropyWeight: 1e-4, initial: .constant(0))
    let network = NetworkSettings(topology: .ring(agents: 4), weights: NetworkSettings.Weights(.lazyMetropolis))
    let together = try Seen(fiveState(network, learner: learner, rounds: 5000)).record
    let alone = try Seen(fiveState(network, learner: learner, kind: .nonCooperative, rounds: 5000)).record
    func sums(_ returns: [[Double]]) -> [Double] { returns.map { $0.reduce(0, +) } }
    let best = 2 * 0.9 / (2 - 0.81)
    for sum in sums(try #require(together.taskReturns).returns) { #expect(abs(sum - best) < 0.03, "\(sum)") }
    for sum in sums(try #require(alone.taskReturns).returns) { #expect(abs(sum - 0.9) < 0.1, "\(sum)") }
    let (own, shared) = try (#require(alone.finals["return"]), #require(together.finals["return"]))
    #expect(own > shared + 0.1)
  }

  /// With the modified dynamics chance in the middle is stationary but the worst, and going one way the best: ascent
  /// that starts a little off chance leaves it, ascent from chance itself stays.
  @Test func withTheModifiedDynamicsAscentLeavesChance() throws {
    let task = FiveStateSettings(discount: 0.9, driftProbability: 0.75)
    let network = NetworkSettings(topology: .ring(agents: 4), weights: NetworkSettings.Weights(.lazyMetropolis))
    func sums(from left: Double, rounds: Int = 5000) throws -> [Double] {
      var start = [Double](repeating: 0, count: 10)
      start[2 * FiveStateGridWorld.middle] = left
      let learner = policyGradient(stepSize: 0.05, initial: .entries(start))
      let record = try Seen(fiveState(network, task, learner: learner, rounds: rounds)).record
      return try #require(record.taskReturns).returns.map { $0.reduce(0, +) }
    }
    // The last bits of gradients differ between processors, and grow from round to round.
    for sum in try sums(from: 0, rounds: 500) { #expect(abs(sum + 0.7563025210084033) < 0.01, "\(sum)") }
    for left in [0.3, -0.3] {
      for sum in try sums(from: left) { #expect(sum > -0.4, "\(sum)") }
    }
  }

  @Test func divergedPoliciesHaveNoReturnsAndEndNoRun() throws {
    for learner in [
      policyGradient(stepSize: 1e308, initial: .normal(standardDeviation: 1)),
      LearnerSettings(algorithm: .dualAscent, stepSize: .law(.constant(1e308)), initial: .constant(1e300)),
    ] {
      let record = try Seen(fiveState(ring(4), learner: learner, rounds: 100)).record
      #expect(record.agents.allSatisfy { $0.updates == 100 })
    }
  }
}
