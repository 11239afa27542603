// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Simulation

/// What a reader wants to know about a network.
package struct NetworkFacts: Sendable, Codable, Equatable {
  package let agents: Int
  /// In words, such as `random geometric`.
  package let topology: String
  /// Undirected edges.
  package let edges: Int
  package let meanDegree: Double
  package let leastDegree: Int
  package let greatestDegree: Int
  /// How often the graph was drawn again before it was connected.
  package let redraws: Int
  /// The second singular value of the combination matrix; nothing where it would take too long to find.
  package let secondSingularValue: Double?

  /// The facts of a network that these settings made.
  init(_ network: Network, _ settings: NetworkSettings) {
    agents = network.agentCount
    topology =
      switch settings.topology {
      case .ring: "ring"
      case .randomGeometric: "random geometric"
      case .edgeList: "edge list"
      }
    edges = network.linkCount / 2
    meanDegree = agents > 0 ? Double(network.linkCount) / Double(agents) : 0
    let degrees = (0..<agents).map { network.incomingStart[$0 + 1] - network.incomingStart[$0] }
    leastDegree = degrees.min() ?? 0
    greatestDegree = degrees.max() ?? 0
    redraws = network.redraws
    let spectrum = network.spectrum(workLimit: 1_000_000_000)
    secondSingularValue = spectrum.isConverged ? spectrum.secondSingularValue : nil
  }
}

extension Study {
  /// The facts about the network of each arm in replication 0. Arms with the same network share the work.
  package var networkFacts: [NetworkFacts] {
    var known: [(settings: NetworkSettings, facts: NetworkFacts)] = []
    return zip(scenario.arms, worlds).map { arm, world in
      let settings = arm.settings.network
      if let facts = known.first(where: { $0.settings == settings })?.facts { return facts }
      let facts = NetworkFacts(world.network, settings)
      known.append((settings, facts))
      return facts
    }
  }
}
