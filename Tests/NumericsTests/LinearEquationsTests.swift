// SPDX-License-Identifier: GPL-3.0-or-later
import Numerics
import Testing

/// The Hilbert matrix of five rows has an inverse of whole numbers.
///
/// Source: Choi, "Tricks or treats with the Hilbert matrix", Am. Math. Monthly 90 (1983), for the inverse.
@Test func theInverseOfTheHilbertMatrixIsWhole() throws {
  let matrix = (1...5).flatMap { row in (1...5).map { 1 / Double(row + $0 - 1) } }
  let units = (0..<5).map { unit in (0..<5).map { $0 == unit ? 1.0 : 0 } }
  let inverse: [[Double]] = [
    [25, -300, 1050, -1400, 630], [-300, 4800, -18900, 26880, -12600], [1050, -18900, 79380, -117600, 56700],
    [-1400, 26880, -117600, 179200, -88200], [630, -12600, 56700, -88200, 44100],
  ]
  let found = try solutions(of: matrix, units).get()
  // The condition number is 4.8e5, so ten digits are right.
  for (column, expected) in zip(found, inverse) {
    for (value, whole) in zip(column, expected) { #expect(abs(value - whole) < 1e-9 * 179_200) }
  }
}

@Test func equationsWithoutAUniqueSolutionAreRefused() {
  #expect(solutions(of: [0, 0, 0, 0], [[1, 2]]) == .failure(.singular))
  #expect(solutions(of: [1, 2, 2, 4], [[1, 2]]) == .failure(.singular))
  #expect(solutions(of: [], []) == .success([]))
}
