// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation

/// How much of disagreement is left after a turn in which every agent averages with one peer, those a power of two away in
/// turn: the second singular value of the product of the matrices of a period, to the power 1/τ, τ = ⌈log₂ N⌉.
///
/// All these matrices are circulant, so they have the vectors of the discrete Fourier transform in common, and the product
/// has the singular values ∏ |1 + exp(2πi f 2^t / N)|/2 over t < τ, for the frequencies f = 0 .. N − 1. Zero where N is a
/// power of two: then τ turns give the exact mean.
///
/// Source: Ying, Yuan, Chen, Hu, Pan and Yin, "Exponential graph is provably efficient for decentralized deep training",
/// NeurIPS 2021.
///
/// - Returns: zero of a single agent.
package func onePeerSingularValue(agents: Int) -> Double {
  var period = 0
  while 1 << period < agents { period += 1 }
  guard period > 0 else { return 0 }
  let products = (1..<agents).map { frequency in
    (0..<period).reduce(1.0) { product, turn in
      // |1 + exp(iθ)|/2 = |cos(θ/2)|, with the angle reduced in whole numbers.
      let place = (frequency << turn) % agents
      return 2 * place == agents ? 0 : product * abs(cos(.pi * Double(place) / Double(agents)))
    }
  }
  return pow(products.max() ?? 0, 1 / Double(period))
}
