// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Foundation
import Learners
import NeuralNets
import Randomness

/// An agent that follows the gradient of its policy, as it is written in the papers: with lists, double precision, and sums
/// over all later steps in place of recursions. What steps of `PolicyLearning` and `ProximalLearning` are compared with.
struct PlainPolicy<Task: DiscreteControlTask> {
  struct Step {
    var seen, next: [Double]
    var action: Int
    var reward: Double
    /// Whether the task ended the episode, and whether nothing of the stretch follows.
    var isTerminal, isLast: Bool
  }

  /// A copy of the environment.
  private struct Copy {
    var state: Task.State?
    var elapsed = 0
  }

  let task: Task
  let settings: PolicySettings
  let timeLimit: Int
  let seed: UInt64
  let replication: UInt32
  let agent: EntityKey
  private var copies: [Copy]
  private(set) var lengths: [Int] = []
  private(set) var timeouts = 0
  /// Rows whose probabilities have moved too far to count any more.
  private(set) var clipped = 0

  init(
    _ task: Task, _ settings: PolicySettings, timeLimit: Int, seed: UInt64, replication: UInt32, agent: EntityKey
  ) {
    self.task = task
    self.settings = settings
    self.timeLimit = timeLimit
    self.seed = seed
    self.replication = replication
    self.agent = agent
    copies = Array(repeating: Copy(), count: settings.environments)
  }

  private func network(_ outputs: Int) -> Perceptron<Double> {
    Perceptron(
      layerSizes: [Task.observationCount] + settings.hiddenUnits + [outputs], activation: .hyperbolicTangent)
  }
  private var critic: Perceptron<Double> { network(1) }
  private var actor: Perceptron<Double> { network(Task.choiceCount) }
  private var actorStart: Int { settings.baseline == .none ? 0 : critic.parameterCount }

  private func key(_ purpose: Purpose) -> StreamKey {
    StreamFamily(seed: seed, replication: replication, purpose: purpose).key(agent)
  }

  private func seen(_ state: Task.State) -> [Double] {
    var numbers = [Float](repeating: 0, count: Task.observationCount)
    task.observe(state, into: &numbers)
    return numbers.map { Double($0) }
  }

  func probabilities(_ seen: [Double], at w: [Double]) -> [Double] {
    let logits = actor.outputs(seen, at: Array(w[actorStart...]))
    let sum = logits.reduce(0) { $0 + exp($1) }
    return logits.map { exp($0) / sum }
  }

  private func value(_ seen: [Double], at w: [Double]) -> Double {
    settings.baseline == .none ? 0 : critic.outputs(seen, at: Array(w[..<actorStart]))[0]
  }

  // MARK: - Acting

  /// Takes the steps of a local step with the policy at w.
  mutating func act(_ attempt: UInt64, at w: [Double]) -> [Step] {
    var noise = Draws(key(.actionNoise), at: attempt)
    var steps: [Step] = []
    let (most, wanted) =
      switch settings.stretch {
      case .segments(let count, _): (count, Int.max)
      case .episodes(let count): (count * timeLimit, count)
      }
    for number in copies.indices {
      var begun = UInt64(number * most)
      let ended = lengths.count
      for step in 0..<most where lengths.count - ended < wanted {
        var now: Task.State
        if let state = copies[number].state {
          now = state
        } else {
          var draws = Draws(key(.episodeStart).attempt(UInt32(attempt)), at: begun)
          begun += 1
          now = task.start(&draws)
        }
        let before = seen(now)
        var left = noise.uniform()
        let probabilities = probabilities(before, at: w)
        var action = 0
        while action < Task.choiceCount - 1, left >= probabilities[action] {
          left -= probabilities[action]
          action += 1
        }
        let outcome = task.step(&now, choice: action)
        copies[number].elapsed += 1
        let isOver = outcome.isTerminated || copies[number].elapsed == timeLimit
        steps.append(
          Step(
            seen: before, next: seen(now), action: action, reward: outcome.reward, isTerminal: outcome.isTerminated,
            isLast: isOver || step == most - 1))
        copies[number].state = isOver ? nil : now
        guard isOver else { continue }
        lengths.append(copies[number].elapsed)
        if !outcome.isTerminated { timeouts += 1 }
        copies[number].elapsed = 0
      }
    }
    return steps
  }

  // MARK: - Learning

  /// Advantages by their definition, Σ (γλ)^l δ_{t+l} to the end of the stretch, and targets.
  func judged(_ steps: [Step], at w: [Double]) -> (advantages: [Double], targets: [Double]) {
    let values = steps.map { value($0.seen, at: w) }
    let errors = steps.indices.map { t in
      let looks = settings.playsWholeEpisodes ? !steps[t].isLast : !steps[t].isTerminal
      return steps[t].reward + (looks ? settings.discount * value(steps[t].next, at: w) : 0) - values[t]
    }
    let advantages = steps.indices.map { t in
      var (sum, weight, later) = (0.0, 1.0, t)
      while true {
        sum += weight * errors[later]
        if steps[later].isLast { return sum }
        weight *= settings.discount * settings.traceDecay
        later += 1
      }
    }
    let targets = zip(advantages, values).map { $0 + $1 }
    guard settings.normalisesAdvantages else { return (advantages, targets) }
    let mean = advantages.reduce(0, +) / Double(steps.count)
    let deviation = (advantages.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(steps.count)).squareRoot()
    return (advantages.map { ($0 - mean) / (deviation + 1e-8) }, targets)
  }

  /// The gradients of critic and actor from some steps; with the probabilities with which actions were taken where these count.
  mutating func gradient(
    of steps: [Step], _ judged: (advantages: [Double], targets: [Double]), taken: [Double]?, at w: [Double]
  ) -> [Double] {
    let inputs = steps.flatMap(\.seen)
    let rows = Double(steps.count)
    var gradient: [Double] = []
    if settings.baseline != .none {
      gradient =
        critic.lossAndGradient(inputs, at: Array(w[..<actorStart])) { outputs, slopes in
          for t in steps.indices { slopes[t] = (outputs[t] - judged.targets[t]) / rows }
          return 0
        }.gradient
    }
    let now = steps.map { probabilities($0.seen, at: w) }
    var weights = judged.advantages
    if let taken, let clip = settings.proximal?.clip {
      for t in steps.indices {
        let ratio = now[t][steps[t].action] / taken[t]
        let isFlat = weights[t] > 0 ? ratio > 1 + clip : ratio < 1 - clip
        if isFlat { clipped += 1 }
        weights[t] *= isFlat ? 0 : ratio
      }
    }
    let bonus = settings.entropyBonus
    let ofActor = actor.lossAndGradient(inputs, at: Array(w[actorStart...])) { _, slopes in
      for t in steps.indices {
        let entropy = -now[t].reduce(0) { $0 + $1 * log($1) }
        for action in 0..<Task.choiceCount {
          let p = now[t][action]
          let indicator = action == steps[t].action ? 1.0 : 0
          slopes[t * Task.choiceCount + action] =
            (weights[t] * (p - indicator) + bonus * p * (log(p) + entropy)) / rows
        }
      }
      return 0
    }.gradient
    return clip(gradient) + clip(ofActor)
  }

  private func clip(_ gradient: [Double]) -> [Double] {
    let norm = gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard let most = settings.gradientClip, norm > most else { return gradient }
    return gradient.map { $0 * most / norm }
  }

  /// What a local step of gradient descent with rate one adds to w.
  mutating func step(_ attempt: UInt64, at w: [Float]) -> (increment: [Double], samples: Int) {
    let start = w.map { Double($0) }
    let steps = act(attempt, at: start)
    let judged = judged(steps, at: start)
    guard let proximal = settings.proximal else {
      return (gradient(of: steps, judged, taken: nil, at: start).map { -$0 }, steps.count)
    }
    let taken = steps.map { probabilities($0.seen, at: start)[$0.action] }
    var draws = Draws(key(.replay), at: attempt)
    var now = start
    for _ in 0..<proximal.epochs {
      var order = Array(steps.indices)
      for place in (1..<order.count).reversed() {
        order.swapAt(place, Int(draws.integer(below: UInt32(place + 1))))
      }
      for part in 0..<proximal.minibatches {
        let rows = order[part * order.count / proximal.minibatches..<(part + 1) * order.count / proximal.minibatches]
        let found = gradient(
          of: rows.map { steps[$0] }, (rows.map { judged.advantages[$0] }, rows.map { judged.targets[$0] }),
          taken: rows.map { taken[$0] }, at: now)
        for entry in now.indices { now[entry] -= settings.actorStepSize * found[entry] }
      }
    }
    return (zip(now, start).map { $0 - $1 }, steps.count)
  }
}
