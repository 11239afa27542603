// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Synchronization

/// Does so many pieces of work on plain threads and gives their results in the order of the pieces, whichever thread
/// did which.
///
/// Plain threads and no tasks: a run may take long, and would starve a cooperative pool.
///
/// - Parameters:
///   - count: how many pieces there are; `body` gets their numbers from zero, each once.
///   - jobs: how many threads at most.
package func inParallel<Result: Sendable>(
  count: Int, jobs: Int, _ body: @escaping @Sendable (Int) -> Result
) -> [Result] {
  if jobs <= 1 || count <= 1 { return (0..<count).map(body) }
  let pieces = Pieces<Result>(count: count)
  let group = DispatchGroup()
  for _ in 0..<min(jobs, count) {
    group.enter()
    let thread = Thread {
      while let piece = pieces.next() { pieces.finish(piece, with: body(piece)) }
      group.leave()
    }
    thread.stackSize = 8 << 20
    thread.start()
  }
  group.wait()
  return pieces.results
}

/// The pieces of work that threads take from, and what has come of them.
private final class Pieces<Result: Sendable>: Sendable {
  private let count: Int
  private let taken = Atomic<Int>(0)
  private let done: Mutex<[Result?]>

  init(count: Int) {
    self.count = count
    done = Mutex(Array(repeating: nil, count: count))
  }

  func next() -> Int? {
    let piece = taken.add(1, ordering: .relaxed).oldValue
    return piece < count ? piece : nil
  }

  func finish(_ piece: Int, with result: Result) { done.withLock { $0[piece] = result } }

  var results: [Result] { done.withLock { $0.compactMap { $0 } } }
}
