// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Foundation
import NeuralNets
import Quantities
import Randomness

/// Room for an episode of one agent and for what is computed of it, by one thread at a time.
final class DistralRoom: @unchecked Sendable {
  let rows: Int
  /// The state that the agent is in.
  let state: StateRows
  /// What it saw, before each step and behind the last: (rows + 1) × observations.
  let observations: Column<Float>
  let action: Column<Float>
  let actions: Column<Int32>
  let rewards: Column<Float>
  let isTerminal: Column<Bool>
  /// h, then log π₀.
  let shared: Column<Float>
  /// log π.
  let chosen: Column<Float>
  /// Values of next states, then the gradient of the critic's loss by its values.
  let nextValues: Column<Float>
  let targets: Column<Float>
  let errors: Column<Float>
  let weights: Column<Float>
  let actorGradient: Column<Float>
  let outputGradient: Column<Float>
  let network: Column<Float>
  /// Steps of the episode.
  var count = 0

  init(_ networks: DistralNetworks, tasks: ControlTasks) {
    let (rows, actions) = (tasks.timeLimit, networks.actionCount)
    self.rows = rows
    state = StateRows(tasks.list[0].solo, count: 1)
    observations = Column(repeating: 0, count: (rows + 1) * networks.observationCount)
    action = Column(repeating: 0, count: 1)
    self.actions = Column(repeating: 0, count: rows)
    rewards = Column(repeating: 0, count: rows)
    isTerminal = Column(repeating: false, count: rows)
    shared = Column(repeating: 0, count: rows * actions)
    chosen = Column(repeating: 0, count: rows * actions)
    nextValues = Column(repeating: 0, count: rows + 1)
    targets = Column(repeating: 0, count: rows)
    errors = Column(repeating: 0, count: rows)
    weights = Column(repeating: 0, count: rows)
    actorGradient = Column(repeating: 0, count: rows * actions)
    outputGradient = Column(repeating: 0, count: rows * actions)
    network = Column(repeating: 0, count: networks.workspaceCount(rows: rows + 1))
  }

  /// About how many bytes such a room has. In Double, so that no size can overflow.
  static func bytes(_ networks: DistralNetworks, tasks: ControlTasks) -> Double {
    let perRow =
      networks.observationCount + 4 * networks.actionCount + 7 + networks.workspaceCount(rows: 1)
    return 4 * Double(tasks.timeLimit + 1) * Double(perRow)
  }

  var networkRoom: UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(start: network.base, count: network.count)
  }
}

extension ControlTasks {
  /// Plays one whole episode of a task with actions drawn from a policy.
  ///
  /// *Randomness*: the first state from `start`, a number for each action from `noise`.
  func play(
    _ task: Int, with networks: DistralNetworks, at parameters: UnsafePointer<Float>, start: consuming Draws,
    noise: consuming Draws, in room: DistralRoom
  ) {
    let solo = list[task].solo
    let state = room.state[0]
    let width = networks.observationCount
    let categorical = CategoricalPolicy<Float>(actionCount: networks.actionCount)
    solo.start(state, &start)
    solo.observe(state, room.observations.base)
    room.count = 0
    while room.count < room.rows {
      let row = room.count
      let observation = room.observations.base + row * width
      let chosen = networks.logChoices(
        UnsafePointer(observation), rows: 1, at: parameters, room: room.shared.base, workspace: room.networkRoom)
      let action = categorical.action(UnsafePointer(chosen), atUniform: noise.uniform())
      room.actions[row] = Int32(action)
      room.action[0] = Float(action)
      let transition = solo.step(state, UnsafePointer(room.action.base))
      room.rewards[row] = Float(transition.reward)
      room.isTerminal[row] = transition.isTerminated
      solo.observe(state, observation + width)
      room.count += 1
      if transition.isTerminated { break }
    }
  }
}

/// The gradients of one episode, all at the same parameters, of the losses to be made small:
///
/// | network | loss |
/// |---|---|
/// | V | Σ ½ (V(s) − y)², y = r + (α/β) log π₀(a) − (1/β) log π(a) + γ V(s'), constant; an episode that is cut off has a V(s') |
/// | f | −Σ δ log π(a), δ = y − V(s) constant |
/// | h | the same, where π is made of it, and −(α/β) Σ γᵗ Σ_a (π − π₀) h with constant π − π₀ (`DistralPolicy`) |
///
/// Source: Wan, "Multi-task deep reinforcement learning via policy distillation", 2019, algorithm 2, two lines mended.
struct DistralGradient: Sendable {
  let networks: DistralNetworks
  let discount: Double
  let clip: Double?

  init(_ settings: DistralSettings, networks: DistralNetworks) {
    self.networks = networks
    discount = settings.discount
    clip = settings.gradientClip
  }

  /// Writes the gradients of all blocks.
  func write(
    at parameters: UnsafePointer<Float>, into gradient: UnsafeMutablePointer<Float>, in room: DistralRoom
  ) {
    writePolicies(at: parameters, in: room)
    writeCritic(at: parameters, into: gradient + networks.criticStart, in: room)
    networks.policy.actorLoss(
      UnsafePointer(room.chosen.base), rows: room.count, actions: UnsafePointer(room.actions.base),
      errors: UnsafePointer(room.errors.base), gradient: room.actorGradient.base)
    writeOwn(at: parameters, into: gradient, in: room)
    writeShared(at: parameters, into: gradient, in: room)
  }

  /// log π and log π₀ of all rows.
  private func writePolicies(at parameters: UnsafePointer<Float>, in room: DistralRoom) {
    let (rows, count) = (room.count, room.count * networks.actionCount)
    let observations = UnsafePointer(room.observations.base)
    let chosen = networks.logChoices(
      observations, rows: rows, at: parameters, room: room.shared.base, workspace: room.networkRoom)
    room.chosen.base.update(from: chosen, count: count)
    let logPrior = networks.logPrior(
      observations, rows: rows, at: parameters, room: room.shared.base, workspace: room.networkRoom)
    if logPrior == nil { room.shared.base.update(repeating: 0, count: count) }
  }

  private func writeCritic(
    at parameters: UnsafePointer<Float>, into gradient: UnsafeMutablePointer<Float>, in room: DistralRoom
  ) {
    let rows = room.count
    let critic = parameters + networks.criticStart
    let observations = UnsafePointer(room.observations.base)
    let values = networks.critic.forward(observations, rows: rows + 1, at: critic, workspace: room.networkRoom)
    for row in 0..<rows {
      let place = row * networks.actionCount + Int(room.actions[row])
      room.nextValues[row] = values[row + 1]
      // Rewards as the policy finds them stand where its targets come to stand.
      room.targets[row] = networks.policy.soft.regularised(
        room.rewards[row], prior: room.shared[place], chosen: room.chosen[place])
      room.weights[row] = Float(pow(discount, Double(row)))
    }
    RegularisedStretch(
      rewards: UnsafeBufferPointer(start: room.targets.base, count: rows),
      nextValues: UnsafeBufferPointer(start: room.nextValues.base, count: rows),
      isTerminal: UnsafeBufferPointer(start: room.isTerminal.base, count: rows), discount: Float(discount)
    ).targets(into: UnsafeMutableBufferPointer(start: room.targets.base, count: rows))
    for row in 0..<rows {
      room.errors[row] = room.targets[row] - values[row]
      room.nextValues[row] = -room.errors[row]
    }
    // The state behind the last step is no part of the loss.
    room.nextValues[rows] = 0
    networks.critic.backward(
      UnsafePointer(room.nextValues.base), inputs: observations, rows: rows + 1, at: critic, into: gradient,
      workspace: room.networkRoom)
    clipped(gradient, networks.critic)
  }

  private func writeOwn(
    at parameters: UnsafePointer<Float>, into gradient: UnsafeMutablePointer<Float>, in room: DistralRoom
  ) {
    guard networks.hasOwn else { return }
    for index in 0..<room.count * networks.actionCount {
      room.outputGradient[index] = networks.policy.ownFactor * room.actorGradient[index]
    }
    backward(at: parameters + networks.sharedCount, into: gradient + networks.sharedCount, in: room)
  }

  private func writeShared(
    at parameters: UnsafePointer<Float>, into gradient: UnsafeMutablePointer<Float>, in room: DistralRoom
  ) {
    guard networks.learnsShared else { return gradient.update(repeating: 0, count: networks.sharedCount) }
    networks.policy.writeSharedGradient(
      UnsafePointer(room.chosen.base), prior: UnsafePointer(room.shared.base), rows: room.count,
      weights: UnsafePointer(room.weights.base), actorGradient: UnsafePointer(room.actorGradient.base),
      into: room.outputGradient.base)
    backward(at: parameters, into: gradient, in: room)
  }

  /// The gradient of a network of logits from that of its outputs.
  private func backward(
    at parameters: UnsafePointer<Float>, into gradient: UnsafeMutablePointer<Float>, in room: DistralRoom
  ) {
    let observations = UnsafePointer(room.observations.base)
    networks.logits.forward(observations, rows: room.count, at: parameters, workspace: room.networkRoom)
    networks.logits.backward(
      UnsafePointer(room.outputGradient.base), inputs: observations, rows: room.count, at: parameters, into: gradient,
      workspace: room.networkRoom)
    clipped(gradient, networks.logits)
  }

  private func clipped(_ gradient: UnsafeMutablePointer<Float>, _ network: Perceptron<Float>) {
    if let clip { clipNorm(gradient, count: network.parameterCount, to: clip) }
  }
}
