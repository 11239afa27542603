// SPDX-License-Identifier: GPL-3.0-or-later
import DamagedScenarios
import Foundation
import Scenarios
import Testing

/// A folder of its own that vanishes with the test.
private func withFolder(_ body: (String) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("starling-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  try body(folder.path)
}

private func mistake(in path: String) -> ScenarioError? {
  do {
    _ = try Scenario.load(path: path)
    return nil
  } catch {
    return error
  }
}

@Test func aFileReadsAsItsText() throws {
  try withFolder { folder in
    let path = folder + "/stragglers.yaml"
    try ValidScenarios.stragglers.write(toFile: path, atomically: true, encoding: .utf8)
    #expect(try Scenario.load(path: path) == scenario(ValidScenarios.stragglers))
  }
}

@Test func aMissingFileIsUnreadable() throws {
  let missing = try #require(mistake(in: "/no/such/file.yaml"))
  #expect(missing.kind == .unreadable)
  #expect(missing.description == "/no/such/file.yaml: error: there is no such file")
}

@Test func aDirectoryIsUnreadable() throws {
  try withFolder { folder in
    let directory = try #require(mistake(in: folder))
    #expect(directory.kind == .unreadable)
    #expect(directory.description == "\(folder): error: this is a directory, not a scenario file")
  }
}

@Test func bytesThatAreNotUTF8AreRefusedAtTheirPlace() throws {
  try withFolder { folder in
    let path = folder + "/bad.yaml"
    let data = Data("name: small\nquestion: \u{E4}".utf8) + Data([0xE4, 0x0A]) + Data("seed: 1\n".utf8)
    try data.write(to: URL(fileURLWithPath: path))
    let bad = try #require(mistake(in: path))
    #expect(bad.kind == .invalid)
    #expect(bad.description.hasPrefix("\(path):2:12: error: this is not UTF-8 text\n 2 | question: \u{E4}"))
  }
}

@Test func aFileOverAMegabyteIsRefused() throws {
  try withFolder { folder in
    let path = folder + "/large.yaml"
    let text = ValidScenarios.small + String(repeating: "# fill\n", count: 150_000)
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    let large = try #require(mistake(in: path))
    #expect(large.kind == .invalid)
    #expect(large.description.hasPrefix("\(path):1:1: error: the file is larger than 1 MB"))
  }
}
