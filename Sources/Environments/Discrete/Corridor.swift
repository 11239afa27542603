// SPDX-License-Identifier: GPL-3.0-or-later

/// What an agent sees in the corridor of rooms, by where it is and how it came there: there a policy that many tasks have in
/// common keeps the direction of travel.
///
/// Source: Teh et al., "Distral: robust multitask reinforcement learning", 2017, figure 3, right.
package struct Corridor: Sendable, Equatable {
  /// A state with what an agent sees in it.
  package struct Sight: Sendable, Equatable {
    package let place: RoomMap.Place
    /// The name of the action before.
    package let before: String
    package let observation: [Float]
  }

  /// All actions by name, in the order of their codes.
  package let actions: [String]
  /// Every cell of the corridor, with every action before. The reward before is that of a plain step.
  package let sights: [Sight]

  init<Plan: RoomPlan, View: RoomView>(_: RoomWalk<Plan, View>.Type) {
    actions = RoomMove.allCases.map { "\($0)" }
    sights = Plan.corridor.flatMap { place in
      RoomMove.allCases.map { move in
        let state = RoomState(cell: Plan.map.cell(place), action: move.rawValue, reward: RoomWalk<Plan, View>.step)
        var observation = [Float](repeating: 0, count: View.count(cells: Plan.map.cellCount))
        View.write(state, in: Plan.map, into: &observation)
        return Sight(place: place, before: "\(move)", observation: observation)
      }
    }
  }
}
