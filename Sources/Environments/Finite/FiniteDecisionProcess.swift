// SPDX-License-Identifier: GPL-3.0-or-later

/// A Markov decision process with finitely many states and actions, known exactly.
///
/// | symbol | meaning | shape |
/// |---|---|---|
/// | P(s'\|s,a) | probability of the next state | S × A × S |
/// | r(s,a) | expected reward of the step | S × A |
/// | γ | discount, in [0, 1) | |
/// | ρ | distribution of the first state | S |
///
/// Source: Puterman, "Markov decision processes", 2005, chapter 6.
package struct FiniteDecisionProcess: Sendable, Equatable {
  /// How far a sum of probabilities may be from one.
  private static let tolerance = 1e-9

  /// The number of states, S.
  package let stateCount: Int
  /// The number of actions, A.
  package let actionCount: Int
  /// P(s'|s,a) at (s A + a) S + s'.
  package let transitions: [Double]
  /// r(s,a) at s A + a.
  package let rewards: [Double]
  /// γ.
  package let discount: Double
  /// ρ.
  package let start: [Double]

  /// Makes a process from its numbers.
  ///
  /// - Parameters:
  ///   - transitions: P(s'|s,a) as `transitions[s][a][s']`.
  ///   - rewards: r(s,a) as `rewards[s][a]`.
  /// - Throws: if shapes do not go together, or numbers are not what they should be.
  package init(
    transitions: [[[Double]]], rewards: [[Double]], discount: Double, start: [Double]
  ) throws(EnvironmentError) {
    let states = rewards.count
    guard states > 0, let actions = rewards.first?.count, actions > 0, rewards.allSatisfy({ $0.count == actions })
    else { throw .shape("rewards need the same number of actions in every state.") }
    guard transitions.count == states,
      transitions.allSatisfy({ $0.count == actions && $0.allSatisfy { $0.count == states } })
    else { throw .shape("transitions are not states × actions × states.") }
    guard start.count == states else { throw .shape("the start has not one probability for each state.") }
    guard discount >= 0, discount < 1 else { throw .discount(discount) }
    guard rewards.allSatisfy({ $0.allSatisfy(\.isFinite) }) else { throw .reward }
    guard Self.isDistribution(start) else { throw .notADistribution("The probabilities of the first state") }
    guard transitions.allSatisfy({ $0.allSatisfy(Self.isDistribution) }) else {
      throw .notADistribution("The probabilities of next states")
    }
    stateCount = states
    actionCount = actions
    self.transitions = transitions.flatMap { $0.flatMap { $0 } }
    self.rewards = rewards.flatMap { $0 }
    self.discount = discount
    self.start = start
  }

  private static func isDistribution(_ numbers: [Double]) -> Bool {
    numbers.allSatisfy { $0 >= 0 } && abs(numbers.reduce(0, +) - 1) <= tolerance
  }

  private init(like process: FiniteDecisionProcess, transitions: [Double], rewards: [Double]) {
    stateCount = process.stateCount
    actionCount = process.actionCount
    discount = process.discount
    start = process.start
    self.transitions = transitions
    self.rewards = rewards
  }

  /// The process whose transition probabilities and rewards are the means of those of several tasks.
  ///
  /// Source: Valcarcel Macua et al., "Diff-DAC", 2018, section 4: P̄ and r.
  ///
  /// - Throws: if the tasks have not the same shape, discount and start.
  package static func average(
    of tasks: [FiniteDecisionProcess]
  ) throws(EnvironmentError) -> FiniteDecisionProcess {
    guard let first = tasks.first else { throw .shape("there are no tasks to average.") }
    guard
      tasks.allSatisfy({
        $0.stateCount == first.stateCount && $0.actionCount == first.actionCount && $0.discount == first.discount
          && $0.start == first.start
      })
    else { throw .shape("the tasks differ in states, actions, discount or start.") }
    func mean(_ numbers: (FiniteDecisionProcess) -> [Double]) -> [Double] {
      var sum = numbers(first)
      for task in tasks.dropFirst() {
        let other = numbers(task)
        for index in sum.indices { sum[index] += other[index] }
      }
      return sum.map { $0 / Double(tasks.count) }
    }
    return FiniteDecisionProcess(like: first, transitions: mean(\.transitions), rewards: mean(\.rewards))
  }

  /// P(s'|s,a).
  package func probability(of next: Int, from state: Int, taking action: Int) -> Double {
    transitions[(state * actionCount + action) * stateCount + next]
  }

  /// Σ_s' P(s'|s,a) v(s').
  package func expectation(of values: [Double], from state: Int, taking action: Int) -> Double {
    let row = (state * actionCount + action) * stateCount
    return (0..<stateCount).reduce(0) { $0 + transitions[row + $1] * values[$1] }
  }
}
