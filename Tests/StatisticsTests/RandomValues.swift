// SPDX-License-Identifier: GPL-3.0-or-later
import Randomness

/// Independent standard normal numbers of a seed.
func normalValues(_ count: Int, seed: UInt64) -> [Double] {
  var draws = Draws(StreamKey(seed: seed, replication: 0, purpose: .data, entity: "normal"), at: 0)
  return [Double](unsafeUninitializedCapacity: count) { buffer, filled in
    buffer.initialize(repeating: 0)
    fillStandardNormal(UnsafeMutableBufferPointer(rebasing: buffer[..<count]), from: &draws)
    filled = count
  }
}

/// Independent whole numbers of 0..<bound, so that some are equal.
func wholeValues(_ count: Int, below bound: UInt32, seed: UInt64) -> [Double] {
  var draws = Draws(StreamKey(seed: seed, replication: 0, purpose: .data, entity: "whole"), at: 0)
  return (0..<count).map { _ in Double(draws.integer(below: bound)) }
}

/// Independent uniform numbers of [0, 1).
func uniformValues(_ count: Int, seed: UInt64) -> [Double] {
  var draws = Draws(StreamKey(seed: seed, replication: 0, purpose: .data, entity: "uniform"), at: 0)
  return (0..<count).map { _ in draws.uniform() }
}
