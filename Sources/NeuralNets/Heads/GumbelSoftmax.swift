// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation

/// A draw from a categorical law that has a slope: with logits l and Gumbel noise g
///
///     z = softmax((l + g) / τ),   g = −log(−log u),   u uniform
///
/// The largest entry of z is where the largest of l + g is, which is a draw from softmax(l). As τ falls z becomes that
/// choice alone.
///
/// Source: Jang, Gu and Poole, "Categorical reparameterization with Gumbel-softmax", ICLR 2017.
package struct GumbelSoftmax<Scalar: NeuralScalar>: Sendable, Hashable, BitwiseCopyable {
  /// How many categories there are.
  package let count: Int
  /// τ.
  package let temperature: Scalar

  package init(count: Int, temperature: Scalar) {
    precondition(count > 0 && temperature > 0, "A law has categories, and a temperature above zero.")
    self.count = count
    self.temperature = temperature
  }

  /// g of a number u of [0, 1); of zero, that of the smallest number above it.
  @inline(__always)
  package static func noise(ofUniform uniform: Double) -> Scalar {
    Scalar(-log(-log(max(uniform, Double.leastNormalMagnitude))))
  }

  /// z of one draw.
  ///
  /// - Parameters:
  ///   - logits: l, `count` numbers.
  ///   - noise: g, `count` numbers.
  ///   - draw: z, `count` numbers; may be either of these.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  package func write(
    logits: UnsafePointer<Scalar>, noise: UnsafePointer<Scalar>, into draw: UnsafeMutablePointer<Scalar>
  ) {
    var greatest = -Scalar.infinity
    for index in 0..<count {
      draw[index] = (logits[index] + noise[index]) / temperature
      greatest = max(greatest, draw[index])
    }
    var sum: Scalar = 0
    for index in 0..<count {
      draw[index] = Scalar.exponential(draw[index] - greatest)
      sum += draw[index]
    }
    for index in 0..<count { draw[index] /= sum }
  }

  /// Adds to the gradient with respect to the logits what comes of that with respect to z: z (∂z − Σ z ∂z) / τ. A draw that
  /// is taken as the choice alone (straight through) has the same one.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  package func addGradient(
    of drawGradient: UnsafePointer<Scalar>, at draw: UnsafePointer<Scalar>, to gradient: UnsafeMutablePointer<Scalar>
  ) {
    var mean: Scalar = 0
    for index in 0..<count { mean += draw[index] * drawGradient[index] }
    for index in 0..<count { gradient[index] += draw[index] * (drawGradient[index] - mean) / temperature }
  }

  /// The choice that a draw is nearest to.
  package func choice(of draw: UnsafePointer<Scalar>) -> Int {
    var best = 0
    for index in 1..<max(1, count) where draw[index] > draw[best] { best = index }
    return best
  }
}
