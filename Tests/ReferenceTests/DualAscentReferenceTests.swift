// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Testing
import Verification

/// The reference of dual ascent with the trace up to some iteration; its policy becomes deterministic at the twelfth.
private func dualAscent(tracedTo last: Int, deterministicAt first: Int = 12) throws -> VerificationReport {
  let file = Bundle.module.bundleURL.appendingPathComponent("Resources/theory/dual-ascent.json")
  var content = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
  var expected = try #require(content["expected"] as? [String: Any])
  let trace = try #require(expected["trace"] as? [[String: Any]])
  expected["trace"] = trace.filter { ($0["k"] as? Int ?? .max) <= last }
  expected["first_iteration_with_deterministic_policy"] = first
  content["expected"] = expected
  return try Verifier(jobs: 1).verify(Reference(JSONSerialization.data(withJSONObject: content)))
}

/// The policy becomes deterministic after the last traced iteration.
@Test(arguments: [0, 1, 5, 11]) func dualAscentRunsUpToItsDeterministicPolicy(last: Int) throws {
  let report = try dualAscent(tracedTo: last)
  #expect(report.passes && report.checks.contains { $0.quantity == "first deterministic policy" && $0.seen == 12 })
}

/// An iteration before it, and one after it, is wrong.
@Test(arguments: [11, 13]) func aWrongIterationIsSeen(first: Int) throws {
  #expect(!(try dualAscent(tracedTo: 5, deterministicAt: first)).passes)
}

@Test(arguments: [-1, Int.max]) func anIterationThatThereIsNotIsRefused(first: Int) {
  #expect(throws: ReferenceError.self) { try dualAscent(tracedTo: 5, deterministicAt: first) }
}
