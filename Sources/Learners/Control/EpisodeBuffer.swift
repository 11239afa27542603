// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

/// What an agent has seen, done and got in the episodes of a step: a row for each of their steps, episode after
/// episode, in single precision.
struct EpisodeBuffer: ~Copyable {
  private let inPlace = InPlace()
  let episodeCount: Int
  let timeLimit: Int
  let observationCount: Int
  /// capacity × observations
  let observations: Column<Float>
  let actions: Column<Float>
  let rewards: Column<Float>
  /// Whether an episode ends with the row.
  let ends: Column<Bool>
  private let lengths: Column<Int>
  /// How many rows there are.
  private(set) var count = 0

  init(episodes: Int, timeLimit: Int, observationCount: Int) {
    episodeCount = episodes
    self.timeLimit = timeLimit
    self.observationCount = observationCount
    let capacity = episodes * timeLimit
    observations = Column(repeating: 0, count: capacity * observationCount)
    actions = Column(repeating: 0, count: capacity)
    rewards = Column(repeating: 0, count: capacity)
    ends = Column(repeating: false, count: capacity)
    lengths = Column(repeating: 0, count: episodes)
  }

  /// Where an episode keeps a step until `close`.
  @inline(__always)
  func position(episode: Int, step: Int) -> Int { episode &* timeLimit &+ step }

  @inline(__always)
  func note(episode: Int, step: Int, observation: UnsafePointer<Float>, action: Float) {
    let position = position(episode: episode, step: step)
    (observations.base + position &* observationCount).update(from: observation, count: observationCount)
    actions[position] = action
  }

  @inline(__always)
  func note(episode: Int, step: Int, reward: Double, isOver: Bool) {
    let position = position(episode: episode, step: step)
    rewards[position] = Float(reward)
    ends[position] = isOver
    lengths[episode] = step &+ 1
  }

  /// Closes the gaps behind episodes that were shorter than the time limit.
  mutating func close() {
    count = 0
    for episode in 0..<episodeCount {
      let (first, length) = (episode * timeLimit, lengths[episode])
      if first != count {
        let width = observationCount
        (observations.base + count * width).update(from: observations.base + first * width, count: length * width)
        (actions.base + count).update(from: actions.base + first, count: length)
        (rewards.base + count).update(from: rewards.base + first, count: length)
        (ends.base + count).update(from: ends.base + first, count: length)
      }
      count += length
    }
  }

  mutating func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    try memory.value("rows of episodes", &count)
    guard 0...rewards.count ~= count else { throw RunMemoryFault("its episodes are longer than those of the run") }
    try memory.values("observations", observations.base, count: count * observationCount)
    try memory.values("actions", actions.base, count: count)
    try memory.values("rewards", rewards.base, count: count)
    try memory.values("ends of episodes", ends.base, count: count)
  }
}
