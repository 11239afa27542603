// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Studies
import Testing

/// Searches on a made-up curve from the factor to decibels above the level.
private func search(tolerance: Double = 0.1, _ excess: (Double) -> Double) -> StepSizeSearch {
  var search = StepSizeSearch(tolerance: tolerance)
  while let factor = search.next { search.add(factor: factor, excess: excess(factor)) }
  return search
}

/// The factor that a search settled on.
private func choice(_ search: StepSizeSearch) -> Double { exp(search.points[search.choice].position) }

/// The level of small steps against that of the factor `match`: 10 dB for a factor of ten.
private func smallSteps(match: Double) -> (Double) -> Double { { 10 * log10($0 / match) } }

/// Gradient noise grows with the step size, what is left of the start falls with it.
private func valley(_ factor: Double, left: Double) -> Double { 10 * log10(factor + 1e4 * exp(-factor / left)) }

@Test(arguments: [1, 1.02, 0.1, 0.7, 1.3, 4, 30]) func smallStepsAreMatchedInTwoTriesOrThree(match: Double) {
  let search = search(smallSteps(match: match))
  #expect(search.isMet)
  #expect(abs(10 * log10(choice(search) / match)) <= 0.1)
  // Steps are limited to a factor of six, so far roots take one more.
  #expect(search.points.count <= 4)
}

@Test func anArmThatIsAccurateEnoughIsLeftAsItIs() {
  let search = search { _ in 0.05 }
  #expect(search.isMet && search.points.count == 1 && choice(search) == 1)
}

@Test(arguments: [0.5, 1.0, 2.0]) func theFasterOfTwoEquallyAccurateStepSizesIsFound(start: Double) {
  // The valley has its bottom near 1.1 (for left = 0.1): both slopes pass the level, and the right one is faster.
  let level = valley(2.5, left: 0.1)
  let search = search { valley($0 * start, left: 0.1) - level }
  #expect(search.isMet)
  #expect(abs(choice(search) * start / 2.5 - 1) < 0.03)
}

@Test func aLevelBelowTheValleyIsGivenUpAtItsBottom() {
  let search = search { valley($0, left: 0.1) - valley(1.15, left: 0.1) + 3 }
  #expect(!search.isMet)
  #expect(search.points.count <= StepSizeSearch.mostAttempts)
  let bottom = (50...300).map { Double($0) / 100 }.min { valley($0, left: 0.1) < valley($1, left: 0.1) } ?? 0
  #expect(abs(log(choice(search) / bottom)) < log(1.3))
}

@Test func divergenceIsLeftDownwards() {
  let search = search { $0 > 0.3 ? .infinity : 10 * log10($0 / 0.2) }
  #expect(search.isMet && abs(choice(search) / 0.2 - 1) < 0.03)
}

@Test func theEdgeOfDivergenceIsNotCrossedForGood() {
  // The level lies just below the edge: 0.9 of the step size at which the arm diverges.
  let search = search { $0 > 2 ? .infinity : 10 * log10($0 / 1.8) }
  #expect(search.isMet && choice(search) < 2)
  let unreachable = StepSizeSearchTests.unreachable
  #expect(!unreachable.isMet && choice(unreachable) < 2)
}

private enum StepSizeSearchTests {
  /// Diverges before it is as inaccurate as asked for.
  static var unreachable: StepSizeSearch { search { $0 > 2 ? .infinity : 10 * log10($0 / 8) } }
}

@Test(arguments: [3.0, -3.0, .infinity, -.infinity, .nan]) func whatStepSizesDoNotChangeIsGivenUp(excess: Double) {
  let search = search { _ in excess }
  #expect(!search.isMet)
  #expect(search.points.allSatisfy { abs($0.position) <= StepSizeSearch.reach + 1e-12 })
}

@Test func noiseOfHalfADecibelDoesNotKeepItFromMatching() {
  // A smooth wave of the factor, as pilots give: the same noise at the same step size.
  for phase in 0..<40 {
    for match in [0.05, 0.4, 1.5, 12] {
      let search = search { 10 * log10($0 / match) + 0.5 * sin(7 * log($0) + Double(phase)) }
      #expect(search.isMet, "phase \(phase), match \(match)")
      #expect(abs(10 * log10(choice(search) / match)) < 0.65)
    }
  }
}

@Test func stepsInTheLevelEndTheSearchAtTheNearest() {
  let search = search { $0 < 0.77 ? -1 : 2 }
  #expect(!search.isMet)
  #expect(choice(search) < 0.77)
}
