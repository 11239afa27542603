// SPDX-License-Identifier: GPL-3.0-or-later
import CKernels
import Randomness
import Testing

/// Words that are made side by side are those that are made one block after the other, by the loops of every processor.
@Suite struct StreamRowTests {
  /// A stream among other things, as it lies in memory.
  private struct Row {
    var before: UInt64 = 0
    var stream: StreamKey
    var index: UInt64
    var other: StreamKey
  }

  private static func rows(_ count: Int) -> [Row] {
    (0..<count).map { number in
      // Indices on both sides of 32 bits.
      Row(
        stream: StreamKey(seed: 5, replication: 1, purpose: .latency, entity: "agent-\(number)"),
        index: UInt64(number) &* 0x0123_4567_89AB,
        other: StreamKey(seed: 5, replication: 1, purpose: .loss, entity: "agent-\(number)"))
    }
  }

  private static let sorts = ["plain", "avx2", "avx512"].filter { (name: String) in starling_kernels_named(name) != nil
  }

  private func words(_ block: SIMD4<UInt32>) -> [UInt32] { (0..<4).map { block[$0] } }

  @Test(arguments: sorts)
  func firstWordsAreThoseOfEachStream(sort: String) throws {
    let loops = try #require(starling_kernels_named(sort)).pointee
    for count in 0...20 {
      let rows = Self.rows(count)
      let room = StreamRow.room(for: count)
      var pairs = [UInt64](repeating: 7, count: room + 8)
      let streams = try #require(MemoryLayout<Row>.offset(of: \.stream))
      let indices = try #require(MemoryLayout<Row>.offset(of: \.index))
      rows.withUnsafeBytes {
        guard let base = $0.baseAddress else { return }
        loops.first_words(base + streams, base + indices, MemoryLayout<Row>.stride, count, &pairs)
      }
      #expect(pairs[room...].allSatisfy { $0 == 7 })
      for (place, row) in rows.enumerated() {
        var draws = Draws(row.stream, at: row.index)
        let expected = (0..<4).map { _ in draws.word() }
        let (first, second) = (pairs[2 * place], pairs[2 * place + 1])
        #expect(expected == [first >> 32, first & 0xFFFF_FFFF, second >> 32, second & 0xFFFF_FFFF].map(UInt32.init))
      }
    }
  }

  @Test(arguments: sorts)
  func nextWordsAreThoseOfFourBlocks(sort: String) throws {
    let loops = try #require(starling_kernels_named(sort)).pointee
    let stream = StreamKey(seed: 6, replication: 0, purpose: .data, entity: "agent-1")
    for (index, block) in [(0, 0), (3, 4), (1 << 40 + 7, 1000), (UInt64.max, UInt32.max - 2)] as [(UInt64, UInt32)] {
      var made = [UInt32](repeating: 0, count: 16)
      loops.next_words(stream.key, stream.salt, index, block, &made)
      let expected = (0..<4 as Range<UInt32>).flatMap { number in
        let counter = SIMD4(
          UInt32(truncatingIfNeeded: index), UInt32(truncatingIfNeeded: index >> 32), block &+ number, stream.salt)
        return words(Philox.block(counter, key: stream.key))
      }
      #expect(made == expected)
    }
  }

  /// Of laws that take no word, one block or several, and of the exponential one, with messages lost or not.
  @Test(arguments: [
    Distribution.exponential(mean: 3), .constant(2), .uniform(lower: 1, upper: 4), .gamma(mean: 2, shape: 0.4),
  ])
  func valuesAreThoseOfEachStream(law: Distribution) throws {
    let rows = Self.rows(11)
    let stream = try #require(MemoryLayout<Row>.offset(of: \.stream))
    let other = try #require(MemoryLayout<Row>.offset(of: \.other))
    let index = try #require(MemoryLayout<Row>.offset(of: \.index))
    for probability in [0, 0.3] {
      var room = [UInt64](repeating: 0, count: StreamRow.room(for: rows.count))
      var values = [Double](repeating: .nan, count: rows.count)
      rows.withUnsafeBytes { bytes in
        func row(_ offset: Int) -> StreamRow {
          StreamRow(
            streams: bytes.baseAddress! + offset, indices: bytes.baseAddress! + index, stride: MemoryLayout<Row>.stride,
            count: rows.count)
        }
        law.sample(row(stream), unlessUniformOf: row(other), isBelow: probability, room: &room, into: &values)
      }
      let expected = rows.map { row in
        law.sample(row.stream, unlessUniformOf: row.other, isBelow: probability, at: row.index) ?? -1
      }
      #expect(values == expected)
      #expect(probability == 0 || expected.contains(-1))
    }
  }

  /// Many normal numbers, whose words are made 16 at once, are those that are drawn one by one, and what is drawn after them
  /// is the same, too.
  @Test func manyNormalsAreThoseDrawnOneByOne() {
    let stream = StreamKey(seed: 8, replication: 0, purpose: .data, entity: "agent-2")
    for before in 0..<5 {
      for count in 0..<80 {
        var (together, single) = (Draws(stream, at: UInt64(count)), Draws(stream, at: UInt64(count)))
        for _ in 0..<before { #expect(together.word() == single.word()) }
        var (many, one) = ([Double](repeating: 0, count: count), [0.0])
        many.withUnsafeMutableBufferPointer { fillStandardNormal($0, from: &together) }
        for number in many {
          one.withUnsafeMutableBufferPointer { fillStandardNormal($0, from: &single) }
          #expect(number == one[0])
        }
        for _ in 0..<9 { #expect(together.word() == single.word()) }
        #expect(together.uniform() == single.uniform())
      }
    }
  }
}
