// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Quantities
import Randomness
import Testing

/// 1000 processes, 1e6 events, seed 11. The end is Gamma distributed with mean 1000 and deviation 1: within 4 of it
/// (false alarm 6e-5). The counts of the processes: chi-square with 999 degrees of freedom inside 834.4 … 1182.4
/// (false alarm 1e-4).
@Test func theHoldModelConservesItsPopulation() {
  let outcome = holdModel(seed: 11, population: 1000, events: 1_000_000)
  #expect(!outcome.clockDecreased)
  #expect(!outcome.populationChanged)
  #expect(outcome.counts.reduce(0, +) == 1_000_000)
  #expect(abs(outcome.end.seconds - 1000) < 4)
  let statistic = outcome.counts.reduce(0.0) { $0 + (Double($1) - 1000) * (Double($1) - 1000) / 1000 }
  #expect(statistic > 834.4 && statistic < 1182.4, "\(statistic)")
}

@Test func theUnitOfTimeChangesNoOrder() {
  let seconds = holdModel(seed: 5, population: 200, events: 50_000)
  let scaled = holdModel(seed: 5, population: 200, events: 50_000, unit: 1024)
  #expect(seconds.order == scaled.order)
  // Each of some thousand delays of a process is rounded to the nanosecond in both units.
  #expect(abs(seconds.end.seconds * 1024 - scaled.end.seconds) < 1e-3)
}

/// Kolmogorov-Smirnov, n = 1e6, seed 7: √n D below 2.225 (false alarm 2 exp(−2 · 2.225²) = 1e-4).
@Test func aMillionExponentialDelaysFollowTheirLaw() {
  let key = StreamKey(seed: 7, replication: 0, purpose: .queueing, entity: "delays")
  let law = Distribution.exponential(mean: 3)
  let count = 1_000_000
  let delays = (0..<count).map { law.sample(key, at: UInt64($0)) }.sorted()
  var distance = 0.0
  for (rank, delay) in delays.enumerated() {
    let probability = -expm1(-delay / 3)
    distance = max(distance, probability - Double(rank) / Double(count), Double(rank + 1) / Double(count) - probability)
  }
  #expect(distance * Double(count).squareRoot() < 2.225)
}
