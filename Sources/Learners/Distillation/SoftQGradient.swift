// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import NeuralNets
import Quantities

/// Room for what one thread computes of a step of soft Q-learning at a time.
package final class SoftQRoom: @unchecked Sendable {
  /// Replayed transitions.
  let batch: ReplayBatch
  /// The steps just taken, where targets have several; else empty.
  let segment: ReplayBatch
  let observation: Column<Float>
  let action: Column<Float>
  let actions: Column<Int32>
  /// log π₀, or its gradient.
  let prior: Column<Float>
  let values: Column<Float>
  let targets: Column<Float>
  let regularised: Column<Float>
  let weights: Column<Float>
  let isLast: Column<Bool>
  let outputGradients: Column<Float>
  let network: Column<Float>

  init(_ settings: SoftQSettings, networks: SoftQNetworks) {
    let (inputs, actions) = (networks.observationCount, networks.actionCount)
    let rows = settings.mostRows
    batch = ReplayBatch(count: settings.batch, observationCount: inputs, actionCount: 1)
    segment = ReplayBatch(
      count: settings.targetSteps > 1 ? settings.stepsPerUpdate : 1, observationCount: inputs, actionCount: 1)
    observation = Column(repeating: 0, count: inputs)
    action = Column(repeating: 0, count: 1)
    self.actions = Column(repeating: 0, count: rows)
    prior = Column(repeating: 0, count: rows * actions)
    values = Column(repeating: 0, count: rows)
    targets = Column(repeating: 0, count: rows)
    regularised = Column(repeating: 0, count: rows)
    weights = Column(repeating: 0, count: rows)
    isLast = Column(repeating: false, count: rows)
    outputGradients = Column(repeating: 0, count: rows * actions)
    network = Column(repeating: 0, count: networks.workspaceCount(rows: rows))
  }

  var networkRoom: UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(start: network.base, count: network.count)
  }
}

extension SoftQSettings {
  /// The most rows that a network is asked about at once.
  var mostRows: Int { targetSteps > 1 ? max(batch, stepsPerUpdate) : batch }

  /// About how many bytes a room has. In Double, so that no size can overflow.
  func bytesPerStep(of networks: SoftQNetworks) -> Double {
    let perRow = 4 * (6 + 2 * networks.actionCount + networks.workspaceCount(rows: 1))
    let segment = targetSteps > 1 ? stepsPerUpdate : 1
    return ReplayBatch.bytes(count: batch, observationCount: networks.observationCount, actionCount: 1)
      + ReplayBatch.bytes(count: segment, observationCount: networks.observationCount, actionCount: 1)
      + Double(mostRows) * Double(perRow)
  }
}

/// The gradients of one step of soft Q-learning and of what it distils, both at the same parameters:
///
/// | network | loss, to be made small |
/// |---|---|
/// | f | mean((f(s,a) − y)²), y = r + γ V(s') or several steps of it (`RegularisedStretch`), V with π₀ as it is |
/// | h | −(α/β) mean(γᵗ log π₀(a\|s)), over replayed transitions |
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

  /// The gradient of f, from replayed transitions or from the steps just taken, in its place in `gradient`.
  func worths(
    at parameters: UnsafePointer<Float>, into gradient: UnsafeMutablePointer<Float>, in room: SoftQRoom
  ) {
    if targetSteps > 1 {
      worths(of: room.segment, at: parameters, into: gradient, in: room)
    } else {
      worths(of: room.batch, at: parameters, into: gradient, in: room)
    }
  }

  private func worths(
    of batch: borrowing ReplayBatch, at parameters: UnsafePointer<Float>, into gradient: UnsafeMutablePointer<Float>,
    in room: SoftQRoom
  ) {
    let (rows, workspace) = (batch.count, room.networkRoom)
    let own = parameters + networks.worthsStart
    let next = UnsafePointer(batch.nextObservations.base)
    let logPrior = networks.logPrior(
      next, rows: rows, at: parameters, room: room.prior.base, workspace: workspace)
    let nextWorths = networks.worths.forward(next, rows: rows, at: own, workspace: workspace)
    // The place of a gradient that comes later.
    let logits = room.outputGradients.base
    networks.soft.logits(prior: logPrior, worths: UnsafePointer(nextWorths), rows: rows, into: logits)
    networks.soft.values(ofLogits: UnsafePointer(logits), rows: rows, into: room.values.base)
    writeTargets(of: batch, at: parameters, in: room)
    let observations = UnsafePointer(batch.observations.base)
    for row in 0..<rows { room.actions[row] = Int32(batch.actions[row]) }
    let worths = networks.worths.forward(observations, rows: rows, at: own, workspace: workspace)
    actionValueLoss(
      UnsafePointer(worths), rows: rows, actionCount: networks.actionCount, actions: UnsafePointer(room.actions.base),
      targets: UnsafePointer(room.targets.base), gradient: room.outputGradients.base)
    let place = gradient + networks.worthsStart
    networks.worths.backward(
      UnsafePointer(room.outputGradients.base), inputs: observations, rows: rows, at: own, into: place,
      workspace: workspace)
    if let clip { clipNorm(place, count: networks.worths.parameterCount, to: clip) }
  }

  /// Targets, from the values of next states in the room.
  private func writeTargets(
    of batch: borrowing ReplayBatch, at parameters: UnsafePointer<Float>, in room: SoftQRoom
  ) {
    let rows = batch.count
    let stretch = RegularisedStretch(
      rewards: UnsafeBufferPointer(start: batch.rewards.base, count: rows),
      nextValues: UnsafeBufferPointer(start: room.values.base, count: rows),
      isTerminal: UnsafeBufferPointer(start: batch.isTerminal.base, count: rows), discount: Float(discount))
    let targets = UnsafeMutableBufferPointer(start: room.targets.base, count: rows)
    guard targetSteps > 1 else { return stretch.targets(into: targets) }
    regularise(batch, at: parameters, in: room)
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
    _ batch: borrowing ReplayBatch, at parameters: UnsafePointer<Float>, in room: SoftQRoom
  ) {
    let (rows, count, workspace) = (batch.count, networks.actionCount, room.networkRoom)
    let observations = UnsafePointer(batch.observations.base)
    let logPrior = networks.logPrior(
      observations, rows: rows, at: parameters, room: room.prior.base, workspace: workspace)
    let outputs = networks.worths.forward(
      observations, rows: rows, at: parameters + networks.worthsStart, workspace: workspace)
    networks.policy.logProbabilities(
      prior: logPrior, worths: UnsafePointer(outputs), rows: rows, into: outputs)
    let uniform = -logf(Float(count))
    for row in 0..<rows {
      let place = row * count + Int(batch.actions[row])
      room.regularised[row] = networks.soft.regularised(
        batch.rewards[row], prior: logPrior?[place] ?? uniform, chosen: outputs[place])
    }
  }

  /// The gradient of h from replayed transitions, at the front of `gradient`; zero where the shared policy does not learn.
  func prior(
    at parameters: UnsafePointer<Float>, into gradient: UnsafeMutablePointer<Float>, in room: SoftQRoom
  ) {
    guard let prior = networks.prior else { return }
    let batch = room.batch.count
    let observations = UnsafePointer(room.batch.observations.base)
    guard networks.learnsPrior,
      let logPrior = networks.logPrior(
        observations, rows: batch, at: parameters, room: room.prior.base, workspace: room.networkRoom)
    else { return gradient.update(repeating: 0, count: prior.parameterCount) }
    for row in 0..<batch {
      room.actions[row] = Int32(room.batch.actions[row])
      room.weights[row] = Float(pow(discount, Double(room.batch.times[row])))
    }
    distillationLoss(
      logPrior, rows: batch, actionCount: networks.actionCount, actions: UnsafePointer(room.actions.base),
      weights: UnsafePointer(room.weights.base), scale: networks.soft.divergencePrice / Float(batch),
      gradient: room.outputGradients.base)
    prior.backward(
      UnsafePointer(room.outputGradients.base), inputs: observations, rows: batch, at: parameters, into: gradient,
      workspace: room.networkRoom)
    if let clip { clipNorm(gradient, count: prior.parameterCount, to: clip) }
  }
}
