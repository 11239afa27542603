// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Networks
import Testing

@Test(arguments: [3, 10, 101])
func aLazyRingHasEigenvaluesFromZeroToOne(agents: Int) throws {
  // Eigenvalues (1 + cos 2πj/N) / 2.
  let settings = NetworkSettings(topology: .ring(agents: agents), weights: .init(.lazyMetropolis))
  let spectrum = try Network(settings, seed: 1, replication: 0).spectrum()
  let eigenvalues = (0..<agents).map { (1 + cos(2 * Double.pi * Double($0) / Double(agents))) / 2 }.sorted(by: >)
  #expect(abs(spectrum.secondSingularValue - eigenvalues[1]) <= 1e-12)
  #expect(abs(try #require(spectrum.lastSingularValue) - eigenvalues[agents - 1]) <= 1e-12)
}

@Test(arguments: TopologyExample.all)
func aLazyAgentKeepsAtLeastHalfAndNoDisagreementChangesItsSign(_ example: TopologyExample) throws {
  let graph = try example.graph()
  guard !graph.isDirected else { return }
  let network = try Network(graph, weights: .init(.lazyMetropolis), redraws: 0)
  #expect(network.selfWeights.allSatisfy { $0 >= 0.5 - 1e-15 })
  let values = (0..<network.nodeCount).map { cos(Double(7 * $0)) }
  var form = zip(network.selfWeights, values).reduce(0) { $0 + $1.0 * $1.1 * $1.1 }
  for link in 0..<network.linkCount {
    form += network.weights[link] * values[network.senders[link].index] * values[network.receivers[link].index]
  }
  #expect(form >= -1e-12)
}
