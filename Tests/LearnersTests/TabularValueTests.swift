// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Learners
import Quantities
import Randomness
import Records
import Testing
import Workers

/// Three cells in a row: 0 ↔ 1 → 2, where it ends. Action 0 goes left (and stays in 0, at a price of 2), 1 goes right.
private struct ThreeCells: DiscreteControlTask {
  static var choiceCount: Int { 2 }
  static var observationCount: Int { 1 }
  static var timeLimit: Int { 50 }
  static var stateCount: Int? { 3 }

  func start(_ draws: inout Draws) -> Int { 0 }

  func step(_ state: inout Int, choice: Int) -> Transition {
    let bumps = state == 0 && choice == 0
    state = max(0, state + (choice == 1 ? 1 : -1))
    return Transition(reward: state == 2 ? 8 : bumps ? -2 : -1, isTerminated: state == 2)
  }

  func observe<Scalar: BinaryFloatingPoint>(_ state: Int, into observation: UnsafeMutablePointer<Scalar>) {
    observation[0] = Scalar(state)
  }

  func stateNumber(of state: Int) -> Int { state }
}

private let threeCells = EnvironmentDefinition(
  name: "three-cells", meaning: "three cells in a row", single: ThreeCells(), grid: [ThreeCells()],
  observationNames: ["cell"], taskName: { _ in "cells" }, timeStep: { _ in 1 })

private func bank(
  _ settings: TabularValueSettings, _ environment: EnvironmentDefinition = threeCells,
  tasks: ControlSettings.Tasks = .single, agents: Int = 1, timeLimit: Int? = nil
) -> TabularValueLearning {
  TabularValueLearning(
    settings, task: ControlSettings(environment: environment, tasks: tasks, timeLimit: timeLimit), agents: keys(agents),
    learners: agents, testEpisodes: 2, seed: 3, replication: 2, steps: StepPool())
}

/// Half of each error counts, half of each later reward, and nothing is left to chance.
private func halves(_ rule: TabularValueSettings.Rule, steps: Int = 1) -> TabularValueSettings {
  TabularValueSettings(
    rule: rule, stepSize: 0.5, discount: 0.5, exploration: Exploration(start: 0, end: 0, decay: 0),
    stepsPerUpdate: steps)
}

/// Lets one agent take steps and adds what they change.
private func table(_ bank: borrowing TabularValueLearning, attempts: Range<UInt64>, from w: inout [Float]) {
  for attempt in attempts {
    let d = bank.taken(0, attempt: attempt, at: w).d
    for entry in w.indices { w[entry] += d[entry] }
  }
}

/// A chain by hand, α = γ = ½, from zeros, always the best action and of equal ones the first. Q(s, a) in the order of 0 left,
/// 0 right, 1 left, 1 right, then the end.
///
/// | step | s a r s′ | target | Q(s, a) |
/// |---|---|---|---|
/// | 1 | 0 left −2 0 | −2 + ½ · 0 | −1 |
/// | 2 | 0 right −1 1 | −1 + ½ · 0 | −½ |
/// | 3 | 1 left −1 0 | −1 + ½ · (−½) = −1.25 | −0.625 |
/// | 4 | 0 right −1 1 | −1 + ½ · 0 (right in 1) | −0.75 |
/// | 5 | 1 right 8 end | 8 | 4 |
/// | 6 | 0 right −1 1 | −1 + ½ · 4 = 1 | 0.125 |
@Test(arguments: [1, 2, 3, 6]) func aTableOfValuesIsThatOfTheChainByHand(stepsAtOnce: Int) {
  let bank = bank(halves(.best, steps: stepsAtOnce))
  var w = bank.start(0)
  #expect(w == [0, 0, 0, 0, 0, 0])
  table(bank, attempts: 0..<UInt64(6 / stepsAtOnce), from: &w)
  #expect(w == [-1, 0.125, -0.625, 4, 0, 0])
}

/// The same of SARSA, which chooses what comes next before it learns:
///
/// | step | s a r s′ a′ | target | Q(s, a) |
/// |---|---|---|---|
/// | 1 | 0 left −2 0 left | −2 + ½ · 0 | −1 |
/// | 2 | 0 left −2 0 right | −2 + ½ · 0 | −1.5 |
/// | 3 | 0 right −1 1 left | −1 + ½ · 0 | −½ |
/// | 4 | 1 left −1 0 right | −1 + ½ · (−½) = −1.25 | −0.625 |
/// | 5 | 0 right −1 1 right | −1 + ½ · 0 | −0.75 |
/// | 6 | 1 right 8 end | 8 | 4 |
///
/// In step 1 both actions of 0 are worth nothing when it chooses left again; in step 2 right is, and left is worth −1.
@Test(arguments: [1, 2, 3, 6]) func aTableOfTakenActionsIsThatOfTheChainByHand(stepsAtOnce: Int) {
  let bank = bank(halves(.taken, steps: stepsAtOnce))
  var w = bank.start(0)
  table(bank, attempts: 0..<UInt64(6 / stepsAtOnce), from: &w)
  #expect(w == [-1.5, -0.75, -0.625, 4, 0, 0])
}

/// An action that is chosen stays chosen, whatever others have made of its worth meanwhile.
@Test func whatIsChosenIsDone() {
  let bank = bank(halves(.taken))
  var w = bank.start(0)
  table(bank, attempts: 0..<1, from: &w)
  w[0] = -100
  let d = bank.taken(0, attempt: 1, at: w).d
  // It goes left, as it had chosen: ½ (−2 + ½ · 0 + 100).
  #expect(d == [49, 0, 0, 0, 0, 0])
}

/// An episode that the time limit cuts off has a value behind it, and another one begins.
@Test func aTimeoutIsNoEndOfTheTable() {
  let bank = bank(halves(.best), timeLimit: 1)
  var w: [Float] = [-9, 0, 0, 6, 0, 0]
  let (d, work) = bank.taken(0, attempt: 0, at: w)
  // Right to 1, where the best is worth 6: ½ (−1 + 3).
  #expect(d == [0, 1, 0, 0, 0, 0] && work.episodes == 1)
  for entry in w.indices { w[entry] += d[entry] }
  #expect(bank.taken(0, attempt: 1, at: w).d == [0, 0.5, 0, 0, 0, 0])
}

/// Steps that are given up leave no trace, what is written down goes on, and who forgets starts afresh.
@Test(arguments: [TabularValueSettings.Rule.best, .taken]) func placesAreKept(rule: TabularValueSettings.Rule) throws {
  let settings = TabularValueSettings(rule: rule, stepSize: 0.5, stepsPerUpdate: 3)
  func make() -> TabularValueLearning { bank(settings, .twoRoom, tasks: .named(["room-6", "room-4"]), agents: 2) }
  #expect(make().parameterCount == 90 * 5)
  try expectThatItGoesOn(make(), make(), after: 20)
  try expectThatItComesBack(make(), after: 20)
  let increment = Column(repeating: Float.nan, count: 90 * 5)
  let w = make().start(0)
  let one = make()
  let other = make()
  for attempt in UInt64(0)..<60 {
    if attempt == 20 {
      one.begin(LocalStep(NodeID(0), attempt: attempt), at: w, increment: increment.base)
      one.abandon(NodeID(0))
    } else {
      let (mine, others) = (one.taken(0, attempt: attempt, at: w), other.taken(0, attempt: attempt, at: w))
      #expect(mine.d == others.d && mine.work == others.work)
    }
  }
}

/// From ones, which promise more than any way is worth, an agent that always does what seems best finds the shortest way
/// through two rooms: 13 steps and a return of −0.3. Nothing is left to chance.
@Test(arguments: [TabularValueSettings.Rule.best, .taken])
func aTableFindsTheShortestWay(rule: TabularValueSettings.Rule) {
  var settings = TabularValueSettings(rule: rule, stepSize: 0.5, discount: 0.95, stepsPerUpdate: 500, firstValue: 1)
  settings.exploration = Exploration(start: 0, end: 0, decay: 0)
  let bank = bank(settings, .twoRoom)
  var w = bank.start(0)
  table(bank, attempts: 0..<200, from: &w)
  let returns = Column(repeating: 0.0, count: 1)
  bank.testReturns(at: 0, of: w, into: returns)
  #expect(abs(returns[0] + 0.3) < 1e-9)
  w = w.map { _ in .nan }
  bank.testReturns(at: 0, of: w, into: returns)
  #expect(returns[0].isNaN)
}

/// A policy of a table that explores always is uniform, and one that never does is greedy.
@Test func exploringATableIsBetweenUniformAndGreedy() {
  let tasks = ControlTasks(ControlSettings(environment: .twoRoom, timeLimit: 30))
  let w = (0..<450).map { Float(($0 * 37) % 101) }
  let stream = StreamKey(seed: 1, replication: 0, purpose: .evaluationAction, entity: "room-4")
  func returns(_ policy: ControlPolicy) -> [Double] {
    tasks.evaluate(policy, in: 0, starts: stream, episodes: 5).returns
  }
  w.withUnsafeBufferPointer { w in
    let w = w.baseAddress!
    let uniform = returns(.uniform(noise: stream))
    #expect(returns(.table(choices: 5, at: w, exploring: (1, stream))) == uniform)
    #expect(
      returns(.table(choices: 5, at: w, exploring: (0, stream))) == returns(.table(choices: 5, at: w, exploring: nil)))
    #expect(returns(.table(choices: 5, at: w, exploring: nil)) != uniform)
  }
}
