// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Records
import Results
import Testing

/// What is kept of a made-up run that was stopped.
private func stop(_ replication: Int, arm: String = "asynchronous", time: Double = 1) -> StoredStop {
  StoredStop(
    run: RunRecord.Identity(arm: arm, replication: replication, seed: .max), time: time, wallSeconds: 0.5,
    memory: Data((0..<20_000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ replication &+ Int(time)) }))
}

private func stops(_ path: String) throws -> [StoredStop] {
  var found: [StoredStop] = []
  try ResultsReader.forEachStop(path, seed: .max) { stop in found.append(stop) }
  return found
}

@Test func aStoppedRunIsKeptUntilItHasEnded() throws {
  try withFolder { folder in
    let path = folder + "/results.sqlite"
    do {
      let store = try store(path)
      try store.write(stop(0))
      try store.write(stop(1))
      try store.write(stop(1, time: 1.5))
      #expect(try store.stop(of: stop(1).run) == stop(1, time: 1.5))
      #expect(try store.stop(of: stop(7).run) == nil)
    }
    #expect(try stops(path) == [stop(0), stop(1, time: 1.5)])
    #expect(try ResultsReader.read(path).runs.isEmpty)
    do {
      let store = try store(path)
      #expect(store.finished.isEmpty && store.stops.map(\.run) == [stop(0).run, stop(1).run])
      #expect(store.stops.map(\.time) == [1, 1.5])
      try store.write(run(0))
      try store.write(FailedRun(identity: stop(1).run, error: "No more."))
    }
    #expect(try stops(path).isEmpty)
    #expect(try StudyProgress(path).stops.isEmpty)
  }
}

@Test func stoppedRunsAreForgottenWhereThatIsAskedFor() throws {
  try withFolder { folder in
    let path = folder + "/results.sqlite"
    try store(path).write(stop(0))
    let again = try ResultsStore(path: path, header: header(), provenance: provenance(), forgetStopped: true)
    #expect(again.stops.isEmpty)
    #expect(try again.stop(of: stop(0).run) == nil)
  }
}

/// The queue writes them with the runs that end, and as one of them goes onto the disk it counts.
@Test func aQueueKeepsStoppedRuns() throws {
  try withFolder { folder in
    let path = folder + "/results.sqlite"
    let queue = RunQueue(try store(path), bytesPerPlace: 1000)
    for replication in 0..<30 { queue.add(stop(replication)) }
    queue.add(run(30))
    try queue.finish()
    #expect(queue.stops == 30 && queue.count == 1)
    #expect(try stops(path) == (0..<30).map { stop($0) })
  }
}

@Test(arguments: ["data = zeroblob(8)", "time = 1.75", "replication = 5", "wall_seconds = 9"])
func aChangedStopCanBeForgotten(change: String) throws {
  try withFolder { folder in
    let path = folder + "/results.sqlite"
    try store(path).write(stop(0))
    try DatabaseQueue(path: path).write { try $0.execute(sql: "UPDATE stopped SET \(change)") }
    let error = #expect(throws: ResultsError.self) { try stops(path) }
    #expect(error?.description.contains("cannot be used: it is not what was written") == true)
    #expect(error?.description.contains("--forget-stopped") == true)
  }
}

@Test func aMergeKeepsWhatHasComeFarthest() throws {
  try withFolder { folder in
    let paths = (0..<3).map { "\(folder)/\($0).sqlite" }
    try store(paths[0]).write(stop(0, time: 1))
    do {
      let second = try store(paths[1])
      try second.write(stop(0, time: 2))
      try second.write(stop(1))
    }
    try store(paths[2]).write(run(1))
    for order in [paths, paths.reversed()] {
      let output = folder + "/all.sqlite"
      _ = try StudyMerge(order, into: output).write(allowsDifferences: false)
      #expect(try stops(output) == [stop(0, time: 2)])
      #expect(try ResultsReader.read(output).runs == [run(1)])
      try FileManager.default.removeItem(atPath: output)
    }
  }
}
