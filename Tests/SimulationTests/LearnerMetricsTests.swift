// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Quantities
import Records
import Simulation
import Testing

/// Agents that stay where they are; of agent k at point p of the grid each metric is k² + 100 p.
private struct Squares: ~Copyable, ImmediateLearnerBank {
  var parameterCount: Int { 1 }
  var workPerStep: StepWork { StepWork(samples: 1) }

  func initialise(_ node: NodeID, into parameters: UnsafeMutablePointer<Double>) {
    parameters[0] = Double(node.index * node.index)
  }

  func begin(_ step: LocalStep, at parameters: UnsafePointer<Double>, increment: UnsafeMutablePointer<Double>) {
    increment[0] = 0
  }

  func measure(
    _ metric: MetricDefinition, at point: Int, of parameters: UnsafePointer<Double>,
    into values: borrowing Column<Double>
  ) {
    for rank in 0..<values.count { values[rank] = parameters[rank] + 100 * Double(point) }
  }
}

private func metric(
  _ name: String, _ overAgents: MetricDefinition.OverAgents?, over scope: MetricDefinition.Scope = .liveAgents,
  isKept: Bool = false
) -> MetricDefinition {
  MetricDefinition(name, "of squares", .plain, .less, over: scope, by: overAgents, isKeptPerAgent: isKept)
}

private let unsaid = metric("square", nil, isKept: true)
private let all = metric("square-all", .mean, over: .allAgents)
private let further = [
  metric("square-median", .median), metric("square-greatest", .maximum, isKept: true),
  metric("square-upper", .quantile(level: 0.75)),
]

/// A learner of squares.
private func squares(_ metrics: [MetricDefinition], further: [MetricDefinition] = []) -> LearnerDefinition {
  LearnerDefinition(
    name: "squares", meaning: "nothing", parameters: [], tasks: ["averaging"],
    facts: { _ in
      var facts = LearnerFacts(parameterCount: 1, metrics: metrics)
      facts.furtherMetrics = further
      return facts
    }, make: { _ in .double(StepBank(Squares())) })
}

/// A run of four agents that keep to themselves; agent a crashes at 4.5 and stays away.
private func carryOut(
  _ learner: LearnerDefinition, also: [String] = [], fails: Bool = false
) throws -> RunRecord {
  var settings = settings(
    paw, strategy: StrategySettings(kind: .nonCooperative),
    failures: fails ? FailureSettings(up: .constant(4.5), down: .constant(1000), agents: ["a"]) : nil, until: 10)
  settings.task = .averaging(AveragingSettings(dimension: 1))
  settings.learner = LearnerSettings(learner)
  settings.measurement.also = also
  settings.measurement.finalWindow = 0.25
  return try Seen(settings).record
}

extension RunRecord {
  fileprivate func values(_ metric: MetricDefinition) -> [Double]? { series.first { $0.metric == metric.name }?.values }
}

@Test func whatALearnerMeasuresIsAMeanOfLiveAgentsUnlessItSaysOtherwise() throws {
  let record = try carryOut(squares([unsaid, all] + MetricDefinition.ofEveryRun), fails: true)
  let values = try #require(record.values(unsaid))
  // Of 0, 1, 4 and 9, then without the first.
  #expect(values[4] == 403.5)
  #expect(values[5] == 1514.0 / 3.0)
  #expect(record.values(all)?[5] == 503.5)
  #expect(record.series.map(\.metric) == ["square", "square-all"] + MetricDefinition.ofEveryRun.map(\.name))
  #expect(record.values(.updates)?.last == 8.5)
}

@Test func furtherMetricsAreMeasuredWhereTheyAreAskedFor() throws {
  let able = squares([unsaid], further: further)
  let plain = try carryOut(able)
  #expect(plain.series.map(\.metric) == ["square"])
  #expect(plain.fingerprint == (try carryOut(squares([unsaid])).fingerprint))
  // In the learner's order, however they are asked for.
  let more = try carryOut(able, also: ["square-upper", "square-median", "square-greatest"])
  #expect(more.series.map(\.metric) == ["square", "square-median", "square-greatest", "square-upper"])
  #expect(more.fingerprint != plain.fingerprint)
  #expect(more.values(further[0])?[1] == 102.5)
  #expect(more.values(further[1])?[1] == 109)
  // Of 0, 1, 4 and 9 it lies a quarter of the way from 4 to 9.
  #expect(more.values(further[2])?[1] == 105.25)
}

@Test func whatIsKeptOfEveryAgentIsItsMeanOverTheWindow() throws {
  let record = try carryOut(squares([unsaid], further: further), also: ["square-greatest"], fails: true)
  // Points 8, 9 and 10; agents that are down are measured too.
  for (rank, agent) in record.agents.enumerated() {
    let final = Double(rank * rank) + 900
    #expect(agent.finals == ["square": final, "square-greatest": final])
    #expect(agent.finalMSD == nil && agent.finalReturn == nil && agent.episodes == nil)
  }
  let mean = try #require(record.finals["square"])
  #expect(abs(mean - 2714.0 / 3.0) < 1e-9)
  let usual = try Seen(settings(ring(3))).record
  #expect(usual.agents.allSatisfy { $0.finals == nil && $0.finalMSD != nil })
}

/// Learners of a known optimum measure any statistic of the squared error without a word.
@Test func aStatisticOfTheSquaredErrorIsOneDefinition() throws {
  let mean = metric("msd-again", .mean)
  let greatest = metric("msd-greatest", .maximum)
  let upper = metric("msd-upper", .quantile(level: 0.95))
  let learner = LearnerDefinition(
    name: "lms-and-more", meaning: "least mean squares", parameters: [.stepSize], tasks: ["linear-regression"],
    facts: { _ in
      LearnerFacts(parameterCount: 3, metrics: MetricDefinition.ofEstimation + [mean, greatest, upper])
    },
    make: { context in
      guard let task = context.task as? LinearRegressionTask else { return nil }
      let agents = LeastMeanSquares(
        task, initial: .constant(0), agents: context.nodes, seed: context.seed, replication: context.replication)
      return .double(StepBank(agents))
    })
  let record = try Seen(settings(ring(9), spread: 1, algorithm: learner)).record
  let again = try #require(record.values(mean))
  #expect(again == record.values(.msd))
  let (most, high) = (try #require(record.values(greatest)), try #require(record.values(upper)))
  // At the start all agents are equally far off.
  #expect(most[0] == again[0] && high[0] == again[0])
  for index in again.indices.dropFirst() { #expect(again[index] < high[index] && high[index] < most[index]) }
}
