// SPDX-License-Identifier: GPL-3.0-or-later
import Files
import Foundation

/// An arm of a study as its row has it: its settings are JSON in a column of their own, the facts about it another.
///
/// A sweep has thousands of arms. So what is in the file is read and compared with its digest as text, and the JSON of
/// an arm as a whole, over which the digest goes, is put together from the two.
struct ArmText {
  private static let noSettings = "\"settings\":{}"

  let name: String
  let settings: String
  let facts: String

  /// - Throws: if a value cannot be written as JSON.
  init(_ arm: StudyHeader.Arm) throws {
    var facts = arm
    facts.settings = [:]
    (name, settings, self.facts) = (arm.name, try json(arm.settings), try json(facts))
  }

  /// Takes a row with these columns.
  ///
  /// - Throws: `RowError` where one is missing.
  init(_ row: Row) throws {
    (name, settings, facts) = (try row.value("name"), try row.value("settings"), try row.value("facts"))
  }

  /// The arms of a file in their order.
  static func all(in database: Database) throws -> [ArmText] {
    var texts: [ArmText] = []
    let rows = try Row.fetchCursor(database, sql: "SELECT name, settings, facts FROM arm ORDER BY position")
    while let row = try rows.next() { texts.append(try ArmText(row)) }
    return texts
  }

  /// The arm.
  ///
  /// - Throws: `RowError` if a text is anything else.
  func arm() throws -> StudyHeader.Arm {
    var arm: StudyHeader.Arm = try decoded(facts)
    arm.name = name
    arm.settings = try plainTexts(settings) ?? decoded(settings)
    return arm
  }

  /// Adds the name, and the JSON of the arm with its settings, of which the facts say that there are none.
  func add(to digest: inout Digest) throws {
    digest.add(name)
    // Within a string of JSON a quotation mark has a backslash before it, so this can only be the key.
    let found = facts.withCString { text in
      strstr(text, Self.noSettings).map { UnsafePointer($0) - text + Self.noSettings.utf8.count }
    }
    guard let found else { throw RowError("an arm is not what it should be") }
    let end = facts.utf8.index(facts.startIndex, offsetBy: found)
    digest.add(facts.utf8[..<end].dropLast(2))
    digest.add(settings.utf8)
    digest.add(facts.utf8[end...])
    digest.add(UInt64(facts.utf8.count - 2 + settings.utf8.count))
  }
}

/// The texts of a flat object of JSON such as `{"key":"value"}`, many times as fast as a decoder; nothing where it is
/// anything else, or a text has an escape, which the decoder then reads.
func plainTexts(_ text: String) -> [String: String]? {
  var text = text
  return text.withUTF8 { bytes in
    guard !bytes.contains(UInt8(ascii: "\\")), bytes.first == UInt8(ascii: "{"), bytes.last == UInt8(ascii: "}") else {
      return nil
    }
    var texts: [String: String] = [:]
    var position = 1
    func next(_ mark: Unicode.Scalar) -> Bool {
      guard position < bytes.count, bytes[position] == UInt8(ascii: mark) else { return false }
      position += 1
      return true
    }
    func string() -> String? {
      guard next("\""), let end = bytes[position...].firstIndex(of: UInt8(ascii: "\"")) else { return nil }
      defer { position = end + 1 }
      return String(decoding: bytes[position..<end], as: UTF8.self)
    }
    while position < bytes.count - 1 {
      guard texts.isEmpty || next(","), let key = string(), next(":"), let value = string(),
        texts.updateValue(value, forKey: key) == nil
      else { return nil }
    }
    return texts
  }
}
