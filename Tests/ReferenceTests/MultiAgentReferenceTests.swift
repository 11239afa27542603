// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Testing
import Verification

/// What worlds of several players, and agents that play them, are held against.
struct MultiAgentReferenceTests {
  private func file(_ name: String) throws -> Document {
    let url = Bundle.module.bundleURL.appendingPathComponent("Resources/rl/\(name).json")
    return Document(try JSONSerialization.jsonObject(with: Data(contentsOf: url)))
  }

  private func report(_ document: Document) throws -> VerificationReport {
    let data = try JSONSerialization.data(withJSONObject: document.value)
    return try Verifier(jobs: 1).verify(Reference(data))
  }

  /// The paths of numbers whose change goes unnoticed, of the last number of every list and every single number.
  private func unnoticed(_ document: Document, in cases: Int) throws -> [String] {
    let paths = document.pathsOfLastNumbers([.key("cases"), .index(cases)])
    #expect(paths.count > 10)
    return paths.filter { path in
      let changed = document.replacing(path) { $0 + ($0 == $0.rounded() ? 1 : 1e-6) }
      return (try? report(changed))?.passes == true
    }.map { $0.map(\.description).joined(separator: ".") }
  }

  /// On one machine places and velocities are those of the other program bit for bit.
  @Test func worldsOfPlayersAreTheSameBitForBit() throws {
    let report = try report(file("particle"))
    #expect(report.passes && report.checks.count == 24)
    let exact = report.checks.filter { $0.quantity.contains("positions") || $0.quantity.contains("velocities") }
    #expect(exact.count == 12 && exact.allSatisfy { $0.seen == 0 })
  }

  /// What may change are how far those see who see everything, and the edge that nobody comes to.
  @Test func aChangedNumberOfAWorldIsNoticed() throws {
    let document = try file("particle")
    let idle = #/cases\.0\.(size|sight)/#
    let unnoticed = try unnoticed(document, in: 0)
    #expect(unnoticed.allSatisfy { $0.wholeMatch(of: idle) != nil }, "\(unnoticed)")
  }

  /// What may change are what moves all scores of relations alike, what is out of sight, and all of a row that sees nothing.
  @Test func aChangedNumberOfPlayersIsNoticed() throws {
    let document = try file("marl")
    #expect(try report(document).passes)
    let idle = #/cases\.0\.(params\.phi\.5|entities|entities_next|target_actions|uniforms_samples)\..*/#
    let unnoticed = try unnoticed(document, in: 0)
    #expect(unnoticed.allSatisfy { $0.wholeMatch(of: idle) != nil }, "\(unnoticed)")
    #expect(unnoticed.count < 10)
  }

  @Test(arguments: [
    ("particle", "scenario", "\"sea\"", "the world 'sea' is not known."),
    ("particle", "pos0", "[[0, 0]]", "a step has not a place, a velocity and an action for each player."),
    ("particle", "live", "[]", "there are no steps, or not all of everything for each."),
    (
      "particle", "alpha", "2",
      "there are no players or landmarks, or too many, or 'alpha', 'size' or 'sight' is no such."
    ),
    (
      "marl", "tau", "0",
      "a size is not from 1 to 1000, or 'tau', 'gamma' or 'entropy_coefficient' is no such."
    ),
    ("marl", "own", "[[1]]", "what is seen, or a uniform number, is not there for each row."),
    (
      "marl", "actions", "[9]",
      "an action is none of the policy's, an end is neither 0 nor 1, or one is missing."
    ),
  ])
  func whatCannotBeIsSaid(name: String, key: String, text: String, sentence: String) throws {
    let value = try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
    let changed = try file(name).replacing([.key("cases"), .index(0), .key(key)], by: value)
    let error = #expect(throws: ReferenceError.self) { try report(changed) }
    #expect(try #require(error).description.hasSuffix(": case 0: " + sentence))
  }
}
