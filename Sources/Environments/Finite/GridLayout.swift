// SPDX-License-Identifier: GPL-3.0-or-later

/// Several grid worlds of 10 × 10 cells that are learnt together, by name.
///
/// The paper shows its worlds as pictures. `no-conflict` has the first four goals and lists of walls of its authors' code,
/// `authors-six` the first six; the others are layouts of the same kinds as the parts of the picture.
///
/// Source: Zeng et al., "A decentralized policy gradient approach to multi-task reinforcement learning", 2021, figure 2.
package enum GridLayout: String, Sendable, CaseIterable {
  /// No obstacle is a goal of another task: figure 2 (a).
  case noConflict = "no-conflict"
  /// One task's obstacle is another one's goal, and one policy serves all: figure 2 (b).
  case solvable
  /// The goals of two tasks are each other's obstacles: figure 2 (c).
  case unsolvable
  /// Six tasks from the upper left corner: figure 2 (d).
  case sixLeft = "six-left"
  /// The same from the upper right corner: figure 2 (e).
  case sixRight = "six-right"
  /// Six tasks by the lists of the authors' code.
  case authorsSix = "authors-six"

  package typealias Place = GridWorld.Place

  /// Where episodes start.
  package var corner: Place { self == .sixRight ? Place(0, 9) : Place(0, 0) }

  /// Goal and obstacles of each task.
  private var places: [(goal: Place, obstacles: [Place])] {
    let authors: [(goal: Place, obstacles: [Place])] = [
      (Place(2, 7), [Place(2, 2), Place(7, 7)]), (Place(4, 5), [Place(3, 9), Place(8, 7)]),
      (Place(8, 5), [Place(2, 2), Place(5, 8)]), (Place(1, 8), [Place(7, 2), Place(5, 8)]),
      (Place(4, 2), [Place(7, 2), Place(0, 5)]), (Place(9, 2), [Place(7, 7), Place(0, 5)]),
    ]
    switch self {
    case .noConflict: return Array(authors[..<4])
    case .authorsSix: return authors
    case .solvable:
      return [
        (Place(2, 3), [Place(6, 6), Place(0, 5)]), (Place(5, 5), [Place(2, 6), Place(7, 1)]),
        (Place(2, 6), [Place(7, 7), Place(4, 1)]), (Place(8, 8), [Place(9, 2), Place(1, 8)]),
      ]
    case .unsolvable:
      return [
        (Place(2, 2), [Place(0, 6)]), (Place(4, 6), [Place(6, 4)]), (Place(6, 4), [Place(4, 6)]),
        (Place(8, 8), [Place(9, 0)]),
      ]
    case .sixLeft, .sixRight:
      return [
        (Place(1, 3), [Place(5, 5)]), (Place(3, 7), [Place(8, 1)]), (Place(5, 2), [Place(0, 8)]),
        (Place(7, 6), [Place(2, 2)]), (Place(9, 1), [Place(4, 9)]), (Place(8, 9), [Place(6, 0)]),
      ]
    }
  }

  /// The tasks.
  package func worlds(leaving: GridWorld.Leaving = .stay) -> [GridWorld] {
    places.map { GridWorld(goal: $0.goal, obstacles: $0.obstacles, leaving: leaving) }
  }
}
