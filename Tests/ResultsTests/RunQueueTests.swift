// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Records
import Results
import Synchronization
import Testing

@Test func runsOfManyThreadsAreAllWritten() throws {
  try withFolder { folder in
    let store = try store(folder + "/results.sqlite", header: header(replications: 300))
    let heard = Mutex(0)
    let queue = RunQueue(store) { count in heard.withLock { $0 += count } }
    DispatchQueue.concurrentPerform(iterations: 300) { number in
      queue.begin(run(number).record.identity)
      queue.add(run(number))
    }
    try queue.finish()
    #expect(queue.count == 300)
    #expect(heard.withLock(\.self) == 300)
    let study = try store.read()
    #expect(study.runs == (0..<300).map { run($0) })
    #expect(study.inFlight.isEmpty)
  }
}

/// Runs that take no place more, some, or all that there are must not wait for each other.
@Test func runsThatKeepMuchAreAllWritten() throws {
  try withFolder { folder in
    let path = folder + "/results.sqlite"
    let counts = [0, 300, 3000, 1]
    let queue = RunQueue(try store(path, header: header(replications: 100)), bytesPerPlace: 100)
    DispatchQueue.concurrentPerform(iterations: 100) { number in
      queue.add(run(number, keeping: [parameters(number, count: counts[number % 4])]))
    }
    try queue.finish()
    #expect(queue.count == 100)
    let file = try ResultsFile(path)
    #expect(try file.keptParameters().map(\.count) == (0..<100).map { counts[$0 % 4] })
    let last = try file.parameters(arm: "asynchronous", replication: 98, agent: "a")
    #expect(last == parameters(98))
  }
}

@Test func aBeginningIsNotedAlthoughNoRunEnds() throws {
  try withFolder { folder in
    let path = folder + "/results.sqlite"
    let queue = RunQueue(try store(path))
    queue.begin(run(1).record.identity)
    try queue.finish()
    #expect(try ResultsReader.read(path).inFlight == [run(1).record.identity])
    queue.add(run(1))
    try queue.finish()
    #expect(try ResultsReader.read(path).inFlight.isEmpty)
  }
}

@Test func whatCannotBeWrittenIsToldAndNothingAfterItCounts() throws {
  try withFolder { folder in
    let path = folder + "/results.sqlite"
    let queue = RunQueue(try store(path))
    queue.add(run(0))
    try queue.finish()
    try DatabaseQueue(path: path).write { try $0.execute(sql: "ALTER TABLE series RENAME TO elsewhere") }
    queue.add(run(1))
    #expect(throws: ResultsError.self) { try queue.finish() }
    #expect(queue.hasTrouble)
    try DatabaseQueue(path: path).write { try $0.execute(sql: "ALTER TABLE elsewhere RENAME TO series") }
    queue.add(run(2))
    #expect(throws: ResultsError.self) { try queue.finish() }
    #expect(queue.count == 1)
    #expect(try ResultsReader.read(path).runs == [run(0)])
  }
}

@Test func askingWhetherAFileIsWrittenKeepsNobodyFromWriting() throws {
  try withFolder { folder in
    let path = folder + "/results.sqlite"
    try store(path).write(run(0))
    let isOver = Mutex(false)
    let thread = Thread { while !isOver.withLock(\.self) { _ = ResultsReader.isBeingWritten(path) } }
    thread.start()
    defer { isOver.withLock { $0 = true } }
    for _ in 0..<50 { #expect(throws: Never.self) { try store(path) } }
  }
}

@Test func aTargetWithoutAllItsNumbersSurvives() throws {
  try withFolder { folder in
    let path = folder + "/results.sqlite"
    let reached = RunRecord.TargetReached(time: 0, updates: .nan, messages: 4, bytes: .infinity)
    try store(path).write(run(0, target: reached))
    let read = try #require(try ResultsReader.read(path).runs.first?.record.target)
    #expect(read.time == 0 && read.updates.isNaN && read.messages == 4 && read.bytes == .infinity)
  }
}
