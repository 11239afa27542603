// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Simulation

/// What a reader wants to know about a network.
package struct NetworkFacts: Sendable, Codable, Equatable {
  package let agents: Int
  /// In words, such as `random geometric`.
  package let topology: String
  /// Whether links go one way only.
  package let isDirected: Bool
  /// The combination rule.
  package let weights: String
  /// Undirected edges; of a directed graph its links.
  package let edges: Int
  package let meanDegree: Double
  package let leastDegree: Int
  package let greatestDegree: Int
  /// How often the graph was drawn again before it was connected.
  package let redraws: Int
  /// The second singular value of the combination matrix; nothing where it would take too long to find. Where agents send to
  /// one peer after the other, that of the product over a period to the power of one over its turns; nothing where they
  /// send to one that is drawn.
  package let secondSingularValue: Double?
  /// How far that presumably is from the true value at most, where it is an estimate: on large networks.
  package private(set) var singularValueError: Double?
  /// Why it is not given, as a sentence; nothing where it is, or there is none.
  package private(set) var spectrumReason: String?
  /// One minus the second largest modulus of the eigenvalues; nothing where it is not known.
  package let spectralGap: Double?
  /// The largest difference of a row's sum of the combination matrix from one. Zero but for rounding means that all
  /// agents count for the same.
  package let largestRowError: Double
  /// The least and the greatest share that an agent has in what all agree on, times the number of agents.
  package let leastInfluence: Double?
  package let greatestInfluence: Double?

  /// The facts of agents around a fusion centre.
  init(starOf agents: Int) {
    self.agents = agents
    topology = "star with a fusion centre"
    isDirected = false
    weights = "none"
    edges = agents
    meanDegree = agents > 0 ? 2 * Double(agents) / Double(agents + 1) : 0
    leastDegree = min(1, agents)
    greatestDegree = agents
    redraws = 0
    secondSingularValue = nil
    spectralGap = nil
    largestRowError = 0
    leastInfluence = nil
    greatestInfluence = nil
  }

  /// The facts of a network that these settings made.
  init(_ network: Network, _ settings: NetworkSettings) {
    agents = network.nodeCount
    topology = settings.topology.definition.title
    isDirected = network.isDirected
    weights = settings.weights.rule.name
    edges = network.isDirected ? network.linkCount : network.linkCount / 2
    meanDegree = agents > 0 ? Double(network.linkCount) / Double(agents) : 0
    let degrees = (0..<agents).map { network.incomingStart[$0 + 1] - network.incomingStart[$0] }
    leastDegree = degrees.min() ?? 0
    greatestDegree = degrees.max() ?? 0
    redraws = network.redraws
    let spectrum = network.quickSpectrum()
    switch settings.sendTo {
    case .all:
      if !spectrum.isConverged {
        spectrumReason =
          "The second singular value of the combination matrix is not given: it would take too many products with the matrix."
      }
      if spectrum.isEstimate { singularValueError = spectrum.errorBound }
      secondSingularValue = spectrum.isConverged ? spectrum.secondSingularValue : nil
      spectralGap = spectrum.isConverged ? spectrum.gap : nil
    case .onePeer:
      secondSingularValue = onePeerSingularValue(agents: agents)
      spectralGap = nil
    case .randomNeighbour: (secondSingularValue, spectralGap) = (nil, nil)
    }
    largestRowError = spectrum.largestRowError
    leastInfluence = spectrum.perronVector?.min().map { $0 * Double(network.nodeCount) }
    greatestInfluence = spectrum.perronVector?.max().map { $0 * Double(network.nodeCount) }
  }
}

extension NetworkFacts {
  /// Whether the rows of the combination matrix sum to one as its columns do.
  package var isDoublyStochastic: Bool { largestRowError <= CombinationWeights.tolerance }
}
