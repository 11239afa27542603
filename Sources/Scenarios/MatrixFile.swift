// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Quantities
import Schema

/// Reads a matrix of numbers between agents: cells with commas between them, or with blanks. What follows a `#`, blank
/// lines and quotes are passed over.
///
/// Either a square, perhaps with a first line of names, whose rows send and whose columns hear, with `-` or nothing where
/// there is no value; or lines `from,to,value`, perhaps below these words.
struct MatrixFile {
  /// In bytes.
  static let largestFile = 64_000_000

  /// What names the file in the scenario.
  let tree: Tree
  let path: String
  let form: MatrixForm
  let name: String
  let unit: String?

  /// The rows of a square as far as they were read.
  private struct Square {
    var names: [String] = []
    var columns = 0
    var rows = 0
    var values: [Double] = []
  }

  /// The lines of a list as far as they were read.
  private struct List {
    var names: [String] = []
    var numberOfName: [String: Int] = [:]
    /// The value of a pair, and its line.
    var values: [[Int]: (value: Double, line: Int)] = [:]
  }

  /// - Throws: when there is no such file, it is too large or holds anything else; the message names line and column.
  func read() throws(ScenarioError) -> MatrixTable {
    let text = try CompanionFile(
      name: name, place: tree.place(of: "file"), largest: Self.largestFile, prefix: path + ": "
    ).text()
    let bytes = Array((text.unicodeScalars.first == "\u{FEFF}" ? text.dropFirst() : text[...]).utf8)
    var square = Square()
    var list: List?
    var (start, line, isFirst) = (bytes.startIndex, 0, true)
    while start < bytes.endIndex {
      let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.endIndex
      line += 1
      let cells = Self.cells(bytes[start..<end])
      start = min(end + 1, bytes.endIndex)
      if cells.isEmpty { continue }
      if isFirst {
        isFirst = false
        if isListHeader(cells) {
          list = List()
          continue
        }
        if cells.allSatisfy(Self.isName) {
          square.names = cells
          try checkNames(cells, line)
          continue
        }
        if cells.count == 3, Self.isName(cells[0]), Self.isName(cells[1]) { list = List() }
      }
      if var rest = list {
        // Taken out of its place, so that it is not copied.
        list = nil
        try add(cells, line, to: &rest)
        list = rest
      } else {
        try add(cells, line, to: &square)
      }
    }
    if let list { return try table(list) }
    return try table(square)
  }

  private func isListHeader(_ cells: [String]) -> Bool { cells.count == 3 && cells[0] == "from" && cells[1] == "to" }

  private static func isName(_ cell: String) -> Bool { !cell.isEmpty && cell != "-" && numberAndUnit(cell) == nil }

  // MARK: - Squares

  private func checkNames(_ names: [String], _ line: Int) throws(ScenarioError) {
    var seen: Set<String> = []
    for name in names where !seen.insert(name).inserted {
      throw wrong("line \(line) of \(self.name) names '\(shown(name))' twice")
    }
    try checkCount(names.count)
  }

  private func checkCount(_ count: Int) throws(ScenarioError) {
    guard count <= MatrixTable.mostRows else {
      throw wrong("\(name) is about more than \(MatrixTable.mostRows) agents")
    }
  }

  private func add(_ cells: [String], _ line: Int, to square: inout Square) throws(ScenarioError) {
    if square.columns == 0 {
      square.columns = square.names.isEmpty ? cells.count : square.names.count
      try checkCount(square.columns)
    }
    guard cells.count == square.columns else {
      throw wrong("line \(line) of \(name) has \(counted(cells.count, "value")), not \(square.columns)")
    }
    square.rows += 1
    guard square.rows <= square.columns else { throw wrongRows(square, "more than \(square.columns) rows") }
    for (column, cell) in cells.enumerated() {
      // What stands on the diagonal is of no link.
      let isNothing = cell.isEmpty || cell == "-" || column == square.rows - 1 && DecimalText(cell) != nil
      square.values.append(isNothing ? .nan : try value(cell, line, column))
    }
  }

  private func wrongRows(_ square: Square, _ rows: String) -> ScenarioError {
    wrong("\(name) has \(rows), but \(counted(square.columns, square.names.isEmpty ? "column" : "name"))")
  }

  private func table(_ square: Square) throws(ScenarioError) -> MatrixTable {
    guard square.rows > 0 else { throw wrong("\(name) has no numbers") }
    guard square.rows == square.columns else { throw wrongRows(square, counted(square.rows, "row")) }
    return MatrixTable(file: name, names: square.names, count: square.columns, values: square.values)
  }

  // MARK: - Lists

  private func add(_ cells: [String], _ line: Int, to list: inout List) throws(ScenarioError) {
    guard cells.count == 3 else {
      throw wrong(
        "line \(line) of \(name) has \(counted(cells.count, "value")), not 3", hint: "a line is from,to,value")
    }
    var ends: [Int] = []
    for (column, cell) in cells.prefix(2).enumerated() {
      guard !cell.isEmpty else {
        throw wrong("line \(line) of \(name) has nothing in column \(column + 1) (\(["from", "to"][column]))")
      }
      let number = list.numberOfName[cell] ?? list.names.count
      if number == list.names.count {
        list.numberOfName[cell] = number
        list.names.append(cell)
        try checkCount(list.names.count)
      }
      ends.append(number)
    }
    guard ends[0] != ends[1] else { throw wrong("line \(line) of \(name) links '\(shown(cells[0]))' with itself") }
    if let earlier = list.values[ends] {
      throw wrong(
        "line \(line) of \(name) gives the value from '\(shown(cells[0]))' to '\(shown(cells[1]))' again",
        hint: "it is in line \(earlier.line), too")
    }
    list.values[ends] = (try value(cells[2], line, 2), line)
  }

  private func table(_ list: List) throws(ScenarioError) -> MatrixTable {
    guard !list.values.isEmpty else { throw wrong("\(name) has no numbers") }
    let count = list.names.count
    var values = [Double](repeating: .nan, count: count * count)
    for (ends, entry) in list.values { values[ends[0] * count + ends[1]] = entry.value }
    return MatrixTable(file: name, names: list.names, count: count, values: values, isSquare: false)
  }

  // MARK: - Cells

  private func value(_ cell: String, _ line: Int, _ column: Int) throws(ScenarioError) -> Double {
    guard let number = DecimalText(cell), number.length == cell.utf8.count else {
      throw misread(
        cell, line, column, "a number" + (form.quantity.units.isEmpty ? "" : ": its unit is said by 'unit'"))
    }
    let unit = unit.flatMap { name in form.quantity.units.first { $0.name == name } }
    let value = (unit?.inBaseUnits(number) ?? number).value
    guard form.bounds.contains(value), !number.underflows else {
      throw misread(cell, line, column, form.bounds.withoutCap.text(form.quantity))
    }
    return value
  }

  private func misread(_ cell: String, _ line: Int, _ column: Int, _ allowed: String) -> ScenarioError {
    let text = cell.count > 40 ? cell.prefix(40) + "…" : Substring(cell)
    return wrong("line \(line) of \(name) has '\(shown(String(text)))' in column \(column + 1), not \(allowed)")
  }

  /// The cells of a line without blanks and quotes around them; none where the line says nothing.
  private static func cells(_ line: ArraySlice<UInt8>) -> [String] {
    func isPassedOver(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x22 }
    let content = line.prefix { $0 != UInt8(ascii: "#") }
    guard content.contains(where: { !isPassedOver($0) }) else { return [] }
    guard content.contains(UInt8(ascii: ",")) else {
      return content.split(whereSeparator: isPassedOver).map { String(decoding: $0, as: UTF8.self) }
    }
    return content.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map { cell in
      let end = cell.lastIndex { !isPassedOver($0) }.map { $0 + 1 } ?? cell.startIndex
      return String(decoding: cell[..<end].drop(while: isPassedOver), as: UTF8.self)
    }
  }

  private func wrong(_ trouble: String, hint: String? = nil) -> ScenarioError {
    ScenarioError("\(path): \(trouble)", at: tree.place(of: "file"), hint: hint)
  }
}

extension Codec<Argument> {
  /// A matrix: a map that names its file. What is written tells the file by its checksum, and is refused where it is
  /// another one.
  static func linkMatrix(_ form: MatrixForm) -> Codec {
    let record = Record(form.parameters.map { Field<Arguments>($0) })
    return Codec(
      .linkMatrix(form),
      read: { (tree, path) throws(ScenarioError) -> Argument in
        var said = Arguments()
        try record.read(tree, path, into: &said)
        let (name, checksum) = (said.text("file") ?? "", said.text("checksum"))
        said = said.completed(by: form.parameters)
        guard tree.place.source.readsFiles else {
          said["file"] = .special(MatrixTable(remembering: name, checksum: checksum ?? ""))
          return .record(said)
        }
        let table = try MatrixFile(tree: tree, path: path, form: form, name: name, unit: said.text("unit")).read()
        guard checksum == nil || checksum == table.checksum else {
          throw ScenarioError(
            "\(path): the numbers of \(name) are others than they were: their checksum is \(table.checksum)",
            at: tree.place(of: "checksum"))
        }
        said["file"] = .special(table)
        said["checksum"] = .text(table.checksum)
        return .record(said)
      },
      write: { argument in
        guard var said = argument.record, let table: MatrixTable = said.special("file") else { return "none" }
        said["file"] = .text(table.file)
        said["checksum"] = .text(table.checksum)
        return record.inline(said)
      })
  }
}
