// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets
import Quantities

/// What soft actors and critics learn from transitions (s, a, r, s′), all of it at the parameters as they were before the
/// step, so that a centre can make the step:
///
///     y   = r + γ (min(Q₁⁻, Q₂⁻)(s′, a′) − κ log π(a′|s′)),   a′ ~ π(·|s′)
///     L_i = mean ½ (Q_i(s, a) − y)²
///     L_π = mean(κ log π(ã|s) − min(Q₁, Q₂)(s, ã)),           ã = tanh(μ(s) + σ(s) ε)
///     L_κ = −κ mean(log π(ã|s) + H̄)
///
/// | symbol | meaning |
/// |---|---|
/// | Q⁻ | the slow critics |
/// | κ | the temperature; its logarithm is what is learnt |
/// | H̄ | the target entropy |
///
/// y = r where the task ended the episode in s′, and is no function of the parameters; one that the time limit cut off has
/// a value there as any other. Actions are shares of their bound, as `SoftActorCriticNetworks` says.
///
/// Source: Haarnoja et al., "Soft actor-critic algorithms and applications", 2018, equations 5, 7, 9 and 18 and
/// algorithm 1.
package struct SoftActorCriticGradient: Sendable {
  package let networks: SoftActorCriticNetworks
  private let discount: Float
  private let clip: Double?

  package init(_ settings: SoftActorCriticSettings, networks: SoftActorCriticNetworks) {
    self.networks = networks
    discount = Float(settings.discount)
    clip = settings.gradientClip
  }

  /// The targets y of the batch in the room, by its slow critics and the first half of its noise.
  ///
  /// - Parameter temperature: κ.
  package func writeTargets(at parameters: UnsafePointer<Float>, temperature: Float, in room: SoftActorCriticRoom) {
    let rows = room.batch.count
    draw(
      UnsafePointer(room.batch.nextObservations.base), noise: UnsafePointer(room.noise.base), at: parameters, in: room)
    let slow = UnsafePointer(room.slow.base)
    let worths = judge(at: slow, in: room)
    room.worths.base.update(from: worths, count: rows)
    let others = judge(at: slow + networks.critic.parameterCount, in: room)
    for row in 0..<rows {
      let next = SoftCriticTarget.value(
        room.worths[row], others[row], logDensity: room.logDensities[row], temperature: temperature)
      room.targets[row] = SoftCriticTarget.worth(
        reward: room.batch.rewards[row], isTerminal: room.batch.isTerminal[row], nextValue: next, discount: discount)
    }
  }

  /// The gradients of both critics, from the targets in the room, in their places of a vector of all parameters.
  ///
  /// - Returns: L₁ + L₂.
  @discardableResult
  package func writeOfCritics(
    at parameters: UnsafePointer<Float>, into gradient: UnsafeMutablePointer<Float>, in room: SoftActorCriticRoom
  ) -> Double {
    let (rows, count) = (room.batch.count, networks.critic.parameterCount)
    let share = 1 / networks.bound
    writeInputs(UnsafePointer(room.batch.observations.base), in: room) { row in share * room.batch.actions[row] }
    var loss = 0.0
    for number in 0..<2 {
      let place = networks.criticStart + number * count
      let worths = judge(at: parameters + place, in: room)
      loss += squaredErrorLoss(
        UnsafePointer(worths), rows: rows, targets: UnsafePointer(room.targets.base),
        gradient: room.outputGradients.base)
      networks.critic.backward(
        UnsafePointer(room.outputGradients.base), inputs: UnsafePointer(room.inputs.base), rows: rows,
        at: parameters + place, into: gradient + place, workspace: room.criticRoom)
      if let clip { clipNorm(gradient + place, count: count, to: clip) }
    }
    return loss
  }

  /// The gradient of the policy, by the second half of the noise.
  ///
  /// - Returns: L_π, and the mean of log π(ã|s).
  @discardableResult
  package func writeOfPolicy(
    at parameters: UnsafePointer<Float>, temperature: Float, into gradient: UnsafeMutablePointer<Float>,
    in room: SoftActorCriticRoom
  ) -> (loss: Double, logDensity: Double) {
    let rows = room.batch.count
    let observations = UnsafePointer(room.batch.observations.base)
    let noise = UnsafePointer(room.noise.base + rows)
    let outputs = draw(observations, noise: noise, at: parameters, in: room)
    let first = parameters + networks.criticStart
    judge(at: first, worths: room.worths, slopes: room.slopes, in: room)
    judge(at: first + networks.critic.parameterCount, worths: room.otherWorths, slopes: room.otherSlopes, in: room)
    var density = 0.0
    for row in 0..<rows {
      density += Double(room.logDensities[row])
      guard room.otherWorths[row] < room.worths[row] else { continue }
      room.worths[row] = room.otherWorths[row]
      room.slopes[row] = room.otherSlopes[row]
    }
    let loss = networks.head.loss(
      outputs, rows: rows, noise: noise, worths: UnsafePointer(room.worths.base),
      slopes: UnsafePointer(room.slopes.base), temperature: temperature, gradient: room.outputGradients.base)
    networks.policy.backward(
      UnsafePointer(room.outputGradients.base), inputs: observations, rows: rows, at: parameters, into: gradient,
      workspace: room.policyRoom)
    if let clip { clipNorm(gradient, count: networks.policy.parameterCount, to: clip) }
    return (loss, density / Double(rows))
  }

  // MARK: - Parts

  /// Lets the policy act on every row: the critics' inputs and the densities in the room.
  ///
  /// - Returns: the outputs of the policy, in its workspace.
  @discardableResult
  private func draw(
    _ observations: UnsafePointer<Float>, noise: UnsafePointer<Float>, at parameters: UnsafePointer<Float>,
    in room: SoftActorCriticRoom
  ) -> UnsafePointer<Float> {
    let outputs = UnsafePointer(
      networks.policy.forward(observations, rows: room.batch.count, at: parameters, workspace: room.policyRoom))
    writeInputs(observations, in: room) { row in
      let draw = networks.head.draw(outputs + 2 * row, noise: noise[row])
      room.logDensities[row] = draw.logDensity
      return draw.action
    }
    return outputs
  }

  @inline(__always)
  private func writeInputs(
    _ observations: UnsafePointer<Float>, in room: SoftActorCriticRoom, action: (_ row: Int) -> Float
  ) {
    let count = networks.observationCount
    for row in 0..<room.batch.count {
      let place = room.inputs.base + row * (count + 1)
      place.update(from: observations + row * count, count: count)
      place[count] = action(row)
    }
  }

  /// What a critic makes of the inputs in the room, in its workspace.
  private func judge(at critic: UnsafePointer<Float>, in room: SoftActorCriticRoom) -> UnsafeMutablePointer<Float> {
    networks.critic.forward(
      UnsafePointer(room.inputs.base), rows: room.batch.count, at: critic, workspace: room.criticRoom)
  }

  /// The same, and how it grows with the action.
  private func judge(
    at critic: UnsafePointer<Float>, worths: borrowing Column<Float>, slopes: borrowing Column<Float>,
    in room: SoftActorCriticRoom
  ) {
    let rows = room.batch.count
    worths.base.update(from: judge(at: critic, in: room), count: rows)
    networks.critic.slopes(
      of: UnsafePointer(room.ones.base), byInput: networks.observationCount, rows: rows, at: critic,
      into: slopes.base, workspace: room.criticRoom)
  }
}
