// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import MadeUp
import Records
import Results
import Testing

@Test func aResultsFileReadsBackAsItWasWritten() throws {
  try withFolder { folder in
    let path = folder + "/new/folder/results.sqlite"
    let reached = RunRecord.TargetReached(time: 1.5, updates: 3, messages: 4, bytes: 320)
    let runs = [run(0, final: 0.1 + 0.2, target: reached), run(1, final: .leastNonzeroMagnitude)]
    let network = StoredNetwork(
      names: ["a", "b"], positions: nil, links: [.init(sender: 0, receiver: 1, weight: 0.1 + 0.2)])
    let store = try ResultsStore(
      path: path, header: header(), networks: [network, nil], provenance: provenance())
    for run in runs.reversed() { try store.write(run) }
    try store.write(FailedRun(identity: .init(arm: "with timeout", replication: 0, seed: .max), error: "No world."))
    try store.begin(.init(arm: "with timeout", replication: 1, seed: .max))
    let study = try ResultsReader.read(path)
    #expect(study.header == header())
    #expect(study.runs == runs)
    #expect(study.failures.map(\.error) == ["No world."])
    #expect(study.networks == [network, nil])
    #expect(study.inFlight == [.init(arm: "with timeout", replication: 1, seed: .max)])
    #expect(study.sessions.map(\.provenance) == [provenance()])
    #expect(study.sessions[0].ended == nil)
    try store.close()
    let closed = try ResultsReader.read(path)
    #expect(closed.inFlight.isEmpty)
    #expect(closed.sessions[0].ended != nil)
  }
}

@Test func armsReadBackWhateverTheirSettingsSay() throws {
  let texts = [
    "", "plain", "with \"quotes\" and \\", "a / b", "{\"settings\":{}}", "\"settings\":{}", "line\nend\t\u{1}",
    "µs ≤ 🐦", "}", "{",
  ]
  try withFolder { folder in
    let path = folder + "/results.sqlite"
    var header = header()
    for (number, text) in texts.enumerated() {
      header.arms[number % 2].settings["key_\(number).\(text)"] = text
      header.arms[number % 2].settings["plain.\(number)"] = texts[texts.count - 1 - number]
    }
    header.arms[1].name = "\"settings\":{}"
    header.arms[1].predictionReason = "None for \"settings\":{} at all."
    header.arms[0].settings = ["a": "b", "c.d-e": "0.05 {f: [1, 2]}"]
    try ResultsStore(path: path, header: header, provenance: provenance()).close()
    #expect(try ResultsReader.read(path).header == header)
    try ResultsStore(path: path, header: header, provenance: provenance()).raise(replications: 9, scenario: "new")
    header.replications = 9
    header.scenario = "new"
    #expect(try ResultsReader.read(path).header == header)
  }
}

@Test func outcomesHoldTheLastMeasurementsOfACensoredRun() throws {
  try withFolder { folder in
    let reached = RunRecord.TargetReached(time: 1.5, updates: 3, messages: 4, bytes: 320)
    var censored = run(1)
    censored.record.grid = [0, 1, 2, 3, 4]
    censored.record.series = [
      RunRecord.Series(metric: "msd", values: [1, 0.5, 0.2, 0.1, 1e-4]),
      RunRecord.Series(metric: "age", values: [0, 1, 2, 3, 4]),
      RunRecord.Series(metric: "updates", values: [0, 2, 3.5, 4, 5]),
      RunRecord.Series(metric: "bytes", values: [0, 80, 640, 640, 720]),
    ]
    let store = try store(folder + "/results.sqlite")
    try store.write(run(0, target: reached))
    try store.write(censored)
    let runs = try store.readOutcomes().runs.map(\.record)
    #expect(runs.map(\.target) == [reached, nil] && runs[0].series.isEmpty)
    #expect(runs.map(\.fingerprint) == [run(0), run(1)].map(\.record.fingerprint))
    #expect(runs[1].grid == [2, 3, 4])
    #expect(
      runs[1].series == [
        RunRecord.Series(metric: "msd", values: [0.2, 0.1, 1e-4]),
        RunRecord.Series(metric: "updates", values: [3.5, 4, 5]),
        RunRecord.Series(metric: "bytes", values: [640, 640, 720]),
      ])
  }
}

@Test func whatRunsSayOfTasksReadsBack() throws {
  try withFolder { folder in
    let path = folder + "/results.sqlite"
    var acting = run(0)
    acting.record.agents[0].finalMSD = nil
    acting.record.agents[0].task = "pole_1 \"long\""
    acting.record.agents[0].episodes = .max
    acting.record.agents[0].samples = 0
    acting.record.agents[0].finalReturn = -.infinity
    acting.record.taskReturns = TaskReturns(tasks: ["pole_1 \"long\"", "b"], returns: [[0.1 + 0.2, .infinity]])
    let store = try store(path)
    try store.write(acting)
    try store.write(run(1))
    let runs = try ResultsReader.read(path).runs
    #expect(runs == [acting, run(1)])
    let text = try resultsEncoder().encode(acting)
    #expect(try resultsDecoder().decode(StoredRun.self, from: text) == acting)
  }
}

@Test(arguments: [Double.infinity, -.infinity, .nan, -0.0]) func unusualNumbersSurvive(value: Double) throws {
  try withFolder { folder in
    let path = folder + "/results.sqlite"
    try store(path).write(run(0, final: value))
    let record = try #require(try ResultsReader.read(path).runs.first).record
    #expect(record.series[0].values.last?.bitPattern == value.bitPattern)
    #expect(record.finals["msd-own"].map { $0 == value || ($0.isNaN && value.isNaN) } == true)
  }
}

@Test func theSameStudyGoesOnAndAnotherOneIsRefusedWithTheDifference() throws {
  try withFolder { folder in
    let path = folder + "/results.sqlite"
    try store(path).write(run(0))
    let more = try store(path, header: header(replications: 5))
    #expect(more.finished == [run(0).record.identity])
    #expect(more.header.replications == 5)
    withExtendedLifetime(more) {}
  }
  try withFolder { folder in
    let path = folder + "/results.sqlite"
    try store(path).write(run(0))
    let before = try Data(contentsOf: URL(fileURLWithPath: path))
    let line = "arm 'asynchronous': learner.step-size is 0.05 in the file, 0.1 now"
    let difference = #expect(throws: ResultsError.self) { try store(path, header: header(stepSize: "0.1")) }
    #expect(difference?.description.contains(line) == true)
    #expect(throws: ResultsError.self) { try store(path, header: header(shard: "1/2")) }
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
  }
}

@Test func failedRunsAreKeptUntilTheyAreToBeRetried() throws {
  try withFolder { folder in
    let path = folder + "/results.sqlite"
    let failure = FailedRun(identity: run(1).record.identity, error: "No world.")
    do {
      let first = try store(path)
      try first.write(run(0))
      try first.write(failure)
    }
    #expect(try store(path).failed == [failure])
    let again = try store(path, retryFailed: true)
    #expect(again.failed.isEmpty)
    try again.write(run(1))
    #expect(try again.read().runs == [run(0), run(1)])
  }
}

@Test func anotherProcessorIsNoticed() throws {
  try withFolder { folder in
    let path = folder + "/results.sqlite"
    try store(path).write(run(0))
    #expect(try store(path).bitDifferences.isEmpty)
    #expect(try store(path, core: "Zen").bitDifferences == ["BLAS core (Haswell, now Zen)"])
  }
}

/// Loops for wide vectors give one another's bits, and those for plain processors do not. Older files name none.
@Test(arguments: [
  ("avx512", "avx2", true), ("plain", "plain", true), ("plain", "avx2", false), ("avx512", "plain", false),
  (nil, "plain", true),
])
func loopsOfOtherBitsAreNoticed(before: String?, now: String, areAlike: Bool) {
  var old = MadeUp.provenance()
  var new = old
  old.loops = before
  new.loops = now
  #expect(new.bitDifferences(from: old) == (areAlike ? [] : ["loops (\(before ?? ""), now \(now))"]))
}

@Test func onlyOneWritesAtATimeAndOthersRead() throws {
  try withFolder { folder in
    let path = folder + "/results.sqlite"
    let first = try store(path)
    try first.write(run(0))
    let error = #expect(throws: ResultsError.self) { try store(path) }
    #expect(error?.description.contains("process 7 on here has been writing to it since") == true)
    #expect(try ResultsReader.read(path).runs.count == 1)
    try first.write(run(1))
    #expect(try first.read().runs.count == 2)
  }
}

@Test func restartingKeepsTheEarlierFile() throws {
  try withFolder { folder in
    let path = folder + "/results.sqlite"
    try store(path).write(run(0))
    #expect(try store(path, header: header(stepSize: "0.1"), restart: true).finished.isEmpty)
    #expect(try ResultsReader.read(path + "~").runs == [run(0)])
  }
}

/// Every earlier file is kept, however many there are, under the name of the file and a number.
@Test func restartingManyTimesNumbersTheEarlierFiles() throws {
  try withFolder { folder in
    // So long a name that two hundred more characters would not fit.
    let name = String(repeating: "n", count: 200)
    let path = folder + "/" + name
    for number in 0..<60 { try store(path, restart: number > 0).write(run(number)) }
    #expect(try ResultsReader.read(path).runs == [run(59)])
    #expect(try ResultsReader.read(path + "~").runs == [run(0)])
    for number in 2..<60 { #expect(try ResultsReader.read(path + "~\(number)").runs == [run(number - 1)]) }
  }
}

/// A run that never reached its target is censored at what it had spent, also where no curves are read.
@Test func whatARunWithoutItsTargetHadSpentIsReadWithoutCurves() throws {
  try withFolder { folder in
    let reached = RunRecord.TargetReached(time: 1.5, updates: 3, messages: 4, bytes: 320)
    var runs = [run(0), run(1, target: reached)]
    for index in runs.indices {
      runs[index].record.series += [
        .init(metric: "updates", values: [0, 2, 5]), .init(metric: "messages", values: [0, 1, 7]),
        .init(metric: "bytes", values: [0, 80, 560]),
      ]
    }
    let store = try store(folder + "/results.sqlite")
    for run in runs { try store.write(run) }
    let outcomes = try store.readOutcomes().runs.map(\.record)
    #expect(outcomes.map(\.target) == [nil, reached])
    #expect(outcomes[0].series.map(\.metric) == ["msd", "updates", "messages", "bytes"])
    #expect(outcomes[0].series.dropFirst().map(\.values.last) == [5, 7, 560])
    #expect(outcomes[1].series.isEmpty)
  }
}
