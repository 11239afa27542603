// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Networks
import Schema
import Testing

@Test func oneAgentAndTwoAgreeAtOnce() throws {
  for agents in [1, 2] {
    let network = try network(.ring(agents: agents))
    let whole = try #require(network.decomposedSpectrum())
    #expect(abs(whole.secondSingularValue) <= 1e-15)
    #expect(abs(try #require(whole.gap) - 1) <= 1e-15)
    #expect(abs(network.iteratedSpectrum(workLimit: 1000).secondSingularValue) <= 1e-15)
  }
  #expect(try network(.ring(agents: 1)).spectrum().lastSingularValue == 1)
}

@Test(arguments: [3, 10, 101, 1000])
func aRingHasTheSpectrumOfACirculantMatrix(agents: Int) throws {
  // Eigenvalues (1 + 2 cos 2πj/N) / 3.
  let eigenvalues = (1..<agents).map { abs(1 + 2 * cos(2 * Double.pi * Double($0) / Double(agents))) / 3 }
  let largest = try #require(eigenvalues.max())
  let spectrum = try network(.ring(agents: agents)).spectrum()
  #expect(abs(spectrum.secondSingularValue - largest) <= 1e-12)
  #expect(spectrum.isConverged)
  #expect((spectrum.method == .decomposition) == (agents <= 500))
}

@Test(arguments: [UInt64(1), 2, 3, 4])
func bothMethodsAgreeOnRandomGraphs(seed: UInt64) throws {
  for (agents, degree) in [(20, 4.0), (120, 6), (300, 9)] {
    let network = try network(
      .randomGeometric(agents: agents, reach: .meanDegree(degree)), requiresConnection: false, seed: seed)
    let whole = try #require(network.decomposedSpectrum())
    let iterated = network.iteratedSpectrum(workLimit: 100_000_000)
    #expect(iterated.isConverged)
    #expect(abs(whole.secondSingularValue - iterated.secondSingularValue) <= 1e-10)
    #expect(abs(whole.secondSingularValue - iterated.secondSingularValue) <= iterated.errorBound + whole.errorBound)
  }
}

@Test func aNetworkInPiecesNeverAgrees() throws {
  let pieces = try Network(
    names: ["a", "b", "c", "d"], edges: [NetworkSettings.Edge("a", "b"), NetworkSettings.Edge("c", "d")])
  #expect(abs(try #require(pieces.decomposedSpectrum()).secondSingularValue - 1) <= 1e-14)
  #expect(abs(pieces.iteratedSpectrum(workLimit: 1000).secondSingularValue - 1) <= 1e-14)
}

@Test func anUnfinishedIterationSaysSoAndGivesALowerBound() throws {
  let ring = try network(.ring(agents: 2000))
  let spectrum = ring.spectrum(workLimit: 40 * (2000 + 4000))
  let exact = (1 + 2 * cos(2 * Double.pi / 2000)) / 3
  #expect(!spectrum.isConverged && spectrum.method == .iteration(steps: 40))
  #expect(spectrum.secondSingularValue < exact && spectrum.secondSingularValue > 0.9)
}

/// Random graphs with a dense spectrum, one that spreads by its longest way only, and one whose second value stands alone.
@Test(arguments: ["random-regular", "barabasi-albert", "torus", "ring", "ring-of-cliques"])
func anEstimateIsAsNearAsItSays(topology: String) throws {
  let arguments: [String: Argument] =
    switch topology {
    case "random-regular": ["agents": .count(20_000), "degree": .count(6)]
    case "barabasi-albert": ["agents": .count(20_000), "edges-per-agent": .count(3)]
    case "torus": ["rows": .count(100), "columns": .count(100)]
    case "ring-of-cliques": ["cliques": .count(500), "clique-size": .count(10)]
    default: ["agents": .count(20_000)]
    }
  let definition = try #require(TopologyDefinition.all.first { $0.name == topology })
  let network = try network(.init(definition, Arguments(arguments)))
  let thorough = network.iteratedSpectrum(workLimit: 10_000_000_000)
  let quick = network.iteratedSpectrum(workLimit: 200 * (network.nodeCount + network.linkCount), estimate: 5e-4)
  #expect(quick.isEstimate && quick.isConverged && quick.errorBound <= 5e-4)
  #expect(abs(quick.secondSingularValue - thorough.secondSingularValue) <= 1e-3)
  #expect(quick.perronVector != nil && quick.missing == nil)
}
