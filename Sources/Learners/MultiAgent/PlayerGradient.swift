// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets

/// What players of a role learn from a batch.
///
/// | network | loss, to be made small |
/// |---|---|
/// | critic | mean (y − Q(s,a,k))², y = r + γ (1 − d) Q'(s⁺,a⁺,k⁺) with target networks, k⁺ from the same skill |
/// | policy | −mean Σ_a π(a\|s,k) Q(s,a,k), or −mean log π(a\|s,k) (Q(s,a,k) − V) of replayed actions; each less c H(π) |
/// | relations and encoder | −mean R of `mutualInformation`, with the policy of before; where learning is end to end, also the two losses above |
///
/// k are the relations of the skill whose noise was kept. Q is constant in the policy's loss.
///
/// Source: "Multi-task multi-agent reinforcement learning with task-specific relations", algorithm 1, where what
/// contradicts itself is decided as docs/multi-agent.md says.
package struct PlayerGradient<Scalar: NeuralScalar>: Sendable {
  package let networks: PlayerNetworks<Scalar>
  /// γ.
  package let discount: Scalar
  /// c.
  package let entropyBonus: Scalar

  package init(_ networks: PlayerNetworks<Scalar>, discount: Double, entropyBonus: Double) {
    self.networks = networks
    self.discount = Scalar(discount)
    self.entropyBonus = Scalar(entropyBonus)
  }

  private var actionCount: Int { networks.sizes.actionCount }

  /// Writes z of so many rows.
  package func writeSkills(
    _ logits: [Scalar], noise: UnsafePointer<Scalar>, count: Int, into skills: UnsafeMutablePointer<Scalar>
  ) {
    for row in 0..<count {
      let place = row * networks.sizes.skills
      networks.skills.write(logits: logits, noise: noise + place, into: skills + place)
    }
  }

  /// Writes k of what is seen, with skills in the room.
  package func relate(
    _ seen: SeenRows<Scalar>, samples: Int, at parameters: UnsafePointer<Scalar>, in room: PlayerRoom<Scalar>
  ) {
    networks.relations.forward(
      seen, skills: UnsafePointer(room.skills.base), samples: samples, at: parameters + networks.relationStart,
      in: room.relations)
  }

  /// Writes log π of what is seen, with relations in the room.
  ///
  /// - Parameter policy: the parameters of one policy.
  package func choose(
    _ seen: SeenRows<Scalar>, samples: Int, policy: UnsafePointer<Scalar>, in room: PlayerRoom<Scalar>
  ) {
    let outputs = networks.attending.forward(
      seen, weights: room.weights, samples: samples, at: policy, in: room.policy)
    networks.choices.logProbabilities(
      UnsafePointer(outputs), rows: seen.rows * samples, into: room.logPolicy.base)
  }

  private func value(
    _ seen: SeenRows<Scalar>, critic: UnsafePointer<Scalar>, in room: PlayerRoom<Scalar>
  ) {
    let outputs = networks.attending.forward(seen, weights: room.weights, samples: 1, at: critic, in: room.critic)
    room.worths.base.update(from: outputs, count: seen.rows * actionCount)
  }

  // MARK: - Critic and policy

  /// Writes y of the batch in the room, whose skills are there.
  ///
  /// - Parameters:
  ///   - parameters: at which relations are.
  ///   - targets: the parameters of target networks, as they lie in a whole vector.
  ///   - draw: draws a⁺ of a row from its log π'; nothing means the mean over π'.
  package func writeTargets(
    _ role: Int, at parameters: UnsafePointer<Scalar>, targets: UnsafePointer<Scalar>, in room: PlayerRoom<Scalar>,
    draw: ((_ row: Int, _ logPolicy: UnsafePointer<Scalar>) -> Int)?
  ) {
    let (batch, seen) = (room.batch, room.batch.nextSeen)
    relate(seen, samples: 1, at: parameters, in: room)
    choose(seen, samples: 1, policy: targets + networks.policyStart(role), in: room)
    value(seen, critic: targets + networks.criticStart(role), in: room)
    for row in 0..<batch.rows {
      let (logPolicy, worths) = (room.logPolicy.base + row * actionCount, room.worths.base + row * actionCount)
      var next: Scalar = 0
      if batch.isTerminal[row] {
        next = 0
      } else if let draw {
        next = worths[draw(row, UnsafePointer(logPolicy))]
      } else {
        for action in 0..<actionCount { next += Scalar.exponential(logPolicy[action]) * worths[action] }
      }
      room.targets[row] = batch.rewards[row] + discount * next
    }
  }

  /// Writes k, log π and Q of the batch in the room, whose skills are there.
  package func look(_ role: Int, at parameters: UnsafePointer<Scalar>, in room: PlayerRoom<Scalar>) {
    let seen = room.batch.seen
    relate(seen, samples: 1, at: parameters, in: room)
    choose(seen, samples: 1, policy: parameters + networks.policyStart(role), in: room)
    value(seen, critic: parameters + networks.criticStart(role), in: room)
  }

  /// V = Σ_a π Q of a row, after `look`.
  package func value(ofRow row: Int, in room: PlayerRoom<Scalar>) -> Scalar {
    let place = row * actionCount
    return (place..<place + actionCount).reduce(0) {
      $0 + Scalar.exponential(room.logPolicy[$1]) * room.worths[$1]
    }
  }

  /// The gradient of a critic, in its place in `gradient`; after `look`.
  ///
  /// - Parameter isThrough: whether the gradient with respect to k is added in the room.
  /// - Returns: the loss.
  @discardableResult
  package func learnCritic(
    _ role: Int, at parameters: UnsafePointer<Scalar>, into gradient: UnsafeMutablePointer<Scalar>,
    isThrough: Bool, in room: PlayerRoom<Scalar>
  ) -> Double {
    let (seen, start) = (room.batch.seen, networks.criticStart(role))
    let loss = actionValueLoss(
      UnsafePointer(room.worths.base), rows: seen.rows, actionCount: actionCount,
      actions: UnsafePointer(room.batch.actions.base), targets: UnsafePointer(room.targets.base),
      gradient: room.outputGradient.base)
    networks.attending.backward(
      UnsafePointer(room.outputGradient.base), seen, weights: room.weights, samples: 1, at: parameters + start,
      into: gradient + start, weightGradient: isThrough ? room.weightGradient.base : nil, in: room.critic)
    return loss
  }

  /// The gradient of a policy, in its place in `gradient`; after `look`.
  ///
  /// - Parameters:
  ///   - isReplayed: whether it learns from the actions that were taken; else from all.
  ///   - isThrough: whether the gradient with respect to k is added in the room.
  /// - Returns: the loss.
  @discardableResult
  package func learnPolicy(
    _ role: Int, at parameters: UnsafePointer<Scalar>, into gradient: UnsafeMutablePointer<Scalar>,
    isReplayed: Bool, isThrough: Bool, in room: PlayerRoom<Scalar>
  ) -> Double {
    let (seen, start) = (room.batch.seen, networks.policyStart(role))
    let logPolicy = UnsafePointer(room.logPolicy.base)
    var loss = 0.0
    if isReplayed {
      for row in 0..<seen.rows {
        let worth = room.worths[row * actionCount + Int(room.batch.actions[row])]
        room.information[row] = worth - value(ofRow: row, in: room)
      }
      loss = networks.choices.loss(
        logPolicy, rows: seen.rows, actions: UnsafePointer(room.batch.actions.base),
        advantages: UnsafePointer(room.information.base), entropyBonus: entropyBonus,
        gradient: room.outputGradient.base)
    } else {
      loss = networks.choices.allActionsLoss(
        logPolicy, rows: seen.rows, worths: UnsafePointer(room.worths.base), entropyBonus: entropyBonus,
        gradient: room.outputGradient.base)
    }
    networks.attending.backward(
      UnsafePointer(room.outputGradient.base), seen, weights: room.weights, samples: 1, at: parameters + start,
      into: gradient + start, weightGradient: isThrough ? room.weightGradient.base : nil, in: room.policy)
    return loss
  }

  /// Forgets gradients with respect to k.
  package func clearWeightGradient(samples: Int, in room: PlayerRoom<Scalar>) {
    room.weightGradient.base.update(
      repeating: 0, count: room.batch.rows * samples * room.batch.entityCount)
  }

  // MARK: - Relations and encoder

  /// Adds to the gradients of relations and encoder, in their places in `gradient`, what comes of that with respect to k.
  ///
  /// - Parameter description: T.
  package func learnRelations(
    samples: Int, description: [Scalar], at parameters: UnsafePointer<Scalar>,
    into gradient: UnsafeMutablePointer<Scalar>, in room: PlayerRoom<Scalar>
  ) {
    let (seen, count) = (room.batch.seen, networks.sizes.skills)
    let start = networks.relationStart
    networks.relations.backward(
      UnsafePointer(room.weightGradient.base), seen, samples: samples, at: parameters + start,
      into: room.gradient.base, skillGradient: room.skillGradient.base, in: room.relations)
    for index in 0..<networks.relations.parameterCount { gradient[start + index] += room.gradient[index] }
    var logitGradient = [Scalar](repeating: 0, count: count)
    for row in 0..<seen.rows * samples {
      networks.skills.addGradient(
        of: UnsafePointer(room.skillGradient.base + row * count), at: UnsafePointer(room.skills.base + row * count),
        to: &logitGradient)
    }
    networks.encoder.addGradient(
      ofLogits: logitGradient, description, at: parameters + networks.encoderStart,
      to: gradient + networks.encoderStart)
  }

  /// Adds to the gradients of relations and encoder that of −J, where J is what relations say of actions in the mean over the
  /// batch; skills of N + 1 samples of each row are in the room, first that with which actions are drawn.
  ///
  /// - Parameters:
  ///   - target: the parameters of the policy of before.
  ///   - policy: the parameters of the policy by which actions are drawn; nothing where nobody asks what it says.
  ///   - act: the action of a row, from log π of k₀. It takes the place of the batch's.
  /// - Returns: J.
  @discardableResult
  package func learnInformation(
    samples: Int, description: [Scalar], at parameters: UnsafePointer<Scalar>, policy: UnsafePointer<Scalar>?,
    target: UnsafePointer<Scalar>, into gradient: UnsafeMutablePointer<Scalar>, in room: PlayerRoom<Scalar>,
    act: (_ row: Int, _ logPolicy: UnsafePointer<Scalar>) -> Int
  ) -> Double {
    let (seen, all) = (room.batch.seen, samples + 1)
    relate(seen, samples: all, at: parameters, in: room)
    if let policy { choose(seen, samples: all, policy: policy, in: room) }
    for row in 0..<seen.rows {
      room.batch.actions[row] = Int32(act(row, UnsafePointer(room.logPolicy.base + row * all * actionCount)))
    }
    choose(seen, samples: all, policy: target, in: room)
    let mean = mutualInformation(
      UnsafePointer(room.logPolicy.base), rows: seen.rows, samples: samples, actionCount: actionCount,
      actions: UnsafePointer(room.batch.actions.base), scale: -1, rewards: room.information.base,
      gradient: room.outputGradient.base)
    clearWeightGradient(samples: all, in: room)
    networks.attending.backward(
      UnsafePointer(room.outputGradient.base), seen, weights: room.weights, samples: all, at: target,
      into: room.gradient.base, weightGradient: room.weightGradient.base, in: room.policy)
    learnRelations(samples: all, description: description, at: parameters, into: gradient, in: room)
    return mean
  }
}
