// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Synchronization
import Testing
import Workers

/// A number that jobs add to and tests read.
final class Count: Sendable {
  private let number = Atomic<Int>(0)

  var value: Int { number.load(ordering: .sequentiallyConsistent) }

  @discardableResult
  func add(_ amount: Int = 1) -> Int { number.add(amount, ordering: .sequentiallyConsistent).newValue }
}

/// Runs pieces of work on threads of their own and waits for all of them.
func onThreads(_ bodies: [@Sendable () -> Void]) {
  let group = DispatchGroup()
  for body in bodies {
    group.enter()
    let thread = Thread {
      body()
      group.leave()
    }
    thread.start()
  }
  group.wait()
}

@Test func aJobIsDoneByWhoWaitsForItWhereNobodyHelps() {
  let pool = StepPool()
  let count = Count()
  let job = StepJob { count.add() }
  pool.wait(for: job)
  #expect(count.value == 0)
  for _ in 0..<3 {
    pool.submit(job)
    pool.wait(for: job)
    pool.wait(for: job)
  }
  #expect(count.value == 3)
}

@Test func whatIsWithdrawnIsNotBegun() {
  let pool = StepPool()
  let count = Count()
  let jobs = (0..<5).map { _ in StepJob { count.add() } }
  for job in jobs { pool.submit(job) }
  pool.withdraw(jobs[0])
  pool.withdraw(jobs[2])
  pool.withdraw(jobs[4])
  #expect(pool.waitingCount == 2)
  pool.help { count.value == 2 }
  for job in jobs { pool.wait(for: job) }
  #expect(count.value == 2)
  pool.submit(jobs[2])
  pool.wait(for: jobs[2])
  #expect(count.value == 3)
}

/// A run alone never takes the head of the queue: it waits for its own jobs, the newest among them.
@Test func jobsThatAreDoneLeaveNothingInTheQueue() {
  let pool = StepPool()
  let kept = StepJob {}
  pool.submit(kept)
  let job = StepJob {}
  for _ in 0..<1000 {
    pool.submit(job)
    pool.wait(for: job)
    pool.submit(job)
    pool.withdraw(job)
  }
  #expect(pool.waitingCount == 1)
  pool.withdraw(kept)
  #expect(pool.waitingCount == 0)
}

@Test func withdrawingWaitsForWhatHasBegun() {
  let pool = StepPool()
  let (begun, goOn, ended) = (Count(), Count(), Count())
  let job = StepJob {
    begun.add()
    while goOn.value == 0 { Thread.sleep(forTimeInterval: 0.0005) }
    ended.add()
  }
  pool.submit(job)
  onThreads([
    { pool.help { ended.value == 1 } },
    {
      while begun.value == 0 { Thread.sleep(forTimeInterval: 0.0005) }
      pool.submit(StepJob { goOn.add() })
      // Only who does other jobs meanwhile ever comes back from here.
      pool.withdraw(job)
      #expect(ended.value == 1)
    },
  ])
  #expect(ended.value == 1)
}

/// Owners submit, and then wait or take back; each job counts without a lock what is its owner's alone.
@Test(arguments: [1, 2, 6])
func everySubmissionThatIsWaitedForIsDoneOnce(helpers: Int) {
  let pool = StepPool()
  let (owners, rounds, width) = (4, 2000, 3)
  let isOver = Count()
  let running = Count()
  @Sendable func own(_ owner: Int) {
    // Plain memory: an array that several jobs change at once would be copied under their hands.
    nonisolated(unsafe) let done = UnsafeMutableBufferPointer<Int>.allocate(capacity: width)
    done.initialize(repeating: 0)
    defer { done.deallocate() }
    let jobs = (0..<width).map { number in
      StepJob {
        running.add()
        done[number] += 1
        running.add(-1)
      }
    }
    var state = UInt32(owner + 1)
    for round in 0..<rounds {
      let before = Array(done)
      for job in jobs { pool.submit(job) }
      for number in [round % width, (round + 1) % width, (round + 2) % width] {
        state = state &* 1_664_525 &+ 1_013_904_223
        if state >> 30 == 0 {
          pool.withdraw(jobs[number])
          #expect(done[number] == before[number] || done[number] == before[number] + 1)
        } else {
          pool.wait(for: jobs[number])
          #expect(done[number] == before[number] + 1)
        }
      }
    }
    if isOver.add() == owners { pool.wake() }
  }
  var threads: [@Sendable () -> Void] = [{ while isOver.value < owners { pool.wake() } }]
  for number in 0..<owners { threads.append { own(number) } }
  for _ in 0..<helpers { threads.append { pool.help { isOver.value == owners } } }
  onThreads(threads)
  #expect(running.value == 0)
  #expect(pool.waitingCount == 0)
}

@Test(arguments: [0, 1, 3, 40], [1, 2, 5])
func piecesGiveTheirResultsInOrderWhoeverDoesThem(count: Int, jobs: Int) {
  for steps in [nil, StepPool()] {
    let calls = Count()
    let results = inParallel(count: count, jobs: jobs, steps: steps) { piece in
      calls.add()
      guard let steps else { return piece * piece }
      let sum = Count()
      let parts = (0..<7).map { part in StepJob { sum.add(piece * piece * part) } }
      for part in parts { steps.submit(part) }
      for part in parts.reversed() { steps.wait(for: part) }
      return sum.value / 21
    }
    #expect(results == (0..<count).map { $0 * $0 })
    #expect(calls.value == count)
    #expect(steps?.waitingCount ?? 0 == 0)
  }
}

/// With one piece the other threads have its jobs only: two that wait for each other need two threads.
@Test func threadsWithoutAPieceDoTheJobsOfTheLast() {
  let steps = StepPool()
  let met = inParallel(count: 1, jobs: 2, steps: steps) { _ in
    let arrived = Count()
    let meeting: @Sendable () -> Void = {
      arrived.add()
      while arrived.value < 2 { Thread.sleep(forTimeInterval: 0.0005) }
    }
    let pair = [StepJob(meeting), StepJob(meeting)]
    for job in pair { steps.submit(job) }
    for job in pair { steps.wait(for: job) }
    return arrived.value
  }
  #expect(met == [2])
}
