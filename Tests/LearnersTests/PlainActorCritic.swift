// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Foundation
import Learners
import Randomness

/// A perceptron with rectifiers as plainly as can be, in double precision.
struct PlainNetwork {
  var sizes: [Int]

  var parameterCount: Int { zip(sizes, sizes.dropFirst()).reduce(0) { $0 + ($1.0 + 1) * $1.1 } }

  /// The inputs, then the values of each layer.
  func values(_ inputs: [Double], at w: [Double]) -> [[Double]] {
    var values = [inputs]
    var start = 0
    for layer in 1..<sizes.count {
      let (count, units) = (sizes[layer - 1], sizes[layer])
      let previous = values[layer - 1]
      values.append(
        (0..<units).map { unit in
          var sum = w[start + count * units + unit]
          for input in 0..<count { sum += w[start + unit * count + input] * previous[input] }
          return layer == sizes.count - 1 ? sum : max(0, sum)
        })
      start += (count + 1) * units
    }
    return values
  }

  func outputs(_ inputs: [Double], at w: [Double]) -> [Double] { values(inputs, at: w)[sizes.count - 1] }

  /// Adds the gradient of Σ outputGradient · output.
  func addGradient(of inputs: [Double], _ outputGradient: [Double], at w: [Double], to gradient: inout [Double]) {
    let values = values(inputs, at: w)
    var delta = outputGradient
    var end = parameterCount
    for layer in (1..<sizes.count).reversed() {
      let (count, units) = (sizes[layer - 1], sizes[layer])
      let start = end - (count + 1) * units
      var before = [Double](repeating: 0, count: count)
      for unit in 0..<units {
        gradient[start + count * units + unit] += delta[unit]
        for input in 0..<count {
          gradient[start + unit * count + input] += delta[unit] * values[layer - 1][input]
          if values[layer - 1][input] > 0 { before[input] += delta[unit] * w[start + unit * count + input] }
        }
      }
      delta = before
      end = start
    }
  }
}

/// A step of an agent that acts, written once more in double precision on the draws of the bank.
struct PlainActorCritic<Task: ControlTask> {
  /// What was seen, done and got in one step of an episode.
  struct Row {
    var observation: [Double]
    var action: Double
    var reward: Double
    /// G, the discounted return from here on.
    var total = 0.0
  }

  var task: Task
  var settings: ActorCriticSettings
  var timeLimit: Int
  var seed: UInt64
  var replication: UInt32 = 0

  var critic: PlainNetwork { PlainNetwork(sizes: [Task.observationCount] + settings.hiddenUnits + [1]) }
  var actor: PlainNetwork { PlainNetwork(sizes: [Task.observationCount] + settings.hiddenUnits + [2]) }

  private func stream(_ purpose: Purpose, _ entity: EntityKey) -> StreamKey {
    StreamFamily(seed: seed, replication: replication, purpose: purpose).key(entity)
  }

  private func observation(_ state: Task.State) -> [Double] {
    var numbers = [Double](repeating: 0, count: Task.observationCount)
    task.observe(state, into: &numbers)
    return numbers
  }

  /// Mean and variance of the action.
  private func law(_ outputs: [Double]) -> (mean: Double, variance: Double) {
    (Task.meanActionBound * tanh(outputs[0]), log(1 + exp(outputs[1])) + 1e-6)
  }

  /// All steps of the episodes of an attempt, episode after episode.
  func rows(_ agent: EntityKey, attempt: Int, actor w: [Double]) -> [Row] {
    let starts = stream(.episodeStart, agent).attempt(UInt32(attempt))
    var noise = Draws(stream(.actionNoise, agent), at: UInt64(attempt))
    var states = (0..<settings.episodesPerStep).map { episode in
      var draws = Draws(starts, at: UInt64(episode))
      return task.start(&draws)
    }
    var episodes = [[Row]](repeating: [], count: states.count)
    var running = Array(states.indices)
    for step in 1...timeLimit where !running.isEmpty {
      var normals = [Double](repeating: 0, count: running.count)
      normals.withUnsafeMutableBufferPointer { fillStandardNormal($0, from: &noise) }
      var left: [Int] = []
      for (episode, normal) in zip(running, normals) {
        let seen = observation(states[episode])
        let law = law(actor.outputs(seen, at: w))
        var action = law.mean + law.variance.squareRoot() * normal
        let transition = task.step(&states[episode], action: &action)
        episodes[episode].append(Row(observation: seen, action: action, reward: transition.reward))
        if !transition.isTerminated, step < timeLimit { left.append(episode) }
      }
      running = left
    }
    for episode in episodes.indices {
      var total = 0.0
      for step in episodes[episode].indices.reversed() {
        total = episodes[episode][step].reward + settings.discount * total
        episodes[episode][step].total = total
      }
    }
    return episodes.flatMap { $0 }
  }

  /// The gradient of mean(½ (v − G)²).
  func criticGradient(_ rows: [Row], critic w: [Double]) -> [Double] {
    var gradient = [Double](repeating: 0, count: critic.parameterCount)
    for row in rows {
      let error = critic.outputs(row.observation, at: w)[0] - row.total
      critic.addGradient(of: row.observation, [error / Double(rows.count)], at: w, to: &gradient)
    }
    return gradient
  }

  /// The gradient of −mean(log π(a) (G − v) + c H): what is wanted is large, entropy included.
  func actorGradient(_ rows: [Row], critic: [Double], actor w: [Double]) -> [Double] {
    var gradient = [Double](repeating: 0, count: actor.parameterCount)
    let bonus = settings.entropyBonus
    for row in rows {
      let outputs = actor.outputs(row.observation, at: w)
      let advantage = row.total - self.critic.outputs(row.observation, at: critic)[0]
      let (mean, variance) = law(outputs)
      let distance = row.action - mean
      let byMean = advantage * distance / variance
      let byVariance =
        advantage * (distance * distance / (2 * variance * variance) - 1 / (2 * variance)) + bonus / (2 * variance)
      let share = -1 / Double(rows.count)
      let slope = Task.meanActionBound * (1 - tanh(outputs[0]) * tanh(outputs[0]))
      actor.addGradient(
        of: row.observation, [share * byMean * slope, share * byVariance / (1 + exp(-outputs[1]))], at: w,
        to: &gradient)
    }
    return gradient
  }

  /// The mean return of test episodes at a grid point, in which every action is the mean.
  func testReturn(_ taskName: String, point: Int, episodes: Int, actor w: [Double]) -> Double {
    let starts = stream(.testEpisode, EntityKey(taskName)).attempt(UInt32(point))
    var sum = 0.0
    for episode in 0..<episodes {
      var draws = Draws(starts, at: UInt64(episode))
      var state = task.start(&draws)
      for _ in 0..<timeLimit {
        var action = law(actor.outputs(observation(state), at: w)).mean
        let transition = task.step(&state, action: &action)
        sum += transition.reward
        if transition.isTerminated { break }
      }
    }
    return sum / Double(episodes)
  }
}

/// Adam with its defaults in double precision, for one vector.
struct PlainAdam {
  var stepSize: Double
  private var first: [Double] = []
  private var second: [Double] = []
  private var moves = 0

  init(stepSize: Double) { self.stepSize = stepSize }

  mutating func move(_ gradient: [Double]) -> [Double] {
    if moves == 0 {
      first = gradient.map { _ in 0 }
      second = first
    }
    moves += 1
    return gradient.indices.map { index in
      first[index] = 0.9 * first[index] + 0.1 * gradient[index]
      second[index] = 0.999 * second[index] + 0.001 * gradient[index] * gradient[index]
      let m = first[index] / (1 - pow(0.9, Double(moves)))
      let v = second[index] / (1 - pow(0.999, Double(moves)))
      return -stepSize * m / (v.squareRoot() + 1e-8)
    }
  }
}
