// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation

/// A piece of work that is done again and again, such as the local step of one agent of one run; whoever is free does
/// it, between the time it is submitted and the time somebody waits for it.
package final class StepJob: Sendable {
  fileprivate enum Stage {
    case idle
    case queued
    case running
  }

  fileprivate let body: @Sendable () -> Void
  /// Guarded by the lock of the pool.
  nonisolated(unsafe) fileprivate var stage = Stage.idle

  /// - Parameter body: the work; what it reads and writes is nobody else's from `submit` until `wait` or `withdraw`.
  package init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}

/// Jobs that wait for a thread.
///
/// The pool has no threads of its own. A thread that waits for a job does it itself unless somebody else has begun,
/// and does others meanwhile; threads that have nothing better to do `help`. So one budget of threads serves whole
/// runs and the steps within them.
///
/// What a job computes depends on its own input alone, so results are the same with any number of helpers.
package final class StepPool: Sendable {
  private let condition = NSCondition()
  /// Submitted jobs, the first at `head`; those that are not queued any more are skipped. Guarded by `condition`.
  nonisolated(unsafe) private var queue: [StepJob] = []
  nonisolated(unsafe) private var head = 0

  package init() {}

  /// Lets anybody do a job. It must not be under way.
  package func submit(_ job: StepJob) {
    condition.lock()
    precondition(job.stage == .idle, "A job is submitted again when it is done.")
    job.stage = .queued
    queue.append(job)
    condition.signal()
    condition.unlock()
  }

  /// Waits until a job is done, and does it or others meanwhile. A job that was never submitted is done.
  package func wait(for job: StepJob) {
    condition.lock()
    while job.stage != .idle {
      if job.stage == .queued {
        perform(job)
      } else if let other = nextQueued() {
        perform(other)
      } else {
        condition.wait()
      }
    }
    condition.unlock()
  }

  /// Takes a job back: it will not be begun any more, and one that has begun is waited for.
  package func withdraw(_ job: StepJob) {
    condition.lock()
    if job.stage == .queued { job.stage = .idle }
    while job.stage != .idle { condition.wait() }
    condition.unlock()
  }

  /// Does jobs until there is nothing to wait for any more.
  ///
  /// - Parameter isOver: asked again after every job and every `wake`.
  package func help(until isOver: () -> Bool) {
    condition.lock()
    while !isOver() {
      if let job = nextQueued() { perform(job) } else { condition.wait() }
    }
    condition.unlock()
  }

  /// Lets helpers ask again whether they are needed.
  package func wake() {
    condition.lock()
    condition.broadcast()
    condition.unlock()
  }

  /// Does a queued job; the lock is held before and after, not meanwhile.
  private func perform(_ job: StepJob) {
    job.stage = .running
    condition.unlock()
    job.body()
    condition.lock()
    job.stage = .idle
    condition.broadcast()
  }

  private func nextQueued() -> StepJob? {
    while head < queue.count {
      let job = queue[head]
      head += 1
      if job.stage == .queued { return job }
    }
    queue.removeAll(keepingCapacity: true)
    head = 0
    return nil
  }
}
