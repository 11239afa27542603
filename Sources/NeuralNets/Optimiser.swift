// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation

/// How a gradient becomes a move of the parameters that makes a loss smaller. Works in place on flat vectors.
///
/// | rule | state | move |
/// |---|---|---|
/// | gradient descent | – | −α g |
/// | Adam | m, v | m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g²; −α m̂ / (√v̂ + ε), m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ) |
/// | RMSProp | v | v ← ρ v + (1 − ρ) g²; −α g / (√v + ε) |
///
/// The state starts at zero and belongs to whoever owns the gradient; t counts the moves from one on.
///
/// Source: Kingma and Ba, "Adam: a method for stochastic optimization", 2015, algorithm 1; Tieleman and Hinton,
/// "Lecture 6.5: RMSProp", 2012, with ε outside of the root as in PyTorch.
package struct Optimiser: Sendable, Hashable {
  package enum Rule: Sendable, Hashable {
    case gradientDescent
    case adam(firstDecay: Double = 0.9, secondDecay: Double = 0.999, epsilon: Double = 1e-8)
    case rootMeanSquare(decay: Double = 0.99, epsilon: Double = 1e-8)
  }

  package let rule: Rule
  /// α.
  package let stepSize: Double

  package init(_ rule: Rule, stepSize: Double) {
    precondition(stepSize.isFinite && stepSize >= 0, "A step size is a finite number of at least zero.")
    self.rule = rule
    self.stepSize = stepSize
  }

  /// The length of the state for so many parameters.
  package func stateCount(parameters: Int) -> Int {
    switch rule {
    case .gradientDescent: 0
    case .adam: 2 * parameters
    case .rootMeanSquare: parameters
    }
  }

  /// Moves the parameters.
  ///
  /// - Parameters:
  ///   - state: `stateCount` numbers.
  ///   - move: t, 1 at first.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  package func update<Scalar: NeuralScalar>(
    _ parameters: UnsafeMutablePointer<Scalar>, gradient: UnsafePointer<Scalar>, count: Int,
    state: UnsafeMutablePointer<Scalar>, move: UInt64
  ) {
    self.move(by: gradient, count: count, state: state, move: move, into: parameters, adds: true)
  }

  /// Replaces the gradient by the move of the parameters that `update` would make.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  package func turnIntoMove<Scalar: NeuralScalar>(
    _ gradient: UnsafeMutablePointer<Scalar>, count: Int, state: UnsafeMutablePointer<Scalar>, move: UInt64
  ) {
    self.move(by: gradient, count: count, state: state, move: move, into: gradient, adds: false)
  }

  /// Puts the move of every parameter into a place, or adds it to what is there; one pass over all vectors.
  @inline(__always)
  private func move<Scalar: NeuralScalar>(
    by gradient: UnsafePointer<Scalar>, count: Int, state: UnsafeMutablePointer<Scalar>, move: UInt64,
    into place: UnsafeMutablePointer<Scalar>, adds: Bool
  ) {
    precondition(move > 0, "Moves count from one on.")
    switch rule {
    case .gradientDescent:
      Scalar.descend(gradient, count: count, factor: Scalar(-stepSize), into: place, adds: adds)
    case .adam(let firstDecay, let secondDecay, let epsilon):
      let numbers = AdamNumbers(
        fresh: 1 - firstDecay, kept: secondDecay, freshSquare: 1 - secondDecay,
        factor: -stepSize / (1 - pow(firstDecay, Double(move))),
        correction: 1 / (1 - pow(secondDecay, Double(move))).squareRoot(), floor: epsilon)
      Scalar.moveByAdam(gradient, count: count, state: state, numbers, into: place, adds: adds)
    case .rootMeanSquare(let decay, let epsilon):
      Scalar.moveByRootMeanSquare(
        gradient, count: count, state: state, kept: Scalar(decay), fresh: Scalar(1 - decay), factor: Scalar(-stepSize),
        floor: Scalar(epsilon), into: place, adds: adds)
    }
  }
}

/// Scales a gradient down to a Euclidean norm if it is longer.
///
/// - Parameter maximum: the longest norm allowed.
/// - Returns: the norm before. If it is not finite the gradient is left alone.
@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
@discardableResult
package func clipNorm<Scalar: NeuralScalar>(
  _ gradient: UnsafeMutablePointer<Scalar>, count: Int, to maximum: Double
) -> Double {
  precondition(maximum > 0, "A norm to clip to lies above zero.")
  // Eight interleaved sums vectorise, and the order is the same everywhere.
  var sums = SIMD8<Double>.zero
  let whole = count & ~7
  for start in stride(from: 0, to: whole, by: 8) {
    for lane in 0..<8 {
      let entry = Double(gradient[start + lane])
      sums[lane] += entry * entry
    }
  }
  var square = sums.sum()
  for index in whole..<count { square += Double(gradient[index]) * Double(gradient[index]) }
  let norm = square.squareRoot()
  guard norm > maximum, norm.isFinite else { return norm }
  let factor = Scalar(maximum / norm)
  for index in 0..<count { gradient[index] *= factor }
  return norm
}
