// SPDX-License-Identifier: GPL-3.0-or-later
import Files
import Schema
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
    try parse(text: text(path: path), file: path, overrides: overrides, arms: arms)
  }

  /// The text of a file that is no longer than a scenario may be.
  ///
  /// - Throws: `unreadable`, or `invalid` where it is no text.
  static func text(path: String) throws(ScenarioError) -> String {
    let data: [UInt8]
    do throws(InputFile.Trouble) {
      data = try InputFile(path).bytes(atMost: largestFile, allowsStreams: true)
    } catch {
      throw unreadable(path, error)
    }
    guard let text = String(validating: data, as: UTF8.self) else { throw notUTF8(data, file: path) }
    return text
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
    return try parse(text, Source(file: file, text: text), overrides, choice)
  }

  /// Reads the scenario that a results file holds, however long it is.
  ///
  /// - Parameters:
  ///   - readsFiles: whether the files that it names are read; else their checksums stand for them, and what comes of it is
  ///     there to be compared and not to be run.
  ///   - folder: where these lie; empty, or a path that ends with a slash.
  package static func parse(
    stored text: String, file: String, arms choice: ArmChoice, readsFiles: Bool, folder: String
  ) throws(ScenarioError) -> Scenario {
    try parse(text, Source(file: file, text: text, readsFiles: readsFiles, folder: folder), [], choice)
  }

  private static func parse(
    _ text: String, _ source: Source, _ overrides: [Override], _ choice: ArmChoice
  ) throws(ScenarioError) -> Scenario {
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

  private static func unreadable(_ path: String, _ trouble: InputFile.Trouble) -> ScenarioError {
    func error(_ message: String, hint: String? = nil) -> ScenarioError {
      ScenarioError(kind: .unreadable, file: path, message: message, hint: hint)
    }
    switch trouble {
    case .missing: return error("there is no such file")
    case .isFolder: return error("this is a directory, not a scenario file")
    case .notRegular: return error("this is no regular file", hint: "a scenario from a pipe is read as /dev/stdin")
    case .cannotOpen: return error("the file cannot be opened", hint: "check its permissions")
    case .cannotRead(let reason): return error("the file cannot be read: \(reason)")
    case .tooLarge: return tooLarge(path)
    }
  }

  private static func tooLarge(_ file: String) -> ScenarioError {
    ScenarioError(
      kind: .invalid, file: file, message: "the file is larger than 1 MB, which no scenario needs",
      place: Source(file: file, text: "").place(line: 1, column: 1))
  }

  private static func checkSize(_ count: Int, file: String) throws(ScenarioError) {
    guard count <= largestFile else { throw tooLarge(file) }
  }

  private static func notUTF8(_ data: [UInt8], file: String) -> ScenarioError {
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
