// SPDX-License-Identifier: GPL-3.0-or-later

/// The combination matrix that a run has realised in a window of virtual time: what agents did with each other's estimates,
/// beside what the network's weights would have them do.
///
/// In all matrices the entry of row l and column k is the weight of agent l in agent k; agents are in the order of their
/// names, and columns sum to one.
package struct RealisedWindow: Sendable, Codable, Equatable {
  /// How a matrix mixes.
  package struct Mixing: Sendable, Codable, Equatable {
    /// How much each agent counts for in what all would agree on; nothing where that is not unique, or was not found.
    package var perron: [Double]?
    /// The second largest modulus among the eigenvalues; nothing where it was not found.
    package var secondEigenvalueModulus: Double?
    /// The second largest singular value; nothing where it was not found.
    package var secondSingularValue: Double?
    /// The largest difference of a row's sum from one: how far agents are from counting for the same.
    package var rowSumError: Double

    package init(
      perron: [Double]?, secondEigenvalueModulus: Double?, secondSingularValue: Double?, rowSumError: Double
    ) {
      self.perron = perron
      self.secondEigenvalueModulus = secondEigenvalueModulus
      self.secondSingularValue = secondSingularValue
      self.rowSumError = rowSumError
    }
  }

  /// What one agent made of another's estimates.
  package struct LinkUse: Sendable, Equatable {
    /// The ranks of both by name.
    package var sender: Int
    package var receiver: Int
    /// In how many combinations of the receiver an estimate of the sender had a weight.
    package var uses: UInt64
    /// The sum of these weights.
    package var weight: Double
    /// Seconds from the making of an estimate to its use: the mean with the weights, and the largest.
    package var meanAge: Double
    package var largestAge: Double

    package init(sender: Int, receiver: Int, uses: UInt64, weight: Double, meanAge: Double, largestAge: Double) {
      self.sender = sender
      self.receiver = receiver
      self.uses = uses
      self.weight = weight
      self.meanAge = meanAge
      self.largestAge = largestAge
    }
  }

  /// The matrices themselves, which may be large: results are read without them unless somebody asks.
  package struct Matrices: Sendable, Equatable {
    /// Links whose estimates were used, by receiver and sender.
    package var uses: [LinkUse]
    /// The product, row after row; nothing where it is not kept.
    package var product: [Double]?

    package init(uses: [LinkUse], product: [Double]?) {
      self.uses = uses
      self.product = product
    }
  }

  /// Seconds of virtual time. What happens at the end belongs to the next window; a run that ends cuts its last one short.
  package var start: Double
  package var end: Double
  /// Combinations, and steps that have ended, of each agent.
  package var combinations: [UInt64]
  package var steps: [UInt64]
  /// The mean weight that each agent gave to its own estimate; one where it did not combine.
  package var ownWeights: [Double]
  /// The matrix of mean weights: of each agent the mean over its combinations, an estimate counted for its maker, however
  /// old it was.
  package var mean: Mixing
  /// The matrix whose entry is the weight of l's parameters at the start in k's at the end. Nothing where it is not kept.
  package var product: Mixing?
  /// The share of each agent among all steps of the window that are in the parameters at its end; nothing where the product
  /// is not kept, or no step is.
  package var participation: [Double]?
  /// Nothing where they were not read.
  package var matrices: Matrices?

  package init(
    start: Double, end: Double, combinations: [UInt64], steps: [UInt64], ownWeights: [Double], mean: Mixing,
    product: Mixing? = nil, participation: [Double]? = nil, matrices: Matrices? = nil
  ) {
    self.start = start
    self.end = end
    self.combinations = combinations
    self.steps = steps
    self.ownWeights = ownWeights
    self.mean = mean
    self.product = product
    self.participation = participation
    self.matrices = matrices
  }

  private enum CodingKeys: String, CodingKey {
    case start, end, combinations, steps, ownWeights, mean, product, participation
  }
}

extension RealisedWindow {
  /// How many agents with equal shares would have the same sum of squared shares: 1 / Σ share². Nothing without shares.
  package var effectiveAgents: Double? {
    participation.map { shares in 1 / shares.reduce(0) { $0 + $1 * $1 } }
  }

  /// The matrix of mean weights, row after row; nothing where matrices were not read.
  package var meanMatrix: [Double]? {
    matrices.map { matrices in
      let count = ownWeights.count
      var entries = [Double](repeating: 0, count: count * count)
      for agent in 0..<count { entries[agent * count + agent] = ownWeights[agent] }
      for use in matrices.uses {
        entries[use.sender * count + use.receiver] = use.weight / Double(combinations[use.receiver])
      }
      return entries
    }
  }
}
