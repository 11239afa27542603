// SPDX-License-Identifier: GPL-3.0-or-later
import Randomness
import Schema

/// Reads the file of an empirical law: a plain number per line. Blank lines, what follows a `#`, and a first line of
/// words are passed over.
struct SampleFile {
  /// In bytes.
  static let largestFile = 16_000_000
  static let mostNumbers = 1_000_000

  /// The value in the scenario that names the file.
  let tree: Tree
  let path: String
  let kind: Kind
  let allowsNegative: Bool

  /// The numbers; of a results file's scenario a stand-in for them.
  ///
  /// - Throws: when there is no such file, it is too large or holds anything but numbers; the message names the line.
  func read() throws(ScenarioError) -> EmpiricalSample {
    let name = try tree.value(of: kind, path).text ?? ""
    guard tree.place.source.readsFiles else { return EmpiricalSample(remembering: name) }
    let text = try CompanionFile(name: name, place: tree.place, largest: Self.largestFile, prefix: path + ": ").text()
    let numbers = try numbers(text, name)
    guard let sample = EmpiricalSample(file: name, values: numbers) else { throw wrong("\(name) has no numbers") }
    return sample
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
      guard let (number, rest) = numberAndUnit(text), rest.isEmpty, number.value.isFinite, !number.underflows
      else {
        let shown = text.count > 40 ? text.prefix(40) + "…" : Substring(text)
        throw wrong("line \(index + 1) of \(name) is '\(shown)', not one number", hint: "a unit goes into 'scale'")
      }
      guard allowsNegative || number.value >= 0 else { throw wrong("line \(index + 1) of \(name) is below zero") }
      numbers.append(number.value)
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

  private func wrong(_ trouble: String, hint: String? = nil) -> ScenarioError {
    ScenarioError("\(path): \(trouble)", at: tree.place, hint: hint)
  }
}
