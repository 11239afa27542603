// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Learners
import Networks
import Simulation
import Testing

private func dualAscent(stepSize: Double) -> LearnerSettings {
  LearnerSettings(algorithm: .dualAscent, stepSize: .law(.constant(stepSize)), initial: .constant(0.1))
}

struct SimulatedDualAscentTests {
  /// Agents alone, and agents that have one task and start from the same, are the plain recursion.
  @Test func agentsAreThePlainRecursion() throws {
    let start = [0.2, 0.2, 0.2, 0.2, 0.2]
    let tasks = try FiveStateGridWorld.allCases.map { try $0.process(discount: 0.9, start: start) }
    let cases: [(FiveStateSettings.Tasks, StrategyDefinition, [FiniteDecisionProcess])] = [
      (.alternating, .nonCooperative, tasks), (.average, .diffusionATC, [try .average(of: tasks)]),
    ]
    for (which, kind, processes) in cases {
      let settings = fiveState(
        ring(4), FiveStateSettings(tasks: which, discount: 0.9, start: start), learner: dualAscent(stepSize: 0.01),
        kind: kind, rounds: 8)
      let seen = try Seen(settings)
      for (agent, dual) in rows(seen.parameters).enumerated() {
        var plain = DualAscent(processes[agent % processes.count], stepSize: 0.01, initial: 0.1)
        for _ in 0..<8 { try plain.advance() }
        #expect(largestDifference(dual, plain.dual) < 1e-12)
        #expect(which == .average || dual.contains { abs($0 - 0.1) > 0.01 })
      }
    }
  }

  /// Each agent alone ends at the best policy of its task, which takes it to its goal in two steps.
  @Test func agentsAloneEndAtTheirBestPolicies() throws {
    let settings = fiveState(
      ring(4), learner: dualAscent(stepSize: 0.1), kind: .nonCooperative, timing: .asynchronous, rounds: 200)
    let seen = try Seen(settings)
    #expect(seen.record.series.first { $0.metric == "return" }?.values.last.map { abs($0 - 0.9) < 1e-12 } == true)
    #expect(seen.parameters.allSatisfy { $0 >= 0 })
  }

  /// To the average of the processes all is one in the middle, so dual ascent leaves that state as it was: what is best
  /// for the average, γ / (2 − γ²), need not be best for the sum of the tasks' values, 2γ / (2 − γ²).
  @Test func theBestOfTheAverageProcessIsNotBestForTheSumOfValues() throws {
    var start = [Double](repeating: 0.1, count: 10)
    start.replaceSubrange(4..<6, with: [0.19, 0.01])
    let learner = LearnerSettings(
      algorithm: .dualAscent, stepSize: .law(.constant(0.1)), initial: .entries(start))
    let settings = fiveState(
      ring(4), FiveStateSettings(tasks: .average, discount: 0.9), learner: learner, kind: .diffusionATC, rounds: 200)
    let record = try Seen(settings).record
    let returns = try #require(record.taskReturns)
    #expect(returns.tasks == ["left-goal", "right-goal"])
    let best = 0.9 / (2 - 0.81)
    #expect(abs(try #require(record.series.first { $0.metric == "return" }?.values.last) - best) < 1e-12)
    for row in returns.returns { #expect(row[0] + row[1] < 2 * best - 0.3, "\(row)") }
  }

  /// An older increment can take what was averaged below zero, which counts as zero.
  @Test(arguments: [StrategyDefinition.consensus, .gossip, .pushSum])
  func entriesBelowZeroCountAsZero(kind: StrategyDefinition) throws {
    var settings = fiveState(
      ring(4), learner: dualAscent(stepSize: 0.5), kind: kind, timing: .asynchronous, rounds: 300)
    settings.conditions.compute.withinAgent = .exponential(mean: 1)
    let seen = try Seen(settings)
    #expect(seen.record.series.first { $0.metric == "return" }?.values.allSatisfy(\.isFinite) == true)
    #expect(seen.record.agents.allSatisfy { $0.updates > 100 })
  }
}
