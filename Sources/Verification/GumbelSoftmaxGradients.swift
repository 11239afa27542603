// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets

/// Part `gumbel_softmax`: draws that have slopes.
struct GumbelSoftmaxGradients: GradientCase {
  static let part = "gumbelSoftmax"

  let logits: [Double]
  let uniforms: [Double]
  let tau: Double
  /// Weights of the entries of a draw in what is differentiated.
  let w: [Double]
  let gumbel: String
  let soft: [Double]
  let hard: [Double]
  let gradSoftWy: [Double]
  let gradStWy: [Double]

  func compare(_ comparison: inout GradientComparison) throws {
    guard !logits.isEmpty, uniforms.count == logits.count, w.count == logits.count, tau > 0,
      uniforms.allSatisfy({ 0 < $0 && $0 < 1 })
    else { throw ReferenceError("there are no logits, no number between 0 and 1 for one, or 'tau' is not above zero.") }
    guard gumbel == "-log(-log u)" else { throw ReferenceError("the noise '\(gumbel)' is not known.") }
    let law = GumbelSoftmax<Double>(count: logits.count, temperature: tau)
    var draw = uniforms.map { GumbelSoftmax<Double>.noise(ofUniform: $0) }
    law.write(logits: logits, noise: draw, into: &draw)
    var slopes = logits.map { _ in 0.0 }
    law.addGradient(of: w, at: draw, to: &slopes)
    let choice = law.choice(of: draw)
    comparison.scaled("draws", draw, soft)
    comparison.scaled("choices", logits.indices.map { $0 == choice ? 1 : 0 }, hard)
    comparison.gradient("draws", slopes, gradSoftWy)
    comparison.gradient("choices", slopes, gradStWy)
  }
}
