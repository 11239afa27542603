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
///   - jobs: how many threads at most; as many are used where pieces submit to `steps`, even for a single piece.
///   - steps: jobs within the pieces, which threads do that find no more pieces.
package func inParallel<Result: Sendable>(
  count: Int, jobs: Int, steps: StepPool? = nil, _ body: @escaping @Sendable (Int) -> Result
) -> [Result] {
  if jobs <= 1 || count == 0 || (count == 1 && steps == nil) { return (0..<count).map(body) }
  let pieces = Pieces<Result>(count: count)
  let group = DispatchGroup()
  for _ in 0..<(steps == nil ? min(jobs, count) : jobs) {
    group.enter()
    let thread = Thread {
      while let piece = pieces.next() {
        pieces.finish(piece, with: body(piece))
        steps?.wake()
      }
      steps?.help { pieces.areDone }
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
  private let finished = Atomic<Int>(0)
  private let done: Mutex<[Result?]>

  init(count: Int) {
    self.count = count
    done = Mutex(Array(repeating: nil, count: count))
  }

  func next() -> Int? {
    let piece = taken.add(1, ordering: .relaxed).oldValue
    return piece < count ? piece : nil
  }

  func finish(_ piece: Int, with result: Result) {
    done.withLock { $0[piece] = result }
    finished.add(1, ordering: .releasing)
  }

  var areDone: Bool { finished.load(ordering: .acquiring) == count }

  var results: [Result] { done.withLock { $0.compactMap { $0 } } }
}
