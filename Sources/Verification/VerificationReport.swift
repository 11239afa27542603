// SPDX-License-Identifier: GPL-3.0-or-later

/// What the engine made of reference cases.
package struct VerificationReport: Sendable, Codable, Equatable {
  /// One number compared with its expectation.
  package struct Check: Sendable, Codable, Equatable {
    /// The file's id and the experiment's name.
    package var reference: String
    package var quantity: String
    /// The agent that it is about, if it is about one.
    package var agent: Int?
    /// How many runs were averaged; nothing if chance plays no part.
    package var runs: Int?
    package var expected: Double
    package var seen: Double
    /// The largest difference that passes.
    package var bar: Double

    package init(
      reference: String, quantity: String, agent: Int? = nil, runs: Int? = nil, expected: Double, seen: Double,
      bar: Double
    ) {
      self.reference = reference
      self.quantity = quantity
      self.agent = agent
      self.runs = runs
      self.expected = expected
      self.seen = seen
      self.bar = bar
    }

    /// Whether the difference is within the bar; a number that is not finite never is.
    package var passes: Bool { seen.isFinite && abs(seen - expected) <= bar }

    /// The difference as a share of the bar; above one it does not pass.
    package var shareOfBar: Double {
      if passes, seen == expected { return 0 }
      let share = abs(seen - expected) / bar
      return share.isNaN ? .infinity : share
    }
  }

  /// A reference of a kind that Starling cannot run yet.
  package struct Skipped: Sendable, Codable, Equatable {
    package var reference: String
    package var kind: String
  }

  package var checks: [Check] = []
  package var skipped: [Skipped] = []

  package init(checks: [Check] = [], skipped: [Skipped] = []) {
    self.checks = checks
    self.skipped = skipped
  }

  /// The checks of several cases, in their order.
  ///
  /// - Throws: what is wrong with one, with its number.
  init<Case>(of cases: [Case], _ checks: (_ number: Int, Case) throws -> [Check]) throws {
    self.init()
    for (number, one) in cases.enumerated() {
      do {
        self.checks += try checks(number, one)
      } catch let error as ReferenceError {
        throw ReferenceError("case \(number): \(error.description)")
      }
    }
  }

  /// Whether every check passed.
  package var passes: Bool { checks.allSatisfy(\.passes) }

  /// The check that came nearest to its bar, or went furthest beyond.
  package var worst: Check? { checks.max { $0.shareOfBar < $1.shareOfBar } }

  /// Adds another report.
  package mutating func append(_ other: VerificationReport) {
    checks += other.checks
    skipped += other.skipped
  }
}
