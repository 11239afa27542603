// SPDX-License-Identifier: GPL-3.0-or-later

/// A number for every action in every state, which stands for the outputs of a network in reference files.
struct ReferenceTable: Sendable {
  let stateCount: Int
  let actionCount: Int
  /// Row by row.
  let numbers: [Double]

  /// - Throws: if the rows are not so many states of so many actions, or a number is not finite.
  init(_ rows: [[Double]], _ name: String, states: Int? = nil, actions: Int? = nil) throws {
    let width = actions ?? rows.first?.count ?? 0
    guard width > 0, !rows.isEmpty, rows.count == states ?? rows.count, rows.allSatisfy({ $0.count == width }) else {
      let shape = states.map { "\($0) × \(width)" } ?? "states × actions"
      throw ReferenceError("'\(name)' is not \(shape) numbers.")
    }
    guard rows.allSatisfy({ $0.allSatisfy(\.isFinite) }) else {
      throw ReferenceError("'\(name)' has a number that is not finite.")
    }
    stateCount = rows.count
    actionCount = width
    numbers = rows.flatMap(\.self)
  }

  /// The rows of some states, one behind the other.
  func rows(of states: [Int]) -> [Double] {
    states.flatMap { numbers[$0 * actionCount..<($0 + 1) * actionCount] }
  }

  /// What rows of some states add up to for every state: the gradient of the table from that of its rows.
  func sum(_ rows: [Double], at states: [Int]) -> [Double] {
    var sums = [Double](repeating: 0, count: numbers.count)
    for (row, state) in states.enumerated() {
      for action in 0..<actionCount { sums[state * actionCount + action] += rows[row * actionCount + action] }
    }
    return sums
  }
}

/// Steps of an agent in a reference file: a batch in any order, or an episode.
struct ReferenceSteps: Sendable {
  let states: [Int]
  let actions: [Int32]
  let rewards: [Double]
  let nextStates: [Int]
  let isTerminal: [Bool]
  /// The time of each step in its episode.
  let times: [Double]

  /// - Parameter ends: one where the task ends, otherwise zero.
  /// - Throws: if there is not one of each for every step, or a state or an action that there is not.
  init(
    states: [Int], actions: [Int], rewards: [Double], nextStates: [Int], ends: [Double], times: [Double],
    in table: ReferenceTable
  ) throws {
    let counts = [actions.count, rewards.count, nextStates.count, ends.count, times.count]
    guard !states.isEmpty, counts.allSatisfy({ $0 == states.count }) else {
      throw ReferenceError("there are no steps, or not a state, action, reward, next state, end and time for each.")
    }
    guard (states + nextStates).allSatisfy({ (0..<table.stateCount).contains($0) }),
      actions.allSatisfy({ (0..<table.actionCount).contains($0) })
    else { throw ReferenceError("a step has a state or an action that there is not.") }
    guard ends.allSatisfy({ $0 == 0 || $0 == 1 }), times.allSatisfy({ $0 >= 0 }) else {
      throw ReferenceError("a step has an end that is neither 0 nor 1, or a time below 0.")
    }
    self.states = states
    self.actions = actions.map(Int32.init)
    self.rewards = rewards
    self.nextStates = nextStates
    isTerminal = ends.map { $0 == 1 }
    self.times = times
  }

  var count: Int { states.count }

  /// What each action has in rows of all actions, one row for each step.
  func chosen(_ rows: [Double]) -> [Double] {
    let width = rows.count / count
    return actions.enumerated().map { rows[$0 * width + Int($1)] }
  }
}

/// The prices of Distral in a reference file.
///
/// - Throws: if they are none.
func checkDistral(alpha: Double, beta: Double, gamma: Double) throws {
  guard (0...1).contains(alpha), beta > 0, beta.isFinite, (0...1).contains(gamma) else {
    throw ReferenceError("'alpha' or 'gamma' does not lie in 0...1, or 'beta' is not above zero.")
  }
}
