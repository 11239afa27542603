// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import NeuralNets
import Quantities
import Randomness

/// What chooses the actions of episodes that nobody learns from.
package enum ControlPolicy {
  /// The mean of the law that a network gives, with the parameters of its actor.
  case mean(ActorCriticNetworks, at: UnsafePointer<Float>)
  /// A draw from this law, as agents act while they learn; one number at the index step × episodes + episode.
  case drawn(ActorCriticNetworks, at: UnsafePointer<Float>, noise: StreamKey)
  /// The choice for which a network, with these parameters, has the greatest output.
  case greedy(Perceptron<Float>, at: UnsafePointer<Float>)
  /// That choice, but with a probability any, each as probable as the others; one number at the index step × episodes +
  /// episode.
  case exploring(Perceptron<Float>, at: UnsafePointer<Float>, probability: Double, noise: StreamKey)
  /// A choice by the probabilities that networks, with these parameters, give them, for one number at the index step ×
  /// episodes + episode; without noise the most probable one.
  case choosing(any ChoosingNetworks, at: UnsafePointer<Float>, noise: StreamKey?)
  /// The choice with the greatest value in the row of a table, with these numbers of so many choices, that the state has;
  /// but with a probability any, each as probable as the others: one number at the index step × episodes + episode.
  case table(choices: Int, at: UnsafePointer<Float>, exploring: (probability: Double, noise: StreamKey)?)
  /// A draw from the bounded law that networks, with these parameters, give, for one normal number at the index step ×
  /// episodes + episode; without noise the action in the middle.
  case squashed(SoftActorCriticNetworks, at: UnsafePointer<Float>, noise: StreamKey?)
  /// A draw from the normal law of a linear policy with these parameters, for one normal number at the index step ×
  /// episodes + episode; without noise its mean.
  case linear(LinearPolicy, at: UnsafePointer<Float>, noise: StreamKey?)
  /// Always zero, or the first choice.
  case zero
  /// Uniform between the bounds on mean actions, or over all choices; one number at the index step × episodes + episode.
  case uniform(noise: StreamKey)
}

/// What makes policies of an agent's parameters, whatever the learner.
package struct PolicyForm: Sendable {
  /// The number M of parameters of an agent.
  package let parameterCount: Int
  /// The networks of players, where an agent plays all those of a world; then nobody asks the policies below.
  package let players: PlayersForm?
  /// The networks that give every choice a probability; nothing where actions are not chosen so.
  package let choosing: (any ChoosingNetworks)?
  /// The policy by which agents are tested.
  package let test: @Sendable (_ parameters: UnsafePointer<Float>) -> ControlPolicy
  /// The policy by which they act while they learn.
  package let drawn: @Sendable (_ parameters: UnsafePointer<Float>, _ noise: StreamKey) -> ControlPolicy

  init(
    parameterCount: Int, choosing: (any ChoosingNetworks)? = nil,
    test: @escaping @Sendable (UnsafePointer<Float>) -> ControlPolicy,
    drawn: @escaping @Sendable (UnsafePointer<Float>, StreamKey) -> ControlPolicy
  ) {
    self.parameterCount = parameterCount
    players = nil
    self.choosing = choosing
    self.test = test
    self.drawn = drawn
  }

  /// Networks of players.
  init(_ players: PlayersForm) {
    parameterCount = players.networks.parameterCount
    self.players = players
    choosing = nil
    test = { _ in .zero }
    drawn = { _, _ in .zero }
  }
}

/// What episodes of a policy came to.
package struct PolicyEpisodes: Sendable, Equatable {
  /// What an agent saw, did and got in one step.
  package struct Step: Sendable, Equatable {
    package var observation: [Float]
    /// As the policy chose it; an environment may clip it.
    package var action: Float
    package var reward: Double
  }

  /// The return of each episode, undiscounted.
  package var returns: [Double]
  /// The steps of each.
  package var lengths: [Int] = []
  /// The first episode, where it was asked for.
  package var firstEpisode: [Step] = []

  package init(returns: [Double]) { self.returns = returns }
}

extension PolicyEpisodes {
  /// How far each has led, in metres; not a number where a policy has diverged, or episodes are not measured so.
  ///
  /// - Parameter stepLength: how far a step leads; nothing where steps lead nowhere.
  package func flights(stepLength: Double?) -> [Double] {
    zip(lengths, returns).map { $1.isNaN ? .nan : Double($0) * (stepLength ?? .nan) }
  }
}

extension ControlTasks {
  /// Plays episodes of a task with a policy.
  ///
  /// *Randomness*: first states from `starts`, an index for each episode, so all policies start from the same states;
  /// what `policy` says of its actions.
  ///
  /// - Parameter isFollowed: whether the steps of the first episode are kept.
  package func evaluate(
    _ policy: ControlPolicy, in task: Int, starts: StreamKey, episodes count: Int, isFollowed: Bool = false
  ) -> PolicyEpisodes {
    var result = PolicyEpisodes(returns: [Double](repeating: 0, count: count))
    result.lengths = [Int](repeating: 0, count: count)
    let batch = list[task].episodes(count, timeLimit, starts)
    let observations = Column(repeating: Float(0), count: count * batch.observationCount)
    let actions = Column(repeating: Float(0), count: count)
    let workspace = Column(repeating: Float(0), count: policy.workspaceCount(rows: count))
    let numbers = Column(repeating: 0.0, count: count)
    withUnsafeTemporaryAllocation(of: Episodes.Outcome.self, capacity: count) { outcomes in
      guard let outcomes = outcomes.baseAddress else { return }
      batch.begin()
      var step = 0
      while batch.runningCount > 0 {
        let rows = batch.runningCount
        batch.writeObservations(into: observations.base)
        for row in 0..<rows {
          numbers[row] = policy.number(at: UInt64(step * count + batch.episode(inRow: row)))
        }
        policy.act(
          UnsafePointer(observations.base), in: batch, numbers: numbers, workspace: workspace, into: actions)
        let isFirst = isFollowed && batch.episode(inRow: 0) == 0
        batch.step(actions: UnsafePointer(actions.base), outcomes: outcomes)
        for row in 0..<rows {
          // A policy that has diverged acts on nothing, and no limit of a task would ever be passed.
          let reward = actions[row].isFinite ? outcomes[row].reward : .nan
          result.returns[Int(outcomes[row].episode)] += reward
          result.lengths[Int(outcomes[row].episode)] += 1
          if row == 0, isFirst {
            let seen = (0..<batch.observationCount).map { observations[$0] }
            result.firstEpisode.append(PolicyEpisodes.Step(observation: seen, action: actions[0], reward: reward))
          }
        }
        step += 1
      }
    }
    return result
  }
}

extension ControlPolicy {
  fileprivate func workspaceCount(rows: Int) -> Int {
    switch self {
    case .mean(let networks, _), .drawn(let networks, _, _): networks.actor.workspaceCount(rows: rows)
    case .greedy(let network, _), .exploring(let network, _, _, _): network.workspaceCount(rows: rows)
    case .choosing(let networks, _, _): networks.choiceWorkspaceCount(rows: rows)
    case .squashed(let networks, _, _): networks.policy.workspaceCount(rows: rows)
    case .table, .linear, .zero, .uniform: 0
    }
  }

  /// The random number of an action: standard normal, or of [0, 1); zero where there is none.
  fileprivate func number(at index: UInt64) -> Double {
    switch self {
    case .mean, .greedy, .zero, .choosing(_, _, nil), .table(_, _, nil), .squashed(_, _, nil), .linear(_, _, nil):
      return 0
    case .uniform(let noise), .exploring(_, _, _, let noise), .choosing(_, _, let noise?),
      .table(_, _, (_, let noise)?):
      var draws = Draws(noise, at: index)
      return draws.uniform()
    case .drawn(_, _, let noise), .squashed(_, _, let noise?), .linear(_, _, let noise?):
      var draws = Draws(noise, at: index)
      var number = 0.0
      withUnsafeMutablePointer(to: &number) {
        fillStandardNormal(UnsafeMutableBufferPointer(start: $0, count: 1), from: &draws)
      }
      return number
    }
  }

  /// Writes an action for each row of observations.
  ///
  /// - Parameters:
  ///   - episodes: in which the actions are to be taken.
  ///   - numbers: the random number of each row.
  fileprivate func act(
    _ observations: UnsafePointer<Float>, in episodes: borrowing Episodes, numbers: borrowing Column<Double>,
    workspace: borrowing Column<Float>, into actions: borrowing Column<Float>
  ) {
    let (rows, range) = (episodes.runningCount, ActionRange(episodes))
    let room = UnsafeMutableBufferPointer(start: workspace.base, count: workspace.count)
    switch self {
    case .mean(let networks, let actor):
      let outputs = networks.actor.forward(observations, rows: rows, at: actor, workspace: room)
      for row in 0..<rows { actions[row] = networks.policy.law(outputs + 2 * row).mean }
    case .drawn(let networks, let actor, _):
      let outputs = networks.actor.forward(observations, rows: rows, at: actor, workspace: room)
      for row in 0..<rows {
        actions[row] = networks.policy.law(outputs + 2 * row).value(ofStandardNormal: Float(numbers[row]))
      }
    case .greedy(let network, let parameters):
      network.choose(observations, rows: rows, at: parameters, workspace: room, into: actions)
    case .exploring(let network, let parameters, let probability, _):
      network.choose(observations, rows: rows, at: parameters, workspace: room, into: actions)
      for row in 0..<rows where numbers[row] < probability {
        actions[row] = range.uniform(at: numbers[row] / probability)
      }
    case .choosing(let networks, let parameters, let noise):
      networks.choose(
        observations, rows: rows, at: parameters, numbers: noise.map { _ in UnsafePointer(numbers.base) },
        workspace: room, into: actions)
    case .table(let choices, let table, let exploring):
      for row in 0..<rows {
        let values = table + episodes.stateNumber(inRow: row) * choices
        actions[row] = choice(of: values, count: choices)
        if let exploring, numbers[row] < exploring.probability {
          actions[row] = range.uniform(at: numbers[row] / exploring.probability)
        }
      }
    case .squashed(let networks, let parameters, let noise):
      networks.act(
        observations, rows: rows, at: parameters, noise: noise.map { _ in UnsafePointer(numbers.base) },
        workspace: room, into: actions.base)
    case .linear(let policy, let parameters, let noise):
      policy.act(
        observations, rows: rows, at: parameters, numbers: noise.map { _ in UnsafePointer(numbers.base) },
        into: actions.base)
    case .zero:
      for row in 0..<rows { actions[row] = 0 }
    case .uniform:
      for row in 0..<rows { actions[row] = range.uniform(at: numbers[row]) }
    }
  }
}

extension Perceptron<Float> {
  /// Writes for each row the position of its greatest output; no number where an output is none.
  fileprivate func choose(
    _ observations: UnsafePointer<Float>, rows: Int, at parameters: UnsafePointer<Float>,
    workspace: UnsafeMutableBufferPointer<Float>, into actions: borrowing Column<Float>
  ) {
    let outputs = forward(observations, rows: rows, at: parameters, workspace: workspace)
    for row in 0..<rows { actions[row] = choice(of: UnsafePointer(outputs + row * outputCount), count: outputCount) }
  }
}

/// The position of the greatest of some values; no number where one of them is none.
private func choice(of values: UnsafePointer<Float>, count: Int) -> Float {
  (0..<count).allSatisfy { values[$0].isFinite } ? Float(greatest(values, count: count)) : .nan
}

/// Which actions there are where actions are uniform.
private struct ActionRange {
  /// The largest magnitude of a mean action.
  private let bound: Float
  private let choices: Int?

  init(_ episodes: borrowing Episodes) {
    bound = Float(episodes.meanActionBound)
    choices = episodes.actionChoices
  }

  /// The action of a number of [0, 1).
  func uniform(at number: Double) -> Float {
    if let choices { return Float(min(Int(number * Double(choices)), choices - 1)) }
    return bound * Float(2 * number - 1)
  }
}
