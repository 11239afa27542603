// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Quantities

/// The latest transitions of every agent, each in a ring of its own: states, not what was seen of them, which is a
/// function of the state.
///
///     rows of an agent   │ n − C … n − 1: to learn from │ n … n + U − 1: of the step under way │
///
/// A ring has C rows to learn from and U more, as many as a step can add. So what a step writes before it is sure to end
/// lies where nothing is that counts, and a step that is given up leaves no trace but what nobody reads. All memory is
/// there from the beginning.
struct Replay: ~Copyable {
  /// C.
  let capacity: Int
  private let rowsPerAgent: Int
  private let actionCount: Int
  private let states: StateRows
  private let nextStates: StateRows
  private let actions: Column<Float>
  private let rewards: Column<Float>
  private let isTerminal: Column<Bool>
  private let times: Column<Int32>
  private let tasks: Column<Int32>

  /// Empty rings.
  ///
  /// - Parameters:
  ///   - capacity: C, the transitions that an agent learns from.
  ///   - stepsAtOnce: U, the most that a step can add.
  init(_ task: SoloTask, actionCount: Int, agents: Int, capacity: Int, stepsAtOnce: Int) {
    self.capacity = capacity
    self.actionCount = actionCount
    rowsPerAgent = capacity + stepsAtOnce
    let rows = agents * rowsPerAgent
    states = StateRows(task, count: rows)
    nextStates = StateRows(task, count: rows)
    actions = Column(repeating: 0, count: rows * actionCount)
    rewards = Column(repeating: 0, count: rows)
    isTerminal = Column(repeating: false, count: rows)
    times = Column(repeating: 0, count: rows)
    tasks = Column(repeating: 0, count: rows)
  }

  /// Bytes of one agent's transitions. In Double, so that no size can overflow.
  static func bytesPerAgent(_ task: SoloTask, actionCount: Int, capacity: Int, stepsAtOnce: Int) -> Double {
    (Double(capacity) + Double(stepsAtOnce)) * Double(2 * task.stride + 4 * actionCount + 13)
  }

  var bytes: Int {
    states.bytes + nextStates.bytes + 4 * (actions.count + rewards.count + times.count + tasks.count) + isTerminal.count
  }

  /// Where the number of a transition lies. A division: to be asked once.
  @inline(__always)
  func row(_ agent: Int, _ number: UInt64) -> Int {
    agent * rowsPerAgent + Int(number % UInt64(rowsPerAgent))
  }

  /// Where the number of a transition has its state before: written before the step of the environment.
  func noteStart(
    _ agent: Int, _ number: UInt64, state: UnsafeRawPointer, action: UnsafePointer<Float>, time: Int32, task: Int32
  ) {
    let row = row(agent, number)
    states.copy(state, to: row)
    (actions.base + row * actionCount).update(from: action, count: actionCount)
    times[row] = time
    tasks[row] = task
  }

  /// What a transition came to.
  func noteEnd(_ agent: Int, _ number: UInt64, state: UnsafeRawPointer, _ transition: Transition) {
    let row = row(agent, number)
    nextStates.copy(state, to: row)
    rewards[row] = Float(transition.reward)
    isTerminal[row] = transition.isTerminated
  }

  /// The position of the task in which the transition in a row was made.
  @inline(__always)
  func task(inRow row: Int) -> Int { Int(tasks[row]) }

  /// Writes the transition in a row, made in this task, into a row of a batch.
  @inline(__always)
  func read(_ row: Int, as task: SoloTask, into batch: borrowing ReplayBatch, at place: Int) {
    let width = batch.observations.count / batch.count
    task.observe(states[row], batch.observations.base + place * width)
    task.observe(nextStates[row], batch.nextObservations.base + place * width)
    (batch.actions.base + place * actionCount).update(from: actions.base + row * actionCount, count: actionCount)
    batch.rewards[place] = rewards[row]
    batch.isTerminal[place] = isTerminal[row]
    batch.times[place] = times[row]
  }

  /// What an agent has after so many transitions.
  func visit(_ memory: inout RunMemory, of agent: Int, written: UInt64, tasks count: Int) throws(RunMemoryFault) {
    let first = agent * rowsPerAgent
    let known = 0..<Int32(count)
    let count = Int(min(written, UInt64(rowsPerAgent)))
    try states.visit(&memory, "states to replay", from: first, count: count)
    try nextStates.visit(&memory, "states after them", from: first, count: count)
    try memory.values("actions to replay", actions.base + first * actionCount, count: count * actionCount)
    try memory.values("rewards to replay", rewards.base + first, count: count)
    try memory.values("ends to replay", isTerminal.base + first, count: count)
    try memory.values("times to replay", times.base + first, count: count)
    try memory.values("tasks to replay", tasks.base + first, count: count)
    for row in first..<first + count where memory.isReading && !known.contains(tasks[row]) {
      throw RunMemoryFault("it replays tasks that the run does not have")
    }
  }
}
