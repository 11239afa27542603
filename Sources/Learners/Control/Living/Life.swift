// SPDX-License-Identifier: GPL-3.0-or-later

/// How far an agent has come in an environment that lives on from step to step, beside the state that it is in.
package struct Life: BitwiseCopyable, Sendable, Equatable {
  /// Of how many episodes that have ended lengths and returns are kept.
  static var recentCount: Int { 20 }

  /// Steps of the environment so far.
  private(set) var steps: UInt64 = 0
  /// Episodes that have ended.
  private(set) var episodes: UInt64 = 0
  /// Steps of the episode that goes on.
  private(set) var elapsed: Int32 = 0
  /// The position of the task that it is in; negative before the first.
  private(set) var task: Int32 = -1
  /// The rewards of the episode that goes on.
  private var collected = 0.0
  /// The lengths of the latest episodes, the next one at `episodes` modulo their number.
  private var lengths = SIMD32<Int32>.zero
  /// Their returns, likewise.
  private var returns = SIMD32<Float>.zero

  /// An episode begins; one that has not ended is forgotten.
  mutating func begin(in task: Int32) {
    self.task = task
    elapsed = 0
    collected = 0
  }

  /// A step of the environment was taken.
  @inline(__always)
  mutating func step(reward: Double) {
    steps &+= 1
    elapsed &+= 1
    collected += reward
  }

  /// An episode is over: the next one begins at its first step.
  mutating func end() {
    let place = Int(episodes % UInt64(Self.recentCount))
    lengths[place] = elapsed
    returns[place] = Float(collected)
    episodes &+= 1
    begin(in: -1)
  }

  /// A whole episode at once.
  mutating func pass(steps count: Int32, return collected: Double) {
    steps &+= UInt64(count)
    (elapsed, self.collected) = (count, collected)
    end()
  }

  /// The mean length of the latest episodes that have ended, in steps; before the first has, how long it is yet.
  var recentSteps: Double {
    let count = Int(min(episodes, UInt64(Self.recentCount)))
    guard count > 0 else { return Double(elapsed) }
    return Double((0..<count).reduce(0) { $0 + Int(lengths[$1]) }) / Double(count)
  }

  /// Their mean return; not a number before the first has ended.
  var recentReturn: Double {
    let count = Int(min(episodes, UInt64(Self.recentCount)))
    guard count > 0 else { return .nan }
    return (0..<count).reduce(0) { $0 + Double(returns[$1]) } / Double(count)
  }
}
