// SPDX-License-Identifier: GPL-3.0-or-later
import Randomness

/// Rooms to walk through: a map, and tasks that differ in where an agent starts and where it has to go.
///
/// A new one is a type with a map and a few pairs of places; `EnvironmentDefinition` is made from it as from
/// `CorridorRooms`.
package protocol RoomPlan: Sendable {
  static var map: RoomMap { get }
  /// The tasks by their numbers: from where to where.
  static var journeys: [(number: Int, start: RoomMap.Place, goal: RoomMap.Place)] { get }
  /// The cells between the rooms and up to their walls, where ways have a direction to keep.
  static var corridor: [RoomMap.Place] { get }
}

/// What an agent sees of where it is, of what it did last and of what it got for it.
package protocol RoomView: Sendable {
  /// How many numbers that is, in rooms of so many cells.
  static func count(cells: Int) -> Int
  /// The numbers by name.
  static func names(cells: Int) -> [String]
  static func write<Scalar: BinaryFloatingPoint>(
    _ state: RoomState, in map: RoomMap, into observation: UnsafeMutablePointer<Scalar>)
}

/// Where an agent in rooms is, and how it came there.
package struct RoomState: BitwiseCopyable, Sendable, Equatable {
  /// The number of the cell.
  package var cell: Int16
  /// The code of the action before; 0 at first.
  package var action: Int16
  /// The reward of the step before; 0 at first.
  package var reward: Double

  package init(cell: Int, action: Int = 0, reward: Double = 0) {
    self.cell = Int16(cell)
    self.action = Int16(action)
    self.reward = reward
  }
}

/// Finds the way from one room into another, through a corridor.
///
/// ## Description
/// An agent walks from cell to cell of a map (`RoomMap`) until it is at its goal, which it does not see: tasks differ by
/// where it starts and where the goal is, and what they have in common is how one goes along corridors. As the agent
/// sees its action before, a policy can keep the direction of travel.
///
/// Source: Teh et al., "Distral: robust multitask reinforcement learning", 2017, section 4.1, with the map, the
/// rewards and the observation of a public replication.
///
/// ## Actions
/// One of five choices: 0 stays, 1 goes down, 2 up, 3 left and 4 right.
///
/// ## Observations
/// Those of the view: `PlainRoomView` or `CompactRoomView`. A table has a row for each cell, walls among them. At first the action before counts as 0, its reward as 0.
///
/// ## Rewards
/// −0.1 for every step, −0.6 for one against a wall, after which the agent is where it was, and 0.9 for the one that
/// comes to the goal. So the best return of a way of d steps is 1 − d / 10.
///
/// ## Start
/// At the start of the task; where it has none, in any free cell but the goal with the same probability.
///
/// ## Episode end
/// Terminated at the goal. Truncated after 1000 steps.
package struct RoomWalk<Plan: RoomPlan, View: RoomView>: DiscreteControlTask, Equatable {
  package static var choiceCount: Int { RoomMove.allCases.count }
  package static var observationCount: Int { View.count(cells: Plan.map.cellCount) }
  package static var timeLimit: Int { 1000 }
  package static var stateCount: Int? { Plan.map.cellCount }

  /// The reward of a step.
  static var step: Double { -0.1 }
  /// That of one against a wall.
  static var bump: Double { -0.6 }
  /// That of one to the goal.
  static var arrival: Double { 0.9 }

  /// By which the task is called; of one without a start, the number of its goal's cell.
  package let number: Int16
  /// The cell in which episodes start; negative where that is any.
  package let start: Int16
  /// The cell to go to.
  package let goal: Int16

  /// A task in which the agent goes from one place to another, or from anywhere.
  package init(number: Int, from start: RoomMap.Place?, to goal: RoomMap.Place) {
    let cells = [start, goal].compactMap { $0 }.map { Plan.map.cell($0) }
    precondition(cells.allSatisfy { !Plan.map.isWall($0) } && start != goal, "Ways lead from a free cell to another.")
    self.number = Int16(number)
    self.start = start.map { Int16(Plan.map.cell($0)) } ?? -1
    self.goal = Int16(Plan.map.cell(goal))
  }

  /// The number of the cell: neither moves nor rewards depend on the action before.
  package func stateNumber(of state: RoomState) -> Int { Int(state.cell) }

  package func start(_ draws: inout Draws) -> RoomState {
    guard start < 0 else { return RoomState(cell: Int(start)) }
    // Drawn once for each start of an episode, so the list of free cells is no loss.
    let others = Plan.map.freeCells.filter { $0 != Int(goal) }
    return RoomState(cell: others[Int(draws.integer(below: UInt32(others.count)))])
  }

  package func step(_ state: inout RoomState, choice: Int) -> Transition {
    let map = Plan.map
    let next = Int(state.cell) + (RoomMove(rawValue: choice) ?? .stay).offset(columns: map.columnCount)
    var reward = Self.step
    if map.isWall(next) { reward = Self.bump } else { state.cell = Int16(next) }
    let isThere = state.cell == goal
    if isThere { reward = Self.arrival }
    state.action = Int16(choice)
    state.reward = reward
    return Transition(reward: reward, isTerminated: isThere)
  }

  package func observe<Scalar: BinaryFloatingPoint>(
    _ state: RoomState, into observation: UnsafeMutablePointer<Scalar>
  ) {
    View.write(state, in: Plan.map, into: observation)
  }
}

/// A one for the cell and a one for the action before, each among zeros, and the reward of the step before.
///
/// | numbers | observation | range |
/// |---|---|---|
/// | a cell each | 1 where the agent is, else 0 | 0 or 1 |
/// | an action each | 1 for the action before, else 0 | 0 or 1 |
/// | the last | reward of the step before | −0.6 to 0.9 |
package enum PlainRoomView: RoomView {
  package static func count(cells: Int) -> Int { cells + RoomMove.allCases.count + 1 }

  package static func names(cells: Int) -> [String] {
    (0..<cells).map { "cell_\($0)" } + RoomMove.allCases.map { "before_\($0)" } + ["reward_before"]
  }

  package static func write<Scalar: BinaryFloatingPoint>(
    _ state: RoomState, in map: RoomMap, into observation: UnsafeMutablePointer<Scalar>
  ) {
    let (cells, actions) = (map.cellCount, RoomMove.allCases.count)
    observation.update(repeating: 0, count: cells + actions)
    observation[Int(state.cell)] = 1
    observation[cells + Int(state.action)] = 1
    observation[cells + actions] = Scalar(state.reward)
  }
}

/// Three numbers; neighbouring cells are hard to tell apart by the first. As in the replication, it counts the cells of a
/// row as if a map of R rows had R columns.
///
/// | number | observation | range |
/// |---|---|---|
/// | 0 | row r and column c of n cells: 2 (R r + c) / n − 1 | −1 to 1 |
/// | 1 | code a of the action before: (a − 2.5) / 5 | −0.5 to 0.3 |
/// | 2 | reward of the step before | −0.6 to 0.9 |
package enum CompactRoomView: RoomView {
  package static func count(cells: Int) -> Int { 3 }

  package static func names(cells: Int) -> [String] { ["cell", "action_before", "reward_before"] }

  package static func write<Scalar: BinaryFloatingPoint>(
    _ state: RoomState, in map: RoomMap, into observation: UnsafeMutablePointer<Scalar>
  ) {
    let place = map.place(of: Int(state.cell))
    let number = map.rowCount * place.row + place.column
    observation[0] = Scalar(2 * Double(number) / Double(map.cellCount) - 1)
    observation[1] = Scalar((Double(state.action) - 2.5) / 5)
    observation[2] = Scalar(state.reward)
  }
}
