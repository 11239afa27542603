// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets
import Randomness

/// The random numbers of a test: each seed gives others.
func draws(_ seed: UInt64) -> Draws {
  Draws(StreamKey(seed: seed, replication: 0, purpose: .data, entity: "test"), at: 0)
}

extension Draws {
  /// So many numbers, uniform over ±bound.
  mutating func numbers(_ count: Int, bound: Double = 1) -> [Double] {
    (0..<count).map { _ in bound * (2 * uniform() - 1) }
  }
}

extension Perceptron {
  /// Starting parameters with biases that are not zero, so that no slope is hidden.
  func randomParameters(_ draws: inout Draws) -> [Scalar] {
    var parameters = [Scalar](repeating: .nan, count: parameterCount)
    initialise(&parameters, hidden: .uniformByInputs, output: .uniformByInputs, from: &draws)
    return parameters
  }
}

/// The largest distance of two vectors, entry by entry.
func distance<Scalar: BinaryFloatingPoint>(_ a: [Scalar], _ b: [Scalar]) -> Double {
  guard a.count == b.count else { return .infinity }
  return zip(a, b).map { Double(abs($0 - $1)) }.reduce(0) { $1.isNaN ? .infinity : max($0, $1) }
}
