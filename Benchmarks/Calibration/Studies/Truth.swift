// SPDX-License-Identifier: GPL-3.0-or-later
import Workers

/// What the intervals of a study of two arms should cover, from very many runs of the same kind.
struct Truth: Sendable {
  /// Of each arm.
  var final: [Double] = []
  var middleOfFinals: [Double] = []
  var middleOfReturns: [Double] = []
  var medianTime: [Double] = []
  /// Means of times up to the end of the run, and of messages up to the target.
  var meanTime: [Double] = []
  var meanMessages: [Double] = []
  /// How probably the second arm ends with less than the first, and is sooner.
  var endsLower = 0.0
  var isSooner = 0.0

  /// - Parameter runs: of each arm; the error of a mean is 0.1 % for runs that vary by a third.
  init(_ world: SyntheticWorld, _ arms: [SyntheticArm], runs: Int = 100_000, jobs: Int) {
    let grid = world.grid
    let blocks = 50
    var finals: [[Double]] = []
    var times: [[Double]] = []
    for arm in arms.indices {
      let drawn = inParallel(count: blocks, jobs: jobs) { block in
        (0..<runs / blocks).map { run in
          SyntheticRun(
            arms[arm], in: world, study: UInt32.max - 1, replication: block * runs + run, own: SyntheticStudy.name(arm))
        }
        .map { (final: $0.final, returns: $0.returns, reached: $0.reached, pace: $0.pace) }
      }
      .flatMap { $0 }
      let reached = drawn.map { $0.reached.map { grid[$0] } ?? .infinity }
      let messages = drawn.compactMap { run in
        run.reached.map { grid[$0] * run.pace * arms[arm].messages * Double(SyntheticWorld.agents) }
      }
      finals.append(drawn.map(\.final).sorted())
      times.append(reached.sorted())
      final.append(mean(finals[arm]))
      middleOfFinals.append(middle(of: finals[arm]))
      meanTime.append(mean(reached.map { min($0, world.until) }))
      medianTime.append(times[arm][drawn.count / 2 - 1])
      meanMessages.append(mean(messages))
      let returns = drawn.flatMap(\.returns).sorted()
      if !returns.isEmpty { middleOfReturns.append(middle(of: returns)) }
    }
    endsLower = share(of: finals[1], below: finals[0])
    isSooner = share(of: times[1], below: times[0])
  }
}

private func mean(_ values: some Collection<Double>) -> Double { values.reduce(0, +) / Double(values.count) }

/// The mean of the middle half of sorted values.
private func middle(of sorted: [Double]) -> Double { mean(sorted[sorted.count / 4..<sorted.count * 3 / 4]) }

/// In which share of all pairs of sorted values the first is below the second, ties counting one half.
private func share(of first: [Double], below second: [Double]) -> Double {
  var (below, upTo, sum) = (0, 0, 0.0)
  for value in second {
    while below < first.count, first[below] < value { below += 1 }
    upTo = max(upTo, below)
    while upTo < first.count, first[upTo] <= value { upTo += 1 }
    sum += Double(below + upTo) / 2
  }
  return sum / Double(first.count) / Double(second.count)
}
