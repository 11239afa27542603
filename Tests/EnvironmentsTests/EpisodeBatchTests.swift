// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Randomness
import Testing

private let starts = StreamKey(seed: 7, replication: 0, purpose: .episodeStart, entity: "agent-0")

/// Pushes towards where the pole leans, in proportion to the gain of each episode; a gain of zero lets it fall.
private func force(_ observation: ArraySlice<Double>, gain: Double) -> Double {
  let numbers = Array(observation)
  return gain * (10 * numbers[2] + 2 * numbers[3] + 0.3 * numbers[0] + 0.6 * numbers[1])
}

/// Every outcome of a batch until all rest, or for so many steps; observations go through `Scalar`.
private func run<Scalar: BinaryFloatingPoint>(
  _ batch: inout EpisodeBatch<CartPoleBalance>, gains: [Double], steps: Int = .max, in scalar: Scalar.Type
) -> [[EpisodeBatch<CartPoleBalance>.Outcome]] {
  var observations = [Scalar](repeating: 0, count: 4 * batch.count)
  var outcomes = [EpisodeBatch<CartPoleBalance>.Outcome](repeating: .init(episode: -1), count: batch.count)
  var all: [[EpisodeBatch<CartPoleBalance>.Outcome]] = []
  while batch.runningCount > 0, all.count < steps {
    batch.writeObservations(into: &observations)
    let seen = observations.map { Double($0) }
    let actions = (0..<batch.runningCount).map { row in
      Scalar(force(seen[4 * row..<4 * row + 4], gain: gains[batch.episode(inRow: row)]))
    }
    let count = batch.step(actions: actions, outcomes: &outcomes)
    all.append(Array(outcomes.prefix(count)))
  }
  return all
}

struct EpisodeBatchTests {
  private let gains = [10.0, 0, 3, 0.2, 10]

  @Test func aBatchIsItsEpisodesOneByOne() {
    let tasks = Array(CartPoleBalance.taskGrid[3..<8])
    var batch = EpisodeBatch(tasks, starts: starts)
    batch.begin()
    let outcomes = run(&batch, gains: gains, in: Double.self).flatMap { $0 }
    var lengths: Set<Int> = []
    for (episode, task) in tasks.enumerated() {
      var draws = Draws(starts, at: UInt64(episode))
      var state = task.start(&draws)
      let mine = outcomes.filter { $0.episode == Int32(episode) }
      lengths.insert(mine.count)
      for (step, outcome) in mine.enumerated() {
        var seen = [Double](repeating: 0, count: 4)
        task.observe(state, into: &seen)
        let transition = task.step(&state, force: force(seen[0..<4], gain: gains[episode]))
        #expect(outcome.reward == transition.reward && outcome.isTerminated == transition.isTerminated)
        #expect(outcome.isTruncated == (step == 199) && outcome.isOver == (step == mine.count - 1))
      }
      let last = batch.state(of: episode)
      #expect(last == state)
    }
    #expect(lengths.count > 2 && lengths.contains(200), "\(lengths)")
  }

  @Test func terminationAndTruncationAreKeptApart() throws {
    var falling = EpisodeBatch(CartPoleBalance.single, count: 1, timeLimit: 1000, starts: starts)
    falling.begin()
    let terminated = try #require(run(&falling, gains: [0], in: Double.self).last?.last)
    #expect(terminated.isTerminated && !terminated.isTruncated)
    // The same episode with a limit at its very last step is both, and with one step less it is truncated alone.
    falling.begin()
    let steps = run(&falling, gains: [0], in: Double.self).count
    for (limit, terminates) in [(steps, true), (steps - 1, false)] {
      var again = EpisodeBatch(CartPoleBalance.single, count: 1, timeLimit: limit, starts: starts)
      again.begin()
      _ = run(&again, gains: [0], in: Double.self)
      again.begin()
      let last = try #require(run(&again, gains: [0], in: Double.self).last?.last)
      #expect(last.isTruncated && last.isTerminated == terminates)
    }
  }

  @Test func singlePrecisionSeesTheSameStatesRounded() {
    var batch = EpisodeBatch(CartPoleBalance.single, count: 3, starts: starts)
    batch.begin()
    var single = [Float](repeating: 0, count: 12)
    var double = [Double](repeating: 0, count: 12)
    batch.writeObservations(into: &single)
    batch.writeObservations(into: &double)
    #expect(single == double.map { Float($0) } && Set(single).count == 12)
    let outcomes = run(&batch, gains: [10, 10, 10], in: Float.self)
    #expect(outcomes.count == 200)
  }

  @Test func whatRestsHasNoRowAndKeepsItsLastObservation() {
    var batch = EpisodeBatch(CartPoleBalance.single, count: 2, starts: starts)
    batch.begin()
    _ = run(&batch, gains: [0, 10], steps: 150, in: Double.self)
    let row = batch.episode(inRow: 0)
    let runningCount = batch.runningCount
    #expect(runningCount == 1 && row == 1)
    var last = [Double](repeating: 0, count: 4)
    batch.writeObservation(of: 0, into: &last)
    let angle = batch.state(of: 0).angle
    #expect(abs(last[2]) > CartPoleBalance.angleLimit && last[2] == angle)
  }

  @Test func whatRestartsDoesSoWithTheNextStepAndFromDrawsOfItsOwn() {
    var batch = EpisodeBatch(CartPoleBalance.single, count: 2, afterEnd: .restart, starts: starts)
    batch.begin()
    let outcomes = run(&batch, gains: [0, 10], steps: 300, in: Double.self)
    #expect(outcomes.allSatisfy { $0.map(\.episode) == [0, 1] })
    for episode in 0..<2 {
      let mine = outcomes.map { $0[episode] }
      #expect(mine.count { $0.isStart } > 0)
      for (before, after) in zip(mine, mine.dropFirst()) {
        #expect(after.isStart == before.isOver)
        if after.isStart { #expect(after.reward == 0 && !after.isOver) }
      }
    }
    // Episode 1 holds out for 200 steps, whatever episode 0 does, and starts again from index 1 · 2 + 1.
    #expect(outcomes[199][1].isTruncated && outcomes[200][1].isStart)
    var once = EpisodeBatch(CartPoleBalance.single, count: 2, afterEnd: .restart, starts: starts)
    once.begin()
    _ = run(&once, gains: [0, 10], steps: 201, in: Double.self)
    var draws = Draws(starts, at: 3)
    let fresh = CartPoleBalance.single.start(&draws)
    let state = once.state(of: 1)
    #expect(state == fresh)
  }
}
