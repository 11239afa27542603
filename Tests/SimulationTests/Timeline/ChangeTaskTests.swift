// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Networks
import Quantities
import Randomness
import Records
import Schema
import Simulation
import Testing

private func change(
  _ arguments: Arguments, at seconds: Double, every: Double? = nil, times: Int? = nil, name: String? = nil
) -> TimelineEntry {
  TimelineEntry(
    at: [.after(.seconds(seconds))], every: every.map { .seconds($0) }, times: times, name: name,
    action: "change-task", arguments)
}

private func move(_ by: [Double]) -> Arguments { ["truth": .record(["by": .numbers(by)])] }

private func msd(_ record: RunRecord) -> [Double] { record.series.first { $0.metric == "msd" }?.values ?? [] }

/// Whoever has learnt its minimiser exactly is as far from it as it moves, measured at the instant of the move.
@Test(arguments: [LearnerDefinition.steepestDescent, .leastMeanSquares])
func theErrorIsThatToThePresentTruth(algorithm: LearnerDefinition) throws {
  var settings = settings(paw, stepSize: 0.2, algorithm: algorithm, until: 600)
  settings.task = .linearRegression(LinearRegressionSettings(dimension: 3, noiseVariance: .law(.constant(0))))
  settings.timeline = [change(move([3, 0, -4]), at: 300)]
  let errors = try msd(Seen(settings).record)
  #expect(errors[299] < 1e-20 && errors[600] < 1e-20)
  #expect(abs(errors[300] - 25) < 1e-9)
  #expect(errors[301] < 25)
  settings.timeline = [change(["truth": .record(["distance": .number(2)])], at: 300)]
  #expect(try abs(msd(Seen(settings).record)[300] - 4) < 1e-9)
}

/// Samples that agents use over and over are observed anew: the run ends where one ends whose truth was there from the start.
@Test func repeatedSamplesFollowTheTruth() throws {
  func final(_ centre: [Double], _ timeline: [TimelineEntry]) throws -> [Double] {
    var settings = settings(pair, dimension: 2, stepSize: 0.2, until: 2000, every: 100)
    settings.task = .linearRegression(
      LinearRegressionSettings(
        dimension: 2, truth: .init(centre: .values(centre)), noiseVariance: .law(.constant(0.1)), samples: 5))
    settings.timeline = timeline
    return try Seen(settings).parameters
  }
  let moved = try final([1, 2], [change(move([-3, 0.5]), at: 500)])
  for (one, other) in zip(moved, try final([-2, 2.5], [])) { #expect(abs(one - other) < 1e-9) }
}

/// Where some agents' minimisers move, the network optimum is that of all costs as they are.
@Test func theOptimumFollowsWhoMoves() throws {
  var settings = settings(paw, stepSize: 0.05, algorithm: .steepestDescent, until: 1, every: 1)
  settings.task = .linearRegression(
    LinearRegressionSettings(
      dimension: 3, truth: .init(centre: .values([0, 0, 0])), regressorVariance: .values([1, 2, 1, 4])))
  var arguments = move([0, 8, 0])
  arguments["agents"] = .names(["b", "d"])
  settings.timeline = [change(arguments, at: 0)]
  let record = try Seen(settings).record
  // The mean weighted with the regressors' variances: 8 (2 + 4) / 8 = 6, and everybody starts at zero.
  #expect(abs(msd(record)[0] - 36) < 1e-12)
}

/// A walk moves anew each time, by its name alone: other arms walk alike, other names and replications differently.
@Test func aWalkIsThatOfItsName() throws {
  func errors(
    _ name: String, strategy: StrategySettings = StrategySettings(kind: .nonCooperative), replication: Int = 0
  ) throws -> [Double] {
    var settings = settings(paw, stepSize: 0, strategy: strategy, until: 40)
    settings.timeline = [change(["truth": .record(["walk": .number(0.5)])], at: 0.5, every: 1, name: name)]
    return try msd(Seen(settings, replication: replication).record)
  }
  let one = try errors("wind")
  #expect(Set(one).count == 41)
  #expect(try errors("wind", strategy: StrategySettings(timing: .slotted)) == one)
  #expect(try errors("tide") != one)
  #expect(try errors("wind", replication: 1) != one)
}

/// Mean square length of a walk after 40 moves of 3 entries with deviation 1/2: 30, within five standard errors of 200 runs.
@Test func aWalkHasItsLength() throws {
  var settings = settings(pair, stepSize: 0, strategy: StrategySettings(kind: .nonCooperative), until: 40, every: 40)
  settings.task = .linearRegression(
    LinearRegressionSettings(dimension: 3, truth: .init(centre: .values([0, 0, 0]))))
  settings.timeline = [change(["truth": .record(["walk": .number(0.5)])], at: 0, every: 1, times: 40)]
  let world = try World(settings, replication: 0)
  let squares = try (0..<200).map { try msd(simulate(settings, in: world, replication: $0)).last ?? .nan }
  let mean = squares.reduce(0, +) / 200
  // The square is 10 χ² with 3 degrees of freedom: its standard deviation is 10 √6.
  let bar = 5 * 10 * (6.0 / 200).squareRoot()
  #expect(abs(mean - 30) < bar, "\(mean)")
}

/// A shift gives each agent the task so many places on; a step under way ends with the episodes of the old one.
@Test(arguments: orders) func agentsTakeOtherTasks(order: ActorCriticSettings.Order) throws {
  func seen(_ timeline: [TimelineEntry]) throws -> Seen {
    var settings = controlSettings(order: order, until: 6)
    settings.task = .control(ControlSettings(environment: .cartPoleBalance, tasks: .grid, timeLimit: 15))
    settings.timeline = timeline
    return try Seen(settings)
  }
  let plain = try seen([])
  let shifted = try seen([change(["shift": .count(1)], at: 2.5)])
  #expect(shifted.record.agents.map(\.task) != plain.record.agents.map(\.task))
  let (tasks, before) = (shifted.record.agents.map(\.task), plain.record.agents.map(\.task))
  #expect(Array(tasks.dropLast()) == Array(before.dropFirst()))
  #expect(shifted.parameters != plain.parameters)
  let count = ControlTasks(ControlSettings(environment: .cartPoleBalance, tasks: .grid)).count
  #expect(count > 4)
  // Once round is where they were.
  let round = try seen([change(["shift": .count(count)], at: 2.5)])
  #expect(round.parameters == plain.parameters)
  let back = try seen([change(["shift": .count(3)], at: 2.5), change(["shift": .count(-3)], at: 2.5)])
  #expect(back.parameters == plain.parameters)
}

/// The exact tasks of finite worlds likewise: with two of them a shift exchanges them.
@Test func finiteTasksAreExchanged() throws {
  func seen(_ timeline: [TimelineEntry]) throws -> Seen {
    var settings = settings(ring(4), until: 30)
    settings.task = .fiveState(FiveStateSettings())
    settings.learner = LearnerSettings(algorithm: .policyGradient, stepSize: .law(.constant(0.1)))
    settings.strategy = StrategySettings(kind: .nonCooperative)
    settings.timeline = timeline
    return try Seen(settings)
  }
  let plain = try seen([])
  let shifted = try seen([change(["shift": .count(1)], at: 0)])
  let half = plain.parameters.count / 4
  let (first, second) = (Array(shifted.parameters.prefix(half)), Array(plain.parameters.dropFirst(half).prefix(half)))
  #expect(first == second)
  #expect(try seen([change(["shift": .count(2)], at: 0)]).parameters == plain.parameters)
}

// MARK: - Estimates that are forgotten

/// An estimate older than that counts as missing: agents whose link is cut for good end alone, and each at its own minimiser.
@Test func oldEstimatesAreForgotten() throws {
  func parameters(_ forgetAfter: Double?, _ timeline: [TimelineEntry], _ strategy: StrategySettings) throws -> [Double]
  {
    var strategy = strategy
    strategy.forgetAfter = forgetAfter.map { .seconds($0) }
    var settings = settings(
      pair, spread: 1, stepSize: 0.3, algorithm: .steepestDescent, strategy: strategy, until: 400, every: 10)
    settings.timeline = timeline
    return try Seen(settings).parameters
  }
  let alone = try parameters(nil, [], StrategySettings(kind: .nonCooperative))
  let forgotten = try parameters(5, [cut(at: 20)], StrategySettings())
  for (one, other) in zip(forgotten, alone) { #expect(abs(one - other) < 1e-12) }
  #expect(try parameters(nil, [cut(at: 20)], StrategySettings()) != forgotten)
  // Nothing is ever older than a step here, and one of a step is not older than a step.
  let plain = try parameters(nil, [], StrategySettings())
  #expect(try parameters(1, [], StrategySettings()) == plain)
}
