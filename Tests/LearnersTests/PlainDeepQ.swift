// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Learners
import NeuralNets
import Randomness

/// Deep Q-learning of one agent as it is written in the paper, with lists in place of rings and double precision in place
/// of single: what steps of `DeepQLearning` are compared with.
struct PlainDeepQ<Task: DiscreteControlTask> {
  struct Transition {
    var before, after: [Float]
    var action: Int
    var reward: Double
    var isTerminal: Bool
  }

  let task: Task
  let settings: DeepQSettings
  let timeLimit: Int
  let seed: UInt64
  let replication: UInt32
  let agent: EntityKey

  private(set) var transitions: [Transition] = []
  private(set) var lengths: [Int] = []
  private(set) var timeouts = 0
  private var state: Task.State?
  private var elapsed = 0
  private var target: [Float] = []
  private(set) var updates = 0

  init(_ task: Task, _ settings: DeepQSettings, timeLimit: Int, seed: UInt64, replication: UInt32, agent: EntityKey) {
    self.task = task
    self.settings = settings
    self.timeLimit = timeLimit
    self.seed = seed
    self.replication = replication
    self.agent = agent
  }

  private var sizes: [Int] { [Task.observationCount] + settings.hiddenUnits + [Task.choiceCount] }
  private var network: Perceptron<Float> { Perceptron(layerSizes: sizes, activation: .hyperbolicTangent) }

  private func key(_ purpose: Purpose) -> StreamKey {
    StreamFamily(seed: seed, replication: replication, purpose: purpose).key(agent)
  }

  private func seen(_ state: Task.State) -> [Float] {
    var numbers = [Float](repeating: 0, count: Task.observationCount)
    task.observe(state, into: &numbers)
    return numbers
  }

  private func values(_ seen: [Float], at w: [Float]) -> [Double] { network.outputs(seen, at: w).map { Double($0) } }

  private func best(_ values: [Double]) -> Int { values.firstIndex(of: values.max() ?? 0) ?? 0 }

  /// Acts, and gives the gradient of the step at w; nothing where it is too early to learn.
  mutating func step(_ attempt: UInt64, at w: [Float]) -> [Double]? {
    act(attempt, at: w)
    guard transitions.count >= max(settings.batch, settings.randomFirst) else { return nil }
    if let every = settings.targetEvery, updates % every == 0 { target = w }
    updates += 1
    let judge = settings.targetEvery == nil ? w : target
    var draws = Draws(key(.replay), at: attempt)
    let present = min(settings.replay, transitions.count)
    let batch = (0..<settings.batch).map { _ in
      transitions[transitions.count - 1 - Int(draws.integer(below: UInt32(present)))]
    }
    let targets = batch.map { transition in
      let judged = values(transition.after, at: judge)
      let choice = best(settings.isDouble ? values(transition.after, at: w) : judged)
      return transition.reward + (transition.isTerminal ? 0 : settings.discount * judged[choice])
    }
    let precise = Perceptron<Double>(layerSizes: sizes, activation: .hyperbolicTangent)
    return precise.lossAndGradient(
      batch.flatMap { $0.before.map { Double($0) } }, at: w.map { Double($0) }
    ) { outputs, gradient in
      for row in batch.indices {
        for choice in 0..<Task.choiceCount { gradient[row * Task.choiceCount + choice] = 0 }
        let place = row * Task.choiceCount + batch[row].action
        let error = outputs[place] - targets[row]
        let slope = settings.loss == .huber ? min(max(error, -1), 1) : error
        gradient[place] = slope / Double(batch.count)
      }
      return 0
    }.gradient
  }

  private mutating func act(_ attempt: UInt64, at w: [Float]) {
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
      let steps = UInt64(transitions.count)
      let before = seen(now)
      let isUniform =
        transitions.count < settings.randomFirst || noise.uniform() < settings.exploration.probability(after: steps)
      let action =
        isUniform ? Int(noise.integer(below: UInt32(Task.choiceCount))) : best(values(before, at: w))
      let outcome = task.step(&now, choice: action)
      elapsed += 1
      transitions.append(
        Transition(
          before: before, after: seen(now), action: action, reward: outcome.reward, isTerminal: outcome.isTerminated))
      let isOver = outcome.isTerminated || elapsed == timeLimit
      if isOver {
        lengths.append(elapsed)
        if !outcome.isTerminated { timeouts += 1 }
        elapsed = 0
      }
      state = isOver ? nil : now
    }
  }
}
