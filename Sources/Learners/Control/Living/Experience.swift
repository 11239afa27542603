// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Quantities
import Randomness

/// What agents live through whose environments go on from one local step to the next: of each agent the state that it is
/// in, how far it has come, and the latest transitions to learn from.
///
/// All of it is private and changes when a step ends: a step under way has a *shadow* of its own, which begins as a copy.
///
///     begin ──▶ act … draw ──▶ commit    what the shadow has come to is what there is
///                    └───────▶ (nothing) the next begin makes another shadow
///
/// What belongs to one agent is touched by one thread at a time, as `ActingSteps` says.
///
/// *Randomness*: what `act` and `draw` are given. *Complexity*: nothing is allocated after the initialiser.
package final class Experience: @unchecked Sendable {
  let tasks: ControlTasks
  private let solos: [SoloTask]
  private let lives: Column<Life>
  private let shadows: Column<Life>
  /// Of each agent the state that it is in.
  private let states: StateRows
  private let shadowStates: StateRows
  private let replay: Replay

  /// Agents that have not begun.
  ///
  /// - Parameters:
  ///   - agents: those that act.
  ///   - capacity: of how many of its latest transitions an agent learns; 0 where it keeps none.
  ///   - stepsAtOnce: the most steps of the environment in a local step.
  init(_ tasks: ControlTasks, agents: Int, capacity: Int, stepsAtOnce: Int) {
    self.tasks = tasks
    solos = tasks.list.map(\.solo)
    lives = Column(repeating: Life(), count: agents)
    shadows = Column(repeating: Life(), count: agents)
    states = StateRows(solos[0], count: agents)
    shadowStates = StateRows(solos[0], count: agents)
    replay = Replay(
      solos[0], actionCount: tasks.environment.actionCount, agents: agents, capacity: capacity,
      stepsAtOnce: stepsAtOnce)
  }

  /// Bytes that one agent's transitions take. In Double, so that no size can overflow.
  static func bytesPerAgent(_ tasks: ControlTasks, capacity: Int, stepsAtOnce: Int) -> Double {
    Replay.bytesPerAgent(
      tasks.list[0].solo, actionCount: tasks.environment.actionCount, capacity: capacity, stepsAtOnce: stepsAtOnce)
  }

  var bytesHeld: Int {
    replay.bytes + states.bytes + shadowStates.bytes + 2 * lives.count * MemoryLayout<Life>.stride
  }

  /// How far an agent has come, by the steps that have ended.
  func life(of agent: Int) -> Life { lives[agent] }

  /// How far it has come in the step under way.
  func shadow(of agent: Int) -> Life { shadows[agent] }

  /// How many transitions there are to learn from in the step under way.
  func transitions(of agent: Int) -> Int { Int(min(shadows[agent].steps, UInt64(replay.capacity))) }

  // MARK: - Steps

  /// Begins the shadow of a step.
  func begin(_ agent: Int) {
    shadows[agent] = lives[agent]
    shadowStates.copy(states[agent], to: agent)
  }

  /// Makes the shadow what there is.
  func commit(_ agent: Int) {
    lives[agent] = shadows[agent]
    states.copy(shadowStates[agent], to: agent)
  }

  /// Starts an agent afresh.
  func forget(_ agent: Int) { lives[agent] = Life() }

  /// Takes steps of the environment in the shadow of a step. An episode that has ended is followed by another one, and
  /// one of another task than the agent's is left where it is.
  ///
  /// - Parameters:
  ///   - count: at most as many as a step can have.
  ///   - episodes: after so many ends of episodes it is enough.
  ///   - task: the position of the agent's task.
  ///   - starts: the stream of first states; the episodes that begin here take an index each.
  ///   - first: the first of these.
  ///   - observation: room for an observation.
  ///   - action: room for an action.
  ///   - choose: writes the action, of which the room has the observation; with the number of steps that the agent has
  ///     taken in its life.
  /// - Returns: how many episodes have ended.
  func act(
    _ agent: Int, steps count: Int, episodes most: UInt64 = .max, in task: Int, starts: StreamKey,
    from first: UInt64 = 0, observation: UnsafeMutablePointer<Float>, action: UnsafeMutablePointer<Float>,
    choose: (_ stepsBefore: UInt64) -> Void
  ) -> UInt64 {
    var life = shadows[agent]
    let endedBefore = life.episodes
    let state = shadowStates[agent]
    let solo = solos[task]
    var begun = first
    for _ in 0..<count where life.episodes &- endedBefore < most {
      if life.task != Int32(task) {
        var draws = Draws(starts, at: begun)
        begun &+= 1
        solo.start(state, &draws)
        life.begin(in: Int32(task))
      }
      solo.observe(state, observation)
      choose(life.steps)
      take(action, by: agent, in: solo, &life)
    }
    shadows[agent] = life
    return life.episodes &- endedBefore
  }

  /// Takes one step in the shadow of each of several agents that are in one task, side by side, so that actions can be chosen
  /// for all of them at once. Otherwise as `act`.
  ///
  /// - Parameters:
  ///   - begun: how many episodes of each agent have begun in its step; the index of the first of agent number n is `first(n)`.
  ///   - observations: a row for each.
  ///   - actions: likewise.
  /// - Returns: how many episodes have ended.
  func actTogether(
    _ agents: Range<Int>, in task: Int, starts: StreamKey, from first: (_ number: Int) -> UInt64,
    begun: borrowing Column<UInt64>, observations: UnsafeMutablePointer<Float>,
    actions: UnsafeMutablePointer<Float>, choose: () -> Void
  ) -> UInt64 {
    let solo = solos[task]
    let (width, numbers) = (tasks.observationCount, tasks.environment.actionCount)
    for (number, agent) in agents.enumerated() {
      let state = shadowStates[agent]
      if shadows[agent].task != Int32(task) {
        var draws = Draws(starts, at: first(number) &+ begun[number])
        begun[number] &+= 1
        solo.start(state, &draws)
        shadows[agent].begin(in: Int32(task))
      }
      solo.observe(state, observations + number * width)
    }
    choose()
    var ended: UInt64 = 0
    for (number, agent) in agents.enumerated() {
      let before = shadows[agent].episodes
      take(actions + number * numbers, by: agent, in: solo, &shadows[agent])
      ended &+= shadows[agent].episodes &- before
    }
    return ended
  }

  /// Takes a step in the shadow of an agent, which is where its life is.
  @inline(__always)
  private func take(_ action: UnsafePointer<Float>, by agent: Int, in solo: SoloTask, _ life: inout Life) {
    let state = shadowStates[agent]
    replay.noteStart(agent, life.steps, state: state, action: action, time: life.elapsed, task: life.task)
    let transition = solo.step(state, action)
    replay.noteEnd(agent, life.steps, state: state, transition)
    life.step(reward: transition.reward)
    if transition.isTerminated || Int(life.elapsed) >= tasks.timeLimit { life.end() }
  }

  /// Draws transitions to learn from, each of the latest with the same probability, with replacement.
  ///
  /// *Randomness*: a whole number below `transitions(of:)` for each row: how far back it lies from the newest.
  func draw(_ agent: Int, from draws: inout Draws, into batch: borrowing ReplayBatch) {
    let (written, present) = (shadows[agent].steps, UInt32(transitions(of: agent)))
    read(agent, count: batch.count, into: batch, from: 0) { _ in written - 1 - UInt64(draws.integer(below: present)) }
  }

  /// Reads the newest transitions in the order in which they were made, as many as the batch has rows.
  func latest(_ agent: Int, into batch: borrowing ReplayBatch) {
    latest(agent, count: batch.count, into: batch, from: 0)
  }

  /// Reads the newest transitions in the order in which they were made, at most as many as a step adds: of a step under way
  /// those of this step, from which multi-step targets are made. An episode ends in a row that is terminal, and where `times`
  /// is one below the time limit.
  ///
  /// - Parameter row: where the first of them goes.
  func latest(_ agent: Int, count: Int, into batch: borrowing ReplayBatch, from row: Int) {
    precondition(UInt64(count) <= shadows[agent].steps, "There are as many transitions as are read.")
    let first = shadows[agent].steps - UInt64(count)
    read(agent, count: count, into: batch, from: row) { first + UInt64($0) }
  }

  /// A task is taken out of the list where it changes, and not for each row: that would count references.
  @inline(__always)
  private func read(
    _ agent: Int, count: Int, into batch: borrowing ReplayBatch, from row: Int, number: (Int) -> UInt64
  ) {
    var (position, solo) = (0, solos[0])
    for place in 0..<count {
      let source = replay.row(agent, number(place))
      let task = replay.task(inRow: source)
      if task != position { (position, solo) = (task, solos[task]) }
      replay.read(source, as: solo, into: batch, at: row + place)
    }
  }

  // MARK: - Memory

  /// All of it, with the shadows of steps under way.
  func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    try memory.column("lives", lives)
    try memory.column("lives in steps under way", shadows)
    try states.visit(&memory, "states", from: 0, count: states.count)
    try shadowStates.visit(&memory, "states in steps under way", from: 0, count: shadowStates.count)
    for agent in 0..<lives.count {
      try check(lives[agent])
      try check(shadows[agent])
      try replay.visit(
        &memory, of: agent, written: max(lives[agent].steps, shadows[agent].steps),
        tasks: solos.count)
    }
  }

  /// What an agent keeps between steps.
  func visit(_ memory: inout RunMemory, of agent: Int) throws(RunMemoryFault) {
    try memory.values("life", lives.base + agent, count: 1)
    try check(lives[agent])
    try states.visit(&memory, "state", from: agent, count: 1)
    try replay.visit(&memory, of: agent, written: lives[agent].steps, tasks: solos.count)
  }

  private func check(_ life: Life) throws(RunMemoryFault) {
    guard (-1..<solos.count).contains(Int(life.task)) else {
      throw RunMemoryFault("its agents are in tasks that the run does not have")
    }
  }
}
