// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Simulation

extension Scenario {
  /// The largest file that is read, in bytes.
  static let largestFile = 1_000_000

  /// Reads a scenario file.
  ///
  /// - Parameters:
  ///   - overrides: changes from the command line, applied in their order after the settings of arms.
  /// - Throws: `unreadable` when there is no such file or it cannot be read, `invalid` when it is no good scenario.
  ///   - arms: which arms to make.
  package static func load(
    path: String, overrides: [Override] = [], arms: ArmChoice = .written
  ) throws(ScenarioError) -> Scenario {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      throw ScenarioError(kind: .unreadable, file: path, message: "there is no such file")
    }
    if isDirectory.boolValue {
      throw ScenarioError(kind: .unreadable, file: path, message: "this is a directory, not a scenario file")
    }
    guard let file = FileHandle(forReadingAtPath: path) else {
      throw ScenarioError(
        kind: .unreadable, file: path, message: "the file cannot be opened", hint: "check its permissions")
    }
    defer { try? file.close() }
    let data: Data
    do {
      data = try file.read(upToCount: largestFile + 1) ?? Data()
    } catch {
      throw ScenarioError(
        kind: .unreadable, file: path, message: "the file cannot be read: \(error.localizedDescription)")
    }
    try checkSize(data.count, file: path)
    guard let text = String(validating: data, as: UTF8.self) else { throw notUTF8(data, file: path) }
    return try parse(text: text, file: path, overrides: overrides, arms: arms)
  }

  /// Reads a scenario from its text.
  ///
  /// - Parameters:
  ///   - file: what errors call the text.
  ///   - overrides: changes from the command line, applied in their order after the settings of arms.
  ///   - arms: which arms to make.
  /// - Throws: all that is wrong, each with its place, when the text is no good scenario.
  package static func parse(
    text: String, file: String, overrides: [Override] = [], arms choice: ArmChoice = .written
  ) throws(ScenarioError) -> Scenario {
    try checkSize(text.utf8.count, file: file)
    let text = text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
    let source = Source(file: file, text: text)
    guard let root = try TreeReader.read(text, of: source), root.text != "" else {
      throw ScenarioError(
        "the file says nothing", at: source.place(line: 1, column: 1),
        note: "a scenario needs the keys name, task, network, learner, measure")
    }
    guard root.entries != nil else {
      throw root.error(
        "a scenario must be a map of keys and values, not \(root.nameOfKind)", hint: "such as 'name: my-study'")
    }
    return try ScenarioReader(root: root).scenario(overrides, choice)
  }

  // MARK: - Trouble with the bytes

  private static func checkSize(_ count: Int, file: String) throws(ScenarioError) {
    guard count > largestFile else { return }
    throw ScenarioError(
      kind: .invalid, file: file, message: "the file is larger than 1 MB, which no scenario needs",
      place: Source(file: file, text: "").place(line: 1, column: 1))
  }

  private static func notUTF8(_ data: Data, file: String) -> ScenarioError {
    var line = 1
    var column = 1
    var rest = data[...]
    while let end = rest.firstIndex(of: 10), String(validating: rest[..<end], as: UTF8.self) != nil {
      line += 1
      rest = rest[(end + 1)...]
    }
    let bad = rest.prefix { $0 != 10 }
    var good = bad.count
    while good > 0, String(validating: bad.prefix(good), as: UTF8.self) == nil { good -= 1 }
    column += String(decoding: bad.prefix(good), as: UTF8.self).unicodeScalars.count
    let source = Source(file: file, text: String(decoding: data, as: UTF8.self))
    return ScenarioError(
      "this is not UTF-8 text", at: source.place(line: line, column: column), hint: "save the file as UTF-8")
  }
}
