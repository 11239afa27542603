// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Testing
import Verification

/// Every expressible case meets the exact theory within the bars that the file states (a bar is several standard
/// errors of the file's number of runs; the seed is fixed).
@Test func synchronousAndNonCooperativeDiffusionMeetTheExactTheory() throws {
  let file = try #require(
    Bundle.module.url(
      forResource: "lms-rgg-metropolis", withExtension: "json", subdirectory: "Resources/theory"))
  let report = try Verifier(jobs: 2).verify(file: file.path)
  for check in report.checks {
    #expect(check.passes, "\(check.reference), \(check.quantity): \(check.seen) for \(check.expected) ± \(check.bar)")
  }
  #expect(Set(report.checks.map(\.reference)) == ["lms-rgg-metropolis/sync-atc", "lms-rgg-metropolis/noncooperative"])
  #expect(report.inexpressible.count == 6)
}

@Test(arguments: ["lms-star-averaging", "lms-hastings-variance", "lms-star-relative-degree"])
func otherCombinationRulesMeetTheExactTheory(name: String) throws {
  let file = try #require(
    Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Resources/theory"))
  let report = try Verifier(jobs: 2).verify(file: file.path)
  for check in report.checks {
    #expect(check.passes, "\(check.reference), \(check.quantity): \(check.seen) for \(check.expected) ± \(check.bar)")
  }
  #expect(Set(report.checks.map(\.reference)).contains("\(name)/sync-atc"))
}
