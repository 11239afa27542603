// SPDX-License-Identifier: GPL-3.0-or-later

/// What the program and the worker of an external learner say to each other.
///
/// Both speak in frames: a head of 16 bytes and a body. Numbers are little-endian; texts are UTF-8.
///
///     head   magic "STL1" (4 bytes) │ kind (u32) │ bytes of the body (u64)
///
/// The program speaks first, and the worker answers each frame with one. The program may send further frames before an answer
/// has come; they are answered one after the other:
///
///     hello    JSON: what the run is                       → ready   JSON: what the worker takes it to be
///     request  number of operations (u64), operations      → reply   what they give, one after the other
///                                                          → failure text, in place of either
///
/// An operation begins with its code (u32) and the rank of an agent (u32):
///
///     step        attempt (u64), seed (u64), parameters (M f64), sample (S f64)   → samples (u64), increment (M f64)
///     commit      the last step of the agent counts: its state is the agent's
///     forget      the agent's state is as it was at the start, and its last step counts for nothing
///     initialise  seed (u64)                                                      → parameters (M f64)
///     evaluate    seed (u64), parameters (M f64)                                  → values of the metrics (K f64)
///     save        which (u64: 0 the agent's state, 1 that of its last step)       → bytes (u64), the state
///     restore     which (u64), bytes (u64), the state
///
/// A step that is not committed counts for nothing: the next one of the agent, or `forget`, takes its place.
enum WorkerProtocol {
  static let version = 1
  static let magic = UInt32(littleEndian: 0x314C_5453)
  static let headBytes = 16
  /// No body is larger.
  static let mostBytes: UInt64 = 1 << 34

  enum Frame: UInt32 {
    case hello = 1
    case ready = 2
    case request = 3
    case reply = 4
    case failure = 5
  }

  enum Operation: UInt32 {
    case step = 1
    case commit = 2
    case forget = 3
    case initialise = 4
    case evaluate = 5
    case save = 6
    case restore = 7
  }

  /// Which of an agent's states is meant.
  enum State: UInt64 {
    case ofAgent = 0
    case ofLastStep = 1
  }
}

/// A frame on its way out: its head stands in front of its body from the start, so that both leave as they lie.
struct WorkerBytes {
  private(set) var content: [UInt8] = []

  init() { removeAll() }

  /// Bytes of the body so far.
  var count: Int { content.count - WorkerProtocol.headBytes }

  mutating func add<Number: FixedWidthInteger>(_ number: Number) {
    withUnsafeBytes(of: number.littleEndian) { content.append(contentsOf: $0) }
  }

  /// Doubles as they lie in memory, which is little-endian on every machine that Starling runs on.
  mutating func add(_ numbers: UnsafePointer<Double>, count: Int) {
    content.append(contentsOf: UnsafeRawBufferPointer(start: numbers, count: count * MemoryLayout<Double>.stride))
  }

  mutating func add(_ bytes: [UInt8]) { content.append(contentsOf: bytes) }

  /// Writes over a number of the body.
  mutating func put<Number: FixedWidthInteger>(_ number: Number, at place: Int) {
    overwrite(number, at: WorkerProtocol.headBytes + place)
  }

  /// Says in the head what the frame is.
  mutating func seal(_ kind: WorkerProtocol.Frame) {
    overwrite(WorkerProtocol.magic, at: 0)
    overwrite(kind.rawValue, at: 4)
    overwrite(UInt64(count), at: 8)
  }

  private mutating func overwrite<Number: FixedWidthInteger>(_ number: Number, at place: Int) {
    content.withUnsafeMutableBytes { $0.storeBytes(of: number.littleEndian, toByteOffset: place, as: Number.self) }
  }

  /// Begins the next frame.
  mutating func removeAll() {
    content.removeAll(keepingCapacity: true)
    content.append(contentsOf: repeatElement(0, count: WorkerProtocol.headBytes))
  }
}

/// The body of a frame that has come in, where it lies: it is there until the next one is received.
struct WorkerAnswer {
  let content: UnsafeRawBufferPointer
  private(set) var position = 0

  init(_ content: UnsafeRawBufferPointer) { self.content = content }

  var left: Int { content.count - position }

  /// The next number of 64 bits; nothing beyond the end.
  mutating func integer() -> UInt64? {
    guard left >= 8 else { return nil }
    defer { position += 8 }
    return UInt64(littleEndian: content.loadUnaligned(fromByteOffset: position, as: UInt64.self))
  }

  /// Takes the next doubles to a place.
  ///
  /// - Returns: whether there were so many.
  mutating func take(_ count: Int, to place: UnsafeMutablePointer<Double>) -> Bool {
    let bytes = count * MemoryLayout<Double>.stride
    guard left >= bytes else { return false }
    if let base = content.baseAddress, bytes > 0 {
      UnsafeMutableRawPointer(place).copyMemory(from: base + position, byteCount: bytes)
    }
    position += bytes
    return true
  }

  /// The next bytes; nothing beyond the end.
  mutating func take(_ count: UInt64) -> [UInt8]? {
    guard count <= UInt64(left) else { return nil }
    defer { position += Int(count) }
    return Array(content[position..<position + Int(count)])
  }
}
