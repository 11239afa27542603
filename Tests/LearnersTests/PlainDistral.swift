// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Foundation
import Learners
import NeuralNets
import Quantities
import Randomness

typealias Room = RoomWalk<CorridorRooms, PlainRoomView>

/// A step of an agent as a test remembers it.
struct PlainTransition {
  var seen: [Double]
  var action: Int
  var reward: Double
  var next: [Double]
  var isTerminal: Bool
  var time: Int
}

/// One agent of a learner of the family of Distral, in double precision and in plain formulas.
struct PlainDistral {
  let task: Room
  let key: EntityKey
  let network: Perceptron<Double>
  let timeLimit: Int
  let alpha: Double
  let beta: Double
  let gamma: Double
  private var state: RoomState?
  private var elapsed = 0
  private(set) var transitions: [PlainTransition] = []

  init(
    _ task: Room, _ key: EntityKey, hidden: [Int], timeLimit: Int, alpha: Double = 0.8, beta: Double = 5,
    gamma: Double = 0.95
  ) {
    self.task = task
    self.key = key
    network = Perceptron(layerSizes: [Room.observationCount] + hidden + [5], activation: .leakyRectifier)
    self.timeLimit = timeLimit
    (self.alpha, self.beta, self.gamma) = (alpha, beta, gamma)
  }

  func draws(_ purpose: Purpose, _ attempt: Int) -> Draws {
    Draws(StreamFamily(seed: 3, replication: 2, purpose: purpose).key(key), at: UInt64(attempt))
  }

  private func seen(_ state: RoomState) -> [Double] {
    var numbers = [Double](repeating: .nan, count: Room.observationCount)
    task.observe(state, into: &numbers)
    return numbers
  }

  /// Takes a step with an action that is chosen for what is seen.
  ///
  /// - Returns: whether the episode is over.
  @discardableResult
  mutating func act(_ choose: ([Double]) -> Int) -> Bool {
    var ignored = draws(.episodeStart, 0)
    var state = state ?? task.start(&ignored)
    let before = seen(state)
    let action = choose(before)
    let transition = task.step(&state, choice: action)
    transitions.append(
      PlainTransition(
        seen: before, action: action, reward: transition.reward, next: seen(state),
        isTerminal: transition.isTerminated, time: elapsed))
    elapsed += 1
    let isOver = transition.isTerminated || elapsed == timeLimit
    self.state = isOver ? nil : state
    if isOver { elapsed = 0 }
    return isOver
  }

  /// log softmax of logits.
  func logSoftmax(_ logits: [Double]) -> [Double] {
    let greatest = logits.max() ?? 0
    let sum = logits.reduce(0) { $0 + exp($1 - greatest) }
    return logits.map { $0 - greatest - log(sum) }
  }

  /// The action at which the probabilities add up to more than a number.
  func action(_ logarithms: [Double], _ number: Double) -> Int {
    var sum = 0.0
    for (action, logarithm) in logarithms.enumerated() {
      sum += exp(logarithm)
      if number < sum { return action }
    }
    return logarithms.count - 1
  }

  /// V of the worths of actions.
  func softValue(prior: [Double], worths: [Double]) -> Double {
    log(zip(prior, worths).reduce(0) { $0 + exp(alpha * $1.0 + beta * $1.1) }) / beta
  }

  /// The gradients of soft Q-learning and of its distillation over transitions.
  func softGradients(_ rows: [PlainTransition], prior: [Double], worths: [Double]) -> (
    prior: [Double], worths: [Double]
  ) {
    let count = Double(rows.count)
    let targets = rows.map { row in
      let value = softValue(
        prior: logSoftmax(network.outputs(row.next, at: prior)), worths: network.outputs(row.next, at: worths))
      return row.reward + (row.isTerminal ? 0 : gamma * value)
    }
    let inputs = rows.flatMap(\.seen)
    let worthsGradient = network.lossAndGradient(inputs, at: worths) { outputs, gradient in
      for index in 0..<rows.count * 5 { gradient[index] = 0 }
      for (row, one) in rows.enumerated() {
        gradient[5 * row + one.action] = 2 * (outputs[5 * row + one.action] - targets[row]) / count
      }
      return 0
    }.gradient
    let priorGradient = network.lossAndGradient(inputs, at: prior) { outputs, gradient in
      for (row, one) in rows.enumerated() {
        let logarithms = logSoftmax((0..<5).map { outputs[5 * row + $0] })
        let weight = alpha / beta * pow(gamma, Double(one.time)) / count
        for action in 0..<5 {
          gradient[5 * row + action] = weight * (exp(logarithms[action]) - (action == one.action ? 1 : 0))
        }
      }
      return 0
    }.gradient
    return (priorGradient, worthsGradient)
  }
}

/// The largest distance of two vectors, as a share of the largest entry of the first.
func shareOfLargest(_ a: [Double], _ b: [Double]) -> Double {
  guard a.count == b.count else { return .infinity }
  let scale = a.map(abs).max() ?? 0
  return zip(a, b).map { abs($0 - $1) }.reduce(0) { $1.isNaN ? .infinity : max($0, $1) } / scale
}
