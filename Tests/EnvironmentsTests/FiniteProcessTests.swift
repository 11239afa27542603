// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Randomness
import Testing

/// A process with four states and three actions in which everything is drawn.
private func randomProcess(_ index: UInt64, discount: Double) throws -> FiniteDecisionProcess {
  var draws = Draws(StreamKey(seed: 11, replication: 0, purpose: .taskParameters, entity: "process"), at: index)
  func distribution() -> [Double] {
    let numbers = (0..<4).map { _ in draws.uniform() }
    return numbers.map { $0 / numbers.reduce(0, +) }
  }
  return try FiniteDecisionProcess(
    transitions: (0..<4).map { _ in (0..<3).map { _ in distribution() } },
    rewards: (0..<4).map { _ in (0..<3).map { _ in 2 * draws.uniform() - 1 } }, discount: discount,
    start: distribution())
}

private let uneven = TabularPolicy(
  actionCount: 3, probabilities: [0.7, 0.2, 0.1, 0.1, 0, 0.9, 0.3, 0.3, 0.4, 0.25, 0.5, 0.25])

struct FiniteProcessTests {
  /// Bars of five standard errors: each of the five checks fails by chance once in two million.
  @Test func evaluationIsWhatMonteCarloSees() throws {
    let process = try randomProcess(0, discount: 0.8)
    let key = StreamKey(seed: 12, replication: 0, purpose: .data, entity: "episodes")
    let episodes = 20_000
    var returns = [Double]()
    var visits = [[Double]](repeating: [], count: 4)
    for episode in 0..<episodes {
      var draws = Draws(key, at: UInt64(episode))
      var state = process.firstState(&draws)
      var (total, weight) = (0.0, 1.0)
      var seen = [0.0, 0, 0, 0]
      // What 90 steps leave out is below 0.8⁹⁰ / (1 − 0.8) = 1e-8.
      for _ in 0..<90 {
        let action = uneven.action(in: state, &draws)
        total += weight * process.rewards[3 * state + action]
        seen[state] += weight * (1 - process.discount)
        weight *= process.discount
        state = process.nextState(after: state, taking: action, &draws)
      }
      returns.append(total)
      for state in 0..<4 { visits[state].append(seen[state]) }
    }
    func check(_ sample: [Double], _ exact: Double) {
      let mean = sample.reduce(0, +) / Double(episodes)
      let variance = sample.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(episodes - 1)
      #expect(abs(mean - exact) < 5 * (variance / Double(episodes)).squareRoot() + 1e-7, "\(mean) for \(exact)")
    }
    check(returns, try process.expectedReturn(of: uneven))
    let visitation = try process.visitation(of: uneven)
    for state in 0..<4 { check(visits[state], visitation[state]) }
  }

  @Test func valuesSatisfyTheirEquationAndVisitsSumToOne() throws {
    for index in 0..<10 as Range<UInt64> {
      let process = try randomProcess(index, discount: 0.99)
      let values = try process.values(of: uneven)
      let worth = process.actionValues(values)
      let advantages = process.advantages(values)
      for state in 0..<4 {
        let mean = (0..<3).reduce(0.0) { $0 + uneven[state, $1] * worth[3 * state + $1] }
        let advantage = (0..<3).reduce(0.0) { $0 + uneven[state, $1] * advantages[3 * state + $1] }
        #expect(abs(mean - values[state]) < 1e-11 && abs(advantage) < 1e-11)
      }
      let visitation = try process.visitation(of: uneven)
      #expect(abs(visitation.reduce(0, +) - 1) < 1e-12)
      // ρ'v = d'r / (1 − γ).
      let rewards = (0..<4).map { state in
        (0..<3).reduce(0.0) { $0 + uneven[state, $1] * process.rewards[3 * state + $1] }
      }
      let total = zip(visitation, rewards).reduce(0) { $0 + $1.0 * $1.1 } / (1 - process.discount)
      #expect(abs(total - process.mean(values)) < 1e-10)
    }
  }

  @Test func valueIterationFindsTheBestOfAllDeterministicPolicies() throws {
    for index in 0..<5 as Range<UInt64> {
      let process = try randomProcess(index, discount: 0.9)
      let optimum = process.optimum()
      var best = [Double](repeating: -.infinity, count: 4)
      for code in 0..<81 {
        let actions = [code % 3, code / 3 % 3, code / 9 % 3, code / 27]
        let values = try process.values(of: TabularPolicy(actions: actions, actionCount: 3))
        for state in 0..<4 { best[state] = max(best[state], values[state]) }
      }
      let reached = try process.values(of: optimum.policy)
      for state in 0..<4 {
        #expect(abs(optimum.values[state] - best[state]) < 1e-11 && abs(reached[state] - best[state]) < 1e-11)
      }
    }
  }

  @Test func valueIterationEndsWhereRoundingHoldsItUp() throws {
    let process = try randomProcess(0, discount: 0.9999)
    let optimum = process.optimum(tolerance: 1e-300)
    let reached = try process.values(of: optimum.policy)
    for state in 0..<4 { #expect(abs(optimum.values[state] - reached[state]) < 1e-6 * abs(reached[state])) }
  }

  @Test func theAverageProcessHasTheMeanProbabilitiesAndRewards() throws {
    let tasks = try [randomProcess(1, discount: 0.9), randomProcess(2, discount: 0.9)]
    #expect(throws: EnvironmentError.self) { try FiniteDecisionProcess.average(of: tasks) }
    let alike = try tasks.map { task in
      try FiniteDecisionProcess(
        transitions: (0..<4).map { s in
          (0..<3).map { a in (0..<4).map { task.probability(of: $0, from: s, taking: a) } }
        },
        rewards: (0..<4).map { s in (0..<3).map { task.rewards[3 * s + $0] } }, discount: 0.9, start: [1, 0, 0, 0])
    }
    let average = try FiniteDecisionProcess.average(of: alike)
    for index in average.transitions.indices {
      #expect(abs(2 * average.transitions[index] - alike[0].transitions[index] - alike[1].transitions[index]) < 1e-15)
    }
    for index in average.rewards.indices {
      #expect(abs(2 * average.rewards[index] - alike[0].rewards[index] - alike[1].rewards[index]) < 1e-15)
    }
  }

  @Test func whatIsNoProcessIsRefused() {
    func make(
      transitions: [[[Double]]] = [[[0.5, 0.5]], [[0, 1]]], rewards: [[Double]] = [[0], [1]], discount: Double = 0.9,
      start: [Double] = [1, 0]
    ) throws {
      _ = try FiniteDecisionProcess(transitions: transitions, rewards: rewards, discount: discount, start: start)
    }
    #expect(throws: Never.self) { try make() }
    #expect(throws: EnvironmentError.discount(1)) { try make(discount: 1) }
    #expect(throws: EnvironmentError.discount(-0.1)) { try make(discount: -0.1) }
    #expect(throws: EnvironmentError.reward) { try make(rewards: [[.infinity], [0]]) }
    #expect(throws: EnvironmentError.self) { try make(rewards: [[0], []]) }
    #expect(throws: EnvironmentError.self) { try make(rewards: []) }
    #expect(throws: EnvironmentError.self) { try make(transitions: [[[0.5, 0.5]]]) }
    #expect(throws: EnvironmentError.self) { try make(transitions: [[[0.5, 0.6]], [[0, 1]]]) }
    #expect(throws: EnvironmentError.self) { try make(transitions: [[[1.5, -0.5]], [[0, 1]]]) }
    #expect(throws: EnvironmentError.self) { try make(start: [0.5, 0.4]) }
    #expect(throws: EnvironmentError.self) { try make(start: [1]) }
  }
}
