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

/// A small network, and little of everything, so that rings go round; gradient descent with step size one, so that an
/// increment is the gradient turned round.
private func small(
  temperature: SoftActorCriticSettings.Temperature = .fixed(0.3), targetRate: Double = 0.3
) -> SoftActorCriticSettings {
  SoftActorCriticSettings(
    hiddenUnits: [5], activation: .hyperbolicTangent, criticStepSize: 1, actorStepSize: 1, optimiser: .gradientDescent,
    temperature: temperature, firstTemperature: 0.6, temperatureStepSize: 0.2, discount: 0.9, batch: 8, replay: 30,
    randomFirst: 20, stepsPerUpdate: 3, targetRate: targetRate)
}

private func bank(
  _ settings: SoftActorCriticSettings, _ environment: EnvironmentDefinition = .cartPoleBalance,
  tasks: ControlSettings.Tasks = .single, agents: Int = 2, timeLimit: Int = timeLimit
) -> SoftActorCriticLearning {
  SoftActorCriticLearning(
    settings, task: ControlSettings(environment: environment, tasks: tasks, timeLimit: timeLimit), agents: keys(agents),
    learners: agents, testEpisodes: 3, seed: 3, replication: 2, steps: StepPool())
}

/// The largest distance of two vectors, as a share of the largest entry of the first.
private func relativeDistance(_ a: [Double], _ b: [Double]) -> Double {
  guard a.count == b.count else { return .infinity }
  let scale = a.map(abs).max() ?? 0
  return zip(a, b).map { abs($0 - $1) }.reduce(0) { $1.isNaN ? .infinity : max($0, $1) } / scale
}

private let variants: [SoftActorCriticSettings] = [
  small(), small(temperature: .tuned(entropy: nil)), small(temperature: .tuned(entropy: 0.2), targetRate: 1),
  small(temperature: .fixed(0), targetRate: 0.01),
]

/// Forty steps of an agent, some of them begun and given up, are those of the plain computation: episodes that the task
/// ends, others that the time limit cuts off, a ring that goes round, slow critics that follow, a temperature that moves.
@Test(arguments: variants.indices) func stepsOfSoftActorCriticAreThoseOfThePlainComputation(number: Int) {
  let settings = variants[number]
  let bank = bank(settings)
  var plain = PlainSoftActorCritic(
    CartPoleBalance.single, settings, timeLimit: timeLimit, seed: 3, replication: 2, agent: keys(2)[1])
  var w = bank.start(1).map { 2 * $0 }
  var learnt = 0
  for attempt in UInt64(0)..<40 {
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
    let ended = plain.terminations + plain.timeouts
    let gradient = plain.step(attempt, at: w)
    let (d, work) = bank.taken(1, attempt: attempt, at: w)
    #expect(
      work
        == StepWork(
          samples: 3, environmentSteps: 3, episodes: UInt64(plain.terminations + plain.timeouts - ended),
          gradientSamples: gradient == nil ? 0 : 8))
    if let gradient {
      #expect(relativeDistance(gradient, d.map { -Double($0) }) < 2e-4)
      learnt += 1
    } else {
      #expect(d.allSatisfy { $0 == 0 })
    }
    for entry in w.indices { w[entry] += 0.1 * d[entry] }
  }
  #expect(learnt > 20 && plain.updates == learnt && plain.transitions.count > 90)
  #expect(plain.timeouts > 0 && plain.terminations > 0)
}

/// By hand: networks that do not look at what they see, μ = ¼, log σ = 0, Q₁ = 3, Q₂ = 5, slow ones 2 and 1; κ = ½,
/// γ = 0.9, noise of zero in the next states and of −1 and 2 now.
@Test func targetsAndLossesOfSoftActorCriticAreThoseOfTheFormulas() {
  let tasks = ControlTasks(ControlSettings(environment: .mountainCar))
  let networks = SoftActorCriticNetworks(small(), tasks: tasks)
  let gradient = SoftActorCriticGradient(small(), networks: networks)
  let room = SoftActorCriticRoom(batch: 2, networks: networks)
  // All weights are zero, so that outputs are biases.
  var w = [Float](repeating: 0, count: networks.parameterCount)
  let critic = networks.critic.parameterCount
  w[networks.criticStart - 2] = 0.25
  w[networks.criticStart + critic - 1] = 3
  w[networks.criticStart + 2 * critic - 1] = 5
  room.slow[critic - 1] = 2
  room.slow[2 * critic - 1] = 1
  for row in 0..<2 {
    room.batch.rewards[row] = 0.5
    room.batch.isTerminal[row] = row == 1
  }
  for (index, noise) in [Float(0), 0, -1, 2].enumerated() { room.noise[index] = noise }
  gradient.writeTargets(at: w, temperature: 0.5, in: room)
  // log π at u: of the normal number, less log(1 − tanh² u).
  func logDensity(_ noise: Double) -> Double {
    let t = tanh(0.25 + noise)
    return -noise * noise / 2 - log(2 * .pi) / 2 - log(1 - t * t)
  }
  #expect(abs(Double(room.targets[0]) - (0.5 + 0.9 * (1 - 0.5 * logDensity(0)))) < 1e-6)
  #expect(room.targets[1] == 0.5)
  var found = [Float](repeating: .nan, count: networks.parameterCount)
  let loss = gradient.writeOfCritics(at: w, into: &found, in: room)
  let errors = [3, 5].map { worth in (0..<2).map { worth - Double(room.targets[$0]) } }
  #expect(abs(loss - errors.joined().reduce(0) { $0 + $1 * $1 / 4 }) < 1e-5)
  for number in 0..<2 {
    let bias = Double(found[networks.criticStart + (number + 1) * critic - 1])
    #expect(abs(bias - errors[number].reduce(0, +) / 2) < 1e-5)
  }
  let (policyLoss, density) = gradient.writeOfPolicy(at: w, temperature: 0.5, into: &found, in: room)
  #expect(abs(density - (logDensity(-1) + logDensity(2)) / 2) < 1e-6)
  #expect(abs(policyLoss - (density / 2 - 3)) < 1e-6)
  // Critics that do not look at the action have no slope: what is left is that of the density, 2 tanh u.
  #expect(abs(Double(found[networks.criticStart - 2]) - (tanh(-0.75) + tanh(2.25)) / 2) < 1e-6)
}

/// By hand: κ = 0.6 and a mean log density of 0.4 beside a target entropy of −1 has the slope −0.6 (0.4 − 1) by log κ, and
/// gradient descent with 0.2 makes κ = 0.6 exp(−0.072), as the policy is more random than it is to be.
@Test func temperaturesMoveByTheirFormula() {
  let temperatures = Temperatures(small(temperature: .tuned(entropy: nil)), actionCount: 1, agents: 2)
  #expect(abs(temperatures[1] - 0.6) < 1e-6)
  temperatures.note(1, logDensity: 0.4)
  #expect(abs(temperatures[1] - 0.6) < 1e-6)
  temperatures.commit(1)
  #expect(abs(Double(temperatures[1]) - 0.6 * exp(-0.2 * 0.36)) < 1e-6)
  #expect(abs(temperatures[0] - 0.6) < 1e-6)
  temperatures.note(1, logDensity: 2)
  temperatures.commit(1)
  let second = 0.6 * exp(-0.072)
  #expect(abs(Double(temperatures[1]) - second * exp(0.2 * second)) < 1e-6)
  temperatures.forget(1)
  #expect(abs(temperatures[1] - 0.6) < 1e-6)
  let fixed = Temperatures(small(temperature: .fixed(0.25)), actionCount: 1, agents: 1)
  fixed.note(0, logDensity: 3)
  fixed.commit(0)
  #expect(fixed[0] == 0.25)
}

/// What is written down of all agents, with a step under way, is all that there is.
@Test func whatIsWrittenDownOfSoftActorsGoesOn() throws {
  var settings = small(temperature: .tuned(entropy: nil))
  settings.optimiser = .adam
  settings.criticStepSize = 0.01
  settings.actorStepSize = 0.01
  let one = bank(settings, .invertedPendulum, tasks: .grid)
  let other = bank(settings, .invertedPendulum, tasks: .grid)
  try expectThatItGoesOn(one, other, after: 25)
}

/// What is kept of one agent between steps brings it back after it has forgotten all; without it, it starts afresh.
@Test func aSoftActorComesBackToWhatWasKeptOfIt() throws {
  try expectThatItComesBack(bank(small(temperature: .tuned(entropy: nil))), after: 12)
}

/// The test policy takes the action in the middle; one that is drawn is it where the law has no width.
@Test func theTestPolicyTakesTheActionInTheMiddle() {
  let tasks = ControlTasks(ControlSettings(environment: .invertedPendulum, timeLimit: 30))
  let networks = SoftActorCriticNetworks(small(), tasks: tasks)
  #expect(networks.bound == 2)
  var w = [Float](repeating: 0, count: networks.parameterCount)
  let stream = StreamKey(seed: 1, replication: 0, purpose: .evaluationAction, entity: "a")
  func episodes(_ policy: (UnsafePointer<Float>) -> ControlPolicy) -> PolicyEpisodes {
    w.withUnsafeBufferPointer {
      tasks.evaluate(policy($0.baseAddress!), in: 0, starts: stream, episodes: 4, isFollowed: true)
    }
  }
  w[networks.criticStart - 2] = 0.5
  let middle = episodes { networks.policies.test($0) }
  #expect(middle.firstEpisode.count == 30)
  #expect(middle.firstEpisode.allSatisfy { abs($0.action - 2 * Float(tanh(0.5))) < 1e-6 })
  let drawn = episodes { networks.policies.drawn($0, stream) }
  #expect(Set(drawn.firstEpisode.map(\.action)).count == 30 && drawn.firstEpisode.allSatisfy { abs($0.action) <= 2 })
  w[networks.criticStart - 1] = -100
  #expect(episodes { networks.policies.drawn($0, stream) } == middle)
  w[networks.criticStart - 2] = .nan
  let lost = episodes { networks.policies.test($0) }.returns.filter(\.isNaN)
  #expect(lost.count == 4)
}
