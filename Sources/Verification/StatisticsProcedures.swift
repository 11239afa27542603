// SPDX-License-Identifier: GPL-3.0-or-later

/// Kind `statistics`: procedures of statistics with fixed data, which make no run. They are held against their
/// references where the statistics themselves are tested, so here all of them are skipped by name.
struct StatisticsProcedures: ReferenceCase {
  static let kind = "statistics"
  /// The value of `schema` in these files, a number.
  static let schema = 1

  struct Case: Decodable, Sendable {
    let procedure: String
  }

  let cases: [Case]

  func report(_ verifier: Verifier) -> VerificationReport {
    let procedures = Set(cases.map(\.procedure)).sorted()
    return VerificationReport(skipped: procedures.map { .init(reference: "\(Self.kind)/\($0)", kind: Self.kind) })
  }
}
