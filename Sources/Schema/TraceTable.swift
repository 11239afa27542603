// SPDX-License-Identifier: GPL-3.0-or-later
import Files
import Quantities

/// What a trace file says: values that begin to hold at some times, of agents or of links, and how they are used.
///
/// A value holds from its time to the next of the same subject; before the first one nothing is said. A trace that is
/// recycled begins again after some time, as it began at 0.
package struct TraceTable: SpecialValue {
  /// Who follows which values.
  package enum Assignment: String, Sendable, CaseIterable {
    /// The agents of the file are those of the network.
    case byName = "by-name"
    /// Each agent follows one of the file's, drawn once per study.
    case random
  }

  /// As the scenario names it.
  package let file: String
  /// The unit of times, as the scenario says it.
  package let unit: String
  /// The unit of values; nothing for plain numbers.
  package let valuesUnit: String?
  package let recycle: VirtualDuration?
  package let assignment: Assignment
  /// Whether what holds for a link holds for the one back.
  package let isBothWays: Bool
  /// Changes with whatever the file says: 16 hexadecimal digits.
  package let checksum: String

  /// Whom the file is about, by the names in its columns, in the order in which it names them first. Empty where the
  /// file was not read and only its checksum is known.
  package let subjects: [[String]]
  /// The line of the file that names each of them first, from 1.
  package let lines: [Int]
  /// Where the entries of each subject begin, and where the last ones end.
  private let starts: [Int]
  /// Nanoseconds, ascending within a subject.
  private let times: [Int64]
  /// In base units.
  private let values: [Double]

  /// A row of a file.
  package struct Row: Sendable {
    package let subject: Int
    package let nanoseconds: Int64
    package let value: Double

    package init(subject: Int, nanoseconds: Int64, value: Double) {
      (self.subject, self.nanoseconds, self.value) = (subject, nanoseconds, value)
    }
  }

  /// What is said of a trace beside what its file holds.
  package struct Use: Sendable {
    package var file = ""
    package var unit = "s"
    package var valuesUnit: String?
    package var recycle: VirtualDuration?
    package var assignment = Assignment.byName
    package var isBothWays = false

    package init() {}
  }

  /// The trace of a file that has been read.
  ///
  /// - Parameter rows: those of one subject with ascending times.
  package init(_ use: Use, subjects: [[String]], lines: [Int], rows: [Row]) {
    var starts = Array(repeating: 0, count: subjects.count + 1)
    for row in rows { starts[row.subject + 1] += 1 }
    for subject in subjects.indices { starts[subject + 1] += starts[subject] }
    var next = starts
    var times = Array(repeating: Int64(0), count: rows.count)
    var values = Array(repeating: 0.0, count: rows.count)
    for row in rows {
      times[next[row.subject]] = row.nanoseconds
      values[next[row.subject]] = row.value
      next[row.subject] += 1
    }
    var digest = Digest()
    for (subject, names) in subjects.enumerated() {
      for name in names { digest.add(name) }
      for position in starts[subject]..<starts[subject + 1] {
        digest.add(UInt64(bitPattern: times[position]))
        // Zero has two signs and one meaning.
        digest.add((values[position] + 0.0).bitPattern)
      }
    }
    self.init(use, hexadecimal(digest.value), subjects, lines, starts, times, values)
  }

  /// A stand-in for a file that is not read, to be told from others by its checksum.
  package init(_ use: Use, remembering checksum: String) { self.init(use, checksum, [], [], [0], [], []) }

  private init(
    _ use: Use, _ checksum: String, _ subjects: [[String]], _ lines: [Int], _ starts: [Int], _ times: [Int64],
    _ values: [Double]
  ) {
    (file, unit, valuesUnit, recycle) = (use.file, use.unit, use.valuesUnit, use.recycle)
    (assignment, isBothWays, self.checksum) = (use.assignment, use.isBothWays, checksum)
    (self.subjects, self.lines, self.starts) = (subjects, lines, starts)
    (self.times, self.values) = (times, values)
  }

  /// Which of the subjects has these names.
  package func subject(_ names: [String]) -> Int? { subjects.firstIndex(of: names) }

  /// How many entries there are.
  package var rowCount: Int { times.count }

  /// The latest time of the file; zero where it has none.
  package var lastTime: VirtualDuration { VirtualDuration(nanoseconds: times.max() ?? 0) }

  /// All values of a subject.
  package func values(of subject: Int) -> ArraySlice<Double> { values[starts[subject]..<starts[subject + 1]] }

  /// When each of these begins to hold, nanoseconds.
  package func times(of subject: Int) -> ArraySlice<Int64> { times[starts[subject]..<starts[subject + 1]] }

  /// By how it is used and by the checksum, as a stand-in has nothing else.
  package static func == (left: TraceTable, right: TraceTable) -> Bool {
    left.file == right.file && left.checksum == right.checksum && left.unit == right.unit
      && left.valuesUnit == right.valuesUnit && left.recycle == right.recycle && left.assignment == right.assignment
      && left.isBothWays == right.isBothWays
  }
}

// MARK: - As functions of time

extension TraceTable {
  /// The value of a subject that holds at a time; nothing before the first one.
  ///
  /// - Parameter nanoseconds: since the start of the run, not negative.
  /// - Complexity: logarithmic in the number of the subject's entries.
  package func value(of subject: Int, at nanoseconds: Int64) -> Double? {
    let position = firstPosition(of: subject, after: phase(nanoseconds)) - 1
    return position >= starts[subject] ? values[position] : nil
  }

  /// When an entry of a subject begins to hold after a time, or the trace begins again; nothing where no more is said.
  ///
  /// - Complexity: logarithmic in the number of the subject's entries.
  package func nextTime(of subject: Int, after nanoseconds: Int64) -> Int64? {
    let phase = phase(nanoseconds)
    let position = firstPosition(of: subject, after: phase)
    let (start, length) = (nanoseconds - phase, recycle?.nanoseconds)
    if position < starts[subject + 1], times[position] < length ?? .max {
      let (time, overflow) = start.addingReportingOverflow(times[position])
      return overflow ? nil : time
    }
    guard let length else { return nil }
    let (again, overflow) = start.addingReportingOverflow(length)
    return overflow ? nil : again
  }

  /// The time within the trace.
  private func phase(_ nanoseconds: Int64) -> Int64 { recycle.map { nanoseconds % $0.nanoseconds } ?? nanoseconds }

  /// The position of the first entry of a subject beyond a time of the trace, by bisection.
  private func firstPosition(of subject: Int, after phase: Int64) -> Int {
    var (low, high) = (starts[subject], starts[subject + 1])
    while low < high {
      let middle = (low + high) / 2
      if times[middle] <= phase { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
