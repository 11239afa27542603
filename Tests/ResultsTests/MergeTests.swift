// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Records
import Results
import Testing

private let arms = ["asynchronous", "with timeout"]

/// A made-up run, whatever file it is in.
private func anyRun(_ number: Int) -> StoredRun { run(number / 2, arm: arms[number % 2]) }

/// Writes a file with some of the runs.
private func write(_ runs: [StoredRun], failed: [FailedRun] = [], to path: String, replications: Int = 6) throws {
  let store = try store(path, header: header(replications: replications))
  for run in runs { try store.write(run) }
  for failure in failed { try store.write(failure) }
  try store.close()
}

@Test func anyPartsMergedInAnyOrderAreTheWhole() throws {
  var generator = Splitmix(state: 11)
  for _ in 0..<12 {
    try withFolder { folder in
      let parts = Int.random(in: 1...5, using: &generator)
      let owners = (0..<12).map { _ in Int.random(in: 0..<parts, using: &generator) }
      var paths: [String] = []
      for part in 0..<parts {
        paths.append("\(folder)/\(part).sqlite")
        try write((0..<12).filter { owners[$0] == part }.map(anyRun), to: paths[part])
      }
      paths.shuffle(using: &generator)
      // In one go or one after the other.
      let output = folder + "/all.sqlite"
      let cut = Int.random(in: 1...parts, using: &generator)
      _ = try StudyMerge(Array(paths.prefix(cut)), into: output).write(allowsDifferences: false)
      if cut < parts { _ = try StudyMerge(Array(paths.dropFirst(cut)), into: output).write(allowsDifferences: false) }
      let whole = try ResultsReader.read(output)
      #expect(whole.runs == (0..<12).map(anyRun).sorted { key($0) < key($1) })
      #expect(whole.header == header(replications: 6))
      #expect(try !FileManager.default.contentsOfDirectory(atPath: folder).contains { $0.contains("merging") })
    }
  }
}

private func key(_ run: StoredRun) -> (String, Int) { (run.record.identity.arm, run.record.identity.replication) }

@Test func aShardBecomesAStudyThatGoesOnWithoutTheShard() throws {
  try withFolder { folder in
    try store(folder + "/1.sqlite", header: header(shard: "1/2")).write(run(0))
    let outcome = try StudyMerge([folder + "/1.sqlite"], into: folder + "/all.sqlite").write(allowsDifferences: false)
    #expect(outcome.runs == 1 && outcome.header.shard == nil)
    let further = try store(folder + "/all.sqlite", header: header(replications: 3))
    #expect(further.finished == [run(0).record.identity])
    try further.write(run(1))
    #expect(try further.read().runs == [run(0), run(1)])
  }
}

@Test func aFinishedCopyStandsAgainstAFailedOneInEitherOrder() throws {
  try withFolder { folder in
    let failure = FailedRun(identity: run(1).record.identity, error: "No world.")
    try write([run(0)], failed: [failure], to: folder + "/a.sqlite")
    try write([run(1)], to: folder + "/b.sqlite")
    for names in [["a", "b"], ["b", "a"]] {
      let output = "\(folder)/\(names[0])-first.sqlite"
      let paths = names.map { "\(folder)/\($0).sqlite" }
      let outcome = try StudyMerge(paths, into: output).write(allowsDifferences: false)
      #expect(outcome.runs == 2 && outcome.failed == 0 && outcome.repeated == 1)
      #expect(try ResultsReader.read(output).runs == [run(0), run(1)])
    }
  }
}

@Test func runsThatDifferAreNamedAndNothingIsWrittenUnlessAllowed() throws {
  try withFolder { folder in
    var other = run(0)
    other.record.fingerprint ^= 1
    try write([run(0), run(1)], to: folder + "/a.sqlite")
    try write([other], to: folder + "/b.sqlite")
    let paths = [folder + "/a.sqlite", folder + "/b.sqlite"]
    let output = folder + "/c.sqlite"
    let refused = try StudyMerge(paths, into: output).write(allowsDifferences: false)
    #expect(refused.conflicts.map(\.run) == [run(0).record.identity])
    #expect(refused.conflicts.first?.kept.maker == "process 7 on here, 1")
    #expect(!FileManager.default.fileExists(atPath: output))
    _ = try StudyMerge(paths, into: output).write(allowsDifferences: true)
    #expect(try ResultsReader.read(output).runs == [run(0), run(1)])
  }
}

@Test func parametersAreCarriedOver() throws {
  try withFolder { folder in
    let runs = [
      run(0, keeping: [parameters(0, time: 1), parameters(0), parameters(0, agent: "b")]),
      run(1, keeping: [parameters(1)]), run(0, arm: "with timeout", keeping: [parameters(5, count: 2)]),
    ]
    for (number, run) in runs.enumerated() {
      let shard = header(replications: 6, shard: "\(number + 1)/3")
      try store("\(folder)/\(number).sqlite", header: shard).write(run)
    }
    // The last file twice, the second time with what has been merged: a run that is in two files keeps its own.
    let output = folder + "/all.sqlite"
    for paths in [[2, 0], [1], [2]] {
      let inputs = paths.map { "\(folder)/\($0).sqlite" }
      _ = try StudyMerge(inputs, into: output).write(allowsDifferences: false)
    }
    #expect(try ResultsReader.read(output).runs == runs.map(withoutParameters))
    let file = try ResultsFile(output)
    let kept = try file.keptParameters()
    #expect(kept.map(\.agent) == ["a", "a", "b", "a", "a"])
    for (entry, expected) in zip(kept, runs.flatMap(\.record.parameters)) {
      let found = try file.parameters(
        arm: entry.run.arm, replication: entry.run.replication, agent: entry.agent, at: entry.time)
      #expect(found == expected)
    }
    // Digests and tally are right where the whole file is checked.
    let identities = runs.map(\.record.identity)
    #expect(try store(output, header: header(replications: 6)).finished == Set(identities))
  }
}

@Test func damagedParametersAreNotMerged() throws {
  try withFolder { folder in
    let path = folder + "/a.sqlite"
    try write([run(0, keeping: [parameters(0)])], to: path)
    try DatabaseQueue(path: path).write { database in
      try database.execute(sql: "UPDATE parameters SET data = zeroblob(length(data))")
    }
    let error = #expect(throws: ResultsError.self) {
      try StudyMerge([path], into: folder + "/all.sqlite").write(allowsDifferences: false)
    }
    #expect(error?.description.contains("the parameters of agent 'a' at 2.0 s have changed") == true)
    #expect(!FileManager.default.fileExists(atPath: folder + "/all.sqlite"))
  }
}

@Test func sessionsAreKeptAndThoseThatAreInTwoFilesOnce() throws {
  try withFolder { folder in
    try write([run(0)], to: folder + "/a.sqlite")
    let second = try store(folder + "/b.sqlite", header: header(replications: 6), core: "Zen")
    try second.write(run(1))
    try second.close()
    let output = folder + "/c.sqlite"
    for _ in 0..<2 {
      _ = try StudyMerge([folder + "/a.sqlite", folder + "/b.sqlite"], into: output).write(allowsDifferences: false)
      let whole = try ResultsReader.read(output)
      #expect(Set(whole.sessions.map(\.provenance.blasCore)) == ["Haswell", "Zen"])
      #expect(whole.sessions.map(\.number) == [1, 2])
    }
    #expect(try StudyProgress(output).runs.map(\.session).sorted() == [1, 2])
  }
}

@Test func anotherStudyAnInputAsOutputAndAFileTwiceAreRefused() throws {
  try withFolder { folder in
    try write([run(0)], to: folder + "/a.sqlite")
    try store(folder + "/b.sqlite", header: header(stepSize: "0.1")).write(run(0))
    let line = "arm 'asynchronous': learner.step-size is 0.05 in the file, 0.1 now"
    let error = #expect(throws: ResultsError.self) {
      try StudyMerge([folder + "/a.sqlite", folder + "/b.sqlite"], into: folder + "/c.sqlite")
    }
    #expect(error?.description.contains(line) == true)
    #expect(throws: ResultsError.self) { try StudyMerge([folder + "/a.sqlite"], into: folder + "/a.sqlite") }
    #expect(throws: ResultsError.self) {
      try StudyMerge([folder + "/a.sqlite", folder + "/./a.sqlite"], into: folder + "/c.sqlite")
    }
    let before = try Data(contentsOf: URL(fileURLWithPath: folder + "/b.sqlite"))
    #expect(throws: ResultsError.self) { try StudyMerge([folder + "/a.sqlite"], into: folder + "/b.sqlite") }
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder + "/b.sqlite")) == before)
  }
}

/// A generator with a fixed seed. Source: Vigna, splitmix64.
private struct Splitmix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}
