// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Testing

/// The product of the matrices of a period, by multiplying them out.
private func product(agents: Int) -> (matrix: [[Double]], period: Int) {
  var matrix = (0..<agents).map { row in (0..<agents).map { $0 == row ? 1.0 : 0 } }
  var period = 0
  while 1 << period < agents {
    // Agent k averages its own and that of the agent 2^t before it.
    matrix = (0..<agents).map { agent in
      let other = (agent - (1 << period) % agents + agents) % agents
      return (0..<agents).map { (matrix[agent][$0] + matrix[other][$0]) / 2 }
    }
    period += 1
  }
  return (matrix, period)
}

/// The largest ‖Bx‖ of unit vectors x that sum to zero, by iteration; B is doubly stochastic.
private func secondSingularValue(_ matrix: [[Double]]) -> Double {
  let size = matrix.count
  var vector = (0..<size).map { (entry: Int) -> Double in Double((entry * 7 + 3) % 11) + Double(entry) / 10 }
  var value = 0.0
  for _ in 0..<5000 {
    let mean = vector.reduce(0, +) / Double(size)
    vector = vector.map { $0 - mean }
    let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard length > 0 else { return 0 }
    vector = vector.map { $0 / length }
    let image = matrix.map { row in zip(row, vector).reduce(0.0) { $0 + $1.0 * $1.1 } }
    value = image.reduce(0.0) { $0 + $1 * $1 }.squareRoot()
    var next = [Double](repeating: 0, count: size)
    for (row, factor) in zip(matrix, image) { for entry in 0..<size { next[entry] += row[entry] * factor } }
    vector = next
  }
  return value
}

@Test(arguments: [3, 5, 6, 7, 10, 12, 24, 33]) func onePeerAfterTheOtherMixesAsTheProductOfAPeriodDoes(agents: Int) {
  let (matrix, period) = product(agents: agents)
  var expected = 1.0
  let value = onePeerSingularValue(agents: agents)
  for _ in 0..<period { expected *= value }
  #expect(abs(secondSingularValue(matrix) - expected) < 1e-9)
}

/// Where there is a power of two of them, a period gives the mean.
@Test(arguments: [1, 2, 4, 8, 64, 1024]) func onePeerAfterTheOtherGivesTheMeanOfAPowerOfTwo(agents: Int) {
  #expect(onePeerSingularValue(agents: agents) == 0)
}
