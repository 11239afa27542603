// SPDX-License-Identifier: GPL-3.0-or-later

/// A small generator (SplitMix64), so that the same seed makes the same scenario everywhere.
struct Dice {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0xD134_2543_DE82_EF95 &+ 1 }

  private mutating func word() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }

  /// A whole number of a range, each equally probable.
  mutating func roll(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(word() % UInt64(range.upperBound - range.lowerBound + 1))
  }

  /// Whether something happens that does so once in so many times.
  mutating func happens(onceIn times: Int) -> Bool { roll(1...times) == 1 }

  mutating func flip() -> Bool { happens(onceIn: 2) }

  /// One of some choices, each equally probable.
  mutating func pick<Choice>(_ choices: [Choice]) -> Choice { choices[roll(0...choices.count - 1)] }

  /// A number with three decimals, as text.
  mutating func number(_ range: ClosedRange<Double>) -> String {
    let share = Double(word() >> 11) / 0x1p53
    let thousandths = Int((range.lowerBound + (range.upperBound - range.lowerBound) * share) * 1000)
    let digits = String(abs(thousandths) % 1000)
    return (thousandths < 0 ? "-" : "") + "\(abs(thousandths) / 1000)."
      + String(repeating: "0", count: 3 - digits.count) + digits
  }
}
