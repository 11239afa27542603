// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

/// What an agent with a linear policy has seen, done and got in the episodes of a step: rows of features, actions and
/// rewards, with room for T of them in every episode.
package struct SearchEpisodes: ~Copyable {
  /// E, T and d.
  package let episodeCount: Int
  package let timeLimit: Int
  package let featureCount: Int
  /// E × T × d.
  package let features: Column<Double>
  /// E × T, these and what follows.
  package let actions: Column<Double>
  package let rewards: Column<Double>
  /// Discounted returns from each step on.
  package let returns: Column<Double>
  /// How many steps each episode has.
  package let lengths: Column<Int>
  /// The mean return of those episodes that have so many steps (T).
  package let baseline: Column<Double>

  package init(episodes: Int, timeLimit: Int, features: Int) {
    (episodeCount, self.timeLimit, featureCount) = (episodes, timeLimit, features)
    let rows = episodes * timeLimit
    self.features = Column(repeating: 0, count: rows * features)
    actions = Column(repeating: 0, count: rows)
    rewards = Column(repeating: 0, count: rows)
    returns = Column(repeating: 0, count: rows)
    lengths = Column(repeating: 0, count: episodes)
    baseline = Column(repeating: 0, count: timeLimit)
  }

  /// Bytes that it takes.
  package static func bytes(episodes: Int, timeLimit: Int, features: Int) -> Double {
    Double(8 * (episodes * timeLimit * (features + 3) + episodes + timeLimit))
  }

  /// The row of a step.
  @inline(__always)
  package func row(_ episode: Int, _ step: Int) -> Int { episode &* timeLimit &+ step }

  /// The steps of all episodes.
  package var stepCount: Int {
    var sum = 0
    for episode in 0..<episodeCount { sum += lengths[episode] }
    return sum
  }

  /// What an episode was worth, undiscounted.
  package func worth(_ episode: Int) -> Double {
    var sum = 0.0
    for step in 0..<lengths[episode] { sum += rewards[row(episode, step)] }
    return sum
  }

  /// Sums discounted rewards from each step on, and takes the mean over the episodes that still run.
  package func judge(discount: Double) {
    var longest = 0
    for episode in 0..<episodeCount {
      var sum = 0.0
      for step in (0..<lengths[episode]).reversed() {
        sum = rewards[row(episode, step)] + discount * sum
        returns[row(episode, step)] = sum
      }
      longest = max(longest, lengths[episode])
    }
    for step in 0..<longest {
      var (sum, count) = (0.0, 0.0)
      for episode in 0..<episodeCount where step < lengths[episode] {
        sum += returns[row(episode, step)]
        count += 1
      }
      baseline[step] = sum / count
    }
  }
}

extension SearchEpisodes {
  /// The gradient of the expected return of a normal policy a ~ N(θ·φ, σ²), with the mean return at the step as a baseline:
  ///
  ///     g = 1/(E σ²) Σ_e Σ_h (G_eh − b_h) (a_eh − θ·φ_eh) φ_eh
  ///
  /// Source: Williams, "Simple statistical gradient-following algorithms", 1992 (REINFORCE).
  package func gradient(
    at policy: UnsafePointer<Double>, deviation: Double, discount: Double, into gradient: UnsafeMutablePointer<Double>
  ) {
    judge(discount: discount)
    gradient.update(repeating: 0, count: featureCount)
    for episode in 0..<episodeCount {
      for step in 0..<lengths[episode] {
        let row = row(episode, step)
        let seen = features.base + row * featureCount
        var rest = actions[row]
        for entry in 0..<featureCount { rest -= policy[entry] * seen[entry] }
        let weight = (returns[row] - baseline[step]) * rest
        for entry in 0..<featureCount { gradient[entry] += weight * seen[entry] }
      }
    }
    let scale = 1 / (Double(episodeCount) * deviation * deviation)
    for entry in 0..<featureCount { gradient[entry] *= scale }
  }

  /// How much each direction of a policy counts,
  ///
  ///     Γ ∝ 1/H Σ_e w_e Σ_h φ φᵀ + ridge I,   of trace d
  ///
  /// where H are the steps of all episodes. The variance of the actions drops out, so that penalties mean the same whatever it
  /// is.
  ///
  /// - Parameter isWeighted: whether an episode counts by what it was worth, w_e = R_e / mean R, where all were worth
  ///   something of one sign; else all count alike.
  package func weigh(isWeighted: Bool, ridge: Double, into weight: UnsafeMutablePointer<Double>) {
    let count = featureCount
    weight.update(repeating: 0, count: count * count)
    var (sum, magnitudes) = (0.0, 0.0)
    for episode in 0..<episodeCount {
      let worth = worth(episode)
      (sum, magnitudes) = (sum + worth, magnitudes + abs(worth))
    }
    let weighs = isWeighted && sum != 0 && abs(sum) == magnitudes
    for episode in 0..<episodeCount {
      let factor = weighs ? worth(episode) / (sum / Double(episodeCount)) : 1
      for step in 0..<lengths[episode] {
        let seen = features.base + row(episode, step) * count
        for entry in 0..<count {
          let part = factor * seen[entry]
          for other in 0...entry { weight[entry * count + other] += part * seen[other] }
        }
      }
    }
    let steps = Double(max(1, stepCount))
    var trace = 0.0
    for entry in 0..<count {
      for other in 0...entry { weight[entry * count + other] /= steps }
      weight[entry * count + entry] += ridge
      trace += weight[entry * count + entry]
    }
    let scale = Double(count) / trace
    for entry in 0..<count {
      for other in 0...entry {
        weight[entry * count + other] *= scale
        weight[other * count + entry] = weight[entry * count + other]
      }
    }
  }
}
