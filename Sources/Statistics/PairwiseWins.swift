// SPDX-License-Identifier: GPL-3.0-or-later

/// How probably a run of one arm scores above a run of the other on the same task, worked out for many resamples.
struct PairwiseWins {
  private let tasks: Int
  private let firstRuns: Int
  private let secondRuns: Int
  /// For the scores of the first arm and then of the second: the place among the different values of their task.
  private let places: [Int]
  /// Room for how often each place of a task was chosen in each arm.
  private var firstCounts: [Int]
  private var secondCounts: [Int]

  /// Nothing if the arms have different numbers of tasks.
  init?(_ first: TaskScores, _ second: TaskScores) {
    guard first.tasks == second.tasks else { return nil }
    tasks = first.tasks
    firstRuns = first.runs
    secondRuns = second.runs
    var firstPlaces: [Int] = []
    var secondPlaces: [Int] = []
    for (own, other) in zip(first.strata, second.strata) {
      let joint = JointRanks(Array(first.values[own]), Array(second.values[other]))
      firstPlaces += joint.first
      secondPlaces += joint.second
    }
    places = firstPlaces + secondPlaces
    firstCounts = Array(repeating: 0, count: firstRuns + secondRuns)
    secondCounts = firstCounts
  }

  /// The share of wins of the scores at some positions, those of the first arm before those of the second.
  mutating func share(of chosen: [Int]) -> Double {
    var twiceTheWins = 0
    let offset = tasks * firstRuns
    for task in 0..<tasks {
      for place in firstCounts.indices { (firstCounts[place], secondCounts[place]) = (0, 0) }
      for position in task * firstRuns..<(task + 1) * firstRuns { firstCounts[places[chosen[position]]] += 1 }
      for position in offset + task * secondRuns..<offset + (task + 1) * secondRuns {
        secondCounts[places[chosen[position]]] += 1
      }
      twiceTheWins += twiceTheWinsOfFirst(firstCounts, secondCounts)
    }
    return Double(twiceTheWins) / Double(2 * tasks * firstRuns * secondRuns)
  }
}

/// The places of two samples among the different values of both, the smallest having place 0.
struct JointRanks {
  let first: [Int]
  let second: [Int]
  /// How many values share each place.
  let multiplicities: [Int]

  /// - Parameters:
  ///   - first: values that are numbers, infinite ones included.
  ///   - second: likewise.
  init(_ first: [Double], _ second: [Double]) {
    let all = first + second
    var places = Array(repeating: 0, count: all.count)
    var multiplicities: [Int] = []
    var last = Double.nan
    for index in all.indices.sorted(by: { all[$0] < all[$1] }) {
      if all[index] == last {
        multiplicities[multiplicities.count - 1] += 1
      } else {
        multiplicities.append(1)
        last = all[index]
      }
      places[index] = multiplicities.count - 1
    }
    self.first = Array(places[..<first.count])
    self.second = Array(places[first.count...])
    self.multiplicities = multiplicities
  }

  /// Twice the number of pairs in which the first is larger, ties counting one half.
  var twiceTheWins: Int {
    var counts = (first: Array(repeating: 0, count: multiplicities.count), second: [Int]())
    counts.second = counts.first
    for place in first { counts.first[place] += 1 }
    for place in second { counts.second[place] += 1 }
    return twiceTheWinsOfFirst(counts.first, counts.second)
  }
}

/// Twice the number of pairs in which the first is larger, from how many values of each sample have each place.
private func twiceTheWinsOfFirst(_ first: [Int], _ second: [Int]) -> Int {
  var wins = 0
  var below = 0
  for place in first.indices {
    wins += first[place] * (2 * below + second[place])
    below += second[place]
  }
  return wins
}
