// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets
import Testing

/// Rounds of Diff-DAC with a few agents: everybody adapts, then everybody combines, and Adam's moments stay local.
///
/// Source: Valcarcel Macua et al., "Diff-DAC", algorithm 1 (Jacobi) and its second remark (Gauss-Seidel, in which the
/// actor's advantages come from the critic of this round).
@Suite struct DiffusionRoundTests {
  @Test(arguments: [false, true])
  func roundsOfActorsAndCritics(gaussSeidel: Bool) throws {
    let cases = try ReferenceGradients.load().diffusionRound
    #expect(cases.count == 1)
    for one in cases {
      var agents = DiffusionAgents(one)
      for round in 1...one.rounds { agents.round(UInt64(round), gaussSeidel: gaussSeidel) }
      let final = gaussSeidel ? one.gaussSeidel : one.jacobi
      for agent in one.data.indices {
        #expect(distance(agents.critics[agent], flat(final.criticFinal[agent])) < 1e-10)
        #expect(distance(agents.actors[agent], flat(final.actorFinal[agent])) < 1e-10)
      }
      #expect(distance(agents.actors[0], flat(one.actor0[0])) > 1e-3)
    }
  }
}

private struct DiffusionAgents {
  let reference: ReferenceGradients.DiffusionRound
  let actor: Perceptron<Double>
  let critic: Perceptron<Double>
  var actors: [[Double]]
  var critics: [[Double]]
  var actorStates: [[Double]]
  var criticStates: [[Double]]

  init(_ reference: ReferenceGradients.DiffusionRound) {
    self.reference = reference
    actor = Perceptron(layerSizes: reference.sizesHidden + [2], activation: .rectifier)
    critic = Perceptron(layerSizes: reference.sizesHidden + [1], activation: .rectifier)
    actors = reference.actor0.map(flat)
    critics = reference.critic0.map(flat)
    actorStates = actors.map { Array(repeating: 0, count: 2 * $0.count) }
    criticStates = critics.map { Array(repeating: 0, count: 2 * $0.count) }
  }

  mutating func round(_ number: UInt64, gaussSeidel: Bool) {
    let old = critics
    for agent in critics.indices { adaptCritic(agent, number) }
    critics = combined(critics)
    for agent in actors.indices { adaptActor(agent, number, critic: gaussSeidel ? critics[agent] : old[agent]) }
    actors = combined(actors)
  }

  mutating func adaptCritic(_ agent: Int, _ number: UInt64) {
    let batch = reference.data[agent]
    let gradient = critic.lossAndGradient(batch.states.flatMap(\.self), at: critics[agent]) {
      squaredErrorLoss($0, rows: batch.returns.count, targets: batch.returns, gradient: $1)
    }.gradient
    Optimiser(.adam(), stepSize: reference.lrCritic).update(
      &critics[agent], gradient: gradient, count: gradient.count, state: &criticStates[agent], move: number)
  }

  mutating func adaptActor(_ agent: Int, _ number: UInt64, critic parameters: [Double]) {
    let batch = reference.data[agent]
    let states = batch.states.flatMap(\.self)
    let advantages = zip(batch.returns, critic.outputs(states, at: parameters)).map { $0 - $1 }
    let policy = GaussianPolicy(scale: reference.scale, varianceFloor: 0)
    let gradient = actor.lossAndGradient(states, at: actors[agent]) {
      policy.loss(
        $0, rows: advantages.count, actions: batch.actions, advantages: advantages,
        entropyBonus: reference.entropyCoefficient, gradient: $1)
    }.gradient
    Optimiser(.adam(), stepSize: reference.lrActor).update(
      &actors[agent], gradient: gradient, count: gradient.count, state: &actorStates[agent], move: number)
  }

  /// Σ_l c_lk ψ_l for every agent k.
  func combined(_ estimates: [[Double]]) -> [[Double]] {
    estimates.indices.map { receiver in
      estimates[receiver].indices.map { entry in
        estimates.indices.reduce(0) { $0 + reference.combinationMatrix[$1][receiver] * estimates[$1][entry] }
      }
    }
  }
}
