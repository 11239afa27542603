// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation

/// What is left to do of a step: nanoseconds at speed one, with their fractions.
///
/// A step can go on through many pieces of its agent's speed. So that nothing is lost on the way the number is a sum of
/// two, the second what the first is too coarse for: what is left after any number of pieces is right to one part in
/// 2^52 of the step's work or so.
///
/// Source: Dekker, "A floating-point technique for extending the available precision", Numerische Mathematik 18 (1971).
struct WorkLeft: BitwiseCopyable {
  private var high: Double
  private var low: Double

  init(nanoseconds: Int64) {
    high = Double(nanoseconds)
    low = high < 0x1p63 ? Double(nanoseconds - Int64(high)) : 0
  }

  /// Whether there is nothing to do any more.
  var isNone: Bool { high + low <= 0 }

  /// To the nearest nanosecond, of two the even one.
  var nanoseconds: Int64 { nearest(high, low) }

  /// Takes away what is done in so many nanoseconds at a speed.
  mutating func work(nanoseconds: Int64, slowdown: Double) {
    guard slowdown < .infinity else { return }
    let time = Double(nanoseconds)
    let done = time / slowdown
    let rest = fma(-done, slowdown, time) / slowdown
    let difference = high - done
    let taken = high - difference
    // What the difference is too coarse for: exact, as `taken` is what it has really taken away (2Sum).
    let error = (high - (difference + taken)) + (taken - done)
    low += error - rest
    high = difference + low
    low -= high - difference
  }

  /// Nanoseconds until it is done at a speed, to the nearest; nothing where that is later than after some of them.
  func time(slowdown: Double, within length: Int64) -> Int64? {
    if isNone { return 0 }
    let product = high * slowdown
    guard product <= Double(length), product < 0x1p62 else { return nil }
    let time = nearest(product, fma(high, slowdown, -product) + low * slowdown)
    return time <= length ? time : nil
  }

  /// The whole number nearest to a sum, of two the even one.
  private func nearest(_ high: Double, _ low: Double) -> Int64 {
    guard high + low > 0 else { return 0 }
    guard high < 0x1p62 else { return .max }
    let even = 2 * (high / 2).rounded(.down)
    return Int64(even) + Int64(((high - even) + low).rounded(.toNearestOrEven))
  }
}
