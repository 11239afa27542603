// SPDX-License-Identifier: GPL-3.0-or-later
import EventEngine
import Quantities
import Records

/// What the memory of a run belongs to: the same program goes on with the same run, and nothing else does.
package struct RunLabel: Sendable, Equatable {
  /// Which program: another one may keep other things, or mean others by them.
  package var program: String
  /// Which run: a digest of all that decides on it.
  package var run: String

  package init(program: String, run: String) {
    self.program = program
    self.run = run
  }
}

/// A run that was stopped on its way, with all that it takes to go on as if it had never been.
package struct StoppedRun: Sendable, Equatable {
  /// The first word of every memory; in the other order of bytes it is another one.
  private static let format: UInt64 = 0x5354_524C_5255_4E01

  package private(set) var label: RunLabel
  /// Everything up to here has happened.
  package private(set) var time: VirtualTime
  /// Of the events so far.
  package private(set) var fingerprint: UInt64
  /// The label, the state of the run (`RunMemory`), and a checksum of all that.
  package private(set) var bytes: [UInt8] = []

  /// Keeps a run.
  ///
  /// - Parameter visit: names its state.
  init(
    _ label: RunLabel, at time: VirtualTime, fingerprint: UInt64,
    _ visit: (inout RunMemory) throws(RunMemoryFault) -> Void
  ) throws(RunMemoryFault) {
    (self.label, self.time, self.fingerprint) = (label, time, fingerprint)
    var memory = RunMemory()
    try visitHead(&memory)
    try visit(&memory)
    let content = memory.content
    bytes = content + withUnsafeBytes(of: checksum(of: content[...])) { Array($0) }
  }

  /// Reads what was kept, whoever did.
  ///
  /// - Throws: where it is not what was written.
  package init(_ bytes: [UInt8]) throws(RunMemoryFault) {
    let end = bytes.count - MemoryLayout<UInt64>.size
    guard end > 0, end % MemoryLayout<UInt64>.size == 0, checksum(of: bytes[..<end]) == lastWord(bytes[...]) else {
      throw RunMemoryFault("it is damaged")
    }
    (label, time, fingerprint) = (RunLabel(program: "", run: ""), .zero, 0)
    self.bytes = bytes
    var memory = RunMemory(reading: Array(bytes[..<end]))
    try visitHead(&memory)
  }

  /// Lets a run take on the state that was kept.
  ///
  /// - Throws: where the memory is of another program or of another run.
  func recall(as label: RunLabel, _ visit: (inout RunMemory) throws(RunMemoryFault) -> Void) throws(RunMemoryFault) {
    if let obstacle = obstacle(to: label) { throw obstacle }
    var memory = RunMemory(reading: Array(bytes.dropLast(MemoryLayout<UInt64>.size)))
    var head = self
    try head.visitHead(&memory)
    try visit(&memory)
    try memory.end()
  }

  /// Why a program cannot go on with this; nothing where it can.
  package func obstacle(to label: RunLabel) -> RunMemoryFault? {
    if self.label.program != label.program {
      return RunMemoryFault("it was kept by \(shown(self.label.program)), and this is \(shown(label.program))")
    }
    return self.label.run == label.run ? nil : RunMemoryFault("it is of a run with other settings")
  }

  private mutating func visitHead(_ memory: inout RunMemory) throws(RunMemoryFault) {
    var format = Self.format
    try memory.value("format", &format)
    guard format == Self.format else { throw RunMemoryFault("it is in another format than this program keeps") }
    try memory.text("program", &label.program)
    try memory.text("run", &label.run)
    try memory.value("time", &time)
    try memory.value("fingerprint so far", &fingerprint)
  }
}

/// Over all words.
private func checksum(of bytes: ArraySlice<UInt8>) -> UInt64 {
  var checksum = Fingerprint()
  bytes.withUnsafeBytes { bytes in
    for start in stride(from: 0, to: bytes.count, by: MemoryLayout<UInt64>.size) {
      checksum.fold(bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self))
    }
  }
  return checksum.value
}

private func lastWord(_ bytes: ArraySlice<UInt8>) -> UInt64 {
  bytes.suffix(MemoryLayout<UInt64>.size).withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }
}

/// How far a run has come.
package enum RunOutcome: Sendable {
  /// To its end.
  case ended(RunRecord)
  /// To the time at which it was to stop.
  case stopped(StoppedRun)
}
