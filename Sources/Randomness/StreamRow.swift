// SPDX-License-Identifier: GPL-3.0-or-later
import CKernels

/// Streams with an index of each, all equally far apart in memory: their first words are made side by side, at a fraction of
/// what they take one after the other.
package struct StreamRow {
  private let streams: UnsafeRawPointer
  private let indices: UnsafeRawPointer
  private let stride: Int
  fileprivate let count: Int

  /// - Parameters:
  ///   - streams: where the first stream, a `StreamKey`, is.
  ///   - indices: where its index, of 64 bits, is.
  ///   - stride: bytes from one to the next, of streams as of indices.
  package init(streams: UnsafeRawPointer, indices: UnsafeRawPointer, stride: Int, count: Int) {
    self.streams = streams
    self.indices = indices
    self.stride = stride
    self.count = count
  }

  /// How many words `firstWords` needs room for.
  package static func room(for count: Int) -> Int { 2 * ((count + 3) & ~3) }

  /// Makes what `StreamKey.firstWords(at:)` gives for each: two pairs of words, the earlier one in the upper half.
  @inline(__always)
  func firstWords(into pairs: UnsafeMutablePointer<UInt64>) {
    starling_first_words(streams, indices, stride, count, pairs)
  }

  /// The draws of a stream whose first words are known.
  @inline(__always)
  func draws(_ place: Int, _ first: UInt64, _ second: UInt64) -> Draws {
    let offset = place &* stride
    let (key, index) = (streams + offset, indices + offset)
    return Draws(
      key.assumingMemoryBound(to: StreamKey.self).pointee, at: index.assumingMemoryBound(to: UInt64.self).pointee,
      beginning: (first, second))
  }
}

extension Distribution {
  /// What `sample(_:unlessUniformOf:isBelow:at:)` gives for each stream of a row.
  ///
  /// - Parameters:
  ///   - others: as many streams, of which uniform numbers are compared with a probability.
  ///   - room: for the words of a row.
  ///   - values: where the values go; below zero where the uniform number is below the probability.
  package func sample(
    _ row: StreamRow, unlessUniformOf others: StreamRow, isBelow probability: Double,
    room: UnsafeMutablePointer<UInt64>, into values: UnsafeMutablePointer<Double>
  ) {
    if sampler != nil { row.firstWords(into: room) }
    if isExponential {
      // Logarithms that do not wait for each other, even of values that are not wanted.
      for place in 0..<row.count { values[place] = exponential(unitNumber(room[2 &* place])) }
    } else {
      for place in 0..<row.count {
        values[place] = sampler == nil ? first : fromLaw(row.draws(place, room[2 &* place], room[2 &* place &+ 1]))
      }
    }
    guard probability > 0 else { return }
    others.firstWords(into: room)
    for place in 0..<row.count where unitNumber(room[2 &* place]) < probability { values[place] = -1 }
  }

  @inline(__always)
  private func fromLaw(_ draws: consuming Draws) -> Double {
    withUnsafeMutablePointer(to: &draws) { sample(from: UnsafeMutableRawPointer($0)) }
  }
}
