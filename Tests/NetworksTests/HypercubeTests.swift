// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Schema
import Testing

@Test(arguments: 1...10)
func aHypercubeHasTheSpectrumOfItsDigits(dimension: Int) throws {
  let cube = try network(.init(.hypercube, Arguments(["dimension": .count(dimension)])))
  #expect(cube.nodeCount == 1 << dimension && cube.linkCount == dimension << dimension)
  // The Laplacian has the eigenvalues 2j, and the Metropolis matrix is 1 - L / (d + 1).
  let expected = Double(dimension - 1) / Double(dimension + 1)
  #expect(abs(cube.spectrum().secondSingularValue - expected) <= 1e-12)
}

@Test func neighboursOnAHypercubeDifferInOneDigit() throws {
  let cube = try network(.init(.hypercube, Arguments(["dimension": .count(6)])))
  for link in 0..<cube.linkCount {
    #expect((cube.senders[link].rank ^ cube.receivers[link].rank).nonzeroBitCount == 1)
  }
}
