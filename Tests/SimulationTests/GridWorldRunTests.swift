// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Environments
import Learners
import Networks
import Simulation
import Testing
import Theory

private func gridStudy(
  _ learner: LearnerSettings, _ task: GridWorldSettings = GridWorldSettings(layout: .solvable), rounds: Int
) -> SimulationSettings {
  SimulationSettings(
    network: NetworkSettings(topology: .ring(agents: 4), weights: NetworkSettings.Weights(.lazyMetropolis)),
    task: .gridWorld(task), learner: learner,
    strategy: StrategySettings(kind: .consensus, timing: .synchronousGlobal),
    conditions: ConditionSettings(compute: ComputeSettings(betweenAgents: .constant(1))),
    measurement: MeasurementSettings(until: .seconds(Double(rounds) + 0.5), every: .seconds(2), testsAllTasks: true),
    seed: 5)
}

struct GridWorldRunTests {
  /// Through the simulator the algorithm is the plain recursion, also where it learns from all cells; returns are those from
  /// the corner.
  @Test func consensusInGridWorldsIsThePlainRecursion() throws {
    let task = GridWorldSettings(layout: .solvable, starts: .anywhere)
    let settings = gridStudy(policyGradient(stepSize: 20, relativeEntropyWeight: 0.001), task, rounds: 6)
    let worlds = task.worlds
    let world = try World(settings, replication: 0)
    var plain = DecentralizedPolicyGradient(
      try worlds.map {
        SoftmaxObjective(try $0.process(discount: 0.95, start: $0.startAnywhere), relativeEntropyWeight: 0.001)
      }, combination: CombinationMatrix(world.network), stepSize: 20,
      parameters: Array(repeating: [Double](repeating: 0, count: 400), count: 4))
    for _ in 0..<6 { try plain.advance() }
    let seen = try Seen(settings)
    #expect(largestDifference(seen.parameters, plain.parameters.flatMap { $0 }) < 1e-12)
    let returns = try #require(seen.record.taskReturns)
    #expect(returns.tasks == ["world-0", "world-1", "world-2", "world-3"])
    for agent in 0..<4 {
      for (task, world) in worlds.enumerated() {
        let process = try world.process(discount: 0.95, start: world.start(in: GridLayout.solvable.corner))
        let policy = TabularPolicy(softmax: plain.parameters[agent], actionCount: 4)
        #expect(abs(returns.returns[agent][task] - (try process.expectedReturn(of: policy))) < 1e-12)
      }
    }
  }

  /// Sampled steps have their samples and episodes; stopped anywhere, and with any helpers, the run is the same in every field.
  @Test func sampledStepsAreKeyedAndCounted() throws {
    var learner = policyGradient(stepSize: 0.5)
    learner.gradientSampling = (3, 40)
    let settings = gridStudy(learner, rounds: 10)
    for agent in try Seen(settings).record.agents {
      #expect(agent.updates == 10 && agent.episodes == 30)
      let samples = try #require(agent.samples)
      #expect((30...1200).contains(samples))
    }
    try expectTheSame(settings, helpers: [2], stoppedAt: [0.5, 4.25, 9.0])
  }
}
