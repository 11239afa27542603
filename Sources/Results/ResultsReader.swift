// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation

/// A results file, read back.
package struct StoredStudy: Sendable, Equatable {
  package var header: StudyHeader
  /// In the order in which they ended.
  package var runs: [StoredRun]
  /// Whether the last line was torn (the program was killed while it wrote) and left out.
  package var lastLineWasTorn: Bool

  package init(header: StudyHeader, runs: [StoredRun], lastLineWasTorn: Bool = false) {
    self.header = header
    self.runs = runs
    self.lastLineWasTorn = lastLineWasTorn
  }
}

/// Reads results files.
package enum ResultsReader {
  /// Reads a whole file.
  ///
  /// *Edge cases*: a last line without its line end that is not a whole run is left out and reported by
  /// `lastLineWasTorn`; any other line that does not parse is an error.
  ///
  /// - Throws: `cannotRead`, `notResults`.
  package static func read(_ path: String) throws(ResultsError) -> StoredStudy {
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw .cannotRead(path: path, reason: FileManager.default.fileExists(atPath: path) ? "\(error)" : "no such file")
    }
    let lines = data.split(separator: 0x0A, omittingEmptySubsequences: true)
    guard let first = lines.first else { throw .notResults(path: path, line: 1, reason: "the file is empty") }
    let header: StudyHeader = try decode(first, path: path, line: 1)
    guard header.schema == StudyHeader.currentSchema else {
      throw .notResults(path: path, line: 1, reason: "its schema is '\(header.schema)'")
    }
    var study = StoredStudy(header: header, runs: [])
    for (index, line) in lines.enumerated().dropFirst() {
      do throws(ResultsError) {
        study.runs.append(try decode(line, path: path, line: index + 1))
      } catch {
        guard index == lines.count - 1, data.last != 0x0A else { throw error }
        study.lastLineWasTorn = true
      }
    }
    return study
  }

  private static func decode<Value: Decodable>(_ line: Data, path: String, line number: Int) throws(ResultsError)
    -> Value
  {
    do {
      return try resultsDecoder().decode(Value.self, from: line)
    } catch DecodingError.keyNotFound(let key, _) {
      throw .notResults(path: path, line: number, reason: "'\(key.stringValue)' is missing")
    } catch {
      throw .notResults(path: path, line: number, reason: "the line is damaged")
    }
  }
}
