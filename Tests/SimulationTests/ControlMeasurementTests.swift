// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Foundation
import Learners
import Networks
import Quantities
import Randomness
import Records
import Simulation
import Testing

/// Rule 18: the same policy has the same return in every arm at the same grid point, and is tested in other episodes
/// at another.
@Test func testsOfOnePolicyAreTheSameInEveryArm() throws {
  let strategies = [
    StrategySettings(), StrategySettings(kind: .nonCooperative), StrategySettings(timing: .synchronousLocal),
    StrategySettings(kind: .gossip),
  ]
  let runs = try strategies.map { strategy in
    var settings = controlSettings(strategy: strategy)
    settings.task = .control(ControlSettings(environment: .cartPoleBalance, timeLimit: 60))
    settings.learner.actorCritic.actorStepSize = 0
    settings.learner.actorCritic.criticStepSize = 0
    settings.conditions.compute.withinAgent = .exponential(mean: 1)
    return try Seen(settings).record
  }
  for run in runs {
    #expect(run.grid == runs[0].grid)
    for metric in MetricDefinition.ofControl where metric.sense == .more {
      #expect(run.values(metric) == runs[0].values(.testReturn))
    }
    #expect(run.values(.disagreement).allSatisfy { $0 == 0 })
  }
  #expect(Set(runs[0].values(.testReturn)).count > 1)
}

/// A measurement comes after everything else of its instant: at 3 the third step has been combined.
@Test func aTestSeesTheWholeInstant() throws {
  let long = try Seen(controlSettings(until: 6, every: 1)).record
  let settings = controlSettings(until: 3.5, every: 1)
  let world = try World(settings, replication: 0)
  var plain = try PlainAgents(settings, world: world)
  for attempt in 0..<3 { plain.round(attempt, in: world) }
  let returns = Column(repeating: 0.0, count: 4)
  plain.bank.testReturns(at: 3, of: plain.parameters.flatMap { $0 }, into: returns)
  #expect(long.values(.meanReturn)[3] == (0..<4).reduce(0) { $0 + returns[$1] } / 4)
  #expect(long.values(.updates)[3] == 3)
}

/// The quantile at a probability, between its neighbours in proportion.
private func quantile(_ sorted: [Double], _ probability: Double) -> Double {
  let position = Double(sorted.count - 1) * probability
  let (below, above) = (Int(position.rounded(.down)), Int(position.rounded(.up)))
  return sorted[below] + (position - Double(below)) * (sorted[above] - sorted[below])
}

@Test func returnsAreSummarisedByQuartilesAndTheirMiddleHalf() throws {
  var settings = controlSettings(ring(9), strategy: StrategySettings(kind: .nonCooperative), until: 9.5, every: 1)
  settings.task = .control(ControlSettings(environment: .cartPoleBalance, tasks: .grid, timeLimit: 40))
  settings.learner.actorCritic.start = .own
  settings.measurement.finalWindow = 1e-9
  // Three agents are down at the end.
  settings.conditions.failures = FailureSettings(
    up: .constant(5.5), down: .constant(100), agents: ["agent-1", "agent-4", "agent-6"])
  let record = try Seen(settings).record
  #expect(record.values(.available).last == 6.0 / 9)
  let finals = try record.agents.map { try #require($0.finalReturn) }
  let live = record.agents.filter { $0.down == 0 }.compactMap(\.finalReturn).sorted()
  #expect(live.count == 6 && Set(live).count > 2)
  func last(_ metric: MetricDefinition) -> Double { record.values(metric).last ?? .nan }
  #expect(abs(last(.testReturn) - quantile(live, 0.5)) < 1e-12)
  #expect(abs(last(.lowerQuartileReturn) - quantile(live, 0.25)) < 1e-12)
  #expect(abs(last(.upperQuartileReturn) - quantile(live, 0.75)) < 1e-12)
  #expect(abs(last(.meanReturn) - live.reduce(0, +) / 6) < 1e-12)
  #expect(abs(last(.interquartileMeanReturn) - live[1...4].reduce(0, +) / 4) < 1e-12)
  #expect(abs(last(.testReturnAll) - quantile(finals.sorted(), 0.5)) < 1e-12)
  #expect(record.agents.allSatisfy { $0.finalMSD == nil && $0.task?.hasPrefix("m") == true })
}

@Test func aPolicyThatDivergesHasNoReturnAndReachesNoTarget() throws {
  var settings = controlSettings(pair, until: 8)
  settings.learner.actorCritic.optimiser = .gradientDescent
  settings.learner.actorCritic.actorStepSize = 1e300
  settings.measurement.target = .init(metric: .testReturn, threshold: -1)
  settings.measurement.every = .seconds(4)
  let record = try Seen(settings).record
  #expect(record.values(.testReturn).map(\.isNaN) == [false, true, true])
  #expect(record.target == nil)
  #expect(record.agents.allSatisfy { $0.finalReturn?.isNaN == true })
}

@Test func aTargetOfReturnsIsReachedFromBelow() throws {
  var settings = controlSettings(until: 12, every: 1)
  settings.learner.actorCritic.actorStepSize = 0.05
  let values = try Seen(settings).record.values(.testReturn)
  for threshold in Set(values) {
    settings.measurement.target = .init(metric: .testReturn, threshold: threshold)
    let record = try Seen(settings).record
    let first = (0..<values.count - 2).first { start in (start..<start + 3).allSatisfy { values[$0] >= threshold } }
    #expect(record.target?.time == first.map { Double($0) })
    #expect(record.values(.testReturn) == values)
  }
}

@Test func aBudgetOfEpisodesOrSamplesEndsARun() throws {
  for order in orders {
    var settings = controlSettings(order: order, until: 50)
    settings.measurement.budget = .episodes(10)
    let record = try Seen(settings).record
    #expect(record.ending == .budget)
    // Three episodes of every agent in every step: nine are not enough. Two phases share a second.
    #expect(record.endTime == (order == .jacobi ? 4 : 3.5))
    #expect(record.values(.episodes) == record.grid.map { $0 == 3.5 ? 12 : 3 * $0 })
    settings.measurement.budget = .samples(150)
    let samples = try Seen(settings).record
    #expect(samples.ending == .budget)
    let total = samples.agents.reduce(0) { $0 + ($1.samples ?? 0) }
    #expect(total >= 150 && total < 150 + 4 * 3 * 15)
  }
}

// MARK: - What results keep

@Test func parametersAreKeptWhenTheScenarioWantsThem() throws {
  func kept(_ keeping: MeasurementSettings.Keeping, until: Double) throws -> (times: [Double], last: [Double]) {
    var settings = controlSettings(pair, until: until)
    settings.measurement.keeping = keeping
    let seen = try Seen(settings)
    let kept = seen.record.parameters
    #expect(kept.enumerated().allSatisfy { $1.agent == ["a", "b"][$0 % 2] })
    let last = kept.suffix(2).flatMap { one -> [Double] in
      if case .single(let values) = one.values { values.map { Double($0) } } else { [] }
    }
    if !kept.isEmpty { #expect(last == seen.parameters) }
    return (stride(from: 0, to: kept.count, by: 2).map { kept[$0].time }, last)
  }
  #expect(try kept(.none, until: 6.5).times == [])
  #expect(try kept(.auto, until: 6.5).times == [6.5])
  #expect(try kept(.final, until: 6.5).times == [6.5])
  // At the first measurement after each multiple, and no time twice.
  #expect(try kept(.every(.seconds(2)), until: 6.5).times == [0, 2, 4, 6, 6.5])
  #expect(try kept(.every(.seconds(2)), until: 6).times == [0, 2, 4, 6])
  #expect(try kept(.every(.seconds(2.5)), until: 6).times == [0, 3, 5, 6])
  #expect(try kept(.every(.seconds(0.1)), until: 3).times == [0, 1, 2, 3])
  #expect(try kept(.every(.seconds(100)), until: 3).times == [0, 3])
  // What was kept on the way is what a shorter run ends with.
  var settings = controlSettings(pair, until: 6)
  settings.measurement.keeping = .every(.seconds(2))
  let way = try Seen(settings).record.parameters.filter { $0.time == 4 }
  settings.measurement.until = .seconds(4)
  #expect(try Seen(settings).record.parameters.filter { $0.time == 4 } == way)
  // Regression keeps nothing unless asked.
  var regression = OtherTask.regression(until: 3)
  #expect(try Seen(regression).record.parameters.isEmpty)
  regression.measurement.keeping = .final
  let values = try Seen(regression).record.parameters.map(\.values)
  #expect(values.count == 3)
  if case .double(let numbers)? = values.first { #expect(numbers.count == 3) } else { Issue.record("not in Double") }
}

private enum OtherTask {
  static func regression(until: Double) -> SimulationSettings { settings(ring(3), until: until) }
}

@Test func everyPolicyIsTestedInEveryTaskAtTheEnd() throws {
  var settings = controlSettings(pair, until: 3)
  settings.task = .control(ControlSettings(environment: .cartPoleBalance, tasks: .grid, timeLimit: 40))
  #expect(try Seen(settings).record.taskReturns == nil)
  settings.measurement.testsAllTasks = true
  let seen = try Seen(settings)
  let returns = try #require(seen.record.taskReturns)
  #expect(returns.tasks.count == 25 && Set(returns.tasks).count == 25)
  #expect(returns.returns.count == 2)
  let plain = try PlainAgents(settings, world: try World(settings, replication: 0))
  let expected = plain.bank.taskReturns(at: settings.measurement.gridCount, of: seen.parameters.map { Float($0) })
  #expect(returns == expected)
  #expect(seen.record.agents.map(\.task) == [returns.tasks[0], returns.tasks[1]])
}
