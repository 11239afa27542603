// SPDX-License-Identifier: GPL-3.0-or-later

/// A cell to come to among cells to keep away from, on a grid.
///
/// ## Description
/// Tasks have the same cells and moves, and differ in where goal and obstacles are. Several of them can ask for opposite
/// things in one cell: then no single policy is the best one in all of them.
///
/// Source: Zeng et al., "A decentralized policy gradient approach to multi-task reinforcement learning", 2021,
/// section 5.1.
///
/// ## Actions
/// 0 goes up, 1 down, 2 left and 3 right.
///
/// ## Observations
/// The number of the cell: row × columns + column.
///
/// ## Rewards
/// 1 on coming to the goal, −1 on coming to an obstacle, else 0. Where leaving the grid ends the episode, −1 for that.
///
/// ## Start
/// As asked for.
///
/// ## Episode end
/// The goal and the obstacles are never left.
package struct GridWorld: Sendable, Equatable {
  package typealias Place = RoomMap.Place

  /// What a step across the border is.
  package enum Leaving: String, Sendable, CaseIterable {
    /// The agent stays where it is.
    case stay
    /// The episode ends, with −1.
    case ends
  }

  /// What steps earn.
  package struct Rewards: Sendable, Equatable {
    package var goal: Double
    package var obstacle: Double
    package var other: Double

    package init(goal: Double = 1, obstacle: Double = -1, other: Double = 0) {
      (self.goal, self.obstacle, self.other) = (goal, obstacle, other)
    }
  }

  package static let actionCount = 4
  /// In the order of actions.
  private static let moves = [(-1, 0), (1, 0), (0, -1), (0, 1)]

  package let rowCount: Int
  package let columnCount: Int
  package let goal: Place
  package let obstacles: [Place]
  package let leaving: Leaving
  package let rewards: Rewards

  package init(
    rows: Int = 10, columns: Int = 10, goal: Place, obstacles: [Place], leaving: Leaving = .stay,
    rewards: Rewards = Rewards()
  ) {
    precondition(
      ([goal] + obstacles).allSatisfy { (0..<rows).contains($0.row) && (0..<columns).contains($0.column) },
      "Goal and obstacles lie on the grid.")
    (rowCount, columnCount) = (rows, columns)
    (self.goal, self.obstacles, self.leaving, self.rewards) = (goal, obstacles, leaving, rewards)
  }

  package var cellCount: Int { rowCount * columnCount }

  /// The number of a cell.
  package func cell(_ place: Place) -> Int { place.row * columnCount + place.column }

  /// Whether episodes end in a cell.
  package func isEnd(_ cell: Int) -> Bool {
    cell == self.cell(goal) || obstacles.contains { self.cell($0) == cell }
  }

  /// The cell after a step from another; nothing where that leads off the grid.
  package func neighbour(of cell: Int, action: Int) -> Int? {
    let (down, right) = Self.moves[action]
    let (row, column) = (cell / columnCount + down, cell % columnCount + right)
    guard (0..<rowCount).contains(row), (0..<columnCount).contains(column) else { return nil }
    return row * columnCount + column
  }

  /// What coming to a cell earns.
  package func reward(at cell: Int) -> Double {
    if cell == self.cell(goal) { return rewards.goal }
    return obstacles.contains { self.cell($0) == cell } ? rewards.obstacle : rewards.other
  }

  /// The task as a decision process. A step off the grid that ends the episode leads to the goal, where nothing is earned
  /// any more, so that no further state is needed.
  ///
  /// - Throws: if a probability or the discount is out of range.
  package func process(discount: Double, start: [Double]) throws(EnvironmentError) -> FiniteDecisionProcess {
    var transitions = [[[Double]]](), earned = [[Double]]()
    for cell in 0..<cellCount {
      var rows = [[Double]](), rewardsOfCell = [Double]()
      for action in 0..<Self.actionCount {
        let (next, reward) = step(from: cell, action: action)
        var row = [Double](repeating: 0, count: cellCount)
        row[next] = 1
        rows.append(row)
        rewardsOfCell.append(reward)
      }
      transitions.append(rows)
      earned.append(rewardsOfCell)
    }
    return try FiniteDecisionProcess(transitions: transitions, rewards: earned, discount: discount, start: start)
  }

  private func step(from cell: Int, action: Int) -> (next: Int, reward: Double) {
    if isEnd(cell) { return (cell, 0) }
    if let next = neighbour(of: cell, action: action) { return (next, reward(at: next)) }
    return leaving == .stay ? (cell, rewards.other) : (self.cell(goal), rewards.obstacle)
  }

  /// Always in one cell.
  package func start(in place: Place) -> [Double] { (0..<cellCount).map { $0 == cell(place) ? 1 : 0 } }

  /// In every cell with the same probability.
  package var startAnywhere: [Double] { Array(repeating: 1 / Double(cellCount), count: cellCount) }
}
