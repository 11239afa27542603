// SPDX-License-Identifier: GPL-3.0-or-later

/// How far an agent has come in an environment that lives on from step to step, beside the state that it is in.
struct Life: BitwiseCopyable, Sendable, Equatable {
  /// Of how many episodes that have ended lengths are kept.
  static var recentCount: Int { 20 }

  /// Steps of the environment so far.
  var steps: UInt64 = 0
  /// Episodes that have ended.
  var episodes: UInt64 = 0
  /// Steps of the episode that goes on.
  var elapsed: Int32 = 0
  /// The position of the task that it is in; negative before the first.
  var task: Int32 = -1
  /// The lengths of the latest episodes, the next one at `episodes` modulo their number.
  private var lengths = SIMD32<Int32>.zero

  /// An episode is over: the next one begins at its first step.
  mutating func end() {
    lengths[Int(episodes % UInt64(Self.recentCount))] = elapsed
    episodes &+= 1
    elapsed = 0
    task = -1
  }

  /// The mean length of the latest episodes that have ended, in steps; before the first has, how long it is yet.
  var recentSteps: Double {
    let count = Int(min(episodes, UInt64(Self.recentCount)))
    guard count > 0 else { return Double(elapsed) }
    return Double((0..<count).reduce(0) { $0 + Int(lengths[$1]) }) / Double(count)
  }
}
