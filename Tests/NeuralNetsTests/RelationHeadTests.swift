// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import NeuralNets
import Randomness
import Testing

private func numbers(_ count: Int, _ index: UInt64 = 0) -> [Double] {
  var draws = Draws(StreamKey(seed: 3, replication: 0, purpose: .data, entity: "heads"), at: index)
  return (0..<count).map { _ in 2 * draws.uniform() - 1 }
}

/// The slope of a loss by each of its numbers, from differences.
private func slopes(_ numbers: [Double], _ loss: ([Double]) -> Double) -> [Double] {
  numbers.indices.map { index in
    var (up, down) = (numbers, numbers)
    up[index] += 1e-6
    down[index] -= 1e-6
    return (loss(up) - loss(down)) / 2e-6
  }
}

private func expectClose(_ a: [Double], _ b: [Double], _ bar: Double = 1e-8) {
  #expect(a.count == b.count)
  #expect(zip(a, b).allSatisfy { abs($0 - $1) < bar }, "\(a) \(b)")
}

/// The gradient with respect to inputs is that of differences, and asking for it changes nothing of the other.
/// Of the wide network nearly all inputs are zero, which is computed in another way.
@Test(arguments: [3, 40]) func inputsHaveTheirGradient(width: Int) {
  let network = Perceptron<Double>(layerSizes: [width, 5, 4, 2], activation: .hyperbolicTangent)
  let (parameters, weights) = (numbers(network.parameterCount), numbers(8, 2))
  let inputs = numbers(4 * width, 1).enumerated().map { $0 % width < 3 ? $1 : 0 }
  func loss(_ inputs: [Double]) -> Double {
    zip(network.outputs(inputs, at: parameters), weights).reduce(0) { $0 + $1.0 * $1.1 }
  }
  var workspace = [Double](repeating: .nan, count: network.workspaceCount(rows: 4))
  var gradient = [Double](repeating: .nan, count: network.parameterCount)
  var plain = gradient
  var found = [Double](repeating: .nan, count: 4 * width)
  workspace.withUnsafeMutableBufferPointer { workspace in
    network.forward(inputs, rows: 4, at: parameters, workspace: workspace)
    network.backward(
      weights, inputs: inputs, rows: 4, at: parameters, into: &gradient, inputGradient: &found, workspace: workspace)
    network.backward(weights, inputs: inputs, rows: 4, at: parameters, into: &plain, workspace: workspace)
  }
  expectClose(found, slopes(inputs, loss))
  #expect(gradient == plain)
}

/// As it gets colder, a draw becomes the choice with the most of logit and noise; at any temperature it sums to one.
@Test func aColdDrawIsAChoice() {
  let (logits, uniforms) = (numbers(5), numbers(5, 1).map { ($0 + 1) / 2 })
  let noise = uniforms.map { GumbelSoftmax<Double>.noise(ofUniform: $0) }
  let best = (0..<5).max { logits[$0] + noise[$0] < logits[$1] + noise[$1] }
  for temperature in [2, 0.5, 1e-3] {
    let law = GumbelSoftmax<Double>(count: 5, temperature: temperature)
    var draw = noise
    law.write(logits: logits, noise: noise, into: &draw)
    #expect(abs(draw.reduce(0, +) - 1) < 1e-14 && law.choice(of: draw) == best)
    if temperature < 0.01 { #expect(draw[best ?? 0] > 1 - 1e-12) }
  }
  #expect(GumbelSoftmax<Float>.noise(ofUniform: 0).isFinite)
  #expect(GumbelSoftmax<Float>.noise(ofUniform: 1 - 0x1p-53).isFinite)
}

/// Choices follow softmax(l): of 20,000 draws each is taken as often as it is probable, within five standard errors (a false
/// alarm in a million, if the seed were drawn).
@Test func choicesFollowTheirLogits() {
  let logits = [0.3, -1, 1.2]
  let total = logits.reduce(0) { $0 + exp($1) }
  let law = GumbelSoftmax<Double>(count: 3, temperature: 1)
  var draws = Draws(StreamKey(seed: 8, replication: 0, purpose: .data, entity: "choices"), at: 0)
  var counts = [0.0, 0, 0]
  var draw = logits
  for _ in 0..<20_000 {
    let noise = (0..<3).map { _ in GumbelSoftmax<Double>.noise(ofUniform: draws.uniform()) }
    law.write(logits: logits, noise: noise, into: &draw)
    counts[law.choice(of: draw)] += 1
  }
  for (count, logit) in zip(counts, logits) {
    let p = exp(logit) / total
    #expect(abs(count / 20_000 - p) < 5 * (p * (1 - p) / 20_000).squareRoot())
  }
}

/// Relations that are all the same say nothing, and R never passes log N where each of N samples is as good as the own one.
@Test func sameRelationsSayNothing() {
  let policy = CategoricalPolicy<Double>(actionCount: 4)
  var logarithms = numbers(4)
  policy.logProbabilities(logarithms, rows: 1, into: &logarithms)
  let all = (0..<6).flatMap { _ in logarithms }
  var (rewards, gradient) = ([Double.nan], all)
  let mean = mutualInformation(
    all, rows: 1, samples: 5, actionCount: 4, actions: [2], scale: 1, rewards: &rewards, gradient: &gradient)
  #expect(abs(mean) < 1e-14 && rewards == [mean])
}

@Test func lossesOfAllActionsAndOfRelationsHaveTheirGradients() {
  let policy = CategoricalPolicy<Double>(actionCount: 4)
  let (logits, worths) = (numbers(12), numbers(12, 1))
  func logarithms(_ logits: [Double]) -> [Double] {
    var found = logits
    policy.logProbabilities(logits, rows: logits.count / 4, into: &found)
    return found
  }
  var gradient = logits
  func loss(_ logits: [Double]) -> Double {
    policy.allActionsLoss(logarithms(logits), rows: 3, worths: worths, entropyBonus: 0.3, gradient: &gradient)
  }
  let wanted = slopes(logits, loss)
  _ = loss(logits)
  expectClose(gradient, wanted)
  // Two rows with two samples to compare with.
  let compared = numbers(24, 2)
  var (rewards, found) = ([0.0, 0], compared)
  func information(_ logits: [Double]) -> Double {
    mutualInformation(
      logarithms(logits), rows: 2, samples: 2, actionCount: 4, actions: [3, 0], scale: 1, rewards: &rewards,
      gradient: &found)
  }
  let slopesOfInformation = slopes(compared, information)
  _ = information(compared)
  expectClose(found, slopesOfInformation)
}
