// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Foundation
import Learners
import NeuralNets
import Quantities
import Randomness
import Testing

@Suite struct ControlPolicyTests {
  private let starts = StreamKey(seed: 1, replication: 0, purpose: .evaluationStart, entity: "tests")
  private let noise = StreamKey(seed: 1, replication: 0, purpose: .evaluationAction, entity: "tests")

  private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

  /// A pole that hangs still gets 2 / (1 + e) − 1 in each of 200 steps, as its tip is 1 m from where it should be. It
  /// starts within 0.05 of that, so it swings a little and the cart drifts a few centimetres, which is worth less than 1.
  @Test func withoutAForceThePoleKeepsHanging() {
    let tasks = ControlTasks(ControlSettings(environment: .cartPoleSwingUp))
    let returns = tasks.evaluate(.zero, in: 0, starts: starts, episodes: 200).returns
    #expect(abs(mean(returns) - 200 * (2 / (1 + exp(1.0)) - 1)) < 1)
    #expect(returns.allSatisfy { abs($0 + 92.4) < 5 })
  }

  /// Gymnasium 1.4.0 `Pendulum-v1` (which these settings are), 4000 episodes of 200 steps each: −1215.77 with a standard
  /// deviation of 358.24 without torque, −1228.46 and 288.90 with torques uniform in ±2. Five standard errors of the
  /// difference, so a false alarm has probability 6e-7.
  @Test func thePendulumDoesAsInGymnasium() {
    let tasks = ControlTasks(ControlSettings(environment: .invertedPendulum))
    let policies: [(ControlPolicy, Double, Double)] = [
      (.zero, -1215.77, 358.24), (.uniform(noise: noise), -1228.46, 288.90),
    ]
    for (policy, expected, deviation) in policies {
      let returns = tasks.evaluate(policy, in: 0, starts: starts, episodes: 4000).returns
      #expect(abs(mean(returns) - expected) < 5 * deviation * (2.0 / 4000).squareRoot())
    }
  }

  @Test func policiesOfNobodyAreTheSameEachTime() {
    let tasks = ControlTasks(ControlSettings(environment: .cartPoleSwingUp, tasks: .grid, timeLimit: 30))
    let first = tasks.evaluate(.uniform(noise: noise), in: 3, starts: starts, episodes: 5)
    #expect(first == tasks.evaluate(.uniform(noise: noise), in: 3, starts: starts, episodes: 5))
    let other = StreamKey(seed: 2, replication: 0, purpose: .evaluationAction, entity: "tests")
    #expect(first != tasks.evaluate(.uniform(noise: other), in: 3, starts: starts, episodes: 5))
  }

  @Test func uniformActionsFillTheRangeOfMeanActions() {
    let tasks = ControlTasks(ControlSettings(environment: .cartPoleSwingUp, timeLimit: 4000))
    let episode = tasks.evaluate(.uniform(noise: noise), in: 0, starts: starts, episodes: 1, isFollowed: true)
    let actions = episode.firstEpisode.map { Double($0.action) }
    #expect(actions.count == 4000 && actions.allSatisfy { abs($0) <= 10 })
    // Mean 0 and variance 100 / 3; six standard errors, so a false alarm has probability below 1e-8.
    let squares: [Double] = actions.map { $0 * $0 }
    let variance: Double = 100.0 / 3
    let meanError: Double = (variance / 4000).squareRoot()
    let squareError: Double = 100 * (4.0 / 45 / 4000).squareRoot()
    #expect(abs(mean(actions)) < 6 * meanError)
    #expect(abs(mean(squares) - variance) < 6 * squareError)
  }

  /// Drawn actions are the mean and noise of the policy's variance on top; what is followed is the first episode.
  @Test func drawnActionsScatterAboutTheMeansByTheVarianceOfThePolicy() {
    let tasks = ControlTasks(ControlSettings(environment: .invertedPendulum, timeLimit: 2000))
    let networks = ActorCriticNetworks(ActorCriticSettings(hiddenUnits: [4]), tasks: tasks)
    // Only the last biases of the actor count: mean 2 tanh 0.5, variance log(1 + e²).
    let parameters = Column(repeating: Float(0), count: networks.parameterCount)
    parameters[parameters.count - 2] = 0.5
    parameters[parameters.count - 1] = 2
    let actor = UnsafePointer(parameters.base + networks.actorStart)
    let meanAction: Double = 2 * tanh(0.5)
    let variance: Double = log(1 + exp(2.0))
    let still = tasks.evaluate(.mean(networks, at: actor), in: 0, starts: starts, episodes: 3, isFollowed: true)
    let drawn = tasks.evaluate(
      .drawn(networks, at: actor, noise: noise), in: 0, starts: starts, episodes: 3, isFollowed: true)
    let tested = tasks.evaluate(
      networks.policies.test(UnsafePointer(parameters.base)), in: 0, starts: starts, episodes: 3
    ).returns
    var sum = 0.0
    for step in still.firstEpisode {
      #expect(abs(Double(step.action) - meanAction) < 1e-5)
      sum += step.reward
    }
    #expect(still.returns == tested)
    #expect(abs(sum - still.returns[0]) < 1e-6)
    #expect(drawn.firstEpisode[0].observation == still.firstEpisode[0].observation)
    let scatter: [Double] = drawn.firstEpisode.map { Double($0.action) - meanAction }
    let squares: [Double] = scatter.map { $0 * $0 }
    // Six standard errors: a false alarm has probability below 1e-8.
    let meanError: Double = (variance / 2000).squareRoot()
    let varianceError: Double = variance * (2.0 / 2000).squareRoot()
    #expect(abs(mean(scatter)) < 6 * meanError)
    #expect(abs(mean(squares) - variance) < 6 * varianceError)
    _ = consume parameters
  }

  /// An episode has its own noise, whichever others run beside it.
  @Test func theFirstOfManyEpisodesHasTheStartsOfAnyOther() {
    let tasks = ControlTasks(ControlSettings(environment: .cartPoleBalance, timeLimit: 50))
    let few = tasks.evaluate(.zero, in: 0, starts: starts, episodes: 3)
    let many = tasks.evaluate(.zero, in: 0, starts: starts, episodes: 30)
    #expect(Array(many.returns.prefix(3)) == few.returns)
  }
}
