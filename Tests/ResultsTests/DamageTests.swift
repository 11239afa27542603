// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Records
import Results
import Testing

/// A results file with damage of several kinds, always the same ones for a seed.
private struct DamagedFile {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// Source: Vigna's SplitMix64.
  private mutating func random(below bound: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((bits ^ (bits >> 31)) % UInt64(bound))
  }

  mutating func next(_ whole: [UInt8], kind: Int) -> [UInt8] {
    var bytes = whole
    let page = 4096
    switch kind % 6 {
    case 0:
      for _ in 0...random(below: 16) { bytes[random(below: bytes.count)] = UInt8(random(below: 256)) }
    case 1: bytes[random(below: bytes.count)] ^= 1 << UInt8(random(below: 8))
    case 2:
      let start = random(below: bytes.count - 512)
      for place in start..<start + 512 { bytes[place] = UInt8(random(below: 256)) }
    case 3: bytes.removeLast(1 + random(below: bytes.count - 1))
    case 4:
      let (from, to) = (page * random(below: bytes.count / page), page * random(below: bytes.count / page))
      bytes.replaceSubrange(to..<to + page, with: whole[from..<from + page])
    default:
      let start = page * random(below: bytes.count / page)
      for place in start..<start + page { bytes[place] = 0 }
    }
    return bytes
  }
}

/// A study with runs of all kinds, and the bytes of its file.
private func wholeFile(_ path: String) throws -> [UInt8] {
  do {
    let network = StoredNetwork(names: ["a", "b"], positions: nil, links: [.init(sender: 0, receiver: 1, weight: 0.5)])
    let store = try ResultsStore(
      path: path, header: header(replications: 12), networks: [network, network], provenance: provenance())
    let reached = RunRecord.TargetReached(time: 1.5, updates: 3, messages: 4, bytes: 320)
    for number in 0..<12 {
      var whole = run(number, final: 1 / Double(number), target: number % 2 == 0 ? reached : nil)
      if number < 3 { whole.record.parameters = [parameters(number), parameters(number, agent: "b", count: 5)] }
      try store.write(whole)
      if number < 8 { try store.write(run(number, arm: "with timeout")) }
    }
    for number in 8..<12 {
      try store.write(FailedRun(identity: .init(arm: "with timeout", replication: number, seed: .max), error: "No."))
    }
    try store.close()
  }
  return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
}

/// Six hundred damages: whoever opens the file is told, or is given exactly the runs that were written. A program that
/// ends instead takes the test with it.
@Test func aDamagedFileIsToldOrHoldsExactlyItsRuns() throws {
  try withFolder { folder in
    let path = folder + "/results.sqlite"
    let whole = try wholeFile(path)
    let original = try ResultsReader.read(path)
    var damage = DamagedFile(seed: 600)
    var (told, unhurt) = (0, 0)
    for number in 0..<600 {
      let bytes = damage.next(whole, kind: number)
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      do throws(ResultsError) {
        let study = try ResultsReader.read(path)
        #expect(study.header == original.header && study.networks == original.networks, "damage \(number)")
        #expect(study.runs == original.runs && study.failures == original.failures, "damage \(number)")
        unhurt += 1
      } catch {
        told += 1
      }
      do {
        let file = try ResultsFile(path)
        var (runs, failures): ([StoredRun], [FailedRun]) = ([], [])
        try file.forEach { _, entry in
          switch entry {
          case .finished(let run): runs.append(run)
          case .failed(let run): failures.append(run)
          }
        }
        #expect(file.header == original.header && runs == original.runs, "damage \(number)")
        #expect(failures == original.failures, "damage \(number)")
        let kept = try file.keptParameters()
        #expect(kept.count == 6, "damage \(number)")
        for entry in kept {
          let (replication, agent) = (entry.run.replication, entry.agent)
          let count = agent == "a" ? 3000 : 5
          #expect(
            try file.parameters(arm: entry.run.arm, replication: replication, agent: agent)
              == parameters(replication, agent: agent, count: count), "damage \(number)")
        }
      } catch is ResultsError {}
      do throws(ResultsError) {
        let store = try store(path, header: header(replications: 12))
        #expect(store.finished == Set(original.runs.map(\.record.identity)), "damage \(number)")
        #expect(store.failed == original.failures, "damage \(number)")
      } catch {
        let left = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(left == Data(bytes), "damage \(number) was changed: \(error)")
      }
      unlink(path + "-journal")
    }
    // Not every bit matters, as those of free space in pages; yet most damage must be seen for the test to mean much.
    #expect(told > 300)
    #expect(unhurt > 20)
  }
}

@Test func everyTruncatedFileIsToldOrBegunAnew() throws {
  try withFolder { folder in
    let path = folder + "/results.sqlite"
    let whole = try wholeFile(path)
    for length in stride(from: 1, to: whole.count, by: 509) {
      try Data(whole[..<length]).write(to: URL(fileURLWithPath: path))
      #expect(throws: ResultsError.self, "\(length) bytes") { try ResultsReader.read(path) }
      #expect(throws: ResultsError.self, "\(length) bytes") { try store(path, header: header(replications: 12)) }
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)).count == length)
    }
    try Data().write(to: URL(fileURLWithPath: path))
    #expect(try store(path).finished.isEmpty)
  }
}
