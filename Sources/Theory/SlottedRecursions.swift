// SPDX-License-Identifier: GPL-3.0-or-later

/// Adapt, then combine; every agent combines in every slot.
struct AdaptThenCombine: MomentRecursion {
  let adaptation: GaussianAdaptation
  let combination: LossyCombination

  var size: Int { adaptation.size }
  var meanMatrix: [Double] { product(combination.matrix, adaptation.meanMatrix, size) }
  var operationsPerStep: Double { adaptation.operations + combination.operations }
  var initialMoments: [Double] { adaptation.initialMoments(copies: 1) }

  func advance(_ moments: inout [Double]) {
    adaptation.adapt(&moments, stride: size)
    combination.combine(&moments)
  }
}

/// Combine, then adapt at the combined point; every agent combines in every slot.
struct CombineThenAdapt: MomentRecursion {
  let adaptation: GaussianAdaptation
  let combination: LossyCombination

  var size: Int { adaptation.size }
  var meanMatrix: [Double] { product(adaptation.meanMatrix, combination.matrix, size) }
  var operationsPerStep: Double { adaptation.operations + combination.operations }
  var initialMoments: [Double] { adaptation.initialMoments(copies: 1) }

  func advance(_ moments: inout [Double]) {
    combination.combine(&moments)
    adaptation.adapt(&moments, stride: size)
  }
}

/// The consensus strategy: combine and add the step at the own old point, B = C̄' - Q M R.
struct ConsensusStep: MomentRecursion {
  let adaptation: GaussianAdaptation
  let combination: LossyCombination
  let meanMatrix: [Double]

  init(adaptation: GaussianAdaptation, combination: LossyCombination) {
    self.adaptation = adaptation
    self.combination = combination
    let size = adaptation.size
    // C̄' - Q M R = C̄' + (I - Q M R) - I.
    var mean = combination.matrix
    let step = adaptation.meanMatrix
    for index in mean.indices { mean[index] += step[index] }
    for index in 0..<size { mean[index * size + index] -= 1 }
    self.meanMatrix = mean
  }

  var size: Int { adaptation.size }
  var operationsPerStep: Double { 2 * productOperations(size) + adaptation.operations }
  var initialMoments: [Double] { adaptation.initialMoments(copies: 1) }

  func advance(_ moments: inout [Double]) {
    var added = combination.lossVariances(moments, stride: size, senderOffset: 0)
    // The own block has the variance of a μ u u' w̃: q μ² (2 R K R + R tr(K R)) - q² μ² R K R, and the noise.
    let length = adaptation.blockSize * adaptation.blockSize
    for agent in 0..<adaptation.agentCount {
      let probability = adaptation.activeProbabilities[agent]
      let own = adaptation.block(moments, agent, agent, stride: size)
      let (whole, ofMean) = adaptation.secondOrder(of: agent, own)
      for index in 0..<length {
        added[agent * length + index] += probability * (whole[index] - probability * ofMean[index])
      }
    }
    moments = conjugate(moments, by: meanMatrix, size: size)
    combination.add(added, to: &moments, stride: size)
  }
}

extension GaussianAdaptation {
  /// I - Q M R for all agents, row by row.
  var meanMatrix: [Double] {
    var result = [Double](repeating: 0, count: size * size)
    for agent in 0..<agentCount {
      let factor = meanFactor(of: agent, probability: activeProbabilities[agent])
      setBlock(&result, agent, agent, stride: size, factor)
    }
    return result
  }

  /// About how many multiplications `adapt` takes.
  var operations: Double { 2 * Double(size) * Double(size) * Double(blockSize) + 200 * Double(size) }

  /// K at the start, for a state of so many stacked copies of all agents' parameters, all zero.
  func initialMoments(copies: Int) -> [Double] {
    let agents = agentCount * copies
    let stride = agents * blockSize
    var moments = [Double](repeating: 0, count: stride * stride)
    for row in 0..<agents {
      for column in 0..<agents { setBlock(&moments, row, column, stride: stride, initialBlock) }
    }
    return moments
  }
}

extension LossyCombination {
  /// C̄' ⊗ I, row by row.
  var matrix: [Double] { combining(mean, agentCount: agentCount, blockSize: blockSize) }

  /// About how many multiplications `combine` takes.
  var operations: Double {
    let size = Double(agentCount * blockSize)
    return 2 * Double(agentCount) * size * size + 10_000
  }
}

/// The product of two square matrices.
func product(_ left: [Double], _ right: [Double], _ size: Int) -> [Double] {
  var result = left
  multiply(left, right, rows: size, inner: size, columns: size, into: &result)
  return result
}
