// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets
import Testing

/// Losses, gradients and moves against automatic differentiation by PyTorch: 1e-10 of the largest entry for gradients,
/// 1e-10 for parameters.
@Suite struct ReferenceGradientTests {
  @Test func gaussianActors() throws {
    let cases = try ReferenceGradients.load().gaussianActor
    #expect(cases.count == 2)
    for one in cases {
      let perceptron = Perceptron<Double>(layerSizes: one.sizes, activation: try activation(one.activation))
      let policy = GaussianPolicy(scale: one.scale, varianceFloor: 0)
      let start = flat(one.params)
      let outputs = perceptron.outputs(one.states.flatMap(\.self), at: start)
      for row in one.actions.indices {
        let law = policy.law([outputs[2 * row], outputs[2 * row + 1]])
        #expect(abs(law.mean - one.mean[row]) < 1e-12)
        #expect(abs(law.variance - one.variance[row]) < 1e-12)
        #expect(abs(law.logDensity(at: one.actions[row]) - one.logp[row]) < 1e-10)
        #expect(abs(law.entropy - one.entropy[row]) < 1e-12)
      }
      let training = Training(perceptron, one.states, from: start, one.adam.optimiser) { outputs, gradient in
        policy.loss(
          outputs, rows: one.actions.count, actions: one.actions, advantages: one.advantages,
          entropyBonus: one.entropyCoefficient, gradient: gradient)
      }
      training.expect(loss: one.loss, gradient: flat(one.grads))
      training.expect(after1: flat(one.paramsAfter1), after3: flat(one.paramsAfter3))
      #expect(abs(training.losses[0] - one.lossBefore1) < 1e-10)
      #expect(abs(training.losses[2] - one.lossBefore3) < 1e-10)
    }
  }

  @Test func critics() throws {
    let cases = try ReferenceGradients.load().critic
    #expect(cases.count == 2)
    for one in cases {
      let perceptron = Perceptron<Double>(layerSizes: one.sizes, activation: try activation(one.activation))
      let start = flat(one.params)
      #expect(distance(perceptron.outputs(one.states.flatMap(\.self), at: start), one.values) < 1e-12)
      let training = Training(perceptron, one.states, from: start, one.adam.optimiser) { outputs, gradient in
        squaredErrorLoss(outputs, rows: one.targets.count, targets: one.targets, gradient: gradient)
      }
      training.expect(loss: one.loss, gradient: flat(one.grads))
      training.expect(after1: flat(one.paramsAfter1), after3: flat(one.paramsAfter3))
      #expect(abs(training.losses[0] - one.lossBefore1) < 1e-10)
      #expect(abs(training.losses[2] - one.lossBefore3) < 1e-10)
    }
  }

  @Test func categoricalPolicies() throws {
    let cases = try ReferenceGradients.load().categorical
    #expect(cases.count == 1)
    for one in cases {
      let rows = one.actions.count
      let perceptron = Perceptron<Double>(layerSizes: one.sizes, activation: try activation(one.activation))
      let policy = CategoricalPolicy<Double>(actionCount: 5)
      let (start, optimiser) = (flat(one.params), one.adam.optimiser)
      var logarithms = [Double](repeating: .nan, count: rows * 5)
      policy.logProbabilities(
        perceptron.outputs(one.states.flatMap(\.self), at: start), rows: rows, into: &logarithms)
      #expect(distance(logarithms, one.logpAll.flatMap(\.self)) < 1e-12)
      for row in 0..<rows {
        var gradient = [Double](repeating: .nan, count: 5)
        let ofRow = Array(logarithms[5 * row..<5 * row + 5])
        let entropy = policy.entropy(ofRow)
        let relativeEntropy = policy.relativeEntropy(ofRow, rows: 1, gradient: &gradient)
        #expect(abs(entropy - one.entropy[row]) < 1e-12)
        #expect(abs(relativeEntropy - one.klUniformPi[row]) < 1e-12)
      }
      let plain = Training(perceptron, one.states, from: start, optimiser) { outputs, gradient in
        var logarithms = [Double](repeating: 0, count: rows * 5)
        policy.logProbabilities(outputs, rows: rows, into: &logarithms)
        return policy.loss(
          logarithms, rows: rows, actions: one.actions, advantages: one.advantages,
          entropyBonus: one.entropyCoefficient, gradient: gradient)
      }
      plain.expect(loss: one.pgLoss, gradient: flat(one.pgGrads))
      plain.expect(after1: flat(one.paramsAfter1), after3: flat(one.paramsAfter3))
      #expect(abs(plain.losses[2] - one.lossBefore3) < 1e-10)
      let proximal = Training(perceptron, one.states, from: start, optimiser) { outputs, gradient in
        var logarithms = [Double](repeating: 0, count: rows * 5)
        policy.logProbabilities(outputs, rows: rows, into: &logarithms)
        return policy.proximalLoss(
          logarithms, rows: rows, actions: one.actions, advantages: one.advantages,
          oldLogProbabilities: one.oldLogp, clip: one.clip, entropyBonus: 0, gradient: gradient)
      }
      proximal.expect(loss: one.ppoLoss, gradient: flat(one.ppoGrads))
      let uniform = Training(perceptron, one.states, from: start, optimiser) { outputs, gradient in
        var logarithms = [Double](repeating: 0, count: rows * 5)
        policy.logProbabilities(outputs, rows: rows, into: &logarithms)
        return policy.relativeEntropy(logarithms, rows: rows, gradient: gradient)
      }
      uniform.expect(loss: one.klUniformMean, gradient: flat(one.klUniformGrads))
    }
  }

  @Test func returnsAndAdvantages() throws {
    let cases = try ReferenceGradients.load().returns
    #expect(cases.count == 1)
    for one in cases {
      let ends = one.done.map { $0 != 0 }
      var (returns, advantages, targets) = (one.rewards, one.rewards, one.rewards)
      one.rewards.withUnsafeBufferPointer { rewards in
        ends.withUnsafeBufferPointer { ends in
          one.values.withUnsafeBufferPointer { values in
            let stretch = RewardStretch(rewards: rewards, ends: ends, discount: one.gamma)
            returns.withUnsafeMutableBufferPointer { stretch.returns(lastValue: values[values.count - 1], into: $0) }
            advantages.withUnsafeMutableBufferPointer { stretch.advantages(values: values, decay: one.lam, into: $0) }
            targets.withUnsafeMutableBufferPointer { stretch.targets(steps: one.n, values: values, into: $0) }
          }
        }
      }
      #expect(distance(returns, one.bootstrappedReturn) < 1e-12)
      #expect(distance(advantages, one.gae) < 1e-12)
      #expect(distance(targets, one.nStepTarget) < 1e-12)
    }
  }
}

/// Three moves on one batch.
struct Training {
  private(set) var losses: [Double] = []
  private(set) var gradients: [[Double]] = []
  /// Before the first move and after every one.
  private(set) var parameters: [[Double]]

  init(
    _ perceptron: Perceptron<Double>, _ states: [[Double]], from start: [Double], _ optimiser: Optimiser,
    head: (UnsafePointer<Double>, UnsafeMutablePointer<Double>) -> Double
  ) {
    parameters = [start]
    var current = start
    var state = [Double](repeating: 0, count: optimiser.stateCount(parameters: start.count))
    for move in 1...3 {
      let (loss, gradient) = perceptron.lossAndGradient(states.flatMap(\.self), at: current, head: head)
      optimiser.update(&current, gradient: gradient, count: gradient.count, state: &state, move: UInt64(move))
      losses.append(loss)
      gradients.append(gradient)
      parameters.append(current)
    }
  }

  func expect(loss: Double, gradient: [Double], sourceLocation: SourceLocation = #_sourceLocation) {
    let scale = gradient.map { abs($0) }.max() ?? 0
    #expect(abs(losses[0] - loss) < 1e-10 * max(1, abs(loss)), sourceLocation: sourceLocation)
    #expect(distance(gradients[0], gradient) < 1e-10 * scale, sourceLocation: sourceLocation)
  }

  func expect(after1: [Double], after3: [Double], sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(distance(parameters[1], after1) < 1e-10, sourceLocation: sourceLocation)
    #expect(distance(parameters[3], after3) < 1e-10, sourceLocation: sourceLocation)
  }
}
