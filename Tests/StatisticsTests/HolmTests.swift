// SPDX-License-Identifier: GPL-3.0-or-later
import Statistics
import Testing

/// Holm's procedure as he wrote it: step down from the smallest value until one is not small enough.
private func stepDown(_ values: [Double], alpha: Double) -> [Bool] {
  var rejected = Array(repeating: false, count: values.count)
  for (place, index) in values.indices.sorted(by: { values[$0] < values[$1] }).enumerated() {
    guard values[index] <= alpha / Double(values.count - place) else { break }
    rejected[index] = true
  }
  return rejected
}

@Test func adjustedValuesRejectWhatStepsDownReject() {
  for seed in UInt64(0)..<200 {
    let values = uniformValues(1 + Int(seed % 12), seed: seed).map { $0 * $0 * 0.2 }
    #expect(HolmAdjustment(values).rejected(at: 0.05) == stepDown(values, alpha: 0.05))
  }
}

@Test func adjustmentKeepsTheOrderAndOnlyRaises() {
  for seed in UInt64(0)..<50 {
    let values = wholeValues(8, below: 30, seed: seed).map { $0 / 100 }
    let adjusted = HolmAdjustment(values).adjusted
    for (own, value) in zip(adjusted, values) {
      #expect(own >= value && own <= min(1, 8 * value))
      for (other, another) in zip(adjusted, values) {
        if value < another { #expect(own <= other) }
        if value == another { #expect(own == other) }
      }
    }
    let order = [5, 2, 7, 0, 1, 6, 4, 3]
    #expect(HolmAdjustment(order.map { values[$0] }).adjusted == order.map { adjusted[$0] })
  }
}

@Test func noTestsOneTestAndATestThatSaysNothing() {
  #expect(HolmAdjustment([]).adjusted.isEmpty && HolmAdjustment([]).rejected(at: 0.05).isEmpty)
  #expect(HolmAdjustment([0.03]).adjusted == [0.03] && HolmAdjustment([0.05]).rejected(at: 0.05) == [true])
  #expect(HolmAdjustment([.nan, 0.01]).adjusted == [1, 0.02])
  #expect(HolmAdjustment([0, 1]).adjusted == [0, 1])
}
