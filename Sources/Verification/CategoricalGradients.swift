// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets

/// Part `categorical`: a policy of finitely many actions with three losses, and three moves by Adam on the first.
struct CategoricalGradients: GradientCase {
  static let part = "categorical"

  let sizes: [Int]
  let activation: String
  let params: ReferenceParameters
  let states: [[Double]]
  let actions: [Int32]
  let advantages: [Double]
  let oldLogp: [Double]
  let entropyCoefficient: Double
  let clip: Double
  let logpAll: [[Double]]
  let entropy: [Double]
  let klUniformPi: [Double]
  let pgLoss: Double
  let pgGrads: ReferenceParameters
  let ppoLoss: Double
  let ppoGrads: ReferenceParameters
  let klUniformMean: Double
  let klUniformGrads: ReferenceParameters
  let paramsAfter1: ReferenceParameters
  let paramsAfter3: ReferenceParameters
  let lossBefore1: Double
  let lossBefore3: Double
  let adam: ReferenceAdam

  func compare(_ comparison: inout GradientComparison) throws {
    guard let count = sizes.last, actions.allSatisfy({ (0..<count).contains(Int($0)) }) else {
      throw ReferenceError("there are no sizes, or an action is not one of the outputs.")
    }
    let perceptron = try ReferencePerceptron(sizes: sizes, activation: activation, outputs: count)
    let policy = CategoricalPolicy<Double>(actionCount: count)
    let (batch, start) = (try perceptron.batch(states), try perceptron.flat(params))
    let rows = states.count
    try checkRows(
      rows, ["actions": actions.count, "advantages": advantages.count, "old log probabilities": oldLogp.count])
    func logProbabilities(_ outputs: UnsafePointer<Double>) -> [Double] {
      var logProbabilities = [Double](repeating: .nan, count: rows * count)
      policy.logProbabilities(outputs, rows: rows, into: &logProbabilities)
      return logProbabilities
    }
    compareRows(&comparison, policy, logProbabilities(perceptron.network.outputs(batch, at: start)))

    let optimiser = try adam.optimiser()
    func training(
      _ head: (_ logProbabilities: [Double], _ gradient: UnsafeMutablePointer<Double>) -> Double
    ) -> ReferenceTraining {
      ReferenceTraining(perceptron.network, batch: batch, from: start, optimiser) { head(logProbabilities($0), $1) }
    }
    let plain = training {
      policy.loss(
        $0, rows: rows, actions: actions, advantages: advantages, entropyBonus: entropyCoefficient, gradient: $1)
    }
    let proximal = training {
      policy.proximalLoss(
        $0, rows: rows, actions: actions, advantages: advantages, oldLogProbabilities: oldLogp, clip: clip,
        entropyBonus: 0, gradient: $1)
    }
    let uniform = training { policy.relativeEntropy($0, rows: rows, gradient: $1) }
    comparison.number("the loss", plain.losses[0], pgLoss)
    comparison.gradient("gradient", plain.firstGradient, try perceptron.flat(pgGrads))
    comparison.number("the clipped loss", proximal.losses[0], ppoLoss)
    comparison.gradient("clipped gradient", proximal.firstGradient, try perceptron.flat(ppoGrads))
    comparison.number("mean relative entropy", uniform.losses[0], klUniformMean)
    comparison.gradient("entropy gradient", uniform.firstGradient, try perceptron.flat(klUniformGrads))
    comparison.moves(
      plain,
      ReferenceMoves(
        lossBefore1: lossBefore1, lossBefore3: lossBefore3, after1: try perceptron.flat(paramsAfter1),
        after3: try perceptron.flat(paramsAfter3)))
  }

  /// What the policy says of each state.
  private func compareRows(
    _ comparison: inout GradientComparison, _ policy: CategoricalPolicy<Double>, _ logProbabilities: [Double]
  ) {
    let count = policy.actionCount
    let ofRows = states.indices.map { Array(logProbabilities[$0 * count..<($0 + 1) * count]) }
    var ignored = [Double](repeating: .nan, count: count)
    comparison.numbers("log probabilities", logProbabilities, logpAll.flatMap(\.self))
    comparison.numbers("entropies", ofRows.map { policy.entropy($0) }, entropy)
    comparison.numbers(
      "relative entropies", ofRows.map { policy.relativeEntropy($0, rows: 1, gradient: &ignored) }, klUniformPi)
  }
}
