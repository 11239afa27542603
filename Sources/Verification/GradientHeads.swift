// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets

/// Part `gaussian_actor`: a normal policy and its loss with a bonus for entropy.
struct GaussianActor: GradientHead {
  static let part = "gaussianActor"

  let scale: Double
  let entropyCoefficient: Double
  let actions: [Double]
  let advantages: [Double]
  let mean: [Double]
  let variance: [Double]
  let logp: [Double]
  let entropy: [Double]
  let loss: Double
  let grads: ReferenceParameters

  var rowCounts: KeyValuePairs<String, Int> { ["actions": actions.count, "advantages": advantages.count] }

  func outputCount(of sizes: [Int]) -> Int { 2 }

  func compareRows(_ outputs: [Double], rows: Int, _ comparison: inout GradientComparison) throws {
    let policy = try gaussianPolicy(scale: scale)
    let laws = (0..<rows).map { policy.law([outputs[2 * $0], outputs[2 * $0 + 1]]) }
    comparison.numbers("means", laws.map(\.mean), mean)
    comparison.numbers("variances", laws.map(\.variance), variance)
    comparison.numbers("log densities", zip(laws, actions).map { $0.logDensity(at: $1) }, logp)
    comparison.numbers("entropies", laws.map(\.entropy), entropy)
  }

  func losses(rows: Int, outputCount: Int) throws -> [HeadLoss] {
    let policy = try gaussianPolicy(scale: scale)
    return [
      HeadLoss(value: loss, gradient: grads) {
        policy.loss(
          $0, rows: rows, actions: actions, advantages: advantages, entropyBonus: entropyCoefficient, gradient: $1)
      }
    ]
  }
}

/// The normal policy of reference files, whose variance has no floor.
///
/// - Throws: if the scale is not above zero.
func gaussianPolicy(scale: Double) throws -> GaussianPolicy<Double> {
  guard scale > 0 else { throw ReferenceError("the scale is \(scale), not above zero.") }
  return GaussianPolicy(scale: scale, varianceFloor: 0)
}

/// Part `critic`: values and their squared error.
struct Critic: GradientHead {
  static let part = "critic"

  let targets: [Double]
  let values: [Double]
  let loss: Double
  let grads: ReferenceParameters

  var rowCounts: KeyValuePairs<String, Int> { ["targets": targets.count] }

  func outputCount(of sizes: [Int]) -> Int { 1 }

  func compareRows(_ outputs: [Double], rows: Int, _ comparison: inout GradientComparison) {
    comparison.numbers("values", outputs, values)
  }

  func losses(rows: Int, outputCount: Int) -> [HeadLoss] {
    [
      HeadLoss(value: loss, gradient: grads) { squaredErrorLoss($0, rows: rows, targets: targets, gradient: $1) }
    ]
  }
}

/// Part `categorical`: a policy of finitely many actions with three losses.
struct CategoricalActor: GradientHead {
  static let part = "categorical"

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

  var rowCounts: KeyValuePairs<String, Int> {
    ["actions": actions.count, "advantages": advantages.count, "old log probabilities": oldLogp.count]
  }

  func outputCount(of sizes: [Int]) throws -> Int {
    guard let count = sizes.last, actions.allSatisfy({ (0..<count).contains(Int($0)) }) else {
      throw ReferenceError("there are no sizes, or an action is not one of the outputs.")
    }
    return count
  }

  func compareRows(_ outputs: [Double], rows: Int, _ comparison: inout GradientComparison) {
    let count = outputs.count / rows
    let policy = CategoricalPolicy<Double>(actionCount: count)
    let logProbabilities = logProbabilities(outputs, policy, rows)
    let ofRows = (0..<rows).map { Array(logProbabilities[$0 * count..<($0 + 1) * count]) }
    var ignored = [Double](repeating: .nan, count: count)
    comparison.numbers("log probabilities", logProbabilities, logpAll.flatMap(\.self))
    comparison.numbers("entropies", ofRows.map { policy.entropy($0) }, entropy)
    comparison.numbers(
      "relative entropies", ofRows.map { policy.relativeEntropy($0, rows: 1, gradient: &ignored) }, klUniformPi)
  }

  func losses(rows: Int, outputCount: Int) -> [HeadLoss] {
    let policy = CategoricalPolicy<Double>(actionCount: outputCount)
    return [
      HeadLoss(value: pgLoss, gradient: pgGrads) {
        policy.loss(
          logProbabilities($0, policy, rows), rows: rows, actions: actions, advantages: advantages,
          entropyBonus: entropyCoefficient, gradient: $1)
      },
      HeadLoss(name: "the clipped loss", gradientName: "clipped gradient", value: ppoLoss, gradient: ppoGrads) {
        policy.proximalLoss(
          logProbabilities($0, policy, rows), rows: rows, actions: actions, advantages: advantages,
          oldLogProbabilities: oldLogp, clip: clip, entropyBonus: 0, gradient: $1)
      },
      HeadLoss(
        name: "mean relative entropy", gradientName: "entropy gradient", value: klUniformMean, gradient: klUniformGrads
      ) { policy.relativeEntropy(logProbabilities($0, policy, rows), rows: rows, gradient: $1) },
    ]
  }

  private func logProbabilities(
    _ outputs: UnsafePointer<Double>, _ policy: CategoricalPolicy<Double>, _ rows: Int
  ) -> [Double] {
    var logProbabilities = [Double](repeating: .nan, count: rows * policy.actionCount)
    policy.logProbabilities(outputs, rows: rows, into: &logProbabilities)
    return logProbabilities
  }
}
