// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Learners
import Quantities
import Randomness
import Testing
import Workers

private let timeLimit = 25

/// Two small networks; gradient descent with step size one, so that an increment is the gradient turned round.
private func small(_ order: ActorCriticSettings.Order = .jacobi) -> ActorCriticSettings {
  ActorCriticSettings(
    hiddenUnits: [8, 6], criticStepSize: 1, actorStepSize: 1, optimiser: .gradientDescent, discount: 0.9,
    entropyBonus: 0.3, order: order)
}

private func bank(
  _ settings: ActorCriticSettings, _ environment: EnvironmentDefinition = .cartPoleBalance,
  tasks: ControlSettings.Tasks = .single, agents: Int = 2, testEpisodes: Int = 4
) -> ActorCritic {
  ActorCritic(
    settings, task: ControlSettings(environment: environment, tasks: tasks, timeLimit: timeLimit),
    agents: keys(agents), learners: agents, testEpisodes: testEpisodes, seed: 3, replication: 2, steps: StepPool())
}

extension LearnerBank where Self: ~Copyable, Scalar == Float {
  /// Takes a phase of a step at parameters and gives its increment; what is not of the phase is NaN.
  func taken(_ node: Int, attempt: UInt64, phase: Int = 0, at parameters: [Float]) -> (d: [Float], work: StepWork) {
    var increment = [Float](repeating: .nan, count: parameterCount)
    let work = increment.withUnsafeMutableBufferPointer { buffer in
      begin(LocalStep(NodeID(node), attempt: attempt, phase: phase), at: parameters, increment: buffer.baseAddress!)
      return finish(NodeID(node))
    }
    return (increment, work)
  }

  /// The parameters that an agent starts from.
  func start(_ node: Int) -> [Float] {
    var parameters = [Float](repeating: .nan, count: parameterCount)
    initialise(NodeID(node), into: &parameters)
    return parameters
  }
}

/// The largest distance of two vectors, as a share of the largest entry of the first.
private func relativeDistance(_ a: [Double], _ b: [Double]) -> Double {
  guard a.count == b.count else { return .infinity }
  let scale = a.map(abs).max() ?? 0
  return zip(a, b).map { abs($0 - $1) }.reduce(0) { $1.isNaN ? .infinity : max($0, $1) } / scale
}

/// Single precision: rounding of 2⁻²⁴ in each of a few hundred operations, some through the physics of an episode.
private let singlePrecision = 1e-4

private func checkGradients<Task: ControlTask>(
  _ task: Task, _ environment: EnvironmentDefinition, agent: Int, attempt: Int
) {
  let bank = bank(small(), environment)
  let w = bank.start(agent)
  let plain = PlainActorCritic(task: task, settings: small(), timeLimit: timeLimit, seed: 3, replication: 2)
  let split = plain.critic.parameterCount
  #expect(bank.parameterCount == split + plain.actor.parameterCount)
  let (critic, actor) = (w[..<split].map { Double($0) }, w[split...].map { Double($0) })
  let rows = plain.rows(keys(2)[agent], attempt: attempt, actor: actor)
  let (d, work) = bank.taken(agent, attempt: UInt64(attempt), at: w)
  #expect(
    work
      == StepWork(
        samples: UInt64(rows.count), environmentSteps: UInt64(rows.count), episodes: 5,
        gradientSamples: Double(rows.count)))
  let turned = d.map { -Double($0) }
  #expect(relativeDistance(plain.criticGradient(rows, critic: critic), Array(turned[..<split])) < singlePrecision)
  let actorGradient = plain.actorGradient(rows, critic: critic, actor: actor)
  #expect(relativeDistance(actorGradient, Array(turned[split...])) < singlePrecision)
  // The tolerance tells a bonus from a penalty.
  var penalty = plain
  penalty.settings.entropyBonus = -0.3
  #expect(
    relativeDistance(penalty.actorGradient(rows, critic: critic, actor: actor), Array(turned[split...]))
      > 3 * singlePrecision)
}

@Test(arguments: [0, 1], [0, 7])
func aStepIsThatOfThePlainComputation(agent: Int, attempt: Int) {
  checkGradients(CartPoleBalance.single, .cartPoleBalance, agent: agent, attempt: attempt)
  checkGradients(InvertedPendulum.single, .invertedPendulum, agent: agent, attempt: attempt)
  checkGradients(CartPoleSwingUp.single, .cartPoleSwingUp, agent: agent, attempt: attempt)
}

/// The first move of Adam is the step size in the direction of each entry of the gradient; later ones have moments.
@Test func theFirstMovesAreThoseOfAdam() {
  var settings = small()
  settings.optimiser = .adam
  settings.criticStepSize = 0.01
  settings.actorStepSize = 0.001
  let bank = bank(settings)
  let plain = PlainActorCritic(
    task: CartPoleBalance.single, settings: settings, timeLimit: timeLimit, seed: 3, replication: 2)
  let split = plain.critic.parameterCount
  let w = bank.start(0)
  let (critic, actor) = (w[..<split].map { Double($0) }, w[split...].map { Double($0) })
  var (criticAdam, actorAdam) = (PlainAdam(stepSize: 0.01), PlainAdam(stepSize: 0.001))
  for attempt in 0..<3 {
    let rows = plain.rows(keys(1)[0], attempt: attempt, actor: actor)
    let gradients = [
      plain.criticGradient(rows, critic: critic), plain.actorGradient(rows, critic: critic, actor: actor),
    ]
    let moves = [criticAdam.move(gradients[0]), actorAdam.move(gradients[1])]
    let d = bank.taken(0, attempt: UInt64(attempt), at: w).d.map { Double($0) }
    for (part, found) in [d[..<split], d[split...]].enumerated() {
      let scale = gradients[part].map(abs).max() ?? 0
      let stepSize = part == 0 ? 0.01 : 0.001
      var compared = 0
      // Where a gradient all but vanishes its direction is rounding.
      for (index, move) in found.enumerated() where abs(gradients[part][index]) > 0.01 * scale {
        #expect(abs(move - moves[part][index]) < 0.01 * stepSize)
        if attempt == 0 { #expect(abs(abs(move) - stepSize) < 1e-4 * stepSize) }
        compared += 1
      }
      #expect(compared > 10)
    }
  }
}

/// The actor learns from the episodes of the first phase, judged by the critic that it is given in the second.
@Test func theActorOfTheSecondPhaseIsJudgedByTheCombinedCritic() {
  let bank = bank(small(.gaussSeidel))
  let plain = PlainActorCritic(
    task: CartPoleBalance.single, settings: small(), timeLimit: timeLimit, seed: 3, replication: 2)
  let split = plain.critic.parameterCount
  #expect(bank.layout.phases.map(\.shared) == [0..<split, split..<bank.parameterCount])
  var w = bank.start(1)
  let actor = w[split...].map { Double($0) }
  let rows = plain.rows(keys(2)[1], attempt: 4, actor: actor)
  let first = bank.taken(1, attempt: 4, at: w)
  let count = UInt64(rows.count)
  #expect(
    first.work
      == StepWork(samples: count, environmentSteps: count, episodes: 5, gradientSamples: Double(count) / 2))
  let old = w[..<split].map { Double($0) }
  #expect(
    relativeDistance(plain.criticGradient(rows, critic: old), first.d[..<split].map { -Double($0) }) < singlePrecision)
  #expect(first.d[split...].allSatisfy { $0.isNaN })
  for index in 0..<split { w[index] += 0.1 * first.d[index] + (index == split - 1 ? 5 : 0) }
  let second = bank.taken(1, attempt: 4, phase: 1, at: w)
  #expect(second.work == StepWork(samples: 0, gradientSamples: Double(count) / 2))
  let combined = w[..<split].map { Double($0) }
  let found = second.d[split...].map { -Double($0) }
  #expect(relativeDistance(plain.actorGradient(rows, critic: combined, actor: actor), found) < singlePrecision)
  #expect(relativeDistance(plain.actorGradient(rows, critic: old, actor: actor), found) > 0.1)
  #expect(second.d[..<split].allSatisfy { $0.isNaN })
}

/// Rule 4: what an abandoned step would have made of the moments never happens; forgetting starts them afresh.
@Test(arguments: [ActorCriticSettings.OptimiserRule.adam, .rootMeanSquare])
func anAbandonedStepLeavesNoTrace(rule: ActorCriticSettings.OptimiserRule) {
  var settings = small()
  settings.optimiser = rule
  let plain = bank(settings)
  let other = bank(settings)
  let w = plain.start(0)
  var lost = w
  for attempt in [0, 1] as [UInt64] {
    let expected = plain.taken(0, attempt: attempt, at: w).d
    #expect(other.taken(0, attempt: attempt, at: w).d == expected)
    other.begin(LocalStep(NodeID(0), attempt: 9), at: w, increment: &lost)
    if attempt == 1 { _ = other.work(of: NodeID(0)) }
    other.abandon(NodeID(0))
  }
  let third = plain.taken(0, attempt: 2, at: w).d
  #expect(other.taken(0, attempt: 2, at: w).d == third)
  other.forget(NodeID(0))
  let fresh = bank(settings).taken(0, attempt: 3, at: w).d
  #expect(plain.taken(0, attempt: 3, at: w).d != fresh)
  #expect(other.taken(0, attempt: 3, at: w).d == fresh)
}

/// What an agent keeps for itself can be written down between steps, also while one is under way, and taken on again.
@Test(arguments: [ActorCriticSettings.OptimiserRule.adam, .rootMeanSquare])
func anAgentComesBackToWhatItKept(rule: ActorCriticSettings.OptimiserRule) throws {
  var settings = small()
  settings.optimiser = rule
  let plain = bank(settings)
  let other = bank(settings)
  let w = plain.start(0)
  #expect(plain.taken(0, attempt: 0, at: w).d == other.taken(0, attempt: 0, at: w).d)
  var lost = w
  other.begin(LocalStep(NodeID(0), attempt: 1), at: w, increment: &lost)
  var written = RunMemory()
  try other.visit(&written, of: NodeID(0))
  other.abandon(NodeID(0))
  _ = other.taken(0, attempt: 2, at: w)
  other.forget(NodeID(0))
  var memory = RunMemory(reading: written.content)
  try other.visit(&memory, of: NodeID(0))
  #expect(other.taken(0, attempt: 3, at: w).d == plain.taken(0, attempt: 3, at: w).d)
  #expect(other.taken(0, attempt: 4, at: w).d != bank(settings).taken(0, attempt: 4, at: w).d)
}

/// A second phase without its first, as after a crash between them, plays episodes of its own.
@Test func forgottenEpisodesAreNotLearntFrom() {
  let bank = bank(small(.gaussSeidel))
  let plain = PlainActorCritic(
    task: CartPoleBalance.single, settings: small(), timeLimit: timeLimit, seed: 3, replication: 2)
  let split = plain.critic.parameterCount
  let w = bank.start(0)
  _ = bank.taken(0, attempt: 0, at: w)
  bank.abandon(NodeID(0))
  let (d, work) = bank.taken(0, attempt: 1, phase: 1, at: w)
  let (critic, actor) = (w[..<split].map { Double($0) }, w[split...].map { Double($0) })
  let rows = plain.rows(keys(1)[0], attempt: 1, actor: actor)
  #expect(work.episodes == 5 && work.samples == UInt64(rows.count))
  #expect(
    relativeDistance(plain.actorGradient(rows, critic: critic, actor: actor), d[split...].map { -Double($0) })
      < singlePrecision)
}

@Test func agentsStartFromTheSameParametersUnlessTheyHaveTheirOwn() {
  var settings = small()
  #expect(bank(settings).start(0) == bank(settings).start(1))
  settings.start = .own
  #expect(bank(settings).start(0) != bank(settings).start(1))
}

@Test func longGradientsAreClippedOneNetworkAtATime() {
  let whole = bank(small()).taken(0, attempt: 0, at: bank(small()).start(0)).d
  var settings = small()
  settings.gradientClip = 0.01
  let clipped = bank(settings).taken(0, attempt: 0, at: bank(settings).start(0)).d
  let split = bank(settings).parameterCount - (4 * 8 + 8 + 8 * 6 + 6 + 6 * 2 + 2)
  for part in [0..<split, split..<whole.count] {
    let norm = whole[part].reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    #expect(norm > 0.01)
    for index in part { #expect(abs(Double(clipped[index]) - Double(whole[index]) * 0.01 / norm) < 1e-6) }
  }
}

// MARK: - Tests of policies

/// Rule 18: by the mean action, with episodes keyed by task and grid point, whoever is tested.
@Test func policiesAreTestedByTheirMeanActionsOnDrawsOfTheirTask() throws {
  let settings = small()
  let bank = bank(settings, tasks: .grid, agents: 27)
  let dimension = bank.parameterCount
  var w = (0..<27).flatMap { _ in bank.start(0) }
  // A mean that leans to one side, so that episodes end before their time.
  for agent in 0..<27 { w[(agent + 1) * dimension - 2] = Float(agent % 5) / 4 }
  let returns = Column(repeating: 0.0, count: 27)
  for point in [0, 3] {
    bank.testReturns(at: point, of: w, into: returns)
    for agent in [0, 1, 13, 24, 26] {
      let plain = PlainActorCritic(
        task: CartPoleBalance.taskGrid[agent % 25], settings: settings, timeLimit: timeLimit, seed: 3, replication: 2)
      let name = bank.taskName(of: NodeID(agent)) ?? ""
      let actor = w[(agent + 1) * dimension - plain.actor.parameterCount..<(agent + 1) * dimension].map { Double($0) }
      #expect(returns[agent] == plain.testReturn(name, point: point, episodes: 4, actor: actor))
    }
    #expect(Set((0..<27).map { returns[$0] }).count > 3)
  }
  let tested = bank.taskReturns(at: 3, of: w)
  let matrix = try #require(tested)
  var names: [String] = []
  for agent in 0..<25 { names.append(bank.taskName(of: NodeID(agent)) ?? "") }
  #expect(matrix.tasks == names)
  for agent in 0..<27 {
    #expect(matrix.returns[agent].count == 25)
    #expect(matrix.returns[agent][agent % 25] == returns[agent])
  }
  let plain = PlainActorCritic(
    task: CartPoleBalance.taskGrid[17], settings: settings, timeLimit: timeLimit, seed: 3, replication: 2)
  let actor = w[3 * dimension - plain.actor.parameterCount..<3 * dimension].map { Double($0) }
  #expect(matrix.returns[2][17] == plain.testReturn(matrix.tasks[17], point: 3, episodes: 4, actor: actor))
}

/// The cart of a policy that is not a number would never leave its track.
@Test(arguments: [EnvironmentDefinition.cartPoleBalance, .cartPoleSwingUp, .invertedPendulum])
func aDivergedPolicyHasNoReturn(environment: EnvironmentDefinition) {
  let bank = bank(small(), environment)
  let dimension = bank.parameterCount
  var w = bank.start(0) + bank.start(1)
  w[dimension - 1] = .nan
  w[dimension - 2] = .nan
  let returns = Column(repeating: 0.0, count: 2)
  bank.testReturns(at: 1, of: w, into: returns)
  #expect(returns[0].isNaN)
  #expect(returns[1].isFinite)
  // Learning from it ends, too.
  #expect(bank.taken(0, attempt: 0, at: Array(w[..<dimension])).work.episodes == 5)
}
