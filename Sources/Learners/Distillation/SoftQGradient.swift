// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import NeuralNets
import Quantities

/// The gradients of one step of soft Q-learning and of what it distils, both at the same parameters:
///
/// | network | loss, to be made small |
/// |---|---|
/// | f | mean((f(s,a) − y)²), y = r + γ V(s') or several steps of it (`RegularisedStretch`), V with π₀ as it is |
/// | h | −(α/β) mean(γᵗ log π₀(a\|s)), over replayed transitions |
///
/// Each network goes forward once, through the states that a batch has, and back through those before its steps.
///
/// Source: Wan, "Multi-task deep reinforcement learning via policy distillation", 2019, algorithm 1, where two lines are
/// mended (`RegularisedStretch`, `distillationLoss`).
struct SoftQGradient: Sendable {
  let networks: SoftQNetworks
  let discount: Double
  let targetSteps: Int
  let clip: Double?

  init(_ settings: SoftQSettings, networks: SoftQNetworks) {
    self.networks = networks
    discount = settings.discount
    targetSteps = settings.targetSteps
    clip = settings.gradientClip
  }

  /// The gradients of h, where there is one, and of f, one behind the other: of h from replayed transitions, zero where it
  /// does not learn; of f from these or from the steps just taken.
  func write(
    at parameters: UnsafePointer<Float>, into gradient: UnsafeMutablePointer<Float>, in room: SoftQRoom
  ) {
    if targetSteps > 1 {
      let states = room.see(room.segment)
      let logPrior = logPrior(ofStates: states.all, at: parameters, in: room)
      worths(of: room.segment, states, logPrior, at: parameters, into: gradient, in: room)
    }
    let states = room.see(room.batch)
    let logPrior = logPrior(ofStates: states.all, at: parameters, in: room)
    prior(states, logPrior, at: parameters, into: gradient, in: room)
    if targetSteps == 1 { worths(of: room.batch, states, logPrior, at: parameters, into: gradient, in: room) }
  }

  /// log π₀ of all states, nothing where it is uniform. Its network has gone forward in the room.
  private func logPrior(
    ofStates count: Int, at parameters: UnsafePointer<Float>, in room: SoftQRoom
  ) -> UnsafePointer<Float>? {
    networks.logPrior(
      UnsafePointer(room.states.rows.base), rows: count, at: parameters, room: room.prior.base,
      workspace: room.networkRoom)
  }

  // MARK: - What actions are worth

  private func worths(
    of batch: borrowing ReplayBatch, _ states: (before: Int, all: Int), _ logPrior: UnsafePointer<Float>?,
    at parameters: UnsafePointer<Float>, into gradient: UnsafeMutablePointer<Float>, in room: SoftQRoom
  ) {
    let (rows, count) = (batch.count, networks.actionCount)
    let own = parameters + networks.worthsStart
    let worths = UnsafePointer(
      networks.worths.forward(
        UnsafePointer(room.states.rows.base), rows: states.all, at: own, workspace: room.networkRoom))
    networks.soft.logits(prior: logPrior, worths: worths, rows: states.all, into: room.policy.base)
    networks.soft.values(
      ofLogits: UnsafePointer(room.policy.base), rows: states.all, into: room.stateValues.base)
    spread(
      UnsafePointer(room.stateValues.base), width: 1, to: UnsafePointer(room.nextPlaces.base), count: rows,
      into: room.values.base)
    if targetSteps > 1 { regularise(batch, states.before, worths, logPrior, in: room) }
    writeTargets(of: batch, in: room)
    spread(worths, width: count, to: UnsafePointer(room.places.base), count: rows, into: room.outputs.base)
    actionValueLoss(
      UnsafePointer(room.outputs.base), rows: rows, actionCount: count, actions: UnsafePointer(room.actions.base),
      targets: UnsafePointer(room.targets.base), gradient: room.outputGradients.base)
    back(networks.worths, states, rows: rows, at: own, into: gradient + networks.worthsStart, in: room)
  }

  /// Targets, from the values of next states in the room, and rewards with what their actions cost.
  private func writeTargets(of batch: borrowing ReplayBatch, in room: SoftQRoom) {
    let rows = batch.count
    let stretch = RegularisedStretch(
      rewards: UnsafeBufferPointer(start: batch.rewards.base, count: rows),
      nextValues: UnsafeBufferPointer(start: room.values.base, count: rows),
      isTerminal: UnsafeBufferPointer(start: batch.isTerminal.base, count: rows), discount: Float(discount))
    let targets = UnsafeMutableBufferPointer(start: room.targets.base, count: rows)
    guard targetSteps > 1 else { return stretch.targets(into: targets) }
    // Where the next step is the first of an episode, this one was the last of another.
    for row in 0..<rows {
      room.isLast[row] = batch.isTerminal[row] || row + 1 == rows || batch.times[row + 1] == 0
    }
    stretch.targets(
      steps: targetSteps, regularised: UnsafeBufferPointer(start: room.regularised.base, count: rows),
      isLast: UnsafeBufferPointer(start: room.isLast.base, count: rows), into: targets)
  }

  /// Rewards with what their actions cost and earn at the parameters.
  private func regularise(
    _ batch: borrowing ReplayBatch, _ states: Int, _ worths: UnsafePointer<Float>, _ logPrior: UnsafePointer<Float>?,
    in room: SoftQRoom
  ) {
    let count = networks.actionCount
    networks.policy.logProbabilities(prior: logPrior, worths: worths, rows: states, into: room.policy.base)
    let uniform = -logf(Float(count))
    for row in 0..<batch.count {
      let place = Int(room.places[row]) * count + Int(batch.actions[row])
      room.regularised[row] = networks.soft.regularised(
        batch.rewards[row], prior: logPrior?[place] ?? uniform, chosen: room.policy[place])
    }
  }

  // MARK: - The shared policy

  private func prior(
    _ states: (before: Int, all: Int), _ logPrior: UnsafePointer<Float>?, at parameters: UnsafePointer<Float>,
    into gradient: UnsafeMutablePointer<Float>, in room: SoftQRoom
  ) {
    guard let prior = networks.prior else { return }
    let (batch, count) = (room.batch.count, networks.actionCount)
    guard networks.learnsPrior, let logPrior else {
      return gradient.update(repeating: 0, count: prior.parameterCount)
    }
    for row in 0..<batch { room.weights[row] = Float(pow(discount, Double(room.batch.times[row]))) }
    spread(logPrior, width: count, to: UnsafePointer(room.places.base), count: batch, into: room.outputs.base)
    distillationLoss(
      UnsafePointer(room.outputs.base), rows: batch, actionCount: count, actions: UnsafePointer(room.actions.base),
      weights: UnsafePointer(room.weights.base), scale: networks.soft.divergencePrice / Float(batch),
      gradient: room.outputGradients.base)
    back(prior, states, rows: batch, at: parameters, into: gradient, in: room)
  }

  // MARK: - Back through a network

  /// The gradient of a network that was the last to go forward, from that of rows with respect to its outputs.
  private func back(
    _ network: Perceptron<Float>, _ states: (before: Int, all: Int), rows: Int, at parameters: UnsafePointer<Float>,
    into gradient: UnsafeMutablePointer<Float>, in room: SoftQRoom
  ) {
    gather(
      UnsafePointer(room.outputGradients.base), width: networks.actionCount, from: UnsafePointer(room.places.base),
      count: rows, distinct: states.before, into: room.stateGradients.base)
    network.backward(
      UnsafePointer(room.stateGradients.base), inputs: UnsafePointer(room.states.rows.base), rows: states.before,
      of: states.all, at: parameters, into: gradient, workspace: room.networkRoom)
    if let clip { clipNorm(gradient, count: network.parameterCount, to: clip) }
  }
}
