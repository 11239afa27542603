// SPDX-License-Identifier: GPL-3.0-or-later
import Randomness
import Testing

private func key(
  _ entity: String = "agent-1", seed: UInt64 = 1, replication: UInt32 = 0, purpose: Purpose = .data
) -> StreamKey {
  StreamKey(seed: seed, replication: replication, purpose: purpose, entity: entity)
}

@Test func drawsDoNotDependOnTheOrderInWhichTheyAreMade() {
  let law = Distribution.gamma(mean: 1, shape: 0.5)
  let entities = (0..<5).map { "agent-\($0)" }
  let forwards = entities.map { entity in (0..<100).map { law.sample(key(entity), at: UInt64($0)) } }
  var shuffled = forwards.map { $0.map { _ in Double.nan } }
  for index in (0..<100).reversed() {
    for agent in [3, 0, 4, 1, 2] {
      shuffled[agent][index] = law.sample(key(entities[agent]), at: UInt64(index))
    }
  }
  #expect(shuffled == forwards)
}

@Test func everyPartOfAKeyAndTheIndexChangesTheDraw() {
  let firsts: [(StreamKey, UInt64)] = [
    (key(), 0), (key(), 1), (key(), 1 << 32), (key("agent-2"), 0), (key(seed: 2), 0), (key(replication: 1), 0),
    (key(replication: StreamFamily.study), 0), (key(purpose: .loss), 0), (key().attempt(1), 0), (key().attempt(2), 0),
  ]
  let words = firsts.map { key, index in
    var draws = Draws(key, at: index)
    return UInt64(draws.word()) << 32 | UInt64(draws.word())
  }
  #expect(Set(words).count == firsts.count)
  #expect(key().attempt(0) == key())
}

/// Neighbouring places of the key space, and how to get two uniform numbers from them for a number.
private struct Neighbours: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let pair: @Sendable (Int) -> (Double, Double)

  init(_ name: String, pair: @escaping @Sendable (Int) -> (Double, Double)) {
    (testDescription, self.pair) = (name, pair)
  }
}

private let neighbours = [
  Neighbours("indices") { (uniform(key(), 2 * $0), uniform(key(), 2 * $0 + 1)) },
  Neighbours("agents") { (uniform(key("agent-\(2 * $0)"), 0), uniform(key("agent-\(2 * $0 + 1)"), 0)) },
  Neighbours("agents at one index") { (uniform(key("agent-1"), $0), uniform(key("agent-2"), $0)) },
  Neighbours("seeds") { (uniform(key(seed: UInt64($0)), 0), uniform(key(seed: UInt64($0 + 1)), 0)) },
  Neighbours("replications") { (uniform(key(replication: 0), $0), uniform(key(replication: 1), $0)) },
  Neighbours("purposes") { (uniform(key(purpose: .data), $0), uniform(key(purpose: .computeTime), $0)) },
  Neighbours("attempts") { (uniform(key(), $0), uniform(key().attempt(1), $0)) },
  Neighbours("directions") { (uniform(link("a", "b"), $0), uniform(link("b", "a"), $0)) },
]

private func uniform(_ key: StreamKey, _ index: Int) -> Double {
  var draws = Draws(key, at: UInt64(index))
  return draws.uniform()
}

private func link(_ sender: String, _ receiver: String) -> StreamKey {
  StreamFamily(seed: 1, replication: 0, purpose: .latency)
    .key(EntityKey(from: EntityKey(sender), to: EntityKey(receiver)))
}

/// Pairs fall evenly on a grid of 16 × 16: chi-square with 255 degrees of freedom, bound at a false-alarm probability
/// of 1e-6 (377.2), and are uncorrelated: 4.9 / √n, 1e-6 as well; 1.6e-5 for the eight kinds of neighbours.
@Test(arguments: neighbours)
private func neighbouringDrawsAreIndependent(_ neighbours: Neighbours) {
  let count = 100_000
  var cells = [Int](repeating: 0, count: 256)
  var product = 0.0
  for number in 0..<count {
    let (first, second) = neighbours.pair(number)
    cells[Int(first * 16) * 16 + Int(second * 16)] += 1
    product += (first - 0.5) * (second - 0.5) * 12
  }
  let expected = Double(count) / 256
  let statistic = cells.map { (Double($0) - expected) * (Double($0) - expected) / expected }.reduce(0, +)
  #expect(statistic < 377.2)
  #expect(abs(product / Double(count)) < 4.9 / Double(count).squareRoot())
}

/// Counts of 7 equally probable numbers: chi-square with 6 degrees of freedom, bound at 1e-6 (38.3).
@Test func wholeNumbersAreEquallyProbable() {
  var draws = Draws(key("integers"), at: 0)
  var counts = [Double](repeating: 0, count: 7)
  for _ in 0..<70_000 { counts[Int(draws.integer(below: 7))] += 1 }
  #expect(counts.map { ($0 - 10_000) * ($0 - 10_000) / 10_000 }.reduce(0, +) < 38.3)
}

/// The short way to the first number of an index gives that number, also where a whole number has to be drawn again.
@Test func theFirstNumberOfAnIndexIsTheSameTheShortWay() {
  let key = StreamKey(seed: 3, replication: 1, purpose: .loss, entity: "short")
  var drawnAgain = 0
  for index in 0..<2000 {
    let index = UInt64(index) << 20
    var draws = Draws(key, at: index)
    #expect(key.uniform(at: index) == draws.uniform())
    for bound: UInt32 in [1, 4, 3_000_000_000] {
      var draws = Draws(key, at: index)
      var first = Draws(key, at: index)
      let threshold = (0 &- bound) % bound
      if UInt32(truncatingIfNeeded: UInt64(first.word()) * UInt64(bound)) < threshold { drawnAgain += 1 }
      #expect(key.integer(below: bound, at: index) == draws.integer(below: bound))
    }
  }
  #expect(drawnAgain > 100)
}
