// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Testing

/// A file at the root of the project, as lines.
private func lines(_ name: String) throws -> [Substring] {
  let root = URL(fileURLWithPath: #filePath).appending(path: "../../..").standardized
  return String(decoding: try Data(contentsOf: root.appending(path: name)), as: UTF8.self).split(separator: "\n")
}

/// What stands behind a key of CITATION.cff.
private func citation(_ key: String) throws -> Substring? {
  try lines("CITATION.cff").first { $0.hasPrefix("\(key): ") }?.dropFirst(key.count + 2)
}

@Suite(.serialized) struct VersionTests {
  /// The changelog's newest version is that of the program, and released on the day of the citation or not yet.
  @Test func programChangelogAndCitationAreOfOneVersion() throws {
    let program = try Program()
    let version = try withFolder { try program.call("--version", in: $0).output }
    let newest = try #require(try lines("CHANGELOG.md").first { $0.hasPrefix("## ") }).dropFirst(3).split(
      separator: ", ")
    #expect("\(newest[0])\n" == version)
    #expect(try citation("version") == newest[0])
    let released = try citation("date-released")
    #expect(newest[1] == "unreleased" || newest[1] == released)
  }
}
