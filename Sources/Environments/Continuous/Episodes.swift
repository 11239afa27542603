// SPDX-License-Identifier: GPL-3.0-or-later

/// Episodes of a control task that go on side by side, whatever the task: an `EpisodeBatch` without its type.
///
/// Who plays is compiled once and not for each task; that costs an indirect call for all episodes together in each step.
/// The functions are made where the task is known, so that its physics are compiled for it. An episode that has ended
/// rests.
package struct Episodes: ~Copyable {
  /// What a step came to for one episode.
  package struct Outcome: BitwiseCopyable, Sendable {
    /// The number of the episode.
    package var episode: Int32
    /// Whether the episode has ended.
    package var isOver: Bool
    /// What the agent gets for the step.
    package var reward: Double

    package init(episode: Int32 = 0, isOver: Bool = false, reward: Double = 0) {
      self.episode = episode
      self.isOver = isOver
      self.reward = reward
    }
  }

  /// How many numbers an observation has.
  package let observationCount: Int
  /// How many numbers an action has.
  package let actionCount: Int
  /// How many choices an action has; nothing where actions are any numbers.
  package let actionChoices: Int?
  /// The largest magnitude that the mean action of a bounded policy has.
  package let meanActionBound: Double

  private let batch: UnsafeMutableRawPointer
  private let functions: EpisodeFunctions

  /// Takes a batch over.
  init<Task: ControlTask>(_ batch: consuming EpisodeBatch<Task>) {
    observationCount = Task.observationCount
    actionCount = Task.actionCount
    actionChoices = Task.actionChoices
    meanActionBound = Task.meanActionBound
    let place = UnsafeMutablePointer<EpisodeBatch<Task>>.allocate(capacity: 1)
    place.initialize(to: batch)
    self.batch = UnsafeMutableRawPointer(place)
    functions = EpisodeFunctions(of: Task.self)
  }

  deinit { functions.giveBack(batch) }

  /// Starts all episodes, also those that are under way.
  package func begin() { functions.begin(batch) }

  /// How many episodes have a row. They are in the order of their numbers.
  package var runningCount: Int { functions.runningCount(batch) }

  /// The number of the episode in a row.
  package func episode(inRow row: Int) -> Int { functions.episode(batch, row) }

  /// The number of the state of the episode in a row, where states are finitely many.
  package func stateNumber(inRow row: Int) -> Int { functions.stateNumber(batch, row) }

  /// Writes the observations of the episodes that run: `runningCount` × `observationCount` numbers.
  package func writeObservations(into observations: UnsafeMutablePointer<Float>) {
    functions.writeObservations(batch, observations)
  }

  /// Takes one step in every episode that runs.
  ///
  /// - Parameters:
  ///   - actions: `runningCount` × `actionCount` numbers.
  ///   - outcomes: room for `runningCount` outcomes.
  package func step(actions: UnsafePointer<Float>, outcomes: UnsafeMutablePointer<Outcome>) {
    functions.step(batch, actions, outcomes)
  }
}

/// What a batch does, as functions of a pointer to it.
private struct EpisodeFunctions {
  typealias Batch = UnsafeMutableRawPointer

  let begin: (Batch) -> Void
  let runningCount: (Batch) -> Int
  let episode: (Batch, Int) -> Int
  let stateNumber: (Batch, Int) -> Int
  let writeObservations: (Batch, UnsafeMutablePointer<Float>) -> Void
  let step: (Batch, UnsafePointer<Float>, UnsafeMutablePointer<Episodes.Outcome>) -> Void
  let giveBack: (Batch) -> Void

  init<Task: ControlTask>(of type: Task.Type) {
    begin = { Self.episodes($0, type).pointee.begin() }
    runningCount = { Self.episodes($0, type).pointee.runningCount }
    episode = { Self.episodes($0, type).pointee.episode(inRow: $1) }
    stateNumber = { Self.episodes($0, type).pointee.stateNumber(inRow: $1) }
    writeObservations = { Self.episodes($0, type).pointee.writeObservations(into: $1) }
    step = { batch, actions, outcomes in
      let episodes = Self.episodes(batch, type)
      let count = episodes.pointee.runningCount
      withUnsafeTemporaryAllocation(of: EpisodeBatch<Task>.Outcome.self, capacity: count) { found in
        guard let found = found.baseAddress else { return }
        episodes.pointee.step(actions: actions, outcomes: found)
        for row in 0..<count {
          outcomes[row] = Episodes.Outcome(
            episode: found[row].episode, isOver: found[row].isOver, reward: found[row].reward)
        }
      }
    }
    giveBack = { batch in
      let episodes = Self.episodes(batch, type)
      episodes.deinitialize(count: 1)
      episodes.deallocate()
    }
  }

  @inline(__always)
  private static func episodes<Task: ControlTask>(
    _ batch: Batch, _ type: Task.Type
  ) -> UnsafeMutablePointer<EpisodeBatch<Task>> {
    batch.assumingMemoryBound(to: EpisodeBatch<Task>.self)
  }
}
