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
  /// Guarded by the lock of the pool, as are its neighbours in the queue.
  nonisolated(unsafe) fileprivate var stage = Stage.idle
  nonisolated(unsafe) fileprivate var next: StepJob?
  nonisolated(unsafe) fileprivate unowned(unsafe) var previous: StepJob?

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
  /// Submitted jobs that nobody has begun, from first to last; a job leaves as soon as it is begun or taken back, so
  /// nothing is left behind where jobs are done out of their order. Guarded by `condition`.
  nonisolated(unsafe) private var first: StepJob?
  nonisolated(unsafe) private var last: StepJob?

  package init() {}

  /// How many jobs wait for a thread.
  package var waitingCount: Int {
    condition.lock()
    defer { condition.unlock() }
    var count = 0
    var job = first
    while let present = job {
      count += 1
      job = present.next
    }
    return count
  }

  /// Lets anybody do a job. It must not be under way.
  package func submit(_ job: StepJob) {
    condition.lock()
    precondition(job.stage == .idle, "A job is submitted again when it is done.")
    job.stage = .queued
    job.previous = last
    if let last { last.next = job } else { first = job }
    last = job
    // Whoever waits here takes jobs, so one is enough.
    condition.signal()
    condition.unlock()
  }

  /// Waits until a job is done, and does it or others meanwhile. A job that was never submitted is done.
  package func wait(for job: StepJob) {
    condition.lock()
    if job.stage == .queued { perform(job) }
    workUntilIdle(job)
    condition.unlock()
  }

  /// Takes a job back: it will not be begun any more, and one that has begun is waited for.
  package func withdraw(_ job: StepJob) {
    condition.lock()
    if job.stage == .queued {
      unlink(job)
      job.stage = .idle
    }
    workUntilIdle(job)
    condition.unlock()
  }

  /// Does jobs until there is nothing to wait for any more.
  ///
  /// - Parameter isOver: asked again after every job and every `wake`.
  package func help(until isOver: () -> Bool) {
    condition.lock()
    while !isOver() {
      if let job = first { perform(job) } else { condition.wait() }
    }
    condition.unlock()
  }

  /// Lets helpers ask again whether they are needed.
  package func wake() {
    condition.lock()
    condition.broadcast()
    condition.unlock()
  }

  /// Does other jobs until one that somebody has begun is done; the lock is held before and after.
  private func workUntilIdle(_ job: StepJob) {
    while job.stage != .idle {
      if let other = first { perform(other) } else { condition.wait() }
    }
  }

  /// Does a queued job; the lock is held before and after, not meanwhile.
  private func perform(_ job: StepJob) {
    unlink(job)
    job.stage = .running
    condition.unlock()
    job.body()
    condition.lock()
    job.stage = .idle
    condition.broadcast()
  }

  /// Takes a queued job out of the queue.
  private func unlink(_ job: StepJob) {
    let (previous, next) = (job.previous, job.next)
    if let previous { previous.next = next } else { first = next }
    if let next { next.previous = previous } else { last = previous }
    job.next = nil
    job.previous = nil
  }
}
