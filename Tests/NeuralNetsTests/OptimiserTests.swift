// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets
import Testing

private let rules: [Optimiser.Rule] = [
  .gradientDescent, .adam(), .adam(firstDecay: 0.5, secondDecay: 0.7, epsilon: 0.1), .rootMeanSquare(),
  .rootMeanSquare(decay: 0.6, epsilon: 0.1),
]

@Suite struct OptimiserTests {
  /// The formulas of the table, entry by entry, over some moves.
  @Test(arguments: rules)
  func movesAreThoseOfTheTable(rule: Optimiser.Rule) {
    var draws = draws(21)
    let optimiser = Optimiser(rule, stepSize: 0.05)
    var parameters = draws.numbers(19)
    var expected = parameters
    var state = [Double](repeating: 0, count: optimiser.stateCount(parameters: 19))
    var (first, second) = (Array(repeating: 0.0, count: 19), Array(repeating: 0.0, count: 19))
    for move in 1...7 {
      let gradient = draws.numbers(19, bound: 3)
      optimiser.update(&parameters, gradient: gradient, count: 19, state: &state, move: UInt64(move))
      for index in 0..<19 {
        expected[index] -= 0.05 * plainMove(rule, gradient[index], &first[index], &second[index], move)
      }
      #expect(distance(parameters, expected) < 1e-14)
    }
  }

  @Test(arguments: rules)
  func aMoveIsWhatAnUpdateAdds(rule: Optimiser.Rule) {
    var draws = draws(22)
    let optimiser = Optimiser(rule, stepSize: 0.05)
    let count = optimiser.stateCount(parameters: 11)
    var (one, other) = (Array(repeating: Float(0), count: count), Array(repeating: Float(0), count: count))
    var parameters = draws.numbers(11).map { Float($0) }
    for move in 1...3 {
      let before = parameters
      var gradient = draws.numbers(11).map { Float($0) }
      optimiser.update(&parameters, gradient: gradient, count: 11, state: &one, move: UInt64(move))
      optimiser.turnIntoMove(&gradient, count: 11, state: &other, move: UInt64(move))
      #expect(parameters == zip(before, gradient).map { $0 + $1 })
      #expect(one == other)
    }
  }

  @Test func clippingShortensLongGradientsOnly() {
    var long: [Float] = (0..<21).map { Float($0 % 7) - 3 }
    let direction = long
    #expect(abs(clipNorm(&long, count: 21, to: 0.5) - 84.0.squareRoot()) < 1e-12)
    #expect(distance(long, direction.map { $0 * Float(0.5 / 84.0.squareRoot()) }) < 1e-7)
    var short: [Double] = [3, 4]
    #expect(clipNorm(&short, count: 2, to: 5) == 5)
    #expect(short == [3, 4])
    var broken: [Double] = [.infinity, 1]
    #expect(clipNorm(&broken, count: 2, to: 5) == .infinity)
    #expect(broken == [.infinity, 1])
  }
}

/// One entry's move for a step size of one, before its sign, as the table of `Optimiser` has it.
private func plainMove(
  _ rule: Optimiser.Rule, _ gradient: Double, _ first: inout Double, _ second: inout Double, _ move: Int
) -> Double {
  func power(_ base: Double) -> Double { (0..<move).reduce(1) { result, _ in result * base } }
  switch rule {
  case .gradientDescent: return gradient
  case .adam(let firstDecay, let secondDecay, let epsilon):
    first = firstDecay * first + (1 - firstDecay) * gradient
    second = secondDecay * second + (1 - secondDecay) * gradient * gradient
    return first / (1 - power(firstDecay)) / ((second / (1 - power(secondDecay))).squareRoot() + epsilon)
  case .rootMeanSquare(let decay, let epsilon):
    second = decay * second + (1 - decay) * gradient * gradient
    return gradient / (second.squareRoot() + epsilon)
  }
}
