// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Testing

/// `starling run --trace`.
@Suite(.serialized) struct TraceTests {
  @Test func aTraceAddsUpAndIsTheSameForAnyNumberOfJobs() throws {
    let program = try Program()
    try withFolder { folder in
      try write(smallScenario, in: folder)
      let command = ["run", "small.yaml", "--arm", "barrier", "--json", "--trace"]
      let one = try program.finish(program.start(command + ["one.jsonl", "--jobs", "1"], in: folder), in: folder)
      let two = try program.finish(
        program.start(command + ["two.jsonl", "--jobs", "2", "-o", "two.sqlite"], in: folder), in: folder)
      #expect(one.status == 0 && two.status == 0)
      let bytes = try Data(contentsOf: folder.appendingPathComponent("one.jsonl"))
      #expect(try bytes == Data(contentsOf: folder.appendingPathComponent("two.jsonl")))
      let lines = try bytes.split(separator: UInt8(ascii: "\n")).map { line in
        try #require(try JSONSerialization.jsonObject(with: line) as? [String: Any])
      }
      #expect(one.error.contains("\(lines.count) lines about replication 0 of 'barrier' are in one.jsonl"))
      var counts: [String: Int] = [:]
      for line in lines { counts[try #require(line["kind"] as? String), default: 0] += 1 }
      let document = try #require(try JSONSerialization.jsonObject(with: Data(one.output.utf8)) as? [String: Any])
      let runs = try #require(document["runs"] as? [[String: Any]])
      let messages = try #require(runs[0]["messages"] as? [String: Any])
      for (kind, key) in [("sent", "sent"), ("used", "used"), ("lost", "lost"), ("duplicate", "duplicate")] {
        #expect(counts[kind] ?? 0 == messages[key] as? Int)
      }
      let first = try #require(lines.first { $0["kind"] as? String == "sent" })
      #expect((first["link"] as? [String])?.first == first["agent"] as? String)
      #expect(first["cause"] as? String == "compute-end" && first["message"] as? Int == 1)
      #expect(first["seconds"] as? Double == Double(try #require(first["time"] as? Int)) / 1e9)
    }
  }

  @Test func aTraceWritesOverNoResults() throws {
    let program = try Program()
    try withFolder { folder in
      try write(smallScenario, in: folder)
      #expect(try program.call("run", "small.yaml", in: folder).status == 0)
      let refused = try program.call("run", "small.yaml", "--trace", "results/small.sqlite", in: folder)
      #expect(refused.status == 73 && refused.error.contains("no table is written over it"))
      #expect(try program.call("compare", "small.yaml", "--trace", "a", in: folder).status == 64)
    }
  }

  @Test func aTableWritesOverNoScenarioAndNoLinkToNothing() throws {
    let program = try Program()
    try withFolder { folder in
      try write(smallScenario, in: folder)
      try FileManager.default.createSymbolicLink(
        at: folder.appendingPathComponent("link"), withDestinationURL: folder.appendingPathComponent("nowhere"))
      #expect(try program.call("run", "small.yaml", in: folder).status == 0)
      let scenario = try program.call("export", "results/small.sqlite", "--output", "small.yaml", in: folder)
      #expect(scenario.status == 73 && scenario.error.contains("may be a scenario, and nothing is written over it"))
      #expect(try String(contentsOf: folder.appendingPathComponent("small.yaml"), encoding: .utf8) == smallScenario)
      let link = try program.call("run", "small.yaml", "--trace", "link", in: folder)
      #expect(link.status == 73 && link.error.contains("is a symbolic link to nothing"))
    }
  }

  @Test func aTraceWritesOverNothingButATrace() throws {
    let program = try Program()
    try withFolder { folder in
      try write(smallScenario, in: folder)
      let refused = try program.call("run", "small.yaml", "--trace", "small.yaml", in: folder)
      #expect(refused.status == 73 && refused.error.contains("is no trace, and none is written over it"))
      #expect(try String(contentsOf: folder.appendingPathComponent("small.yaml"), encoding: .utf8) == smallScenario)
      for _ in 0..<2 {
        #expect(try program.call("run", "small.yaml", "--trace", "trace.jsonl", in: folder).status == 0)
      }
      #expect(try program.call("run", "small.yaml", "--trace", "b", "--output", "b", in: folder).status == 64)
      #expect(try program.call("run", "small.yaml", "--trace", "b", "--stop-at", "1 s", in: folder).status == 64)
    }
  }
}
