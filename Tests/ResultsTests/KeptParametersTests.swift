// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Records
import Results
import Testing

/// Floats whose bits are easily lost: NaN with payloads, quiet and signalling, zeros, infinities, subnormal numbers.
private let unusualFloats: [UInt32] = [
  0x7FC0_1234, 0xFFC0_0001, 0x7F80_0001, 0x8000_0000, 0, 0x7F80_0000, 0xFF80_0000, 1, 0x807F_FFFF, 0x3F80_0001,
]
private let unusualDoubles: [UInt64] = [
  0x7FF8_0000_0000_1234, 0xFFF8_0000_0000_0001, 0x7FF0_0000_0000_0001, 0x8000_0000_0000_0000, 0, 0x7FF0_0000_0000_0000,
  0xFFF0_0000_0000_0000, 1, 0x3FF0_0000_0000_0001,
]

/// Changes a file as no writer of results does.
private func change(_ path: String, _ sql: String) throws {
  let database = try DatabaseQueue(path: path)
  try database.write { try $0.execute(sql: sql) }
  try database.close()
}

@Test func parametersReadBackAsTheSameBits() throws {
  try withFolder { folder in
    let path = folder + "/results.sqlite"
    let kept = [
      KeptParameters(agent: "a", time: 1.5, values: .single(unusualFloats.map(Float.init(bitPattern:)))),
      KeptParameters(agent: "b", time: -0.0, values: .double(unusualDoubles.map(Double.init(bitPattern:)))),
      KeptParameters(agent: "c", time: 0.1 + 0.2, values: .single([])), parameters(0, agent: "d"),
    ]
    try store(path).write(run(0, keeping: kept))
    let file = try ResultsFile(path)
    let found = try ["a", "b", "c", "d"].map {
      try file.parameters(arm: "asynchronous", replication: 0, agent: $0)
    }
    guard case .single(let floats) = found[0].values, case .double(let doubles) = found[1].values else {
      Issue.record("the precision has changed")
      return
    }
    #expect(floats.map(\.bitPattern) == unusualFloats)
    #expect(doubles.map(\.bitPattern) == unusualDoubles)
    #expect(found[2...] == kept[2...])
    #expect(found.map(\.time) == kept.map(\.time))
    let listed = try file.keptParameters()
    #expect(listed.map(\.precision) == ["single", "double", "single", "single"])
    #expect(listed.map(\.count) == [10, 9, 0, 3000])
    #expect(listed.map(\.time) == kept.map(\.time))
  }
}

@Test func theNewestParametersAtOrBeforeATimeAreRead() throws {
  try withFolder { folder in
    let path = folder + "/results.sqlite"
    // By time, and two of the same time, of which the later row is the newer.
    let times = [0.5, 1, 1, 2]
    let kept = times.enumerated().map { parameters($0, time: $1) } + [parameters(9, agent: "b", time: 3)]
    try store(path).write(run(0, keeping: kept))
    let file = try ResultsFile(path)
    let expected: [(time: Double?, position: Int)] = [
      (nil, 3), (2, 3), (1.99, 2), (1, 2), (0.99, 0), (0.5, 0), (.infinity, 3),
    ]
    for (time, position) in expected {
      #expect(try file.parameters(arm: "asynchronous", replication: 0, agent: "a", at: time) == kept[position])
    }
  }
}

@Test func whatIsNotKeptIsSaidWithWhatIs() throws {
  try withFolder { folder in
    let path = folder + "/results.sqlite"
    let results = try store(path, header: header(replications: 4))
    try results.write(run(0, keeping: [parameters(0, time: 1), parameters(0, time: 2), parameters(0, agent: "b")]))
    try results.write(run(1))
    try results.write(FailedRun(identity: run(2).record.identity, error: "No world."))
    let file = try ResultsFile(path)
    func complaint(
      _ arm: String = "asynchronous", _ replication: Int = 0, _ agent: String = "a", at time: Double? = nil
    ) -> String? {
      do throws(ResultsError) {
        _ = try file.parameters(arm: arm, replication: replication, agent: agent, at: time)
        return nil
      } catch {
        return error.description.replacingOccurrences(of: "no such parameters in '\(path)': ", with: "")
      }
    }
    #expect(complaint() == nil)
    #expect(complaint("fast") == "there is no arm 'fast'; there are 'asynchronous', 'with timeout'")
    #expect(complaint("with timeout") == "arm 'with timeout' has no replication 0, nor any other yet")
    #expect(complaint("asynchronous", 3) == "arm 'asynchronous' has no replication 3; it has 0, 1, 2")
    #expect(complaint("asynchronous", 2) == "the run of arm 'asynchronous', replication 2 failed: No world.")
    let nothing = "the run of arm 'asynchronous', replication 1 keeps no parameters\n  -> `measure.keep-parameters`"
    #expect(complaint("asynchronous", 1)?.hasPrefix(nothing) == true)
    let stranger = "the run of arm 'asynchronous', replication 0 keeps nothing of an agent 'z'; it keeps parameters of "
    #expect(complaint("asynchronous", 0, "z") == stranger + "'a', 'b'")
    let early = "nothing is kept of agent 'a' at or before 0.5 s; it is at 1.0 s, 2.0 s"
    #expect(complaint("asynchronous", 0, "a", at: 0.5) == early)
  }
}

/// What is not read cannot be told: a study is read although the pages of its parameters are noise, and whoever asks
/// for the parameters, or would write to the file, is told.
@Test func aStudyIsReadWithoutItsParametersAndNoiseInTheseIsFound() throws {
  try withFolder { folder in
    let path = folder + "/results.sqlite"
    let kept = parameters(0, count: 100_000)
    let other = parameters(0, agent: "b")
    try store(path).write(run(0, keeping: [kept, other]))
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    guard case .single(let values) = kept.values else { return }
    let middle = withUnsafeBytes(of: (values[50_000], values[50_001])) { Data($0) }
    let place = try #require(bytes.range(of: middle)).lowerBound / 4096 * 4096
    // Five pages in the middle of the blob, with the numbers of the pages that follow them.
    bytes.replaceSubrange(place..<place + 5 * 4096, with: repeatElement(0xA5, count: 5 * 4096))
    try bytes.write(to: URL(fileURLWithPath: path))
    #expect(try ResultsReader.read(path).runs == [run(0)])
    let file = try ResultsFile(path)
    #expect(try file.parameters(arm: "asynchronous", replication: 0, agent: "b") == other)
    #expect(throws: ResultsError.self) { try file.parameters(arm: "asynchronous", replication: 0, agent: "a") }
    #expect(throws: ResultsError.self) { try store(path) }
  }
}

@Test func parametersThatHaveChangedAreNotHandedOut() throws {
  try withFolder { folder in
    let path = folder + "/results.sqlite"
    try store(path).write(run(0, keeping: [parameters(0, count: 7)]))
    try change(path, "UPDATE parameters SET data = zeroblob(28)")
    #expect(try ResultsReader.read(path).runs == [run(0)])
    let damaged = ResultsError.damaged(path: path, reason: "the parameters of agent 'a' at 2.0 s have changed")
    #expect(throws: damaged) {
      try ResultsFile(path).parameters(arm: "asynchronous", replication: 0, agent: "a")
    }
  }
}

@Test(
  arguments: [
    "UPDATE parameters SET agent = 'b'", "UPDATE parameters SET time = 1.5",
    "UPDATE parameters SET precision = 'double'",
    "UPDATE parameters SET digest = '0123456789abcdef'", "UPDATE parameters SET data = zeroblob(32)",
    "DELETE FROM parameters WHERE position = 1", "UPDATE parameters SET position = 5 WHERE position = 0",
    "UPDATE parameters SET run = 2 WHERE position = 1",
  ])
func whatStandsBesideParametersIsCoveredByTheDigestOfTheRun(statement: String) throws {
  try withFolder { folder in
    let path = folder + "/results.sqlite"
    let results = try store(path)
    try results.write(run(0, keeping: [parameters(0, count: 7), parameters(1, count: 7)]))
    try results.write(run(1))
    try results.close()
    try change(path, statement)
    let file = try ResultsFile(path)
    #expect(throws: ResultsError.self) { try ResultsReader.read(path) }
    #expect(throws: ResultsError.self) { try file.forEach { _, _ in } }
    #expect(throws: ResultsError.self) { try file.parameters(arm: "asynchronous", replication: 0, agent: "a") }
  }
}

@Test func parametersWithoutARunAreDamage() throws {
  try withFolder { folder in
    let path = folder + "/results.sqlite"
    try store(path).write(run(0, keeping: [parameters(0, count: 7)]))
    var configuration = Database.Configuration()
    configuration.checksForeignKeys = false
    let database = try DatabaseQueue(path: path, configuration: configuration)
    try database.write { database in
      try database.execute(
        sql: "INSERT INTO parameters SELECT 9, 7, 0, agent, time, precision, digest, data FROM parameters")
    }
    try database.close()
    #expect(throws: ResultsError.damaged(path: path, reason: "there are parameters without a run")) {
      try ResultsReader.read(path)
    }
  }
}
