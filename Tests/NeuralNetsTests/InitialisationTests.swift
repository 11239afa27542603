// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets
import Randomness
import Testing

/// The weights and biases of one layer that starts like this.
private func layer(
  _ kind: Initialisation, inputs: Int, units: Int, seed: UInt64
) -> (weights: [Double], biases: [Double]) {
  var draws = draws(seed)
  let perceptron = Perceptron<Double>(layerSizes: [inputs, units], activation: .rectifier)
  var parameters = [Double](repeating: .nan, count: perceptron.parameterCount)
  perceptron.initialise(&parameters, hidden: .heNormal, output: kind, from: &draws)
  return (Array(parameters[..<(inputs * units)]), Array(parameters[(inputs * units)...]))
}

/// What the sources say of the variance of 100 × 300 weights.
private let variances: [(Initialisation, Double)] = [
  (.heNormal, 2.0 / 300), (.heUniform, 2.0 / 300), (.xavierNormal(gain: 2), 8.0 / 400),
  (.xavierUniform(gain: 2), 8.0 / 400), (.uniformByInputs, 1.0 / 900), (.normal(deviation: 0.1, bias: 0.3), 0.01),
]

private let kinds: [Initialisation] = [
  .orthogonal(), .heNormal, .heUniform, .xavierNormal(), .xavierUniform(), .uniformByInputs, .normal(deviation: 1),
]

@Suite struct InitialisationTests {
  @Test(arguments: [(1, 1), (1, 9), (9, 1), (5, 5), (30, 7), (7, 30), (64, 64), (150, 149)])
  func orthogonalRowsOrColumns(units: Int, inputs: Int) {
    let (weights, biases) = layer(.orthogonal(gain: 2), inputs: inputs, units: units, seed: 31)
    let byRows = units <= inputs
    let vectors = (0..<min(units, inputs)).map { index in
      (0..<max(units, inputs)).map { byRows ? weights[index * inputs + $0] : weights[$0 * inputs + index] }
    }
    for (index, one) in vectors.enumerated() {
      for (other, vector) in vectors.enumerated() {
        let product = zip(one, vector).map { $0 * $1 }.reduce(0, +)
        #expect(abs(product - (index == other ? 4 : 0)) < 1e-13)
      }
    }
    #expect(biases.allSatisfy { $0 == 0 })
  }

  /// Reflections and rotations are equally probable, which a QR factorisation without care for signs misses: of 400
  /// matrices of 2 × 2, the share with a positive determinant and the share with a positive first entry lie within
  /// five standard errors (0.125) of one half. A right program fails with probability 1e-6, and never for this seed.
  @Test func orthogonalMatricesAreUniform() {
    let matrices = (0..<400).map { layer(.orthogonal(), inputs: 2, units: 2, seed: 1000 + $0).weights }
    let reflections = matrices.filter { $0[0] * $0[3] - $0[1] * $0[2] < 0 }.count
    #expect(abs(Double(reflections) / 400 - 0.5) < 0.125)
    #expect(abs(Double(matrices.filter { $0[0] > 0 }.count) / 400 - 0.5) < 0.125)
  }

  /// Moments of 30 000 weights: the mean of squares has a relative standard error of at most √(2/30000) = 0.0082 and the
  /// mean one of 0.0058 deviations; the bars are five of these, which a right program fails with probability 2e-6 per
  /// case, and never for this seed.
  @Test(arguments: variances)
  func variancesAreThoseOfTheSources(kind: Initialisation, variance: Double) {
    let (weights, biases) = layer(kind, inputs: 300, units: 100, seed: 32)
    let mean = weights.reduce(0, +) / 30_000
    let square = weights.reduce(0) { $0 + $1 * $1 } / 30_000
    #expect(abs(mean) < 5 * 0.0058 * variance.squareRoot())
    #expect(abs(square / variance - 1) < 5 * 0.0082)
    let bound = (3 * variance).squareRoot()
    switch kind {
    case .uniformByInputs:
      #expect(Set(biases).count == 100 && biases.allSatisfy { abs($0) <= bound })
      #expect(weights.allSatisfy { abs($0) <= bound })
    case .normal(_, let bias): #expect(biases.allSatisfy { $0 == bias })
    case .heUniform, .xavierUniform: #expect(weights.allSatisfy { abs($0) <= bound })
    default:
      #expect(biases.allSatisfy { $0 == 0 })
      #expect(weights.contains { abs($0) > bound })
    }
  }

  @Test(arguments: kinds)
  func aSeedGivesTheSameBitsInBothPrecisions(kind: Initialisation) {
    let single = Perceptron<Float>(layerSizes: [4, 8, 6, 2], activation: .rectifier)
    let double = Perceptron<Double>(layerSizes: [4, 8, 6, 2], activation: .rectifier)
    var (one, other) = ([Float](repeating: 0, count: 108), [Double](repeating: 0, count: 108))
    var again = other
    #expect(single.parameterCount == 108)
    var (first, second, third) = (draws(33), draws(33), draws(34))
    single.initialise(&one, hidden: kind, output: kind, from: &first)
    double.initialise(&other, hidden: kind, output: kind, from: &second)
    double.initialise(&again, hidden: kind, output: kind, from: &third)
    #expect(one == other.map { Float($0) })
    #expect(again != other)
  }
}
