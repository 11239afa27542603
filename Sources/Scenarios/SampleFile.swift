// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Randomness

/// Reads the file of an empirical law: a plain number per line. Blank lines, what follows a `#`, and a first line of
/// words are passed over.
struct SampleFile {
  /// In bytes.
  static let largestFile = 16_000_000
  static let mostNumbers = 1_000_000

  /// The value in the scenario that names the file.
  let tree: Tree
  let path: String
  let allowsNegative: Bool

  /// - Throws: when there is no such file, it is too large or holds anything but numbers; the message names the line.
  func read() throws(ScenarioError) -> EmpiricalSample {
    guard let name = tree.text, !name.isEmpty, !name.contains(where: \.isNewline), name.utf8.count <= 4000 else {
      throw mistyped(tree, path, mustBe: Self.allowed)
    }
    let data = try contents(name)
    guard let text = String(validating: data, as: UTF8.self) else { throw wrong("\(name) is not UTF-8 text") }
    let numbers = try numbers(text, name)
    guard let sample = EmpiricalSample(file: name, values: numbers) else { throw wrong("\(name) has no numbers") }
    return sample
  }

  static let allowed = "the path of a text file with one number per line"

  /// The bytes of a file; its path is relative to the folder of the scenario.
  private func contents(_ name: String) throws(ScenarioError) -> Data {
    let location = name.hasPrefix("/") ? name : tree.place.source.folder + name
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: location, isDirectory: &isDirectory) else {
      throw wrong("there is no file \(location)", .unreadable, hint: "a path is relative to the scenario's folder")
    }
    let target = URL(fileURLWithPath: location).resolvingSymlinksInPath().path
    let attributes = try? FileManager.default.attributesOfItem(atPath: target)
    guard !isDirectory.boolValue, attributes?[.type] as? FileAttributeType == .typeRegular else {
      throw wrong("\(location) is no regular file", .unreadable)
    }
    guard let file = FileHandle(forReadingAtPath: location) else {
      throw wrong("\(location) cannot be opened", .unreadable, hint: "check its permissions")
    }
    defer { try? file.close() }
    let data: Data
    do {
      data = try file.read(upToCount: Self.largestFile + 1) ?? Data()
    } catch {
      throw wrong("\(location) cannot be read: \(error.localizedDescription)", .unreadable)
    }
    guard data.count <= Self.largestFile else { throw wrong("\(location) is larger than 16 MB") }
    return data
  }

  private func numbers(_ text: String, _ name: String) throws(ScenarioError) -> [Double] {
    var numbers: [Double] = []
    var mayBeHeader = true
    let bytes = Array((text.unicodeScalars.first == "\u{FEFF}" ? text.dropFirst() : text[...]).utf8)
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      let text = Self.trimmed(line.prefix { $0 != UInt8(ascii: "#") })
      guard !text.isEmpty else { continue }
      defer { mayBeHeader = false }
      if mayBeHeader, text.unicodeScalars.first.map(Self.startsWord) == true { continue }
      guard let (number, rest) = numberAndUnit(text), rest.isEmpty, number.isFinite else {
        let shown = text.count > 40 ? text.prefix(40) + "…" : Substring(text)
        throw wrong("line \(index + 1) of \(name) is '\(shown)', not one number", hint: "a unit goes into 'scale'")
      }
      guard allowsNegative || number >= 0 else { throw wrong("line \(index + 1) of \(name) is below zero") }
      numbers.append(number)
      guard numbers.count <= Self.mostNumbers else { throw wrong("\(name) has more than a million numbers") }
    }
    return numbers
  }

  private static func trimmed(_ line: ArraySlice<UInt8>) -> String {
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
    let end = line.lastIndex { !isBlank($0) }.map { $0 + 1 } ?? line.startIndex
    return String(decoding: line[..<end].drop(while: isBlank), as: UTF8.self)
  }

  private static func startsWord(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isAlphabetic || scalar == "\"" || scalar == "'"
  }

  private func wrong(
    _ trouble: String, _ kind: ScenarioError.Kind = .invalid, hint: String? = nil
  ) -> ScenarioError {
    let place = tree.place
    return ScenarioError(
      kind: kind, file: place.source.name, message: "\(path): \(trouble)", hint: hint, place: place)
  }
}
