// SPDX-License-Identifier: GPL-3.0-or-later

/// Why the memory of a run cannot be read, as a sentence without its end.
public struct RunMemoryFault: Error, Equatable, CustomStringConvertible {
  /// The sentence.
  public let description: String

  /// The fault of a sentence.
  public init(_ description: String) { self.description = description }
}

/// All that changes while a run goes on, as bytes: values and columns under names, in one order.
///
/// Whoever has such state has one function, `visit`, that names it. The same function writes what is there and reads what
/// was written, so the two cannot drift apart; what does not change, such as keys of streams, laws and weights, is made
/// anew from the settings.
///
///     mutating func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
///       try memory.value("round", &round)
///       try memory.column("places", places)
///     }
///
/// An entry is its name, the bytes of an element, the number of elements and the elements as they lie in memory, all
/// filled up to multiples of 8 bytes; numbers have the order of the processor. Reading compares names, sizes and numbers and
/// never looks beyond the end. It does not look into the elements, so whoever keeps memories has to see that they are
/// whole.
public struct RunMemory: ~Copyable {
  /// Whether what is visited takes on what was written.
  public let isReading: Bool
  private var bytes: [UInt8]
  private var position = 0

  /// A memory into which what is visited is written.
  package init() {
    isReading = false
    bytes = []
  }

  /// A memory that is read from its beginning.
  package init(reading bytes: [UInt8]) {
    isReading = true
    self.bytes = bytes
  }

  /// What was written; a multiple of 8 bytes.
  package var content: [UInt8] { bytes }

  /// - Throws: if something is left that nobody has read.
  package func end() throws(RunMemoryFault) {
    guard !isReading || position == bytes.count else { throw RunMemoryFault("it holds more than the run has") }
  }
}

// MARK: - What is named

extension RunMemory {
  /// One trivial value.
  public mutating func value<Value: BitwiseCopyable>(
    _ name: StaticString, _ value: inout Value
  ) throws(RunMemoryFault) {
    try begin(name, size: MemoryLayout<Value>.size, count: 1)
    try withUnsafeMutablePointer(to: &value) { place throws(RunMemoryFault) in
      try copy(UnsafeMutableRawPointer(place), MemoryLayout<Value>.size)
    }
    try align()
  }

  /// All values of a column, whose length is that of the run.
  public mutating func column<Element: BitwiseCopyable>(
    _ name: StaticString, _ column: borrowing Column<Element>
  ) throws(RunMemoryFault) {
    try values(name, column.base, count: column.count)
  }

  /// So many values in a row.
  public mutating func values<Element: BitwiseCopyable>(
    _ name: StaticString, _ base: UnsafeMutablePointer<Element>, count: Int
  ) throws(RunMemoryFault) {
    try rows(name, count: 1, length: count) { _ in base }
  }

  /// Rows of one length that lie apart.
  ///
  /// - Parameter place: where the row of a number begins.
  package mutating func rows<Element: BitwiseCopyable>(
    _ name: StaticString, count: Int, length: Int, at place: (Int) -> UnsafeMutablePointer<Element>
  ) throws(RunMemoryFault) {
    let stride = MemoryLayout<Element>.stride
    try begin(name, size: stride, count: count * length)
    for row in 0..<count { try copy(UnsafeMutableRawPointer(place(row)), length * stride) }
    try align()
  }

  /// How many elements there are of something that grows.
  ///
  /// - Parameters:
  ///   - present: how many there are now.
  ///   - size: bytes that the memory holds of each, for what follows.
  /// - Returns: how many there are to be.
  package mutating func count(
    _ name: StaticString, _ present: Int, ofSize size: Int
  ) throws(RunMemoryFault) -> Int {
    var count = present
    try value(name, &count)
    guard count >= 0, count <= (bytes.count - position) / max(1, size) || !isReading else {
      throw RunMemoryFault("it has no room for \(count) of '\(name)'")
    }
    return count
  }

  /// A list of trivial values that grows and shrinks.
  public mutating func list<Element: BitwiseCopyable>(
    _ name: StaticString, _ list: inout [Element]
  ) throws(RunMemoryFault) {
    let stride = MemoryLayout<Element>.stride
    let length = try count(name, list.count, ofSize: stride)
    if isReading {
      try begin(name, size: stride, count: length)
      let start = position
      try skip(length * stride)
      list = bytes.withUnsafeBytes { bytes in
        (0..<length).map { bytes.loadUnaligned(fromByteOffset: start + $0 * stride, as: Element.self) }
      }
    } else {
      try begin(name, size: stride, count: length)
      list.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }
    try align()
  }

  /// A text.
  public mutating func text(_ name: StaticString, _ text: inout String) throws(RunMemoryFault) {
    var letters = Array(text.utf8)
    try list(name, &letters)
    if isReading { text = String(decoding: letters, as: UTF8.self) }
  }
}

// MARK: - Bytes

extension RunMemory {
  /// Writes the beginning of an entry, or compares it with the one that is there.
  private mutating func begin(_ name: StaticString, size: Int, count: Int) throws(RunMemoryFault) {
    let letters = Array("\(name)".utf8)
    guard isReading else {
      for number in [letters.count, size, count] { append(number) }
      bytes.append(contentsOf: letters)
      return try align()
    }
    let (length, storedSize, storedCount) = (try integer(), try integer(), try integer())
    guard length >= 0, length <= bytes.count - position else { throw RunMemoryFault("it ends too soon") }
    let stored = bytes[position..<position + length]
    guard stored.elementsEqual(letters) else {
      throw RunMemoryFault("it has '\(shown(String(decoding: stored, as: UTF8.self)))' where '\(name)' belongs")
    }
    guard storedSize == size, storedCount == count else {
      throw RunMemoryFault(
        "it has \(storedCount) of '\(name)' with \(storedSize) bytes each, and the run has \(count) with \(size)")
    }
    position += length
    try align()
  }

  private mutating func append(_ number: Int) {
    withUnsafeBytes(of: number) { bytes.append(contentsOf: $0) }
  }

  private mutating func integer() throws(RunMemoryFault) -> Int {
    let start = position
    try skip(MemoryLayout<Int>.size)
    return bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: start, as: Int.self) }
  }

  /// Copies bytes from a place, or to it.
  private mutating func copy(_ place: UnsafeMutableRawPointer, _ count: Int) throws(RunMemoryFault) {
    guard isReading else { return bytes.append(contentsOf: UnsafeRawBufferPointer(start: place, count: count)) }
    let start = position
    try skip(count)
    guard count > 0 else { return }
    bytes.withUnsafeBytes { bytes in
      if let base = bytes.baseAddress { place.copyMemory(from: base + start, byteCount: count) }
    }
  }

  private mutating func skip(_ count: Int) throws(RunMemoryFault) {
    guard count <= bytes.count - position else { throw RunMemoryFault("it ends too soon") }
    position += count
  }

  /// Goes on to the next multiple of 8 bytes.
  private mutating func align() throws(RunMemoryFault) {
    if isReading { return try skip(-position & 7) }
    bytes.append(contentsOf: repeatElement(0, count: -bytes.count & 7))
  }
}
