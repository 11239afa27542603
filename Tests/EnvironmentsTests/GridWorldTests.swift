// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Testing

private typealias Place = GridWorld.Place

struct GridWorldTests {
  /// Values of the best policy are powers of the discount, by the number of steps to the goal around the obstacles.
  @Test func theBestPolicyTakesTheShortestWay() throws {
    let world = GridWorld(rows: 3, columns: 4, goal: Place(0, 3), obstacles: [Place(0, 1), Place(1, 1)])
    let process = try world.process(discount: 0.9, start: world.start(in: Place(0, 0)))
    let values = process.optimum().values
    for (place, steps) in [(Place(0, 0), 7), (Place(0, 2), 1), (Place(2, 3), 2), (Place(1, 0), 6)] {
      var expected = 1.0
      for _ in 1..<steps { expected *= 0.9 }
      #expect(abs(values[world.cell(place)] - expected) < 1e-10)
    }
    #expect(values[world.cell(Place(0, 3))] == 0 && values[world.cell(Place(1, 1))] == 0)
  }

  /// Where leaving ends the episode, it earns −1 once; where it does not, the agent stays.
  @Test func leavingTheGridIsWhatIsSaid() throws {
    for leaving in GridWorld.Leaving.allCases {
      let world = GridWorld(rows: 2, columns: 2, goal: Place(1, 1), obstacles: [], leaving: leaving)
      let process = try world.process(discount: 0.5, start: world.start(in: Place(0, 0)))
      let upwards = TabularPolicy(actions: [0, 0, 0, 0], actionCount: 4)
      #expect(try process.expectedReturn(of: upwards) == (leaving == .ends ? -1 : 0))
    }
  }

  /// The best ways through the layouts, as an exhaustive search in another language has them.
  @Test(arguments: [
    (GridLayout.noConflict, 2.1470466681011886), (.solvable, 2.2986593692922286), (.unsolvable, 1.320666230159753),
    (.sixLeft, 2.818587518431705), (.sixRight, 2.7256868621787786),
  ]) func theBestWaysAreKnown(layout: GridLayout, value: Double) {
    let worlds = layout.worlds()
    let way = SimplePath(best: worlds, from: layout.corner, discount: 0.95)
    #expect(way.isBest && abs(way.value - value) < 1e-12)
    #expect(SimplePath.value(of: way.cells, in: worlds, discount: 0.95).map { abs($0 - value) < 1e-12 } == true)
  }

  /// A single task's best way is its shortest one.
  @Test func theBestWayThroughOneTaskIsTheShortest() throws {
    for world in GridLayout.authorsSix.worlds() {
      let way = SimplePath(best: [world], from: Place(0, 0), discount: 0.95)
      let process = try world.process(discount: 0.95, start: world.start(in: Place(0, 0)))
      #expect(abs(way.value - process.optimum().values[0]) < 1e-10)
    }
  }

  @Test func waysThatAreNoneHaveNoValue() {
    let worlds = GridLayout.noConflict.worlds()
    #expect(SimplePath.value(of: [0, 1, 0], in: worlds, discount: 0.9) == nil)
    #expect(SimplePath.value(of: [0, 2], in: worlds, discount: 0.9) == nil)
    #expect(SimplePath.value(of: [9, 10], in: worlds, discount: 0.9) == nil)
    #expect(SimplePath.value(of: [0, 1], in: worlds, discount: 0.9) == 0)
  }

  /// Authors' lists: the first four worlds of six are the layout without a conflict.
  @Test func theFirstFourOfSixAreThoseWithoutAConflict() {
    #expect(Array(GridLayout.authorsSix.worlds()[..<4]) == GridLayout.noConflict.worlds())
    #expect(GridLayout.allCases.map { $0.worlds().count } == [4, 4, 4, 6, 6, 6])
  }
}
