// SPDX-License-Identifier: GPL-3.0-or-later

/// What one least-mean-squares step with Gaussian regressors does to the second moments of deviations w̃ = w° - w.
///
/// The step is w̃ ← (I - a μ u u') w̃ - a μ u v, with a = 1 with probability q and 0 otherwise. In blocks
/// K_kl = E w̃_k w̃_l', with K = K_kk of the stepping agent and E[u u' K u u'] = 2 R K R + R tr(K R):
///
///     K_kl ← (I - q_k μ_k R_k) K_kl (I - q_l μ_l R_l)                                 k ≠ l
///     K    ← K - q μ (R K + K R) + q μ² (2 R K R + R tr(K R)) + q μ² σ²_v R
///
/// For white regressors, R_k = σ²_k I, the traces G_kl = tr K_kl follow by themselves; then a block is one number, and
/// traces of R count M times: the own factor is 1 - 2 q x + q x² (M + 2) with x = μ σ².
///
/// Source: Isserlis, "On a formula for the product-moment coefficient", 1918, for the fourth moments.
struct GaussianAdaptation: Sendable {
  /// The number of agents, N.
  let agentCount: Int
  /// The numbers along one side of a block: M, or one for traces.
  let blockSize: Int
  /// How often a trace of a block counts: one, or M for traces.
  let multiplicity: Double
  /// R_k of each agent, block after block.
  let covariances: [Double]
  let stepSizes: [Double]
  let noiseVariances: [Double]
  /// q_k of each agent.
  let activeProbabilities: [Double]
  /// K_kl at the start, for w = 0: w° w°' or its trace.
  let initialBlock: [Double]

  /// Takes the costs apart, which must have a common minimiser.
  ///
  /// - Parameter usesTraces: whether blocks are replaced by their traces; only for white regressors.
  init(
    _ costs: QuadraticCosts, stepSizes: [Double], noiseVariances: [Double], activeProbabilities: [Double],
    usesTraces: Bool
  ) {
    let dimension = costs.dimension
    let truth = Array(costs.truth(of: 0))
    self.agentCount = costs.agentCount
    self.blockSize = usesTraces ? 1 : dimension
    self.multiplicity = usesTraces ? Double(dimension) : 1
    self.covariances =
      usesTraces ? costs.regressorVariances : (0..<costs.agentCount).flatMap { costs.covariance(of: $0) }
    self.stepSizes = stepSizes
    self.noiseVariances = noiseVariances
    self.activeProbabilities = activeProbabilities
    self.initialBlock =
      usesTraces ? [truth.reduce(0) { $0 + $1 * $1 }] : truth.flatMap { row in truth.map { row * $0 } }
  }

  /// The length of the stacked deviations of all agents.
  var size: Int { agentCount * blockSize }

  /// R_k of an agent.
  func covariance(of agent: Int) -> ArraySlice<Double> {
    covariances[agent * blockSize * blockSize..<(agent + 1) * blockSize * blockSize]
  }

  /// I - p μ_k R_k: what a step with probability p leaves of the mean deviation.
  func meanFactor(of agent: Int, probability: Double) -> [Double] {
    var factor = covariance(of: agent).map { -probability * stepSizes[agent] * $0 }
    for entry in 0..<blockSize { factor[entry * blockSize + entry] += 1 }
    return factor
  }

  /// The parts of E w̃_k w̃_k' of second order in μ_k, without q: μ² (2 R K R + R tr(K R)) + μ² σ²_v R; and μ² R K R.
  ///
  /// - Parameter block: K_kk before the step.
  func secondOrder(of agent: Int, _ block: [Double]) -> (whole: [Double], ofMean: [Double]) {
    let covariance = Array(covariance(of: agent))
    let square = stepSizes[agent] * stepSizes[agent]
    let half = blockProduct(covariance, block)
    let twice = blockProduct(half, covariance)
    let power = multiplicity * (trace(half, count: blockSize) + noiseVariances[agent])
    let whole = twice.indices.map { square * (2 * twice[$0] + covariance[$0] * power) }
    return (whole, twice.map { square * $0 })
  }

  /// K_kk after a step that is taken with some probability.
  func stepped(_ agent: Int, _ block: [Double], probability: Double) -> [Double] {
    // Both products, though K R = (R K)' on paper: what rounding makes asymmetric has to die out, too.
    let covariance = Array(covariance(of: agent))
    let left = blockProduct(covariance, block)
    let right = blockProduct(block, covariance)
    let second = secondOrder(of: agent, block).whole
    return block.indices.map { index in
      block[index] + probability * (second[index] - stepSizes[agent] * (left[index] + right[index]))
    }
  }

  /// The product of two blocks.
  func blockProduct(_ left: [Double], _ right: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: left.count)
    for row in 0..<blockSize {
      for inner in 0..<blockSize {
        let factor = left[row * blockSize + inner]
        for column in 0..<blockSize {
          result[row * blockSize + column] += factor * right[inner * blockSize + column]
        }
      }
    }
    return result
  }

  /// The step of every agent, on a matrix of which the first `size` rows and columns are deviations and the rest, if
  /// any, something that the step does not change.
  func adapt(_ moments: inout [Double], stride: Int) {
    let own = (0..<agentCount).map { agent in
      stepped(
        agent, block(moments, agent, agent, stride: stride), probability: activeProbabilities[agent])
    }
    for agent in 0..<agentCount {
      let factor = meanFactor(of: agent, probability: activeProbabilities[agent])
      scaleRows(&moments, agent, factor, stride: stride)
      scaleColumns(&moments, agent, factor, stride: stride)
    }
    for agent in 0..<agentCount { setBlock(&moments, agent, agent, stride: stride, own[agent]) }
  }

  /// K ← F K for the rows of one agent.
  func scaleRows(_ moments: inout [Double], _ agent: Int, _ factor: [Double], stride: Int) {
    let start = agent * blockSize * stride
    if blockSize == 1 {
      for column in 0..<stride { moments[start + column] *= factor[0] }
      return
    }
    let rows = Array(moments[start..<start + blockSize * stride])
    var product = rows
    multiply(factor, rows, rows: blockSize, inner: blockSize, columns: stride, into: &product)
    moments.replaceSubrange(start..<start + blockSize * stride, with: product)
  }

  /// K ← K F for the columns of one agent; F is symmetric.
  func scaleColumns(_ moments: inout [Double], _ agent: Int, _ factor: [Double], stride: Int) {
    var rowOfProduct = [Double](repeating: 0, count: blockSize)
    for row in 0..<stride {
      let start = row * stride + agent * blockSize
      for column in 0..<blockSize {
        var sum = 0.0
        for inner in 0..<blockSize { sum += moments[start + inner] * factor[inner * blockSize + column] }
        rowOfProduct[column] = sum
      }
      for column in 0..<blockSize { moments[start + column] = rowOfProduct[column] }
    }
  }

  /// K_kl, taken out.
  func block(_ moments: [Double], _ row: Int, _ column: Int, stride: Int) -> [Double] {
    (0..<blockSize * blockSize).map {
      moments[(row * blockSize + $0 / blockSize) * stride + column * blockSize + $0 % blockSize]
    }
  }

  /// Puts K_kl in its place.
  func setBlock(_ moments: inout [Double], _ row: Int, _ column: Int, stride: Int, _ block: [Double]) {
    for index in block.indices {
      moments[(row * blockSize + index / blockSize) * stride + column * blockSize + index % blockSize] = block[index]
    }
  }
}
