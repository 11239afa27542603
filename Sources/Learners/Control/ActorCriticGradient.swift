// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets
import Quantities

/// Room for the gradients of one step, which one thread computes at a time.
struct GradientRoom: ~Copyable {
  let returns: Column<Float>
  let advantages: Column<Float>
  let outputGradients: Column<Float>
  let network: Column<Float>

  init(rows: Int, networks: ActorCriticNetworks) {
    returns = Column(repeating: 0, count: rows)
    advantages = Column(repeating: 0, count: rows)
    outputGradients = Column(repeating: 0, count: 2 * rows)
    network = Column(repeating: 0, count: networks.workspaceCount(rows: rows))
  }

  var networkRoom: UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(start: network.base, count: network.count)
  }
}

/// The gradients of actor and critic over whole episodes.
///
/// With the steps t of all episodes, n of them, returns G_t of Monte Carlo and the values v of the critic:
///
/// | network | loss, to be made small |
/// |---|---|
/// | critic | mean(½ (v(s_t) − G_t)²) |
/// | actor | −mean(log π(a_t \| s_t) (G_t − v(s_t)) + c · entropy of π(· \| s_t)) |
///
/// Source: Valcarcel Macua et al., "Diff-DAC", 2018, algorithm 1 and equations 21 to 24; the entropy is a bonus.
struct ActorCriticGradient: Sendable {
  let networks: ActorCriticNetworks
  let discount: Float
  let entropyBonus: Float
  let normalisesAdvantages: Bool
  let clip: Double?

  init(_ settings: ActorCriticSettings, networks: ActorCriticNetworks) {
    self.networks = networks
    discount = Float(settings.discount)
    entropyBonus = Float(settings.entropyBonus)
    normalisesAdvantages = settings.normalisesAdvantages
    clip = settings.gradientClip
  }

  /// Writes the returns of the episodes and, with the critic at `parameters`, the advantages; leaves the network's room
  /// as the critic's backward pass needs it.
  private func judge(
    _ episodes: borrowing EpisodeBuffer, at parameters: UnsafePointer<Float>, in room: borrowing GradientRoom
  ) -> UnsafeMutablePointer<Float> {
    let count = episodes.count
    RewardStretch(
      rewards: UnsafeBufferPointer(start: episodes.rewards.base, count: count),
      ends: UnsafeBufferPointer(start: episodes.ends.base, count: count), discount: discount
    ).returns(into: UnsafeMutableBufferPointer(start: room.returns.base, count: count))
    let values = networks.critic.forward(
      UnsafePointer(episodes.observations.base), rows: count, at: parameters, workspace: room.networkRoom)
    for row in 0..<count { room.advantages[row] = room.returns[row] - values[row] }
    return values
  }

  /// The gradient of the critic at `parameters`, at the front of `gradient`.
  func critic(
    _ episodes: borrowing EpisodeBuffer, at parameters: UnsafePointer<Float>,
    into gradient: UnsafeMutablePointer<Float>, in room: borrowing GradientRoom
  ) {
    let values = judge(episodes, at: parameters, in: room)
    squaredErrorLoss(
      UnsafePointer(values), rows: episodes.count, targets: UnsafePointer(room.returns.base),
      gradient: room.outputGradients.base)
    networks.critic.backward(
      UnsafePointer(room.outputGradients.base), inputs: UnsafePointer(episodes.observations.base),
      rows: episodes.count, at: parameters, into: gradient, workspace: room.networkRoom)
    clipped(gradient, count: networks.critic.parameterCount)
  }

  /// The gradient of the actor at `parameters`, behind that of the critic in `gradient`.
  ///
  /// - Parameter isJudged: whether the advantages are there, from the gradient of the critic at the same parameters.
  func actor(
    _ episodes: borrowing EpisodeBuffer, at parameters: UnsafePointer<Float>,
    into gradient: UnsafeMutablePointer<Float>, in room: borrowing GradientRoom, isJudged: Bool
  ) {
    if !isJudged { _ = judge(episodes, at: parameters, in: room) }
    let count = episodes.count
    if normalisesAdvantages { normalise(room.advantages.base, count: count) }
    let actor = parameters + networks.actorStart
    let observations = UnsafePointer(episodes.observations.base)
    let outputs = networks.actor.forward(observations, rows: count, at: actor, workspace: room.networkRoom)
    networks.policy.loss(
      UnsafePointer(outputs), rows: count, actions: UnsafePointer(episodes.actions.base),
      advantages: UnsafePointer(room.advantages.base), entropyBonus: entropyBonus,
      gradient: room.outputGradients.base)
    networks.actor.backward(
      UnsafePointer(room.outputGradients.base), inputs: observations, rows: count, at: actor,
      into: gradient + networks.actorStart, workspace: room.networkRoom)
    clipped(gradient + networks.actorStart, count: networks.actor.parameterCount)
  }

  private func clipped(_ gradient: UnsafeMutablePointer<Float>, count: Int) {
    if let clip { clipNorm(gradient, count: count, to: clip) }
  }
}

/// Shifts numbers to mean zero and scales them to a (population) standard deviation of one; equal ones become zero.
func normalise(_ values: UnsafeMutablePointer<Float>, count: Int) {
  var mean = 0.0
  for index in 0..<count { mean += Double(values[index]) }
  mean /= Double(count)
  var square = 0.0
  for index in 0..<count {
    let distance = Double(values[index]) - mean
    square += distance * distance
  }
  let deviation = (square / Double(count)).squareRoot()
  let scale = deviation > 0 ? 1 / (deviation + 1e-8) : 0
  for index in 0..<count { values[index] = Float((Double(values[index]) - mean) * scale) }
}
