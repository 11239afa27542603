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
    package var expected: Double
    package var seen: Double
    /// The largest difference that passes.
    package var bar: Double

    /// Whether the difference is within the bar; a number that is not finite never is.
    package var passes: Bool { abs(seen - expected) <= bar }

    /// The difference as a share of the bar; above one it does not pass.
    package var strain: Double {
      let share = abs(seen - expected) / bar
      return share.isNaN ? .infinity : share
    }
  }

  /// A case that Starling cannot express.
  package struct Inexpressible: Sendable, Codable, Equatable {
    package var reference: String
    /// What Starling lacks for it.
    package var lacking: String
  }

  package var checks: [Check] = []
  package var inexpressible: [Inexpressible] = []

  package init() {}

  /// Whether every check passed.
  package var passes: Bool { checks.allSatisfy(\.passes) }

  /// Adds another report.
  package mutating func append(_ other: VerificationReport) {
    checks += other.checks
    inexpressible += other.inexpressible
  }
}
