// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets
import Quantities

/// What actor and critic learn from stretches of steps. A stretch ends where the task ends the episode, where the time limit
/// cuts it off, and where a local step is over; behind the latter two the value of the state counts. With
///
///     δ_t = r_t + γ v(s_{t+1}) − v(s_t)      A_t = δ_t + γ λ A_{t+1}      y_t = A_t + v(s_t)
///
/// where no A lies behind the end of a stretch and no v behind one that the task has made,
///
/// | network | loss, to be made small |
/// |---|---|
/// | critic | mean(½ (v(s_t) − y_t)²) |
/// | actor | −mean(log π(a_t \| s_t) A_t + c · entropy of π(· \| s_t)) |
/// | actor, proximal | −mean(min(ρ_t A_t, clip(ρ_t, 1 − ε, 1 + ε) A_t) + c · entropy), ρ_t = π(a_t \| s_t) / π_old(a_t \| s_t) |
///
/// With λ = 1 y_t is the sum of the rewards of the segment and the value behind it: n-step returns, and with n = 1 the error
/// of one step. Whole episodes have the returns of Monte Carlo, to the end of the episode, whatever ends it; without a critic
/// v is zero and A_t the return.
///
/// Source: Wan, "Multi-task deep reinforcement learning via policy distillation", 2019, equations 2.25 to 2.32; Mnih et al.,
/// 2016, algorithm S3; Schulman et al., "High-dimensional continuous control using generalized advantage estimation", 2016;
/// Schulman et al., "Proximal policy optimization algorithms", 2017, equation 7.
package struct PolicyLoss: Sendable {
  let networks: PolicyNetworks
  private let timeLimit: Int
  /// After how many rows a segment ends.
  private let segment: Int
  let discount: Float
  let traceDecay: Float
  let entropyBonus: Float
  let normalisesAdvantages: Bool
  let clip: Double?
  let ratioClip: Float?
  /// Whether a stretch that nobody but the clock has ended has a value behind it.
  let looksBeyond: Bool

  package init(_ settings: PolicySettings, tasks: ControlTasks) {
    networks = PolicyNetworks(settings, tasks: tasks)
    timeLimit = tasks.timeLimit
    segment = settings.stepsAtOnce(in: tasks)
    discount = Float(settings.discount)
    traceDecay = Float(settings.traceDecay)
    entropyBonus = Float(settings.entropyBonus)
    normalisesAdvantages = settings.normalisesAdvantages
    clip = settings.gradientClip
    ratioClip = settings.proximal.map { Float($0.clip) }
    looksBeyond = !settings.playsWholeEpisodes
  }

  // MARK: - Advantages

  /// Writes actions, advantages and targets of all rows, from the batch in the room and the critic at the parameters.
  package func judge(at parameters: UnsafePointer<Float>, in room: PolicyRoom) {
    let count = room.count
    for row in 0..<count {
      room.columns.actions[row] = Int32(room.batch.actions[row])
      let isTimeout = Int(room.batch.times[row]) + 1 >= timeLimit
      room.rewards[row] = room.batch.rewards[row]
      room.ends[row] = room.batch.isTerminal[row] || isTimeout || (row + 1) % segment == 0
    }
    if looksBeyond { addLastValues(at: parameters, in: room) }
    if let critic = networks.critic {
      let values = critic.forward(
        UnsafePointer(room.batch.observations.base), rows: count, at: parameters, workspace: room.networkRoom)
      room.values.base.update(from: values, count: count)
    }
    room.values[count] = 0
    RewardStretch(
      rewards: UnsafeBufferPointer(start: room.rewards.base, count: count),
      ends: UnsafeBufferPointer(start: room.ends.base, count: count), discount: discount
    ).advantages(
      values: UnsafeBufferPointer(start: room.values.base, count: count + 1), decay: traceDecay,
      into: UnsafeMutableBufferPointer(start: room.columns.advantages.base, count: count))
    for row in 0..<count { room.columns.targets[row] = room.columns.advantages[row] + room.values[row] }
    if normalisesAdvantages { normalise(room.columns.advantages.base, count: count) }
  }

  /// Adds γ v of the state behind it to the last reward of each stretch that the task has not ended: as if it were paid out.
  private func addLastValues(at parameters: UnsafePointer<Float>, in room: PolicyRoom) {
    guard let critic = networks.critic else { return }
    let width = networks.observationCount
    var found = 0
    for row in 0..<room.count where room.ends[row] && !room.batch.isTerminal[row] {
      (room.lastObservations.base + found * width).update(
        from: room.batch.nextObservations.base + row * width, count: width)
      found += 1
    }
    guard found > 0 else { return }
    let values = critic.forward(
      UnsafePointer(room.lastObservations.base), rows: found, at: parameters, workspace: room.networkRoom)
    found = 0
    for row in 0..<room.count where room.ends[row] && !room.batch.isTerminal[row] {
      room.rewards[row] += discount * values[found]
      found += 1
    }
  }

  /// Writes with which probabilities the actions of all rows were taken, as logarithms.
  package func noteTakenLogarithms(at parameters: UnsafePointer<Float>, in room: PolicyRoom) {
    let logarithms = networks.logChoices(
      UnsafePointer(room.batch.observations.base), rows: room.count, at: parameters, workspace: room.networkRoom)
    for row in 0..<room.count {
      room.columns.takenLogarithms[row] = logarithms[row * networks.actionCount + Int(room.columns.actions[row])]
    }
  }

  // MARK: - Gradients

  /// Writes the gradients of critic and actor from some rows.
  func writeGradient(
    of rows: PolicyRows, at parameters: UnsafePointer<Float>, into gradient: UnsafeMutablePointer<Float>,
    in room: PolicyRoom
  ) {
    let outputGradients = room.outputGradients.base
    if let critic = networks.critic {
      let values = critic.forward(rows.observations, rows: rows.count, at: parameters, workspace: room.networkRoom)
      squaredErrorLoss(UnsafePointer(values), rows: rows.count, targets: rows.targets, gradient: outputGradients)
      critic.backward(
        UnsafePointer(outputGradients), inputs: rows.observations, rows: rows.count, at: parameters, into: gradient,
        workspace: room.networkRoom)
      clipped(gradient, critic)
    }
    let (actor, place) = (parameters + networks.actorStart, gradient + networks.actorStart)
    let logarithms = networks.logChoices(
      rows.observations, rows: rows.count, at: parameters, workspace: room.networkRoom)
    writeLoss(of: rows, logarithms: UnsafePointer(logarithms), into: outputGradients)
    networks.actor.backward(
      UnsafePointer(outputGradients), inputs: rows.observations, rows: rows.count, at: actor, into: place,
      workspace: room.networkRoom)
    clipped(place, networks.actor)
  }

  private func writeLoss(
    of rows: PolicyRows, logarithms: UnsafePointer<Float>, into gradient: UnsafeMutablePointer<Float>
  ) {
    let policy = CategoricalPolicy<Float>(actionCount: networks.actionCount)
    if let ratioClip {
      policy.proximalLoss(
        logarithms, rows: rows.count, actions: rows.actions, advantages: rows.advantages,
        oldLogProbabilities: rows.takenLogarithms, clip: ratioClip, entropyBonus: entropyBonus, gradient: gradient)
    } else {
      policy.loss(
        logarithms, rows: rows.count, actions: rows.actions, advantages: rows.advantages, entropyBonus: entropyBonus,
        gradient: gradient)
    }
  }

  private func clipped(_ gradient: UnsafeMutablePointer<Float>, _ network: Perceptron<Float>) {
    if let clip { clipNorm(gradient, count: network.parameterCount, to: clip) }
  }
}
