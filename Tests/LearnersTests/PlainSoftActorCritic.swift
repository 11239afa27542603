// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Foundation
import Learners
import NeuralNets
import Randomness

/// Soft actor-critic of one agent as it is written in the paper, with lists in place of rings, double precision in place of
/// single and central differences of the losses in place of gradients: what steps of `SoftActorCriticLearning` are
/// compared with. Actions have one number.
struct PlainSoftActorCritic<Task: ControlTask> {
  struct Transition {
    var before, after: [Float]
    /// As the environment got it.
    var action: Float
    var reward: Double
    var isTerminal: Bool
  }

  let task: Task
  let settings: SoftActorCriticSettings
  let timeLimit: Int
  let seed: UInt64
  let replication: UInt32
  let agent: EntityKey

  private(set) var transitions: [Transition] = []
  private(set) var terminations = 0
  private(set) var timeouts = 0
  private(set) var updates = 0
  private(set) var logTemperature: Double
  private var slow: [Double] = []
  private var state: Task.State?
  private var elapsed = 0

  init(
    _ task: Task, _ settings: SoftActorCriticSettings, timeLimit: Int, seed: UInt64, replication: UInt32,
    agent: EntityKey
  ) {
    self.task = task
    self.settings = settings
    self.timeLimit = timeLimit
    self.seed = seed
    self.replication = replication
    self.agent = agent
    logTemperature = log(settings.firstTemperature)
  }

  private var policySizes: [Int] { [Task.observationCount] + settings.hiddenUnits + [2] }
  private var criticSizes: [Int] { [Task.observationCount + 1] + settings.hiddenUnits + [1] }
  private var policyCount: Int { Perceptron<Double>(layerSizes: policySizes, activation: .rectifier).parameterCount }
  private var criticCount: Int { Perceptron<Double>(layerSizes: criticSizes, activation: .rectifier).parameterCount }

  private func key(_ purpose: Purpose) -> StreamKey {
    StreamFamily(seed: seed, replication: replication, purpose: purpose).key(agent)
  }

  private func seen(_ state: Task.State) -> [Float] {
    var numbers = [Float](repeating: 0, count: Task.observationCount)
    task.observe(state, into: &numbers)
    return numbers
  }

  // MARK: - Formulas

  /// An action as a share of its bound, and the logarithm of its density.
  private func action(in seen: [Float], noise: Double, policy: [Double]) -> (share: Double, logDensity: Double) {
    let network = Perceptron<Double>(layerSizes: policySizes, activation: .hyperbolicTangent)
    let outputs = network.outputs(seen.map { Double($0) }, at: policy)
    let sum = outputs[0] + exp(outputs[1]) * noise
    let normal = -noise * noise / 2 - log((2 * .pi).squareRoot()) - outputs[1]
    return (tanh(sum), normal - log(1 - tanh(sum) * tanh(sum)))
  }

  private func worth(in seen: [Float], of share: Double, critic: [Double]) -> Double {
    Perceptron<Double>(layerSizes: criticSizes, activation: .hyperbolicTangent)
      .outputs(seen.map { Double($0) } + [share], at: critic)[0]
  }

  private func least(in seen: [Float], of share: Double, critics: [Double]) -> Double {
    min(
      worth(in: seen, of: share, critic: Array(critics[..<criticCount])),
      worth(in: seen, of: share, critic: Array(critics[criticCount...])))
  }

  /// The gradient of a loss by central differences, whose error is about 1e-9 for values near one.
  private func gradient(at parameters: [Double], of loss: ([Double]) -> Double) -> [Double] {
    parameters.indices.map { entry in
      var (above, below) = (parameters, parameters)
      above[entry] += 1e-5
      below[entry] -= 1e-5
      return (loss(above) - loss(below)) / 2e-5
    }
  }

  // MARK: - Steps

  /// Acts, and gives the gradient of the step at w; nothing where it is too early to learn.
  mutating func step(_ attempt: UInt64, at w: [Float]) -> [Double]? {
    act(attempt, at: w)
    guard transitions.count >= max(settings.batch, settings.randomFirst) else { return nil }
    let policy = w[..<policyCount].map { Double($0) }
    let critics = w[policyCount...].map { Double($0) }
    slow =
      updates == 0 ? critics : zip(slow, critics).map { (1 - settings.targetRate) * $0 + settings.targetRate * $1 }
    updates += 1
    var draws = Draws(key(.replay), at: attempt)
    let present = min(settings.replay, transitions.count)
    let batch = (0..<settings.batch).map { _ in
      transitions[transitions.count - 1 - Int(draws.integer(below: UInt32(present)))]
    }
    var noise = [Double](repeating: 0, count: 2 * batch.count)
    noise.withUnsafeMutableBufferPointer { fillStandardNormal($0, from: &draws) }
    let temperature: Double
    if case .fixed(let value) = settings.temperature { temperature = value } else { temperature = exp(logTemperature) }

    let targets = batch.indices.map { row in
      let transition = batch[row]
      if transition.isTerminal { return transition.reward }
      let (share, logDensity) = action(in: transition.after, noise: noise[row], policy: policy)
      let value = least(in: transition.after, of: share, critics: slow) - temperature * logDensity
      return transition.reward + settings.discount * value
    }
    let count = Double(batch.count)
    func ofCritic(_ critic: [Double]) -> [Double] {
      gradient(at: critic) { critic in
        batch.indices.reduce(0) { sum, row in
          let share = Double(batch[row].action) / Task.meanActionBound
          let error = worth(in: batch[row].before, of: share, critic: critic) - targets[row]
          return sum + error * error / (2 * count)
        }
      }
    }
    let ofPolicy = gradient(at: policy) { policy in
      batch.indices.reduce(0) { sum, row in
        let seen = batch[row].before
        let (share, logDensity) = action(in: seen, noise: noise[batch.count + row], policy: policy)
        return sum + (temperature * logDensity - least(in: seen, of: share, critics: critics)) / count
      }
    }
    if case .tuned(let entropy) = settings.temperature {
      let mean = batch.indices.reduce(0) { sum, row in
        sum + action(in: batch[row].before, noise: noise[batch.count + row], policy: policy).logDensity / count
      }
      // Gradient descent along −κ (mean + H̄).
      logTemperature += settings.temperatureStepSize * temperature * (mean + (entropy ?? -1))
    }
    return ofPolicy + ofCritic(Array(critics[..<criticCount])) + ofCritic(Array(critics[criticCount...]))
  }

  private mutating func act(_ attempt: UInt64, at w: [Float]) {
    let network = Perceptron<Float>(layerSizes: policySizes, activation: .hyperbolicTangent)
    var noise = Draws(key(.actionNoise), at: attempt)
    var begun: UInt64 = 0
    for _ in 0..<settings.stepsPerUpdate {
      var now: Task.State
      if let state {
        now = state
      } else {
        var draws = Draws(key(.episodeStart).attempt(UInt32(attempt)), at: begun)
        begun += 1
        now = task.start(&draws)
      }
      let before = seen(now)
      let action: Float
      if transitions.count < settings.randomFirst {
        action = Float(Task.meanActionBound) * Float(2 * noise.uniform() - 1)
      } else {
        var normal = [0.0]
        normal.withUnsafeMutableBufferPointer { fillStandardNormal($0, from: &noise) }
        let draw = SquashedGaussianPolicy<Float>(scale: 1)
          .draw(network.outputs(before, at: Array(w[..<policyCount])), noise: Float(normal[0]))
        action = Float(Task.meanActionBound) * draw.action
      }
      let outcome = task.step(&now, action: [Double(action)])
      elapsed += 1
      transitions.append(
        Transition(
          before: before, after: seen(now), action: action, reward: outcome.reward, isTerminal: outcome.isTerminated))
      let isOver = outcome.isTerminated || elapsed == timeLimit
      if isOver {
        if outcome.isTerminated { terminations += 1 } else { timeouts += 1 }
        elapsed = 0
      }
      state = isOver ? nil : now
    }
  }
}
