// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Quantities
import Randomness

/// What an agent that searches knows, as it lies in a row: its target and whether it has one, the weights of directions, how
/// far it tries, and the best that it has tried.
struct SearchState {
  let featureCount: Int
  let best: BestPolicies
  private let firstDeviation: Double

  init(_ settings: PolicySearchSettings, features: Int) {
    featureCount = features
    // Who follows the gradient has tried nothing that counts.
    best = BestPolicies(most: settings.search == .power ? settings.best : 0, features: features)
    firstDeviation = settings.searchDeviation
  }

  var count: Int { 2 + featureCount + featureCount * featureCount + best.rowCount }

  typealias Row = UnsafeMutablePointer<Double>

  func hasTarget(_ row: Row) -> Bool { row[0] != 0 }
  func markTarget(_ row: Row) { row[0] = 1 }
  func deviation(_ row: Row) -> Double { row[1] }
  func multiplyDeviation(_ row: Row, by factor: Double) { row[1] *= factor }
  func target(_ row: Row) -> Row { row + 2 }
  func weight(_ row: Row) -> Row { row + 2 + featureCount }
  func tried(_ row: Row) -> Row { row + 2 + featureCount + featureCount * featureCount }

  func reset(_ row: Row) {
    row.update(repeating: 0, count: count)
    row[1] = firstDeviation
    // Before the first step nothing says how much a direction counts.
    for entry in 0..<featureCount { weight(row)[entry * (featureCount + 1)] = 1 }
  }
}

/// Room for the episodes of one step, and for what is made of them.
final class SearchRoom: @unchecked Sendable {
  let episodes: SearchEpisodes
  /// θ, where the step searches from.
  let origin: Column<Double>
  let gradient: Column<Double>
  /// The policy of each episode (E × d).
  private let tried: Column<Double>
  private let observations: Column<Float>
  private let actions: Column<Float>
  private let noise: Column<Double>
  private let count: Int
  private let featureCount: Int

  init(_ settings: PolicySearchSettings, tasks: ControlTasks, policy: LinearPolicy) {
    (count, featureCount) = (settings.episodesPerStep, policy.featureCount)
    episodes = SearchEpisodes(episodes: count, timeLimit: tasks.timeLimit, features: featureCount)
    origin = Column(repeating: 0, count: featureCount)
    gradient = Column(repeating: 0, count: featureCount)
    tried = Column(repeating: 0, count: count * featureCount)
    observations = Column(repeating: 0, count: count * featureCount)
    actions = Column(repeating: 0, count: count)
    noise = Column(repeating: 0, count: max(count, featureCount))
  }

  /// The policy of an episode.
  func policy(_ episode: Int) -> UnsafePointer<Double> { UnsafePointer(tried.base + episode * featureCount) }

  /// Draws a policy for each episode around the one where the step searches from: d normal numbers for each.
  func explore(deviation: Double, from draws: inout Draws) {
    for episode in 0..<count {
      fillStandardNormal(UnsafeMutableBufferPointer(start: noise.base, count: featureCount), from: &draws)
      for entry in 0..<featureCount {
        tried[episode * featureCount + entry] = origin[entry] + deviation * noise[entry]
      }
    }
  }

  /// Plays all episodes of a step with the policy that it searches from, and a normal number for each action.
  func play(
    _ task: Int, of tasks: ControlTasks, by policy: LinearPolicy, starts: StreamKey, noise draws: inout Draws
  ) {
    for episode in 0..<count {
      (tried.base + episode * featureCount).update(from: origin.base, count: featureCount)
    }
    play(task, of: tasks, by: policy, starts: starts) { rows in
      fillStandardNormal(UnsafeMutableBufferPointer(start: noise.base, count: rows), from: &draws)
    }
  }

  /// Plays all episodes of a step, each with its own policy and mean actions.
  func play(_ task: Int, of tasks: ControlTasks, by policy: LinearPolicy, starts: StreamKey) {
    for episode in 0..<count { noise[episode] = 0 }
    play(task, of: tasks, by: policy, starts: starts) { _ in }
  }

  private func play(
    _ task: Int, of tasks: ControlTasks, by policy: LinearPolicy, starts: StreamKey, drawNoise: (Int) -> Void
  ) {
    let batch = tasks.list[task].episodes(count, tasks.timeLimit, starts)
    withUnsafeTemporaryAllocation(of: Episodes.Outcome.self, capacity: count) { outcomes in
      guard let outcomes = outcomes.baseAddress else { return }
      batch.begin()
      var step = 0
      while batch.runningCount > 0 {
        let rows = batch.runningCount
        batch.writeObservations(into: observations.base)
        drawNoise(rows)
        for row in 0..<rows { act(in: row, of: batch.episode(inRow: row), at: step, by: policy) }
        batch.step(actions: UnsafePointer(actions.base), outcomes: outcomes)
        for row in 0..<rows {
          let episode = Int(outcomes[row].episode)
          episodes.rewards[episodes.row(episode, step)] = outcomes[row].reward
          episodes.lengths[episode] = step + 1
        }
        step += 1
      }
    }
  }

  /// Notes what an episode sees and does.
  @inline(__always)
  private func act(in row: Int, of episode: Int, at step: Int, by policy: LinearPolicy) {
    let place = episodes.row(episode, step)
    let features = episodes.features.base + place * featureCount
    let parameters = tried.base + episode * featureCount
    var action = policy.deviation * noise[row]
    policy.scales.withUnsafeBufferPointer { scales in
      for entry in 0..<featureCount {
        features[entry] = Double(observations[row * featureCount + entry]) / scales[entry]
        action += parameters[entry] * features[entry]
      }
    }
    // What the environment is given, in its precision.
    actions[row] = Float(action)
    episodes.actions[place] = Double(actions[row])
  }
}
