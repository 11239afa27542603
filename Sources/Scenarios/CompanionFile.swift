// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation

/// A text file that a scenario names; its path is relative to the folder of the scenario.
struct CompanionFile {
  let name: String
  /// Where the scenario names the file.
  let place: Place
  /// In bytes; a larger file is refused.
  let largest: Int
  /// What stands before every message.
  var prefix = ""

  /// - Throws: at the place in the scenario, as a file that cannot be read, or as one that is too large or no text.
  func text() throws(ScenarioError) -> String {
    let location = name.hasPrefix("/") ? name : place.source.folder + name
    guard FileManager.default.fileExists(atPath: location) else {
      throw wrong("there is no file \(location)", .unreadable, hint: "a path is relative to the scenario's folder")
    }
    let target = URL(fileURLWithPath: location).resolvingSymlinksInPath().path
    let attributes = try? FileManager.default.attributesOfItem(atPath: target)
    guard attributes?[.type] as? FileAttributeType == .typeRegular else {
      throw wrong("\(location) is no regular file", .unreadable)
    }
    guard let file = FileHandle(forReadingAtPath: location) else {
      throw wrong("\(location) cannot be opened", .unreadable, hint: "check its permissions")
    }
    defer { try? file.close() }
    let data: Data
    do {
      data = try file.read(upToCount: largest + 1) ?? Data()
    } catch {
      throw wrong("\(location) cannot be read: \(error.localizedDescription)", .unreadable)
    }
    guard data.count <= largest else { throw wrong("\(location) is larger than \(largest / 1_000_000) MB") }
    guard let text = String(validating: data, as: UTF8.self) else { throw wrong("\(name) is not UTF-8 text") }
    return text
  }

  private func wrong(
    _ trouble: String, _ kind: ScenarioError.Kind = .invalid, hint: String? = nil
  ) -> ScenarioError {
    ScenarioError(kind: kind, file: place.source.name, message: prefix + trouble, hint: hint, place: place)
  }
}
