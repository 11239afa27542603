// SPDX-License-Identifier: GPL-3.0-or-later

/// Adapt, then combine with what the neighbours had τ slots ago: w_k(i) = ψ_k(i) + Σ_l g_lk (ψ_l(i - τ) - ψ_k(i)).
///
/// The state is (w(i), ψ(i), …, ψ(i - τ + 1)), of N (τ + 1) vectors; before the start all parameters were zero.
struct DelayedCombination: MomentRecursion {
  let adaptation: GaussianAdaptation
  let combination: LossyCombination
  /// τ, at least one.
  let delay: Int

  /// The length of all agents' deviations.
  private var length: Int { adaptation.size }
  var size: Int { adaptation.size * (delay + 1) }
  var initialMoments: [Double] { adaptation.initialMoments(copies: delay + 1) }

  var operationsPerStep: Double {
    let agents = Double(adaptation.agentCount)
    return Double(length) * Double(size) * (agents + 2 * Double(adaptation.blockSize)) + Double(size) * Double(size)
  }

  var meanMatrix: [Double] {
    var result = [Double](repeating: 0, count: size * size)
    let late = combining(lateWeights, agentCount: adaptation.agentCount, blockSize: adaptation.blockSize)
    for agent in 0..<adaptation.agentCount {
      let factor = adaptation.meanFactor(of: agent, probability: adaptation.activeProbabilities[agent])
      adaptation.setBlock(&result, agent, agent, stride: size, factor.map { $0 * ownWeight(agent) })
      adaptation.setBlock(&result, agent + adaptation.agentCount, agent, stride: size, factor)
    }
    for row in 0..<length {
      for column in 0..<length { result[row * size + delay * length + column] += late[row * length + column] }
    }
    for row in 2 * length..<max(2 * length, size) { result[row * size + row - length] = 1 }
    return result
  }

  func advance(_ moments: inout [Double]) {
    adaptation.adapt(&moments, stride: size)
    let lossVariances = combination.lossVariances(
      moments, stride: size, senderOffset: delay * adaptation.agentCount)
    // E w x' for x = (ψ(i), …, ψ(i - τ)), then E w w' from its columns.
    let crossed = combined(
      own: Array(moments[..<(length * size)]), late: Array(moments[(delay * length * size)...]), columns: size)
    var fresh = columns(of: crossed, from: 0)
    var late = columns(of: crossed, from: delay * length)
    transpose(&fresh, count: length)
    transpose(&late, count: length)
    let whole = combined(own: fresh, late: late, columns: length)
    // What was ψ(i - j) becomes the next one's ψ(i - j - 1); the last goes. Backwards, as places overlap.
    for row in stride(from: size - 1, through: length, by: -1) {
      for column in stride(from: size - 1, through: length, by: -1) {
        moments[row * size + column] = moments[(row - length) * size + column - length]
      }
    }
    for row in 0..<length {
      for column in 0..<length { moments[row * size + column] = whole[row * length + column] }
      for column in length..<size {
        let value = crossed[row * size + column - length]
        moments[row * size + column] = value
        moments[column * size + row] = value
      }
    }
    combination.add(lossVariances, to: &moments, stride: size)
  }

  /// c̄_kk.
  private func ownWeight(_ agent: Int) -> Double { combination.mean[agent * adaptation.agentCount + agent] }

  /// C̄ without its diagonal.
  private var lateWeights: [Double] {
    var weights = combination.mean
    for agent in 0..<adaptation.agentCount { weights[agent * adaptation.agentCount + agent] = 0 }
    return weights
  }

  /// Rows c̄_kk own_k + Σ_l≠k c̄_lk late_l.
  private func combined(own: [Double], late: [Double], columns: Int) -> [Double] {
    let chunk = adaptation.blockSize * columns
    var result = own
    for agent in 0..<adaptation.agentCount {
      let weight = ownWeight(agent)
      for index in agent * chunk..<(agent + 1) * chunk { result[index] *= weight }
    }
    multiply(
      lateWeights, late, rows: adaptation.agentCount, inner: adaptation.agentCount, columns: chunk, into: &result,
      transposesLeft: true, adds: true)
    return result
  }

  /// As many columns as rows, from the rows of the whole state.
  private func columns(of rows: [Double], from first: Int) -> [Double] {
    (0..<length).flatMap { rows[$0 * size + first..<$0 * size + first + length] }
  }
}
