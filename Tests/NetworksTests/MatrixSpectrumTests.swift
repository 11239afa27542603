// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Testing

@Test func aMatrixHasTheSpectrumOfItsNetwork() throws {
  let network = try Network(
    NetworkSettings(topology: .randomGeometric(agents: 30, reach: .meanDegree(5)), weights: .init(.averaging)), seed: 3,
    replication: 0)
  let count = network.nodeCount
  var rows = [Double](repeating: 0, count: count * count)
  for agent in 0..<count { rows[agent * count + agent] = network.selfWeights[agent] }
  for link in 0..<network.linkCount {
    rows[network.senders[link].index * count + network.receivers[link].index] = network.weights[link]
  }
  let matrix = MatrixSpectrum(rows: rows, count: count)
  let expected = network.spectrum()
  #expect(matrix.perronVector == expected.perronVector && expected.perronVector != nil)
  #expect(matrix.secondSingularValue == expected.secondSingularValue)
  #expect(matrix.secondEigenvalueModulus == expected.secondEigenvalueModulus)
  #expect(abs(matrix.largestRowError - expected.largestRowError) < 1e-15)
  #expect(network.mixing(weights: network.weights, own: network.selfWeights) == matrix)
}

/// Two pieces whose weights are no fractions of two, so that rounding leaves no pivot zero.
@Test func inPiecesThereIsNoPerronVector() {
  let piece = [0.7, 0.1 + 0.2, 0.3, 0.7]
  var rows = [Double](repeating: 0, count: 16)
  for entry in 0..<4 {
    rows[entry / 2 * 4 + entry % 2] = piece[entry]
    rows[(2 + entry / 2) * 4 + 2 + entry % 2] = piece[entry]
  }
  let parted = MatrixSpectrum(rows: rows, count: 4)
  #expect(parted.perronVector == nil && abs((parted.secondEigenvalueModulus ?? 0) - 1) < 1e-12)
}

/// Agent 2 hears the others and nobody hears it: it does not count, and what they agree on is unique.
@Test func whoIsHeardByNobodyDoesNotCount() throws {
  let rows = [
    0.5, 0.5, 0.25,
    0.5, 0.5, 0.25,
    0, 0, 0.5,
  ]
  let matrix = MatrixSpectrum(rows: rows, count: 3)
  let perron = try #require(matrix.perronVector)
  #expect(zip(perron, [0.5, 0.5, 0]).allSatisfy { abs($0 - $1) < 1e-12 })
  #expect(abs(matrix.largestRowError - 0.5) < 1e-15)
  // Two agents that hear nobody decide each for itself.
  #expect(MatrixSpectrum(rows: [1, 0, 0.5, 0, 1, 0.5, 0, 0, 0], count: 3).perronVector == nil)
}
