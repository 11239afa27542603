// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Quantities
import Schema

/// Reads a trace: a CSV file whose first line names its columns, in any order, with a row for every value that begins to
/// hold. Blank lines, what follows a `#`, and quotes are passed over. Rows of different subjects may lie in any order.
struct TraceFile {
  /// In bytes.
  static let largestFile = 64_000_000
  static let mostRows = 4_000_000

  /// What names the file in the scenario.
  let tree: Tree
  let path: String
  let form: TraceForm
  let use: TraceTable.Use

  private var name: String { use.file }

  /// - Throws: when there is no such file, it is too large or holds anything else; the message names line and column.
  func read() throws(ScenarioError) -> TraceTable {
    let place = tree.place(of: "file")
    let text = try CompanionFile(name: name, place: place, largest: Self.largestFile, prefix: path + ": ").text()
    let bytes = Array((text.unicodeScalars.first == "\u{FEFF}" ? text.dropFirst() : text[...]).utf8)
    var reading = Reading()
    // The places of the form's columns in a row.
    var places: [Int] = []
    var cells: [Substring] = []
    var (start, line) = (bytes.startIndex, 0)
    while start < bytes.endIndex {
      let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.endIndex
      line += 1
      Self.cells(bytes[start..<end], into: &cells)
      start = min(end + 1, bytes.endIndex)
      if cells.count == 1, cells[0].isEmpty { continue }
      guard !places.isEmpty else {
        places = try header(cells, line)
        continue
      }
      guard cells.count == places.count else {
        throw wrong("line \(line) of \(name) has \(counted(cells.count, "value")), not \(places.count)")
      }
      guard reading.rows.count < Self.mostRows else { throw wrong("\(name) has more than 4 million rows") }
      try add(cells, places, line, to: &reading)
    }
    guard !reading.rows.isEmpty else { throw wrong("\(name) has no rows") }
    return try TraceTable(use, subjects: reading.subjects, lines: reading.firstLines, rows: reading.rows).checked(self)
  }

  /// What has been read so far.
  private struct Reading {
    var subjects: [[String]] = []
    var firstLines: [Int] = []
    var numbers: [[Substring]: Int] = [:]
    /// The last time of each subject with its line.
    var last: [(nanoseconds: Int64, line: Int)] = []
    var rows: [TraceTable.Row] = []
  }

  /// Where the columns of the form stand.
  private func header(_ cells: [Substring], _ line: Int) throws(ScenarioError) -> [Int] {
    let places = form.columns.compactMap { column in cells.firstIndex { $0 == column } }
    guard places.count == form.columns.count, cells.count == places.count else {
      throw wrong(
        "line \(line) of \(name) names the columns \(shown(cells.joined(separator: ","))), not "
          + form.columns.joined(separator: ","))
    }
    return places
  }

  private func add(
    _ cells: [Substring], _ places: [Int], _ line: Int, to reading: inout Reading
  ) throws(ScenarioError) {
    for (column, place) in places.enumerated() where cells[place].isEmpty {
      throw wrong("line \(line) of \(name) has nothing in column \(place + 1) (\(form.columns[column]))")
    }
    let time = try nanoseconds(cells[places[0]], line, places[0])
    let value = try value(cells[places[places.count - 1]], line, places[places.count - 1])
    let key = places[1..<places.count - 1].map { cells[$0] }
    let subject = reading.numbers[key] ?? reading.subjects.count
    if subject == reading.subjects.count {
      // A substring would keep the whole line.
      let names = key.map(String.init)
      if names.count == 2, names[0] == names[1] {
        throw wrong("line \(line) of \(name) links '\(shown(names[0]))' with itself")
      }
      reading.numbers[names.map { Substring($0) }] = subject
      reading.subjects.append(names)
      reading.firstLines.append(line)
      reading.last.append((-1, line))
    }
    let last = reading.last[subject]
    if time <= last.nanoseconds {
      let relation = time == last.nanoseconds ? "has the time of" : "is earlier than"
      throw wrong("line \(line) of \(name) \(relation) line \(last.line) for the same \(form.subject.phrase)")
    }
    reading.last[subject] = (time, line)
    reading.rows.append(TraceTable.Row(subject: subject, nanoseconds: time, value: value))
  }

  /// A time in whole nanoseconds, exactly as it is written.
  private func nanoseconds(_ cell: Substring, _ line: Int, _ place: Int) throws(ScenarioError) -> Int64 {
    guard let number = DecimalText(cell), number.length == cell.utf8.count else {
      throw misread(cell, line, place, "time", "a number: its unit is said by 'unit'")
    }
    if number.isNegative, !number.isZero { throw misread(cell, line, place, "time", "at least 0") }
    let unit = UnitOfMeasure.durations.first { $0.name == use.unit }?.nanoseconds ?? 1_000_000_000
    switch number.times(UInt64(unit)).wholeness {
    case .whole(let count) where count <= WrittenDuration.longest: return Int64(count)
    case .fraction: throw misread(cell, line, place, "time", "a whole number of nanoseconds")
    case .whole, .tooLarge: throw misread(cell, line, place, "time", "at most 292 years")
    }
  }

  private func value(_ cell: Substring, _ line: Int, _ place: Int) throws(ScenarioError) -> Double {
    if form.isSwitch {
      guard cell == "0" || cell == "1" else { throw misread(cell, line, place, form.value, "0 or 1") }
      return cell == "1" ? 1 : 0
    }
    guard let number = DecimalText(cell), number.length == cell.utf8.count else {
      let unit = form.quantity.units.isEmpty ? "a number" : "a number: its unit is said by 'values-unit'"
      throw misread(cell, line, place, form.value, unit)
    }
    let unit = use.valuesUnit.flatMap { name in form.quantity.units.first { $0.name == name } }
    let value = (unit?.inBaseUnits(number) ?? number).value
    guard form.bounds.contains(value), !number.underflows else {
      throw misread(cell, line, place, form.value, form.bounds.withoutCap.text(form.quantity))
    }
    return value
  }

  private func misread(
    _ cell: Substring, _ line: Int, _ place: Int, _ column: String, _ allowed: String
  ) -> ScenarioError {
    let text = cell.count > 40 ? cell.prefix(40) + "…" : cell
    return wrong(
      "line \(line) of \(name) has '\(shown(String(text)))' in column \(place + 1) (\(column)), not \(allowed)")
  }

  /// The cells of a line without blanks and quotes around them.
  private static func cells(_ line: ArraySlice<UInt8>, into cells: inout [Substring]) {
    func isPassedOver(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x22 }
    cells.removeAll(keepingCapacity: true)
    let content = line.prefix { $0 != UInt8(ascii: "#") }
    for cell in content.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
      let end = cell.lastIndex { !isPassedOver($0) }.map { $0 + 1 } ?? cell.startIndex
      cells.append(Substring(decoding: cell[..<end].drop(while: isPassedOver), as: UTF8.self))
    }
  }

  func wrong(_ trouble: String, hint: String? = nil) -> ScenarioError {
    ScenarioError("\(path): \(trouble)", at: tree.place(of: "file"), hint: hint)
  }
}

extension TraceTable {
  /// - Throws: when it begins again before it has ended.
  fileprivate func checked(_ file: TraceFile) throws(ScenarioError) -> TraceTable {
    guard let recycle, recycle < lastTime else { return self }
    throw ScenarioError(
      "\(file.path): recycle is shorter than the trace (\(lastTime.text))", at: file.tree.place(of: "recycle"))
  }
}

/// A trace as it is written.
private struct TraceDraft {
  var use = TraceTable.Use()
  var checksum: String?
  /// What is written, by the names of the form's parameters.
  var arguments = Arguments()

  init() {}

  init(_ table: TraceTable) {
    arguments["file"] = .text(table.file)
    arguments["unit"] = .text(table.unit)
    arguments["recycle"] = table.recycle.map { .duration($0) }
    arguments["values-unit"] = table.valuesUnit.map { .text($0) }
    arguments["assign"] = .text(table.assignment.rawValue)
    arguments["both-ways"] = .flag(table.isBothWays)
    arguments["checksum"] = .text(table.checksum)
  }

  /// How a trace is used that says this.
  func settled(by form: TraceForm) -> TraceTable.Use {
    let said = arguments.completed(by: form.parameters)
    var use = TraceTable.Use()
    use.file = said.text("file") ?? ""
    use.unit = said.text("unit") ?? use.unit
    use.valuesUnit = said.text("values-unit")
    use.recycle = said["recycle"]?.duration
    use.assignment = said.text("assign").flatMap(TraceTable.Assignment.init(rawValue:)) ?? .byName
    use.isBothWays = said.flag("both-ways")
    return use
  }
}

extension Codec<Argument> {
  /// A trace: a map that names its file. What is written tells the file by its checksum, and is refused where it is
  /// another one.
  static func trace(_ form: TraceForm) -> Codec {
    let fields = form.parameters.map { parameter in
      Field(
        parameter.name, \TraceDraft.arguments[parameter.name], Codec<Argument>.value(parameter.kind).orWord(),
        parameter.meaning, required: parameter.presence == .required,
        hidden: { $0.arguments[parameter.name] == nil })
    }
    let record = Record(fields)
    return Codec(
      .trace(form),
      read: { (tree, path) throws(ScenarioError) -> Argument in
        var draft = TraceDraft()
        try record.read(tree, path, into: &draft)
        let use = draft.settled(by: form)
        let checksum = draft.arguments.text("checksum")
        guard tree.place.source.readsFiles else {
          return .special(TraceTable(use, remembering: checksum ?? ""))
        }
        let table = try TraceFile(tree: tree, path: path, form: form, use: use).read()
        guard checksum == nil || checksum == table.checksum else {
          throw ScenarioError(
            "\(path): what \(use.file) says is not what it said: its checksum is \(table.checksum)",
            at: tree.place(of: "checksum"))
        }
        return .special(table)
      },
      write: { argument in
        guard let table: TraceTable = argument.special() else { return "none" }
        return record.inline(TraceDraft(table))
      })
  }
}
