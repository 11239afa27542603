// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Randomness

/// Episodes of a control task that go on side by side, so that a policy is asked for all their actions at once.
///
/// Observations and actions have a row for each episode that runs, in the order of the episodes; rows lie one after the
/// other without gaps, in single or double precision, whichever the policy has. The physics are in double precision.
///
///     batch.begin()
///     while batch.runningCount > 0 {
///       batch.writeObservations(into: observations)
///       policy(observations, batch.runningCount, actions)
///       let count = batch.step(actions: actions, outcomes: outcomes)
///     }
///
/// An episode that has ended either *rests* until all are begun anew, and has no row, so that the last episodes cost no
/// more than they need; or it *restarts*: its row shows the last observation once, and the next step ignores the action
/// and shows the first observation of the next episode, with no reward (`Outcome.isStart`). Gymnasium calls the two
/// autoreset modes *disabled* and *next step*.
///
/// *Randomness*: episode e of n starts for the (r+1)-th time from the draws at index r n + e of one stream, whatever the
/// others do.
///
/// *Complexity*: nothing is allocated after the initialiser. Other rooms call generic code of this one as it is, slowly;
/// where it counts they use `Episodes`, which are compiled here for their task.
package struct EpisodeBatch<Task: ControlTask>: ~Copyable {
  /// What becomes of an episode that has ended.
  package enum AfterEnd: Sendable {
    /// It waits for `begin`, without a row.
    case rest
    /// It starts again with the next step.
    case restart
  }

  /// What a step came to for one episode.
  package struct Outcome: BitwiseCopyable, Sendable, Equatable {
    /// The number of the episode in the batch.
    package var episode: Int32
    /// Whether the task ended the episode: the state that the step led to has no value.
    package var isTerminated: Bool
    /// Whether the time limit was reached: unless terminated, the state that the step led to has a value.
    package var isTruncated: Bool
    /// Whether there was no step, but an episode has started.
    package var isStart: Bool
    /// What the agent gets for the step.
    package var reward: Double

    /// Whether the episode has ended, for either reason.
    package var isOver: Bool { isTerminated || isTruncated }

    package init(
      episode: Int32, isTerminated: Bool = false, isTruncated: Bool = false, isStart: Bool = false, reward: Double = 0
    ) {
      self.episode = episode
      self.isTerminated = isTerminated
      self.isTruncated = isTruncated
      self.isStart = isStart
      self.reward = reward
    }
  }

  /// How many episodes there are.
  package let count: Int
  /// After how many steps an episode is truncated.
  package let timeLimit: Int
  /// How many episodes have a row. They are in the order of their numbers.
  package private(set) var runningCount = 0

  private let inPlace = InPlace()
  private let restarts: Bool
  private let starts: StreamKey
  private let tasks: Column<Task>
  private let states: Column<Task.State>
  /// Steps taken in the episode.
  private let elapsed: Column<Int32>
  /// How often the episode has started.
  private let startCounts: Column<UInt64>
  private let hasEnded: Column<Bool>
  /// The numbers of the episodes that have a row; the first `runningCount` count.
  private let running: Column<Int32>
  /// The action of one episode, in double precision.
  private let action: Column<Double>

  /// Makes a batch in which no episode has begun.
  ///
  /// - Parameters:
  ///   - tasks: the task of each episode, at least one.
  ///   - timeLimit: after how many steps an episode is truncated.
  ///   - starts: the stream of first states.
  package init(
    _ tasks: [Task], timeLimit: Int = Task.timeLimit, afterEnd: AfterEnd = .rest, starts: StreamKey
  ) {
    precondition(!tasks.isEmpty && tasks.count <= Int(Int32.max), "A batch has at least one episode.")
    precondition((1...Int(Int32.max)).contains(timeLimit), "An episode has at least one step.")
    count = tasks.count
    self.timeLimit = timeLimit
    restarts = afterEnd == .restart
    self.starts = starts
    self.tasks = Column(tasks)
    var draws = Draws(starts, at: 0)
    states = Column(repeating: tasks[0].start(&draws), count: tasks.count)
    elapsed = Column(repeating: 0, count: tasks.count)
    startCounts = Column(repeating: 0, count: tasks.count)
    hasEnded = Column(repeating: true, count: tasks.count)
    running = Column(repeating: 0, count: tasks.count)
    action = Column(repeating: 0, count: Task.actionCount)
  }

  /// The same task for all episodes.
  package init(
    _ task: Task, count: Int, timeLimit: Int = Task.timeLimit, afterEnd: AfterEnd = .rest, starts: StreamKey
  ) {
    self.init(Array(repeating: task, count: count), timeLimit: timeLimit, afterEnd: afterEnd, starts: starts)
  }

  /// Starts all episodes, also those that are under way.
  package mutating func begin() {
    for episode in 0..<count {
      start(episode)
      running[episode] = Int32(episode)
    }
    runningCount = count
  }

  /// The state of an episode; of one that rests, its last.
  package func state(of episode: Int) -> Task.State { states[episode] }

  /// The number of the episode in a row.
  package func episode(inRow row: Int) -> Int { Int(running[row]) }

  /// The number of the state of the episode in a row, where states are finitely many.
  package func stateNumber(inRow row: Int) -> Int {
    let episode = Int(running[row])
    return tasks[episode].stateNumber(of: states[episode])
  }

  /// Writes the observations of the episodes that run: `runningCount` × `observationCount` numbers.
  package func writeObservations<Scalar: BinaryFloatingPoint>(into observations: UnsafeMutablePointer<Scalar>) {
    for row in 0..<runningCount {
      writeObservation(of: Int(running[row]), into: observations + row * Task.observationCount)
    }
  }

  /// Writes the observation of one episode, `observationCount` numbers; of one that rests, its last.
  package func writeObservation<Scalar: BinaryFloatingPoint>(
    of episode: Int, into observation: UnsafeMutablePointer<Scalar>
  ) {
    tasks[episode].observe(states[episode], into: observation)
  }

  /// Takes one step in every episode that runs.
  ///
  /// - Parameters:
  ///   - actions: `runningCount` × `actionCount` numbers.
  ///   - outcomes: room for `runningCount` outcomes.
  /// - Returns: how many outcomes there are: `runningCount` as it was.
  @discardableResult
  package mutating func step<Scalar: BinaryFloatingPoint>(
    actions: UnsafePointer<Scalar>, outcomes: UnsafeMutablePointer<Outcome>
  ) -> Int {
    let rows = runningCount
    var kept = 0
    for row in 0..<rows {
      let episode = Int(running[row])
      if hasEnded[episode] {
        start(episode)
        outcomes[row] = Outcome(episode: Int32(episode), isStart: true)
      } else {
        for index in 0..<Task.actionCount { action[index] = Double(actions[row * Task.actionCount + index]) }
        let transition = tasks[episode].step(&states[episode], action: action.base)
        elapsed[episode] += 1
        let outcome = Outcome(
          episode: Int32(episode), isTerminated: transition.isTerminated,
          isTruncated: Int(elapsed[episode]) >= timeLimit, reward: transition.reward)
        outcomes[row] = outcome
        hasEnded[episode] = outcome.isOver
      }
      // Rows close up behind episodes that rest.
      if restarts || !hasEnded[episode] {
        running[kept] = Int32(episode)
        kept += 1
      }
    }
    runningCount = kept
    return rows
  }

  private func start(_ episode: Int) {
    var draws = Draws(starts, at: startCounts[episode] &* UInt64(count) &+ UInt64(episode))
    states[episode] = tasks[episode].start(&draws)
    startCounts[episode] &+= 1
    elapsed[episode] = 0
    hasEnded[episode] = false
  }
}
