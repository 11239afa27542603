// SPDX-License-Identifier: GPL-3.0-or-later

/// How the study of a results file differs from the one that is asked for, a line for each setting; empty where they are
/// one study.
///
/// Settings are texts here, and the same study may be written in other texts by another version. Whoever knows
/// scenarios reads both again and compares what they mean.
package typealias StudyComparison = @Sendable (_ known: StudyHeader, _ asked: StudyHeader) throws -> [String]

extension StudyHeader {
  /// How another study differs from this one; what settings mean is only asked for where they are other texts.
  ///
  /// - Parameters:
  ///   - path: of the file that holds this study.
  ///   - remedy: what remains to be done if they cannot be compared.
  ///   - maker: the program that began the file.
  /// - Throws: `outdated` where the comparison cannot read a scenario.
  func differences(
    from asked: StudyHeader, by comparison: StudyComparison, path: String, remedy: ResultsError.Remedy,
    maker: () throws -> String
  ) throws -> [String] {
    let metrics = differentMetrics(in: asked)
    guard !differences(in: asked).isEmpty else { return metrics }
    do {
      return try metrics + comparison(self, asked)
    } catch {
      throw ResultsError.outdated(
        path: path, maker: try maker(), reason: "its scenario cannot be read any more:\n\(error)", remedy)
    }
  }
}

extension Provenance {
  /// The program as a remedy names it.
  package var program: String { "starling \(version) (revision \(revision))" }
}

extension StoredSession {
  /// The program that began a file with these sessions.
  static func maker(_ sessions: [StoredSession]) -> String {
    sessions.first?.provenance.program ?? "an unknown version"
  }
}
