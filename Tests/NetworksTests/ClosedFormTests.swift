// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Networks
import Quantities
import Schema
import Testing

private func made(_ definition: TopologyDefinition, _ arguments: [String: Argument]) throws -> Network {
  try network(.init(definition, Arguments(arguments)))
}

private func degrees(_ network: Network) -> [Int] { (0..<network.nodeCount).map { network.degree(NodeID($0)) } }

@Test func degreesOfFixedTopologiesAreTheirOwn() throws {
  #expect(degrees(try made(.path, ["agents": .count(5)])) == [1, 2, 2, 2, 1])
  #expect(degrees(try made(.star, ["agents": .count(5)])) == [4, 1, 1, 1, 1])
  #expect(degrees(try made(.complete, ["agents": .count(5)])) == [4, 4, 4, 4, 4])
  #expect(Set(degrees(try made(.ring, ["agents": .count(9), "degree": .count(4)]))) == [4])
  #expect(Set(degrees(try made(.ring, ["agents": .count(5), "degree": .count(4)]))) == [4])
  #expect(degrees(try made(.grid, ["rows": .count(2), "columns": .count(3)])) == [2, 3, 2, 2, 3, 2])
  #expect(Set(degrees(try made(.torus, ["rows": .count(3), "columns": .count(7)]))) == [4])
  #expect(Set(degrees(try made(.torus, ["rows": .count(2), "columns": .count(7)]))) == [3])
  #expect(
    degrees(try made(.ringOfCliques, ["cliques": .count(3), "clique-size": .count(3)])) == [3, 2, 3, 3, 2, 3, 3, 2, 3])
  #expect(Set(degrees(try made(.circulant, ["agents": .count(8), "offsets": .counts([1, 4])]))) == [3])
}

@Test func aRingOfDegreeTwoIsTheRing() throws {
  let plain = try made(.ring, ["agents": .count(7)])
  let same = try made(.ring, ["agents": .count(7), "degree": .count(2)])
  #expect(plain.senders == same.senders && plain.receivers == same.receivers && plain.weights == same.weights)
}

@Test func aGridIsNumberedRowByRow() throws {
  let grid = try made(.grid, ["rows": .count(3), "columns": .count(4)])
  #expect(grid.incoming(NodeID(5)).map { grid.senders[$0].index } == [1, 4, 6, 9])
  let torus = try made(.torus, ["rows": .count(3), "columns": .count(4)])
  #expect(torus.incoming(NodeID(0)).map { torus.senders[$0].index } == [1, 3, 4, 8])
}

@Test(arguments: [(3, 3), (3, 5), (4, 7), (20, 30)])
func aTorusHasTheSpectrumOfItsTwoRings(rows: Int, columns: Int) throws {
  // Metropolis eigenvalues (1 + 2 cos 2πi/R + 2 cos 2πj/C) / 5.
  let torus = try made(.torus, ["rows": .count(rows), "columns": .count(columns)])
  func wave(_ index: Int, _ count: Int) -> Double { 2 * cos(2 * Double.pi * Double(index) / Double(count)) }
  let moduli = (0..<rows).flatMap { row in
    (0..<columns).map { abs(1 + wave(row, rows) + wave($0, columns)) / 5 }
  }.sorted(by: >)
  #expect(abs(torus.spectrum().secondSingularValue - moduli[1]) <= 1e-9)
}

@Test(arguments: [3, 8, 50])
func completeGraphsAgreeAtOnceAndStarsByTheirClosedForm(agents: Int) throws {
  #expect(try made(.complete, ["agents": .count(agents)]).spectrum().secondSingularValue <= 1e-14)
  // Metropolis on a star: 1 - 1/N, N - 2 times, and 0.
  let star = try made(.star, ["agents": .count(agents)]).spectrum()
  #expect(abs(star.secondSingularValue - (1 - 1 / Double(agents))) <= 1e-13)
  // Averaging on a star counts the middle for N, the others for 2 each.
  let averaging = NetworkSettings(
    topology: .init(.star, Arguments(["agents": .count(agents)])), weights: .init(.averaging))
  let perron = try #require(try Network(averaging, seed: 1, replication: 0).spectrum().perronVector)
  let total = Double(agents + 2 * (agents - 1))
  #expect(abs(perron[0] - Double(agents) / total) <= 1e-13 && abs(perron[1] - 2 / total) <= 1e-13)
}

@Test(arguments: [2, 5, 40])
func aPathHasTheSpectrumOfTheDiscreteCosine(agents: Int) throws {
  // Laplacian weights with β = 1/3: eigenvalues 1 - 2 (1 - cos πj/N) / 3.
  var settings = NetworkSettings(topology: .init(.path, Arguments(["agents": .count(agents)])))
  settings.weights = .init(.laplacian, Arguments(["beta": .number(1.0 / 3)]))
  let spectrum = try Network(settings, seed: 1, replication: 0).spectrum()
  let moduli = (0..<agents).map { abs(1 - 2 * (1 - cos(Double.pi * Double($0) / Double(agents))) / 3) }.sorted(by: >)
  #expect(abs(spectrum.secondSingularValue - moduli[1]) <= 1e-13)
}

@Test(arguments: [8, 13, 600])
func theExponentialGraphHasTheSpectrumOfACirculantMatrix(agents: Int) throws {
  var settings = NetworkSettings(topology: .init(.exponential, Arguments(["agents": .count(agents)])))
  settings.weights = .init(.averaging)
  let network = try Network(settings, seed: 1, replication: 0)
  let steps = (0..<20).map { 1 << $0 }.filter { $0 < agents }
  #expect(network.isDirected && network.linkCount == agents * steps.count)
  #expect(network.incoming(NodeID(0)).map { agents - network.senders[$0].index } == steps.reversed())
  // A circulant matrix is normal: its singular values are the moduli of its eigenvalues.
  let moduli = (0..<agents).map { index -> Double in
    let angles = ([0] + steps).map { 2 * Double.pi * Double(index * $0) / Double(agents) }
    let (real, imaginary) = (angles.reduce(0) { $0 + cos($1) }, angles.reduce(0) { $0 + sin($1) })
    return (real * real + imaginary * imaginary).squareRoot() / Double(angles.count)
  }.sorted(by: >)
  let spectrum = network.spectrum()
  #expect(spectrum.isDoublyStochastic && spectrum.isConverged)
  #expect(abs(spectrum.secondSingularValue - moduli[1]) <= 1e-9)
  if agents <= 500 {
    #expect(abs(try #require(spectrum.secondEigenvalueModulus) - moduli[1]) <= 1e-9)
  } else {
    #expect(spectrum.secondEigenvalueModulus == nil && spectrum.missing?.contains("up to 500 agents") == true)
  }
}
