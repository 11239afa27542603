// SPDX-License-Identifier: GPL-3.0-or-later
import Testing
import Theory

private let path = [[1], [0, 2], [1]]
private let values = [1.5, -2, 0.25]

private func complete(_ count: Int) -> [[Int]] {
  (0..<count).map { agent in (0..<count).filter { $0 != agent } }
}

private func isNear(_ one: Double, _ other: Double) -> Bool { abs(one - other) <= 1e-13 * max(1, abs(other)) }

private func areNear(_ one: ValueMoments, _ other: ValueMoments) -> Bool {
  isNear(one.meanSquared, other.meanSquared) && isNear(one.meanOfSquares, other.meanOfSquares)
}

/// Values with the variance that each has by fresh ones, whose own values are nothing in the mean.
private struct Outcome {
  let probability: Double
  var mean: [Double]
  /// Covariance.
  var variance: [[Double]]

  var moments: ValueMoments {
    let count = Double(mean.count)
    let sum = mean.reduce(0, +)
    let all = variance.flatMap { $0 }.reduce(0, +)
    let squares = mean.indices.reduce(0) { $0 + mean[$1] * mean[$1] + variance[$1][$1] }
    return ValueMoments(meanSquared: (sum * sum + all) / (count * count), meanOfSquares: squares / count)
  }
}

/// All that an event can be, each with its probability.
private func outcomes(of state: Outcome, _ p: Double, _ sigma: Double, _ neighbours: [[Int]]) -> [Outcome] {
  let count = neighbours.count
  var outcomes: [Outcome] = []
  for agent in 0..<count {
    var replaced = Outcome(
      probability: state.probability * p / Double(count), mean: state.mean, variance: state.variance)
    replaced.mean[agent] = 0
    for other in 0..<count {
      replaced.variance[agent][other] = 0
      replaced.variance[other][agent] = 0
    }
    replaced.variance[agent][agent] = sigma * sigma
    outcomes.append(replaced)
    for other in neighbours[agent] {
      var weights = (0..<count).map { row in (0..<count).map { $0 == row ? 1.0 : 0 } }
      for end in [agent, other] { for column in [agent, other] { weights[end][column] = 0.5 } }
      func through(_ row: Int, _ column: Int) -> Double {
        var sum = 0.0
        for one in 0..<count {
          for two in 0..<count { sum += weights[row][one] * state.variance[one][two] * weights[column][two] }
        }
        return sum
      }
      outcomes.append(
        Outcome(
          probability: state.probability * (1 - p) / Double(count * neighbours[agent].count),
          mean: (0..<count).map { row in (0..<count).reduce(0) { $0 + weights[row][$1] * state.mean[$1] } },
          variance: (0..<count).map { row in (0..<count).map { through(row, $0) } }))
    }
  }
  return outcomes
}

/// Against all that three events can be: the recursion of all second moments on a path, and that of two on a triangle.
@Test(arguments: [0, 0.3, 1]) func momentsAreThoseOfAllThatCanHappen(probability p: Double) throws {
  for neighbours in [path, complete(3)] {
    var states = [Outcome(probability: 1, mean: values, variance: Array(repeating: [0, 0, 0], count: 3))]
    let network = OpenGossipNetwork(neighbours: neighbours, replacementProbability: p, standardDeviation: 0.7)
    let triangle = OpenGossip(agents: 3, replacementProbability: p, standardDeviation: 0.7, pair: .distinct)
    for event in 0...3 {
      if event > 0 { states = states.flatMap { outcomes(of: $0, p, 0.7, neighbours) } }
      let expected = ValueMoments(
        meanSquared: states.reduce(0) { $0 + $1.probability * $1.moments.meanSquared },
        meanOfSquares: states.reduce(0) { $0 + $1.probability * $1.moments.meanOfSquares })
      #expect(areNear(try network.moments(from: values, after: [event])[0], expected), "event \(event)")
      if neighbours == complete(3) {
        #expect(areNear(triangle.moments(from: ValueMoments(of: values), after: [event])[0], expected))
      }
    }
  }
}

/// A pair of the same agent twice is an event in which nothing happens.
@Test func pairsWithReplacementPassByChance() {
  let start = ValueMoments(of: values)
  let with = OpenGossip(agents: 3, replacementProbability: 0, standardDeviation: 1, pair: .withReplacement)
  let distinct = OpenGossip(agents: 3, replacementProbability: 0, standardDeviation: 1, pair: .distinct)
  let seen = with.moments(from: start, after: [1])[0]
  let expected = (2 * distinct.moments(from: start, after: [1])[0].meanOfSquares + start.meanOfSquares) / 3
  #expect(isNear(seen.meanOfSquares, expected) && isNear(seen.meanSquared, start.meanSquared))
}

/// In the long run nothing is left of the start, and what is left shrinks by the slow eigenvalue.
@Test func theLimitIsWhereTheRecursionSettles() throws {
  for pair in OpenGossip.PairRule.allCases {
    let model = OpenGossip(agents: 12, replacementProbability: 0.1, standardDeviation: 1.5, pair: pair)
    let limit = try #require(model.limit)
    let curve = model.moments(from: ValueMoments(of: [Double](repeating: 4, count: 12)), after: [400, 401, 5000])
    #expect(areNear(curve[2], limit))
    let excess = curve[0...1].map { $0.meanSquared - limit.meanSquared }
    #expect(abs(excess[1] / excess[0] - model.slowEigenvalue) < 1e-12)
    guard pair != .withReplacement else { continue }
    let network = OpenGossipNetwork(
      neighbours: complete(12), replacementProbability: 0.1, standardDeviation: 1.5)
    let other = try network.limit()
    #expect(abs(other.meanSquared / limit.meanSquared - 1) < 1e-9)
    #expect(abs(other.meanOfSquares / limit.meanOfSquares - 1) < 1e-9)
  }
  #expect(OpenGossip(agents: 3, replacementProbability: 0, standardDeviation: 1, pair: .distinct).limit == nil)
  let still = OpenGossipNetwork(neighbours: path, replacementProbability: 0, standardDeviation: 1)
  #expect(throws: TheoryError.self) { try still.limit() }
}

/// Agents that leave and join one after the other are agents that are replaced.
@Test func aCourseOfEventsIsTheRecursionOfReplacements() {
  let count = 8
  let certain = OpenGossip(agents: count, replacementProbability: 1, standardDeviation: 0.5, pair: .distinct)
  let never = OpenGossip(agents: count, replacementProbability: 0, standardDeviation: 0.5, pair: .distinct)
  var course = OpenGossipCourse(agents: count, variance: 0.25)
  var moments = ValueMoments(meanSquared: 0.25 / Double(count), meanOfSquares: 0.25)
  for round in 0..<40 {
    for _ in 0..<(round % 3) {
      course.average(leaving: course.averagingFactor)
      moments = never.moments(from: moments, after: [1])[0]
    }
    course.leave(1)
    course.join(1)
    moments = certain.moments(from: moments, after: [1])[0]
    #expect(course.agents == count && isNear(course.disagreement, moments.disagreement), "round \(round)")
  }
}

/// Values that nobody has averaged stay independent, however many come and go.
@Test func whoComesAndGoesWithoutAveragingStaysIndependent() {
  var course = OpenGossipCourse(agents: 5, variance: 4)
  course.leave(2)
  course.join(7)
  course.leave(4)
  #expect(course.agents == 6 && isNear(course.disagreement, 4 * 5 / 6))
  var pair = OpenGossipCourse(agents: 2, variance: 1)
  pair.average(leaving: pair.averagingFactor)
  #expect(pair.disagreement == 0)
}
