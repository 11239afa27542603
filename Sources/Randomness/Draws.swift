// SPDX-License-Identifier: GPL-3.0-or-later
@preconcurrency import CNumerics

/// The random numbers of one index of a stream, one after the other. A small value on the stack.
///
/// Each index has 2³⁴ words of its own, so rejection samplers may take as many as they like without reaching the
/// numbers of another index.
public struct Draws {
  private var counter: SIMD4<UInt32>
  /// Four words in their order, the earlier one of each pair in the upper half.
  private var firstPair: UInt64 = 0
  private var secondPair: UInt64 = 0
  private let key: UInt64
  private var position = 4

  /// The draws at an index of a stream.
  public init(_ key: StreamKey, at index: UInt64) {
    self.key = key.key
    counter = SIMD4(UInt32(truncatingIfNeeded: index), UInt32(truncatingIfNeeded: index >> 32), 0, key.salt)
  }

  /// The same draws, the first four words of which are made at once: for an index from which at least one is taken.
  @inline(__always)
  init(beginning key: StreamKey, at index: UInt64) {
    self.init(key, at: index)
    take(key.firstWords(at: index))
  }

  /// The same draws, the first four words of which are known, the earlier one of each pair in the upper half.
  @inline(__always)
  init(_ key: StreamKey, at index: UInt64, beginning pairs: (UInt64, UInt64)) {
    self.init(key, at: index)
    (firstPair, secondPair) = pairs
    counter.z = 1
    position = 0
  }

  @inline(__always)
  private mutating func take(_ words: SIMD4<UInt32>) {
    firstPair = UInt64(words.x) << 32 | UInt64(words.y)
    secondPair = UInt64(words.z) << 32 | UInt64(words.w)
    counter.z &+= 1
    position = 0
  }

  @inline(never)
  private mutating func refill() { take(Philox.block(counter, key: key)) }

  /// The next 32 random bits.
  public mutating func word() -> UInt32 {
    if position == 4 { refill() }
    let pair = position < 2 ? firstPair : secondPair
    let word = position & 1 == 0 ? pair >> 32 : pair
    position &+= 1
    return UInt32(truncatingIfNeeded: word)
  }

  /// The next number of [0, 1), with 53 random bits.
  public mutating func uniform() -> Double {
    if position == 4 { refill() }
    guard position & 1 == 0 else {
      let high = word()
      return unitNumber(high, word())
    }
    let pair = position < 2 ? firstPair : secondPair
    position &+= 2
    return unitNumber(UInt32(truncatingIfNeeded: pair >> 32), UInt32(truncatingIfNeeded: pair))
  }

  /// The next whole number of 0..<bound, every one equally probable.
  public mutating func integer(below bound: UInt32) -> UInt32 {
    precondition(bound > 0, "A random whole number needs a bound above zero.")
    var product = UInt64(word()) * UInt64(bound)
    if UInt32(truncatingIfNeeded: product) < bound {
      let threshold = (0 &- bound) % bound
      while UInt32(truncatingIfNeeded: product) < threshold { product = UInt64(word()) * UInt64(bound) }
    }
    return UInt32(product >> 32)
  }

  /// Lets GSL's samplers take many words from here, which are made 16 at once.
  package mutating func withBulkGenerator<Result>(_ body: (UnsafePointer<gsl_rng>) -> Result) -> Result {
    guard position == 4 else { return withGenerator(body) }
    var bulk = BulkWords(key: key, counter: counter)
    let result = withUnsafeMutablePointer(to: &bulk) { state in
      var generator = gsl_rng(type: drawsType.bulk, state: UnsafeMutableRawPointer(state))
      return withUnsafePointer(to: &generator) { body($0) }
    }
    counter.z = bulk.blocksTaken
    if let (first, second, used) = bulk.rest { (firstPair, secondPair, position) = (first, second, used) }
    return result
  }

  /// Lets GSL's samplers draw from here.
  package mutating func withGenerator<Result>(_ body: (UnsafePointer<gsl_rng>) -> Result) -> Result {
    withUnsafeMutablePointer(to: &self) { state in
      var generator = gsl_rng(type: drawsType.type, state: UnsafeMutableRawPointer(state))
      return withUnsafePointer(to: &generator) { body($0) }
    }
  }
}

/// The number of [0, 1) that the upper 53 bits of two words make.
@inline(__always)
func unitNumber(_ high: UInt32, _ low: UInt32) -> Double { unitNumber(UInt64(high) << 32 | UInt64(low)) }

/// The number of [0, 1) that the upper 53 bits make.
@inline(__always)
func unitNumber(_ bits: UInt64) -> Double { Double(Int64(bitPattern: bits >> 11)) * 0x1p-53 }

/// `Draws` and `BulkWords` as generators of GSL. Seeding is refused by doing nothing: the state is always a caller's.
private struct DrawsType: @unchecked Sendable {
  let type: UnsafePointer<gsl_rng_type>
  let bulk: UnsafePointer<gsl_rng_type>

  init() {
    let types = UnsafeMutablePointer<gsl_rng_type>.allocate(capacity: 2)
    types.initialize(
      to: gsl_rng_type(
        name: UnsafePointer(strdupForever("philox4x32-10 keyed draws")), max: UInt(UInt32.max), min: 0,
        size: MemoryLayout<Draws>.size, set: { _, _ in },
        get: { UInt($0!.assumingMemoryBound(to: Draws.self).pointee.word()) },
        get_double: { $0!.assumingMemoryBound(to: Draws.self).pointee.uniform() }))
    (types + 1).initialize(
      to: gsl_rng_type(
        name: UnsafePointer(strdupForever("philox4x32-10 keyed draws, 16 words at once")), max: UInt(UInt32.max),
        min: 0,
        size: MemoryLayout<BulkWords>.size, set: { _, _ in },
        get: { UInt(BulkWords.word($0!.assumingMemoryBound(to: BulkWords.self))) },
        get_double: { BulkWords.uniform($0!.assumingMemoryBound(to: BulkWords.self)) }))
    type = UnsafePointer(types)
    bulk = UnsafePointer(types + 1)
  }
}

private let drawsType = DrawsType()

/// A C string that lives as long as the process.
private func strdupForever(_ text: String) -> UnsafeMutablePointer<CChar> {
  let bytes = text.utf8CString
  let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
  for (index, byte) in bytes.enumerated() { copy[index] = byte }
  return copy
}
