// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Scenarios
import Testing

/// What is said of a scenario in a folder with a file of this name and text; nothing where it is good, and then it is read
/// again from its resolved text as the same.
///
/// - Parameters:
///   - part: the message or the whole description of an error.
///   - text: of the file; nothing where there is none.
func said(
  _ part: KeyPath<ScenarioError, String>, of scenario: String, beside name: String, _ text: String?
) throws -> String? {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  try text?.write(to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
  let place = folder.appendingPathComponent("scenario.yaml")
  try scenario.write(to: place, atomically: true, encoding: .utf8)
  do {
    let read = try Scenario.load(path: place.path)
    let again = try read.resolvedText()
    try Data(again.utf8).write(to: place)
    #expect(try Scenario.load(path: place.path) == read)
    return nil
  } catch let error as ScenarioError {
    return error[keyPath: part].replacingOccurrences(of: folder.path + "/", with: "")
  }
}
