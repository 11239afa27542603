// SPDX-License-Identifier: GPL-3.0-or-later
import BenchmarkMeasuring
import NeuralNets
import Randomness

/// An actor and a critic of Diff-DAC and a batch to learn from, in single precision.
///
/// Source: Valcarcel Macua et al., "Diff-DAC", section 6: two hidden layers of 400 rectifiers, a Gaussian policy.
final class LearningStep {
  private let rows: Int
  private let actor: Perceptron<Float>
  private let critic: Perceptron<Float>
  private let policy = GaussianPolicy<Float>(scale: 10)
  private let actorOptimiser = Optimiser(.adam(), stepSize: 0.001)
  private let criticOptimiser = Optimiser(.adam(), stepSize: 0.01)
  private var moves: UInt64 = 0
  private let actorParameters: UnsafeMutablePointer<Float>
  private let criticParameters: UnsafeMutablePointer<Float>
  private let actorState: UnsafeMutablePointer<Float>
  private let criticState: UnsafeMutablePointer<Float>
  private let gradient: UnsafeMutablePointer<Float>
  private let states: UnsafeMutablePointer<Float>
  private let actions: UnsafeMutablePointer<Float>
  private let returns: UnsafeMutablePointer<Float>
  private let advantages: UnsafeMutablePointer<Float>
  private let outputGradient: UnsafeMutablePointer<Float>
  private let workspace: UnsafeMutableBufferPointer<Float>

  init(hidden: Int, rows: Int) {
    self.rows = rows
    actor = Perceptron(layerSizes: [4, hidden, hidden, 2], activation: .rectifier)
    critic = Perceptron(layerSizes: [4, hidden, hidden, 1], activation: .rectifier)
    func zeros(_ count: Int) -> UnsafeMutablePointer<Float> {
      let memory = UnsafeMutablePointer<Float>.allocate(capacity: count)
      memory.initialize(repeating: 0, count: count)
      return memory
    }
    actorParameters = zeros(actor.parameterCount)
    criticParameters = zeros(critic.parameterCount)
    actorState = zeros(actorOptimiser.stateCount(parameters: actor.parameterCount))
    criticState = zeros(criticOptimiser.stateCount(parameters: critic.parameterCount))
    gradient = zeros(actor.parameterCount)
    states = zeros(4 * rows)
    actions = zeros(rows)
    returns = zeros(rows)
    advantages = zeros(rows)
    outputGradient = zeros(2 * rows)
    let count = actor.workspaceCount(rows: rows)
    workspace = UnsafeMutableBufferPointer(start: zeros(count), count: count)

    var draws = Draws(StreamKey(seed: 1, replication: 0, purpose: .data, entity: "benchmark"), at: 0)
    actor.initialise(actorParameters, hidden: .uniformByInputs, output: .uniformByInputs, from: &draws)
    critic.initialise(criticParameters, hidden: .uniformByInputs, output: .uniformByInputs, from: &draws)
    for index in 0..<4 * rows { states[index] = Float(2 * draws.uniform() - 1) }
    for row in 0..<rows {
      actions[row] = Float(20 * draws.uniform() - 10)
      returns[row] = Float(50 * draws.uniform())
    }
  }

  /// Advantages from the critic as it is, then a move of both networks.
  func learn() {
    moves += 1
    let values = critic.forward(states, rows: rows, at: criticParameters, workspace: workspace)
    for row in 0..<rows { advantages[row] = returns[row] - values[row] }
    squaredErrorLoss(values, rows: rows, targets: returns, gradient: outputGradient)
    critic.backward(
      outputGradient, inputs: states, rows: rows, at: criticParameters, into: gradient, workspace: workspace)
    criticOptimiser.update(
      criticParameters, gradient: gradient, count: critic.parameterCount, state: criticState, move: moves)
    let outputs = actor.forward(states, rows: rows, at: actorParameters, workspace: workspace)
    policy.loss(
      outputs, rows: rows, actions: actions, advantages: advantages, entropyBonus: 5e-4, gradient: outputGradient)
    actor.backward(
      outputGradient, inputs: states, rows: rows, at: actorParameters, into: gradient, workspace: workspace)
    actorOptimiser.update(
      actorParameters, gradient: gradient, count: actor.parameterCount, state: actorState, move: moves)
  }

  /// The law of the action in one state.
  func infer(_ row: Int) -> NormalLaw<Float> {
    policy.law(actor.forward(states + 4 * (row % rows), rows: 1, at: actorParameters, workspace: workspace))
  }

  /// Something that depends on everything that was learned.
  var checksum: Float { (0..<actor.parameterCount).reduce(0) { $0 + abs(actorParameters[$1]) } }
}

/// CPU seconds of each call after some to warm up, and the allocations of all of them.
func measure(_ calls: Int, _ body: (Int) -> Void) -> (seconds: Double, allocations: Int64) {
  for call in 0..<max(1, calls / 10) { body(call) }
  let allocationsBefore = allocationCount()
  let start = processSeconds()
  for call in 0..<calls { body(call) }
  let end = processSeconds()
  let allocationsAfter = allocationCount()
  return ((end - start) / Double(calls), allocationsBefore < 0 ? -1 : allocationsAfter - allocationsBefore)
}
