// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Numerics
import Testing

/// Both rules are exact for polynomials of degree 11.
@Test func aPolynomialIsIntegratedExactly() {
  let value = integral(from: -1, to: 3, parts: 1, tolerance: 1e-9) { pow($0, 11) - 7 * pow($0, 4) + 2 }
  #expect(abs(value - ((pow(3.0, 12) - 1) / 12 - 7 * (pow(3.0, 5) + 1) / 5 + 8)) < 1e-9)
}

/// A peak of width 1e-4 that no point of the first parts meets.
@Test func aNarrowPeakIsFound() {
  let value = integral(from: 0, to: 1, tolerance: 1e-12) { exp(-pow(($0 - 0.3456) / 1e-4, 2) / 2) }
  #expect(abs(value / (1e-4 * (2 * Double.pi).squareRoot()) - 1) < 1e-9)
}

@Test func aJumpIsFound() {
  let place = 1 / Double.pi
  #expect(abs(integral(from: 0, to: 1, tolerance: 1e-10) { $0 < place ? 1 : 3 } - (3 - 2 * place)) < 1e-9)
}

@Test func anEmptyIntervalHasNothing() {
  #expect(integral(from: 1, to: 1, tolerance: 1e-9) { _ in .nan } == 0)
}
