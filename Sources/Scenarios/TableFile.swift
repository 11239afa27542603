// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Quantities
import Schema

/// Reads a CSV file of numbers: rows of one length, separated by commas. Blank lines, what follows a `#`, and quotes are
/// passed over; a first line without any number names the columns.
struct TableFile {
  /// In bytes.
  static let largestFile = 64_000_000

  /// The value in the scenario that names the file.
  let tree: Tree
  let path: String
  let name: String

  /// - Throws: when there is no such file, it is too large or holds anything but numbers; the message names the line.
  func read() throws(ScenarioError) -> NumberTable {
    let text = try CompanionFile(name: name, place: tree.place, largest: Self.largestFile, prefix: path + ": ").text()
      .drop { $0 == "\u{FEFF}" }
    var names: [String] = []
    var columnCount = 0
    var values: [Double] = []
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      let cells = Self.cells(line)
      if cells == [""] { continue }
      if columnCount == 0, cells.allSatisfy({ numberAndUnit($0) == nil }) {
        names = cells
        columnCount = cells.count
        continue
      }
      if columnCount == 0 { columnCount = cells.count }
      guard cells.count == columnCount else {
        throw wrong("line \(index + 1) of \(name) has \(counted(cells.count, "number")), not \(columnCount)")
      }
      for cell in cells {
        guard let (number, unit) = numberAndUnit(cell), unit.isEmpty, number.value.isFinite else {
          throw wrong(
            "line \(index + 1) of \(name) has '\(shown(cell))', not a number",
            hint: "columns are separated by commas, and classes are numbers: 0, 1 and so on")
        }
        values.append(number.value)
      }
    }
    guard !values.isEmpty else { throw wrong("\(name) has no numbers") }
    return NumberTable(file: name, names: names, columnCount: columnCount, values: values)
  }

  private static func cells(_ line: Substring) -> [String] {
    line.prefix { $0 != "#" }.split(separator: ",", omittingEmptySubsequences: false).map { cell in
      cell.trimmingCharacters(in: CharacterSet(charactersIn: "\"").union(.whitespaces))
    }
  }

  private func wrong(_ trouble: String, hint: String? = nil) -> ScenarioError {
    ScenarioError("\(path): \(trouble)", at: tree.place, hint: hint)
  }
}

extension Codec<Argument> {
  /// The numbers of a CSV file, by its path. What is written tells the file by its checksum, and is refused where it is
  /// another one.
  static var table: Codec {
    let remembered = Record<[String: String]>([
      Field("file", \.[key: "file"], .line, "", required: true),
      Field("checksum", \.[key: "checksum"], .line, "", required: true),
    ])
    return Codec(
      .table,
      read: { (tree, path) throws(ScenarioError) -> Argument in
        var known: [String: String] = [:]
        if tree.entries == nil {
          known["file"] = try tree.value(of: .file(Kind.table.allowed), path).text
        } else {
          try remembered.read(tree, path, into: &known)
        }
        let (name, checksum) = (known[key: "file"], known[key: "checksum"])
        guard tree.place.source.readsFiles else {
          return .special(NumberTable(remembering: name, checksum: checksum))
        }
        let table = try TableFile(tree: tree, path: path, name: name).read()
        guard checksum.isEmpty || checksum == table.checksum else {
          throw ScenarioError(
            "\(path): the numbers of \(name) are others than they were: their checksum is \(table.checksum)",
            at: tree.place)
        }
        return .special(table)
      },
      write: { argument in
        guard let table: NumberTable = argument.special() else { return "none" }
        return remembered.inline(["file": table.file, "checksum": table.checksum])
      })
  }
}

extension [String: String] {
  fileprivate subscript(key key: String) -> String {
    get { self[key] ?? "" }
    set { self[key] = newValue }
  }
}
