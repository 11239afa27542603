// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Scenarios
import Testing

/// A wrong file beside a scenario, of `file-errors.txt`, and what must be said about it: the name of the file and what it
/// holds, a line of the scenario's `conditions`, and the message.
struct FileErrorCase: Sendable, CustomTestStringConvertible {
  let title: String
  let file: String
  let content: String
  let conditions: String
  let expected: String

  var testDescription: String { title }

  static let all: [FileErrorCase] = {
    guard let url = Bundle.module.url(forResource: "file-errors", withExtension: "txt"),
      let text = try? String(contentsOf: url, encoding: .utf8)
    else { return [] }
    return text.components(separatedBy: "\n=== ").dropFirst().map(FileErrorCase.init(block:))
  }()

  private init(block: String) {
    let parts = block.components(separatedBy: "\n--- \n")
    let head = parts[0].components(separatedBy: "\n")
    title = head[0]
    conditions = head.dropFirst().first ?? ""
    file = head.dropFirst(2).first ?? ""
    content = parts.count > 1 ? parts[1] + "\n" : ""
    expected = parts.count > 2 ? parts[2].trimmingCharacters(in: .newlines) : ""
  }

  /// The scenario, whose sixth line says what is beside it.
  var scenario: String {
    """
    name: wrong file
    task: {kind: linear-regression, dimension: 2}
    network: {topology: ring, agents: 4}
    learner: {step-size: 0.1}
    measure: {until: 10 s, every: 1 s}
    conditions: \(conditions)

    """
  }
}

@Test func theFileOfWrongFilesIsRead() {
  #expect(FileErrorCase.all.count > 15 && FileErrorCase.all.allSatisfy { !$0.expected.isEmpty })
}

@Test(arguments: FileErrorCase.all)
func aWrongFileHasExactlyItsMessage(_ wrong: FileErrorCase) throws {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  let path = folder.appendingPathComponent(wrong.file)
  switch wrong.content {
  case "(a folder)\n": try FileManager.default.createDirectory(at: path, withIntermediateDirectories: true)
  case "(a pipe)\n": _ = mkfifo(path.path, 0o600)
  case "(a gigabyte)\n":
    FileManager.default.createFile(atPath: path.path, contents: nil)
    _ = truncate(path.path, 1_000_000_000)
  case "(nothing there)\n": break
  default: try Data(wrong.content.utf8).write(to: path)
  }
  let scenario = folder.appendingPathComponent("bad.yaml")
  try Data(wrong.scenario.utf8).write(to: scenario)
  let error = #expect(throws: ScenarioError.self) { try Scenario.load(path: scenario.path) }
  #expect(error?.description.replacing(folder.path + "/", with: "") == wrong.expected)
}
