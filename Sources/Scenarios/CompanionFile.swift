// SPDX-License-Identifier: GPL-3.0-or-later
import Files

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
    let data: [UInt8]
    do throws(InputFile.Trouble) {
      data = try InputFile(location).bytes(atMost: largest)
    } catch {
      throw unreadable(location, error)
    }
    guard let text = String(validating: data, as: UTF8.self) else { throw wrong("\(name) is not UTF-8 text") }
    if let line = lineOfNUL(in: data) {
      throw wrong("line \(line) of \(name) has a character U+0000, which no text has")
    }
    return text
  }

  private func lineOfNUL(in data: [UInt8]) -> Int? {
    data.firstIndex(of: 0).map { end in data[..<end].count { $0 == UInt8(ascii: "\n") } + 1 }
  }

  private func unreadable(_ location: String, _ trouble: InputFile.Trouble) -> ScenarioError {
    switch trouble {
    case .missing:
      wrong("there is no file \(location)", .unreadable, hint: "a path is relative to the scenario's folder")
    case .isFolder, .notRegular: wrong("\(location) is no regular file", .unreadable)
    case .cannotOpen: wrong("\(location) cannot be opened", .unreadable, hint: "check its permissions")
    case .cannotRead(let reason): wrong("\(location) cannot be read: \(reason)", .unreadable)
    case .tooLarge: wrong("\(location) is larger than \(largest / 1_000_000) MB")
    }
  }

  private func wrong(
    _ trouble: String, _ kind: ScenarioError.Kind = .invalid, hint: String? = nil
  ) -> ScenarioError {
    ScenarioError(kind: kind, file: place.source.name, message: prefix + trouble, hint: hint, place: place)
  }
}
