// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Numerics
import Testing

/// Both rules are exact for polynomials of degree 11.
@Test func aPolynomialIsIntegratedExactly() {
  let value = integral(from: -1, to: 3, parts: 1, tolerance: 1e-9) { (place: Double) -> Double in
    let fourth = place * place * place * place
    return fourth * fourth * place * place * place - 7 * fourth + 2
  }
  // (3¹² − 1) / 12 − 7 (3⁵ + 1) / 5 + 8.
  let (twelfth, fifth) = (531_440.0 / 12, 244.0 / 5)
  #expect(abs(value - (twelfth - 7 * fifth + 8)) < 1e-8)
}

/// A peak of width 1e-3, a sixtieth of the parts to begin with.
@Test func aNarrowPeakIsFound() {
  let value = integral(from: 0, to: 1, tolerance: 1e-12) { place in
    let distance = (place - 0.3456) / 1e-3
    return exp(-distance * distance / 2)
  }
  let exact = 1e-3 * (2 * Double.pi).squareRoot()
  #expect(abs(value / exact - 1) < 1e-9)
}

@Test func aJumpIsFound() {
  let place = 1 / Double.pi
  let value = integral(from: 0, to: 1, tolerance: 1e-10) { $0 < place ? 1 : 3 }
  let exact: Double = 3 - 2 * place
  #expect(abs(value - exact) < 1e-9)
}

@Test func anEmptyIntervalHasNothing() {
  #expect(integral(from: 1, to: 1, tolerance: 1e-9) { _ in .nan } == 0)
}
