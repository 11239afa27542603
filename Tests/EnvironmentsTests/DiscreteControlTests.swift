// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Foundation
import Randomness
import Testing

private let starts = StreamKey(seed: 3, replication: 0, purpose: .episodeStart, entity: "agent-0")

struct DiscreteControlTests {
  /// A choice is a force of ten newtons to either side, and all else is the task with a force.
  @Test func theCartIsPushedByTenNewtons() {
    for (index, task) in CartPoleBalance.taskGrid.enumerated() {
      var draws = Draws(starts, at: UInt64(index))
      var mine = CartPoleDiscrete(task).start(&draws)
      var other = mine
      for step in 0..<60 {
        let choice = (step * step / 3 + index) % 2
        let transition = CartPoleDiscrete(task).step(&mine, choice: choice)
        #expect(transition == task.step(&other, force: choice == 0 ? -10 : 10) && mine == other)
        #expect(transition.reward == 1)
        if transition.isTerminated { break }
      }
    }
    #expect(CartPoleDiscrete.actionChoices == 2 && CartPoleDiscrete.timeLimit == 500)
  }

  /// Pushing towards where the pole falls holds it up to the time limit; a push that never changes does not.
  @Test func thePoleStandsWhereItIsPushedTowards() {
    func steps(_ choose: (CartPoleState) -> Int) -> Int {
      var draws = Draws(starts, at: 0)
      var state = CartPoleDiscrete(.single).start(&draws)
      for step in 1...500 where CartPoleDiscrete(.single).step(&state, choice: choose(state)).isTerminated {
        return step
      }
      return 500
    }
    #expect(steps { $0.angle + 0.4 * $0.angularVelocity + 0.02 * $0.velocity + 0.01 * $0.position > 0 ? 1 : 0 } == 500)
    #expect(steps { _ in 1 } < 15)
  }

  /// The first steps by hand: from rest at −0.5, pushed to the right and then to the left.
  @Test func theCarMovesByTheFormula() {
    var state = MountainCar.State(position: -0.5, velocity: 0)
    let first = 0.001 - 0.0025 * cos(-1.5)
    #expect(MountainCarDiscrete.single.step(&state, choice: 2) == Transition(reward: -1, isTerminated: false))
    #expect(abs(state.velocity - first) < 1e-16 && abs(state.position - (-0.5 + first)) < 1e-15)
    let second = first - 0.001 - 0.0025 * cos(3 * (-0.5 + first))
    _ = MountainCarDiscrete.single.step(&state, choice: 0)
    #expect(abs(state.velocity - second) < 1e-16)
    var resting = MountainCar.State(position: -.pi / 6, velocity: 0)
    for _ in 0..<100 { _ = MountainCarDiscrete.single.step(&resting, choice: 1) }
    #expect(abs(resting.position + .pi / 6) < 1e-12)
  }

  /// In every task the flag is reached by pushing along the motion, and never by pushing to the right alone.
  @Test(arguments: MountainCarDiscrete.taskGrid) func theHillIsClimbedBySwinging(task: MountainCarDiscrete) {
    func steps(_ choose: (MountainCar.State) -> Int) -> Int? {
      var state = MountainCar.State(position: -0.5, velocity: 0)
      return (1...1000).first { _ in task.step(&state, choice: choose(state)).isTerminated }
    }
    #expect(steps { _ in 2 } == nil)
    #expect(steps { $0.velocity < 0 ? 0 : 2 } != nil)
  }

  /// An episode that is played alone, in a state that somebody else has, is the episode of a batch.
  @Test(arguments: EnvironmentDefinition.all.map(\.name)) func aSoloEpisodeIsThatOfABatch(name: String) throws {
    let definition = try #require(EnvironmentDefinition.named(name))
    let limit = 40
    var steps = 0
    for task in definition.tasks.prefix(3) {
      let episodes = task.episodes(1, limit, starts)
      episodes.begin()
      let state = UnsafeMutableRawPointer.allocate(byteCount: task.solo.stride, alignment: task.solo.alignment)
      defer { state.deallocate() }
      var draws = Draws(starts, at: 0)
      task.solo.start(state, &draws)
      let count = definition.observationNames.count
      var (mine, other) = ([Float](repeating: .nan, count: count), [Float](repeating: .nan, count: count))
      let before = steps
      while episodes.runningCount > 0 {
        episodes.writeObservations(into: &other)
        task.solo.observe(state, &mine)
        #expect(mine == other)
        let action = (0..<definition.actionCount).map { entry in
          definition.actionChoices.map { Float((steps * 7 + entry) % $0) } ?? Float((steps + entry) % 3 - 1)
        }
        var outcome = Episodes.Outcome()
        episodes.step(actions: action, outcomes: &outcome)
        let transition = task.solo.step(state, action)
        steps += 1
        #expect(transition.reward == outcome.reward)
        #expect(outcome.isOver == (transition.isTerminated || steps - before == limit))
      }
    }
    #expect(steps > 6)
  }
}
