// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Foundation
import Learners
import NeuralNets
import Quantities
import Randomness
import Records
import Testing
import Workers

private let timeLimit = 14

/// A small network, and gradient descent with step size one, so that an increment is the gradient turned round.
private func small(
  _ stretch: PolicySettings.Stretch, proximal: PolicySettings.Proximal? = nil,
  baseline: PolicySettings.Baseline = .learned, traceDecay: Double = 1, entropyBonus: Double = 0,
  normalises: Bool = false, clip: Double? = nil
) -> PolicySettings {
  let stepSize = proximal == nil ? 1 : 0.3
  return PolicySettings(
    stretch: stretch, proximal: proximal, baseline: baseline, hiddenUnits: [7], actorStepSize: stepSize,
    criticStepSize: stepSize, optimiser: .gradientDescent, discount: 0.9, traceDecay: traceDecay,
    entropyBonus: entropyBonus, normalisesAdvantages: normalises, gradientClip: clip)
}

private func control(_ environment: EnvironmentDefinition, _ tasks: ControlSettings.Tasks = .single, _ limit: Int)
  -> ControlSettings
{
  ControlSettings(environment: environment, tasks: tasks, timeLimit: limit)
}

private func policy(
  _ settings: PolicySettings, _ environment: EnvironmentDefinition = .cartPoleDiscrete,
  tasks: ControlSettings.Tasks = .single, agents: Int = 2, timeLimit: Int = timeLimit
) -> PolicyLearning {
  PolicyLearning(
    settings, task: control(environment, tasks, timeLimit), agents: keys(agents), learners: agents, testEpisodes: 3,
    seed: 3, replication: 2, steps: StepPool())
}

private func proximal(
  _ settings: PolicySettings, _ environment: EnvironmentDefinition = .cartPoleDiscrete,
  tasks: ControlSettings.Tasks = .single, agents: Int = 2, timeLimit: Int = timeLimit
) -> ProximalLearning {
  ProximalLearning(
    settings, task: control(environment, tasks, timeLimit), agents: keys(agents), learners: agents, testEpisodes: 3,
    seed: 3, replication: 2, steps: StepPool())
}

/// The largest distance of two vectors, as a share of the largest entry of the first, or of 0.05 where there is none so large:
/// the error of a single step is a difference of values, and may all but vanish, but their rounding does not.
private func relativeDistance(_ a: [Double], _ b: [Double]) -> Double {
  guard a.count == b.count else { return .infinity }
  let scale = max(0.05, a.map(abs).max() ?? 0)
  return zip(a, b).map { abs($0 - $1) }.reduce(0) { $1.isNaN ? .infinity : max($0, $1) } / scale
}

/// Steps of an agent, some begun and given up, beside those of the plain computation.
private func compare<Core: ActingCore>(
  _ bank: borrowing ActingBank<Core>, _ settings: PolicySettings, attempts: UInt64, tolerance: Double
) -> PlainPolicy<CartPoleDiscrete> {
  let task = CartPoleDiscrete(CartPoleBalance(poleMass: 0.1, poleHalfLength: 0.5))
  var plain = PlainPolicy(task, settings, timeLimit: timeLimit, seed: 3, replication: 2, agent: keys(2)[1])
  var w = bank.start(1).map { 2 * $0 }
  for attempt in 0..<attempts {
    if attempt % 7 == 3 {
      var increment = [Float](repeating: .nan, count: bank.parameterCount)
      increment.withUnsafeMutableBufferPointer { buffer in
        bank.begin(LocalStep(NodeID(1), attempt: attempt), at: w, increment: buffer.baseAddress!)
        // Computed, and given up yet.
        if attempt % 2 == 0 { _ = bank.work(of: NodeID(1)) }
        bank.abandon(NodeID(1))
      }
      continue
    }
    let ended = plain.lengths.count
    let (increment, samples) = plain.step(attempt, at: w)
    let (d, work) = bank.taken(1, attempt: attempt, at: w)
    #expect(
      work
        == StepWork(
          samples: UInt64(samples), environmentSteps: UInt64(samples), episodes: UInt64(plain.lengths.count - ended),
          gradientSamples: Double(samples * (settings.proximal?.epochs ?? 1))))
    #expect(relativeDistance(increment, d.map { Double($0) }) < tolerance, "attempt \(attempt)")
    for entry in w.indices { w[entry] += 0.1 * d[entry] }
  }
  return plain
}

private let variants: [PolicySettings] = [
  small(.segments(steps: 1, environments: 1)), small(.segments(steps: 5, environments: 1), entropyBonus: 0.02),
  small(.segments(steps: 4, environments: 3), traceDecay: 0.7, normalises: true),
  small(.segments(steps: 9, environments: 2), traceDecay: 0, clip: 0.3), small(.episodes(1)),
  small(.episodes(3), entropyBonus: 0.02, normalises: true), small(.episodes(2), baseline: .none),
  // So many copies act side by side.
  small(.segments(steps: 3, environments: 17), traceDecay: 0.8, entropyBonus: 0.02, normalises: true),
]

/// Gradients are those of the plain computation: one step, several, and whole episodes; with episodes that the task ends and
/// some that the time limit cuts off. Single precision rounds to 2⁻²⁴ in each of some hundred operations.
@Test(arguments: variants.indices) func stepsThatFollowThePolicyAreThoseOfThePlainComputation(number: Int) {
  let settings = variants[number]
  let plain = compare(policy(settings), settings, attempts: 60, tolerance: 2e-4)
  #expect(plain.lengths.count > 1)
  if plain.lengths.count > 30 { #expect(plain.timeouts > 0 && plain.timeouts < plain.lengths.count) }
}

private let proximalVariants: [PolicySettings] = [
  small(.segments(steps: 8, environments: 2), proximal: .init(epochs: 3, minibatches: 3, clip: 0.05), normalises: true),
  small(
    .segments(steps: 16, environments: 1), proximal: .init(epochs: 4, minibatches: 1, clip: 0.02), traceDecay: 0.95,
    entropyBonus: 0.01, clip: 0.5),
]

/// Several updates from the same steps, some of whose probabilities have moved too far to count.
@Test(arguments: proximalVariants.indices) func proximalStepsAreThoseOfThePlainComputation(number: Int) {
  let settings = proximalVariants[number]
  let plain = compare(proximal(settings), settings, attempts: 25, tolerance: 1e-3)
  #expect(plain.clipped > 20 && plain.lengths.count > 3)
}

/// By hand: two copies of a pole's environment, v(s) = 2 s₀ where s₀ > 0; γ = ½, λ = ½.
///
///     copy   r   s₀  s₀′  ends        v   v′   δ                 A
///     first  1    1    2              2    4   1 + 2 − 2 =  1    1 + ¼ · (−2.5) = 0.375
///            1    2   ½   the limit   4    1   1 + ½ − 4 = −2.5  −2.5
///            1    3    1  the segment 6    2   1 + 1 − 6 = −4    −4
///     second 1    1    4              2    8   1 + 4 − 2 =  3    3 + ¼ · (−7) = 1.25
///            1    4    9  the task    8    –   1 − 8     = −7    −7
///            1    ½    3  the segment 1    6   1 + 3 − 1 =  3    3
@Test func advantagesAndTargetsAreThoseOfTheFormulas() {
  let tasks = ControlTasks(control(.cartPoleDiscrete, .single, 7))
  func found(_ traceDecay: Double, steps: Int = 3) -> (advantages: [Float], targets: [Float]) {
    var settings = PolicySettings(
      stretch: .segments(steps: steps, environments: 2), hiddenUnits: [1], activation: .rectifier, discount: 0.5)
    settings.traceDecay = traceDecay
    let networks = PolicyNetworks(settings, tasks: tasks)
    let room = PolicyRoom(settings, networks: networks, rows: 6)
    room.count = 6
    let (before, after): ([Float], [Float]) = ([1, 2, 3, 1, 4, 0.5], [2, 0.5, 1, 4, 9, 3])
    for row in 0..<6 {
      room.batch.observations[4 * row] = before[row]
      room.batch.nextObservations[4 * row] = after[row]
      room.batch.rewards[row] = 1
      room.batch.isTerminal[row] = row == 4
      // The seventh step of an episode is its last.
      room.batch.times[row] = row == 1 ? 6 : Int32(row % 3)
    }
    var w = [Float](repeating: 0, count: networks.parameterCount)
    (w[0], w[5]) = (1, 2)
    PolicyLoss(settings, tasks: tasks).judge(at: w, in: room)
    return ((0..<6).map { room.columns.advantages[$0] }, (0..<6).map { room.columns.targets[$0] })
  }
  let half = found(0.5)
  #expect(half.advantages == [0.375, -2.5, -4, 1.25, -7, 3])
  #expect(half.targets == [2.375, 1.5, 2, 3.25, 1, 4])
  // λ = 1: r + γ r′ + γ² v″ where the limit or the segment cuts off, without v where the task ends.
  #expect(found(1).targets == [1 + 0.5 + 0.25, 1.5, 2, 1 + 0.5, 1, 4])
  // λ = 0, and segments of one step: r + γ v′, the one-step error of temporal differences.
  #expect(found(0).targets == [3, 1.5, 2, 5, 1, 4])
  #expect(found(1, steps: 1).targets == [3, 1.5, 2, 5, 1, 4])
}

/// The gradient of REINFORCE is that of −mean(log π(a_t) G_t), by central differences of this number, in which the network
/// goes forward only.
@Test func theGradientOfWholeEpisodesIsThatOfTheReturns() {
  let settings = small(.episodes(2), baseline: .none)
  let bank = policy(settings)
  let w = bank.start(0).map { 2 * $0 }
  let task = CartPoleDiscrete(CartPoleBalance(poleMass: 0.1, poleHalfLength: 0.5))
  var plain = PlainPolicy(task, settings, timeLimit: timeLimit, seed: 3, replication: 2, agent: keys(1)[0])
  let steps = plain.act(0, at: w.map { Double($0) })
  var returns = [Double](repeating: 0, count: steps.count)
  for t in steps.indices.reversed() {
    returns[t] = steps[t].reward + (steps[t].isLast ? 0 : 0.9 * returns[t + 1])
  }
  func loss(_ w: [Double]) -> Double {
    -steps.indices.reduce(0) { sum, t in
      sum + log(plain.probabilities(steps[t].seen, at: w)[steps[t].action]) * returns[t]
    } / Double(steps.count)
  }
  let d = bank.taken(0, attempt: 0, at: w).d
  let start = w.map { Double($0) }
  let differences = start.indices.map { entry in
    var (up, down) = (start, start)
    up[entry] += 1e-5
    down[entry] -= 1e-5
    return (loss(up) - loss(down)) / 2e-5
  }
  #expect(relativeDistance(differences, d.map { -Double($0) }) < 1e-4)
}

/// Step sizes fall along a line to nothing: with gradient descent the increment of step t is that of a step size which stays,
/// times 1 − (t − 1) / T.
@Test func stepSizesFallAlongALine() {
  var falling = small(.segments(steps: 2, environments: 1))
  falling.decaySteps = 4
  let one = policy(falling)
  let other = policy(small(.segments(steps: 2, environments: 1)))
  let w = one.start(0)
  for attempt in 0..<6 {
    let (d, whole) = (
      one.taken(0, attempt: UInt64(attempt), at: w).d, other.taken(0, attempt: UInt64(attempt), at: w).d
    )
    let share = max(0, 1 - Float(attempt) / 4)
    for (seen, expected) in zip(d, whole) { #expect(abs(seen - share * expected) <= 1e-6 * abs(expected)) }
    #expect(whole.contains { $0 != 0 })
  }
}

/// REINFORCE from segments is what the n-step actor-critic is with λ = 1, bit for bit; and a small start has all choices
/// nearly alike.
@Test func segmentsOfReturnsAreThoseOfTheActorCritic() {
  var returns = small(.segments(steps: 5, environments: 2), entropyBonus: 0.01)
  returns.outputStart = .small
  var steps = returns
  returns.followsReturns = true
  steps.traceDecay = 1
  #expect(LearnerSettings.policy(returns).algorithm == .reinforce)
  #expect(LearnerSettings.policy(returns).policy == returns)
  #expect(LearnerSettings.policy(steps).algorithm == .advantageActorCritic)
  let one = policy(returns)
  let other = policy(steps)
  let w = one.start(1)
  #expect(w == other.start(1))
  for attempt in [0, 1, 2] as [UInt64] {
    #expect(one.taken(1, attempt: attempt, at: w).d == other.taken(1, attempt: attempt, at: w).d)
  }
  let networks = PolicyNetworks(returns, tasks: ControlTasks(control(.cartPoleDiscrete, .single, timeLimit)))
  let probabilities = networks.probabilities([0.02, -0.01, 0.03, 0.01], at: w, ofPrior: false)
  #expect(probabilities.map { $0.allSatisfy { abs($0 - 0.5) < 0.02 } } == true)
}

private func withMoments(_ settings: PolicySettings) -> PolicySettings {
  var settings = settings
  settings.optimiser = .adam
  (settings.actorStepSize, settings.criticStepSize) = (0.01, 0.02)
  return settings
}

@Test func policiesThatAreWrittenDownGoOn() throws {
  let rooms = ControlSettings.Tasks.named(["room-6", "room-4"])
  for settings in [variants[2], variants[5]].map(withMoments) {
    try expectThatItGoesOn(
      policy(settings, .twoRoom, tasks: rooms), policy(settings, .twoRoom, tasks: rooms), after: 12)
    try expectThatItComesBack(policy(settings), after: 6)
  }
  let settings = withMoments(proximalVariants[0])
  try expectThatItGoesOn(
    proximal(settings, .twoRoom, tasks: rooms), proximal(settings, .twoRoom, tasks: rooms), after: 12)
  try expectThatItComesBack(proximal(settings), after: 6)
}

/// Copies of an environment begin in states of their own, and each lives on.
@Test func copiesOfAnEnvironmentDiffer() {
  let settings = small(.segments(steps: 3, environments: 2))
  let task = CartPoleDiscrete(CartPoleBalance(poleMass: 0.1, poleHalfLength: 0.5))
  var plain = PlainPolicy(task, settings, timeLimit: timeLimit, seed: 3, replication: 2, agent: keys(1)[0])
  let w = policy(settings).start(0).map { Double($0) }
  let (first, second) = (plain.act(0, at: w), plain.act(1, at: w))
  #expect(first[0].seen != first[3].seen)
  #expect(second[0].seen == first[2].next && second[3].seen == first[5].next)
}

/// An agent that takes another task leaves its episode where it is and begins one of the new task.
@Test func aPolicyWithAnotherTaskBeginsAnotherEpisode() {
  let bank = policy(
    small(.segments(steps: 1, environments: 1)), .twoRoom, tasks: .grid, agents: 1, timeLimit: 100)
  let w = bank.start(0)
  for attempt in UInt64(0)..<30 { _ = bank.taken(0, attempt: attempt, at: w) }
  bank.change(.shift(4), of: [NodeID(0)])
  #expect(bank.taskName(of: NodeID(0)) == "room-8")
  let episodes = (UInt64(30)..<129).reduce(UInt64(0)) { $0 + bank.taken(0, attempt: $1, at: w).work.episodes }
  #expect(episodes == 0)
  #expect(bank.taken(0, attempt: 129, at: w).work.episodes == 1)
}

/// Memory is there from the beginning: what is held changes by nothing but rooms of threads.
@Test func nothingGrowsWithTheSteps() {
  let bank = proximal(withMoments(proximalVariants[0]))
  let w = bank.start(0)
  _ = bank.taken(0, attempt: 0, at: w)
  let before = bank.bytesHeld
  for attempt in UInt64(1)..<20 { _ = bank.taken(0, attempt: attempt, at: w) }
  #expect(bank.bytesHeld == before)
}

/// A policy whose numbers are none has no return, and nothing stops.
@Test func aPolicyThatHasDivergedIsNoNumber() {
  let bank = policy(variants[2], agents: 1)
  var w = bank.start(0)
  w[0] = .nan
  w[w.count - 1] = .nan
  #expect(bank.taken(0, attempt: 0, at: w).d.contains { $0.isNaN })
  let returns = Column(repeating: 0.0, count: 1)
  bank.testReturns(at: 0, of: w, into: returns)
  #expect(returns[0].isNaN)
}
