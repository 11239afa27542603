// SPDX-License-Identifier: GPL-3.0-or-later

/// The policy π of one task in a form of Distral, whose logits are z = c₀ h + c f, and what its actor and the shared
/// policy π₀ = softmax h learn from.
///
/// | symbol | meaning | shape |
/// |---|---|---|
/// | h, f | logits of the shared policy, and the agent's own | rows × actions |
/// | δ | errors of a critic, r + (α/β) log π₀(a) − (1/β) log π(a) + γ V(s') − V(s) | rows |
/// | w | γᵗ, with t the time of a step in its episode | rows |
/// | J | Σ δ log π(a), to be made large | |
/// | D | (α/β) Σ w Σ_a (π − π₀) h with constant π − π₀: what a shared policy is drawn by towards those of the tasks, to be made large | |
///
/// The shared policy ascends ΣJ + D over the tasks, where J reaches h only through z; so with one column it is D alone.
/// Gradients here are those of losses, −J and −D.
///
/// Source: Teh et al., "Distral", 2017; Wan, "Multi-task deep reinforcement learning via policy distillation", 2019,
/// algorithm 2, which by mistake descends in line 31 and lacks the γ of line 22.
package struct DistralPolicy<Scalar: NeuralScalar>: Sendable, Hashable, BitwiseCopyable {
  /// α and β, with which rewards are regularised.
  package let soft: SoftValue<Scalar>
  /// c₀.
  package let sharedFactor: Scalar
  /// c.
  package let ownFactor: Scalar

  /// - Parameters:
  ///   - priorWeight: α, of 0...1, for variants that do not say it.
  ///   - sharpness: β, above zero.
  package init(_ variant: DistralVariant, actionCount: Int, priorWeight given: Scalar, sharpness: Scalar) {
    let weight = variant.priorWeight(given: given)
    soft = SoftValue(actionCount: actionCount, priorWeight: weight, sharpness: sharpness)
    (sharedFactor, ownFactor) =
      switch variant.logits {
      case .shared: (1, 0)
      case .own: (0, 1)
      case .sum: (1, 1)
      case .weighted: (weight, sharpness)
      }
  }

  /// log π, from logits that are made of h and f.
  ///
  /// - Parameters:
  ///   - shared: h, rows × actions; not read where its factor is zero.
  ///   - own: f, in the same way.
  ///   - logProbabilities: rows × actions; may be either of these.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  package func logProbabilities(
    shared: UnsafePointer<Scalar>, own: UnsafePointer<Scalar>, rows: Int,
    into logProbabilities: UnsafeMutablePointer<Scalar>
  ) {
    for index in 0..<rows * soft.actionCount {
      let first = sharedFactor == 0 ? 0 : sharedFactor * shared[index]
      logProbabilities[index] = ownFactor == 0 ? first : first + ownFactor * own[index]
    }
    CategoricalPolicy(actionCount: soft.actionCount).logProbabilities(
      UnsafePointer(logProbabilities), rows: rows, into: logProbabilities)
  }

  /// −J, and its gradient with respect to z: Σ δ (π − 1[a]). Times c₀ it is that of h, times c that of f.
  ///
  /// - Parameters:
  ///   - logProbabilities: log π, rows × actions.
  ///   - errors: δ, one for each row.
  ///   - gradient: rows × actions, overwritten.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  @discardableResult
  package func actorLoss(
    _ logProbabilities: UnsafePointer<Scalar>, rows: Int, actions: UnsafePointer<Int32>,
    errors: UnsafePointer<Scalar>, gradient: UnsafeMutablePointer<Scalar>
  ) -> Double {
    let count = soft.actionCount
    var sum = 0.0
    for row in 0..<rows {
      let first = row * count
      let action = Int(actions[row])
      precondition(action >= 0 && action < count, "An action is one of the policy's.")
      for index in first..<first + count {
        gradient[index] = errors[row] * Scalar.exponential(logProbabilities[index])
      }
      gradient[first + action] -= errors[row]
      sum -= Double(errors[row] * logProbabilities[first + action])
    }
    return sum
  }

  /// Writes the gradient with respect to h of −J − D: c₀ times that of the actor with respect to z, and −(α/β) w (π − π₀).
  ///
  /// - Parameters:
  ///   - logProbabilities: log π, rows × actions.
  ///   - priorLogProbabilities: log π₀, rows × actions.
  ///   - weights: w, one for each row.
  ///   - actorGradient: what `actorLoss` wrote, rows × actions.
  ///   - gradient: rows × actions, overwritten; may be the actor's.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  package func writeSharedGradient(
    _ logProbabilities: UnsafePointer<Scalar>, prior priorLogProbabilities: UnsafePointer<Scalar>, rows: Int,
    weights: UnsafePointer<Scalar>, actorGradient: UnsafePointer<Scalar>, into gradient: UnsafeMutablePointer<Scalar>
  ) {
    let count = soft.actionCount
    for row in 0..<rows {
      let share = soft.divergencePrice * weights[row]
      for index in row * count..<(row + 1) * count {
        let difference =
          Scalar.exponential(logProbabilities[index]) - Scalar.exponential(priorLogProbabilities[index])
        gradient[index] = sharedFactor * actorGradient[index] - share * difference
      }
    }
  }

  /// D at h, for those who want to know; nobody's step needs it.
  ///
  /// - Parameter shared: h, rows × actions.
  package func distillation(
    _ logProbabilities: UnsafePointer<Scalar>, prior priorLogProbabilities: UnsafePointer<Scalar>,
    shared: UnsafePointer<Scalar>, rows: Int, weights: UnsafePointer<Scalar>
  ) -> Double {
    let count = soft.actionCount
    var sum = 0.0
    for row in 0..<rows {
      var product: Scalar = 0
      for index in row * count..<(row + 1) * count {
        let difference =
          Scalar.exponential(logProbabilities[index]) - Scalar.exponential(priorLogProbabilities[index])
        product += difference * shared[index]
      }
      sum += Double(soft.divergencePrice * weights[row] * product)
    }
    return sum
  }
}
