// SPDX-License-Identifier: GPL-3.0-or-later

/// The best of the ways through several grid worlds at once that come to no cell twice: what one deterministic policy for all
/// tasks can have at most, from one start. Each task ends where the way first comes to its goal or to one of its obstacles.
///
/// It is searched depth first; what is left is bounded by the best walk through cells that the way has not come to, which may
/// come to cells twice. That is the value of a decision process whose states are a cell with the tasks that have not ended.
package struct SimplePath: Sendable, Equatable {
  /// The sum over the tasks of the discounted rewards.
  package private(set) var value: Double
  /// From the start on.
  package private(set) var cells: [Int]
  /// Whether no other way is better; else the search was given up.
  package private(set) var isBest: Bool

  /// How many ways are looked at before the search is given up.
  package static let usualLimit = 20_000

  /// Searches the best way, leaving the grid excluded.
  ///
  /// - Parameters:
  ///   - worlds: at most 8, all of one size.
  ///   - limit: of how many beginnings of ways more are looked for.
  package init(best worlds: [GridWorld], from start: GridWorld.Place, discount: Double, limit: Int = usualLimit) {
    precondition((1...8).contains(worlds.count), "Ways lead through one to eight tasks.")
    var search = PathSearch(worlds, start: worlds[0].cell(start), discount: discount, limit: limit)
    search.run()
    (value, cells, isBest) = (search.bestValue, search.bestCells, !search.isGivenUp)
  }

  /// What a way earns; nothing where it comes to a cell twice, or leads on from one to another that is no neighbour.
  package static func value(of cells: [Int], in worlds: [GridWorld], discount: Double) -> Double? {
    guard let first = worlds.first, !cells.isEmpty, Set(cells).count == cells.count,
      cells.allSatisfy((0..<first.cellCount).contains)
    else { return nil }
    var (value, weight) = (0.0, 1.0)
    var running = Set(worlds.indices)
    for (from, to) in zip(cells, cells.dropFirst()) {
      guard (0..<GridWorld.actionCount).contains(where: { first.neighbour(of: from, action: $0) == to }) else {
        return nil
      }
      for task in running.sorted() {
        value += weight * worlds[task].reward(at: to)
        if worlds[task].isEnd(to) { running.remove(task) }
      }
      weight *= discount
    }
    return value
  }
}

/// The search, with what it has found so far.
private struct PathSearch {
  private let cellCount: Int
  private let discount: Double
  private let limit: Int
  private let neighbours: [[Int]]
  /// For each cell and set of running tasks: what coming there earns, and who runs on.
  private let earned: [[Double]]
  private let left: [[Int]]
  private let everybody: Int
  private var isVisited: [Bool]
  private var path: [Int]
  private var looked = 0
  private(set) var isGivenUp = false
  private(set) var bestValue = -Double.infinity
  private(set) var bestCells: [Int] = []

  init(_ worlds: [GridWorld], start: Int, discount: Double, limit: Int) {
    let (count, sets) = (worlds[0].cellCount, 1 << worlds.count)
    cellCount = count
    self.discount = discount
    self.limit = limit
    neighbours = (0..<count).map { cell in
      (0..<GridWorld.actionCount).compactMap { worlds[0].neighbour(of: cell, action: $0) }
    }
    var (earned, left) = (
      [[Double]](repeating: Array(repeating: 0, count: sets), count: count),
      [[Int]](repeating: Array(repeating: 0, count: sets), count: count)
    )
    for cell in 0..<count {
      for set in 0..<sets {
        left[cell][set] = set
        for (task, world) in worlds.enumerated() where set >> task & 1 == 1 {
          earned[cell][set] += world.reward(at: cell)
          if world.isEnd(cell) { left[cell][set] &= ~(1 << task) }
        }
      }
    }
    (self.earned, self.left) = (earned, left)
    everybody = sets - 1
    isVisited = Array(repeating: false, count: count)
    isVisited[start] = true
    path = [start]
  }

  mutating func run() { look(from: path[0], running: everybody, value: 0, weight: 1) }

  private mutating func look(from cell: Int, running: Int, value: Double, weight: Double) {
    if value > bestValue + 1e-12 { (bestValue, bestCells) = (value, path) }
    guard running != 0 else { return }
    looked += 1
    guard looked <= limit else { return isGivenUp = true }
    let bounds = walkValues(running)
    var ways = neighbours[cell].filter { !isVisited[$0] }.map { next in
      (next: next, worth: earned[next][running] + discount * bounds[left[next][running]][next])
    }
    ways.sort { $0.worth > $1.worth }
    for way in ways where value + weight * way.worth > bestValue + 1e-12 && !isGivenUp {
      isVisited[way.next] = true
      path.append(way.next)
      look(
        from: way.next, running: left[way.next][running], value: value + weight * earned[way.next][running],
        weight: weight * discount)
      path.removeLast()
      isVisited[way.next] = false
    }
  }

  /// The values of walks through cells that the way has not come to, by the set of running tasks and the cell; walks may end
  /// anywhere.
  private func walkValues(_ running: Int) -> [[Double]] {
    var values = [[Double]](repeating: [], count: everybody + 1)
    values[0] = Array(repeating: 0, count: cellCount)
    for set in 1...everybody where set & ~running == 0 {
      values[set] = Array(repeating: 0, count: cellCount)
      var (changes, sweep) = (true, 0)
      while changes {
        changes = false
        for place in 0..<cellCount {
          let cell = sweep & 1 == 0 ? place : cellCount - 1 - place
          var best = 0.0
          for next in neighbours[cell] where !isVisited[next] {
            best = max(best, earned[next][set] + discount * values[left[next][set]][next])
          }
          if best > values[set][cell] + 1e-15 {
            values[set][cell] = best
            changes = true
          }
        }
        sweep += 1
      }
    }
    return values
  }
}
