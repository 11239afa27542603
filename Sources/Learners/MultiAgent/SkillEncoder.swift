// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets

/// What a task is like as a law of skills, and back:
///
///     logits = ψ(T),   p = softmax(logits),   T' = ψ'(p),   loss = ‖T − T'‖²
///
/// Both are perceptrons with a hidden layer of rectifiers. The loss is the square of the published norm, whose gradient
/// has no value at zero.
///
/// Source: "Multi-task multi-agent reinforcement learning with task-specific relations", equation 6.
package struct SkillEncoder<Scalar: NeuralScalar>: Sendable {
  /// ψ.
  package let encoder: Perceptron<Scalar>
  /// ψ'.
  package let decoder: Perceptron<Scalar>

  package init(descriptionCount: Int, hiddenUnits: Int, skillCount: Int) {
    encoder = Perceptron(layerSizes: [descriptionCount, hiddenUnits, skillCount], activation: .rectifier)
    decoder = Perceptron(layerSizes: [skillCount, hiddenUnits, descriptionCount], activation: .rectifier)
  }

  package var skillCount: Int { encoder.outputCount }

  /// ψ(T).
  package func logits(_ description: [Scalar], at parameters: UnsafePointer<Scalar>) -> [Scalar] {
    withUnsafeTemporaryAllocation(of: Scalar.self, capacity: encoder.workspaceCount(rows: 1)) { workspace in
      let outputs = encoder.forward(description, rows: 1, at: parameters, workspace: workspace)
      return (0..<skillCount).map { outputs[$0] }
    }
  }

  /// Adds to the gradient of ψ what comes of that with respect to the logits.
  package func addGradient(
    ofLogits logitGradient: [Scalar], _ description: [Scalar], at parameters: UnsafePointer<Scalar>,
    to gradient: UnsafeMutablePointer<Scalar>
  ) {
    let count = encoder.parameterCount
    withUnsafeTemporaryAllocation(of: Scalar.self, capacity: encoder.workspaceCount(rows: 1)) { workspace in
      encoder.forward(description, rows: 1, at: parameters, workspace: workspace)
      withUnsafeTemporaryAllocation(of: Scalar.self, capacity: count) { own in
        guard let own = own.baseAddress else { return }
        encoder.backward(
          logitGradient, inputs: description, rows: 1, at: parameters, into: own, workspace: workspace)
        for index in 0..<count { gradient[index] += own[index] }
      }
    }
  }

  /// p.
  package func probabilities(_ logits: [Scalar]) -> [Scalar] {
    var logarithms = logits
    CategoricalPolicy<Scalar>(actionCount: skillCount).logProbabilities(logits, rows: 1, into: &logarithms)
    return logarithms.map { Scalar.exponential($0) }
  }

  /// What ψ' makes of the law, the loss, its gradient with respect to the parameters of ψ', and with respect to the logits.
  package func reconstruction(
    of description: [Scalar], logits: [Scalar], at decoderParameters: [Scalar]
  ) -> (decoded: [Scalar], loss: Double, gradient: [Scalar], logitGradient: [Scalar]) {
    let law = probabilities(logits)
    var workspace = [Scalar](repeating: 0, count: decoder.workspaceCount(rows: 1))
    var gradient = [Scalar](repeating: 0, count: decoder.parameterCount)
    var lawGradient = [Scalar](repeating: 0, count: skillCount)
    let (decoded, loss) = workspace.withUnsafeMutableBufferPointer { workspace in
      let outputs = decoder.forward(law, rows: 1, at: decoderParameters, workspace: workspace)
      let decoded = description.indices.map { outputs[$0] }
      let errors = zip(decoded, description).map { $0 - $1 }
      decoder.backward(
        errors.map { 2 * $0 }, inputs: law, rows: 1, at: decoderParameters, into: &gradient,
        inputGradient: &lawGradient, workspace: workspace)
      return (decoded, errors.reduce(0.0) { $0 + Double($1) * Double($1) })
    }
    let mean = zip(law, lawGradient).reduce(Scalar(0)) { $0 + $1.0 * $1.1 }
    return (decoded, loss, gradient, zip(law, lawGradient).map { $0 * ($1 - mean) })
  }
}
