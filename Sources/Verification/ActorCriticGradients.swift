// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets

/// Part `gaussian_actor`: a normal policy, its loss with a bonus for entropy, and three moves by Adam.
struct GaussianActorGradients: GradientCase {
  static let part = "gaussianActor"

  let sizes: [Int]
  let activation: String
  let scale: Double
  let entropyCoefficient: Double
  let params: ReferenceParameters
  let states: [[Double]]
  let actions: [Double]
  let advantages: [Double]
  let mean: [Double]
  let variance: [Double]
  let logp: [Double]
  let entropy: [Double]
  let loss: Double
  let grads: ReferenceParameters
  let paramsAfter1: ReferenceParameters
  let paramsAfter3: ReferenceParameters
  let lossBefore1: Double
  let lossBefore3: Double
  let adam: ReferenceAdam

  func compare(_ comparison: inout GradientComparison) throws {
    let perceptron = try ReferencePerceptron(sizes: sizes, activation: activation, outputs: 2)
    let policy = try gaussianPolicy(scale: scale)
    let (batch, start) = (try perceptron.batch(states), try perceptron.flat(params))
    let rows = states.count
    try checkRows(rows, ["actions": actions.count, "advantages": advantages.count])
    let outputs = perceptron.network.outputs(batch, at: start)
    let laws = (0..<rows).map { policy.law([outputs[2 * $0], outputs[2 * $0 + 1]]) }
    comparison.numbers("means", laws.map(\.mean), mean)
    comparison.numbers("variances", laws.map(\.variance), variance)
    comparison.numbers("log densities", zip(laws, actions).map { $0.logDensity(at: $1) }, logp)
    comparison.numbers("entropies", laws.map(\.entropy), entropy)
    let training = ReferenceTraining(perceptron.network, batch: batch, from: start, try adam.optimiser()) {
      policy.loss(
        $0, rows: rows, actions: actions, advantages: advantages, entropyBonus: entropyCoefficient, gradient: $1)
    }
    comparison.number("the loss", training.losses[0], loss)
    comparison.gradient("gradient", training.firstGradient, try perceptron.flat(grads))
    comparison.moves(
      training,
      ReferenceMoves(
        lossBefore1: lossBefore1, lossBefore3: lossBefore3, after1: try perceptron.flat(paramsAfter1),
        after3: try perceptron.flat(paramsAfter3)))
  }
}

/// The normal policy of reference files, whose variance has no floor.
///
/// - Throws: if the scale is not above zero.
func gaussianPolicy(scale: Double) throws -> GaussianPolicy<Double> {
  guard scale > 0 else { throw ReferenceError("the scale is \(scale), not above zero.") }
  return GaussianPolicy(scale: scale, varianceFloor: 0)
}

/// Part `critic`: values, their squared error, and three moves by Adam.
struct CriticGradients: GradientCase {
  static let part = "critic"

  let sizes: [Int]
  let activation: String
  let params: ReferenceParameters
  let states: [[Double]]
  let targets: [Double]
  let values: [Double]
  let loss: Double
  let grads: ReferenceParameters
  let paramsAfter1: ReferenceParameters
  let paramsAfter3: ReferenceParameters
  let lossBefore1: Double
  let lossBefore3: Double
  let adam: ReferenceAdam

  func compare(_ comparison: inout GradientComparison) throws {
    let perceptron = try ReferencePerceptron(sizes: sizes, activation: activation, outputs: 1)
    let (batch, start) = (try perceptron.batch(states), try perceptron.flat(params))
    try checkRows(states.count, ["targets": targets.count])
    comparison.numbers("values", perceptron.network.outputs(batch, at: start), values)
    let training = ReferenceTraining(perceptron.network, batch: batch, from: start, try adam.optimiser()) {
      squaredErrorLoss($0, rows: targets.count, targets: targets, gradient: $1)
    }
    comparison.number("the loss", training.losses[0], loss)
    comparison.gradient("gradient", training.firstGradient, try perceptron.flat(grads))
    comparison.moves(
      training,
      ReferenceMoves(
        lossBefore1: lossBefore1, lossBefore3: lossBefore3, after1: try perceptron.flat(paramsAfter1),
        after3: try perceptron.flat(paramsAfter3)))
  }
}
