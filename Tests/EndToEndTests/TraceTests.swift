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
      let lines = try objects(bytes)
      #expect(one.error.contains("\(lines.count) lines about replication 0 of 'barrier' are in one.jsonl"))
      func count(_ event: String, _ key: String? = nil, _ value: String? = nil) -> Int {
        lines.count { $0["event"] as? String == event && (key == nil || $0[key ?? ""] as? String == value) }
      }
      let document = try #require(try JSONSerialization.jsonObject(with: Data(one.output.utf8)) as? [String: Any])
      let runs = try #require(document["runs"] as? [[String: Any]])
      let messages = try #require(runs[0]["messages"] as? [String: Any])
      #expect(count("send") - count("send", "what", "acknowledgement") == messages["sent"] as? Int)
      #expect(count("lose", "cause", "noise") == messages["lost"] as? Int)
      #expect(count("drop", "fate", "duplicate") == messages["duplicate"] as? Int)
      let first = try #require(lines.first { $0["event"] as? String == "send" })
      #expect(first["number"] as? Int == 1 && (first["link"] as? [String])?.count == 2)
      #expect(lines.last?["event"] as? String == "end")
    }
  }

  /// The run of the trace is the one that the results file keeps, whichever replication it is of.
  @Test func theTracedRunIsThatOfTheResults() throws {
    let program = try Program()
    try withFolder { folder in
      try write(smallScenario, in: folder)
      let plain = try program.call("run", "small.yaml", "--arm", "free", "--json", "-o", "a", in: folder)
      let traced = try program.call(
        "run", "small.yaml", "--arm", "free", "--json", "-o", "b", "--trace", "t.pftrace", "--replication", "2",
        in: folder)
      #expect(plain.status == 0 && traced.status == 0)
      #expect(traced.error.contains("packets about replication 2 of 'free' are in t.pftrace"))
      #expect(traced.error.contains("3 runs"))
      let fingerprint = /"fingerprint" : "?\w+"?/
      #expect(
        plain.output.matches(of: fingerprint).map { String($0.output) }
          == traced.output.matches(of: fingerprint).map { String($0.output) })
      let start = try Data(contentsOf: folder.appendingPathComponent("t.pftrace")).prefix(6)
      #expect(Array(start) == [0x0A, 4, 0x50, 1, 0x68, 1])
      let again = try program.call(
        "run", "small.yaml", "--arm", "free", "-q", "-o", "b", "--trace", "t.pftrace", in: folder)
      #expect(again.status == 0)
    }
  }

  @Test func aReplicationThatIsNotThereIsRefused() throws {
    let program = try Program()
    try withFolder { folder in
      try write(smallScenario, in: folder)
      let beyond = try program.call("run", "small.yaml", "--trace", "t", "--replication", "3", in: folder)
      #expect(beyond.status == 64)
      #expect(beyond.error == "error: there is no replication 3: they are numbered from 0 to 2\n")
      let alone = try program.call("run", "small.yaml", "--replication", "1", in: folder)
      #expect(alone.status == 64 && alone.error.contains("says which run --trace is about"))
      #expect(try program.call("compare", "small.yaml", "--trace", "a", in: folder).status == 64)
      let several = try program.call("run", "small.yaml", "conditions.links.loss=0,0.1", "--trace", "a", in: folder)
      #expect(several.status == 64)
    }
  }

  @Test func placesThatCannotBeWrittenAreNamed() throws {
    let program = try Program()
    try withFolder { folder in
      try write(smallScenario, in: folder)
      let full = try program.call("run", "small.yaml", "--trace", "/dev/full", in: folder)
      #expect(full.status == 74 && full.error == "error: cannot write to '/dev/full': No space left on device\n")
      let directory = try program.call("run", "small.yaml", "--trace", ".", in: folder)
      #expect(directory.status == 73 && directory.error == "error: cannot create '.': Is a directory\n")
      let nowhere = try program.call("run", "small.yaml", "--trace", "no/t.jsonl", in: folder)
      #expect(nowhere.status == 73 && nowhere.error.hasPrefix("error: cannot create 'no/t.jsonl': "))
      // Nothing else was begun.
      #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("results").path))
    }
  }

  @Test func aPipeGetsTheTraceAsItIsWritten() throws {
    let program = try Program()
    try withFolder { folder in
      try write(smallScenario, in: folder)
      let piped = try program.shell(
        "mkfifo p; cat p > copy & starling run small.yaml -q --trace p > /dev/null; wait; "
          + "starling run small.yaml -q --trace t > /dev/null; cmp copy t",
        in: folder)
      #expect(piped.status == 0)
    }
  }

  /// What has happened until then, in whole lines.
  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/self/status")), arguments: ["t.jsonl", "t.pftrace"])
  func anInterruptLeavesAReadablePrefix(_ name: String) throws {
    let program = try Program()
    try withFolder { folder in
      try write(smallScenario, in: folder)
      // Long enough that it cannot end by itself before the interrupt.
      let process = try program.start(
        ["run", "small.yaml", "measure.until=100000000 s", "measure.every=10000000 s", "--trace", name], in: folder)
      while process.isRunning, !catchesInterrupts(process) { usleep(10_000) }
      usleep(200_000)
      kill(process.processIdentifier, SIGINT)
      #expect(try program.finish(process, in: folder).status == 75)
      let bytes = try Data(contentsOf: folder.appendingPathComponent(name))
      if name.hasSuffix(".pftrace") {
        #expect(Array(bytes.prefix(6)) == [0x0A, 4, 0x50, 1, 0x68, 1])
      } else {
        #expect(bytes.isEmpty || bytes.last == UInt8(ascii: "\n"))
        let last = bytes.suffix(1000).split(separator: UInt8(ascii: "\n")).last
        if let last { #expect(try JSONSerialization.jsonObject(with: Data(last)) is [String: Any]) }
      }
    }
  }

  @Test func aTraceWritesOverNoResults() throws {
    let program = try Program()
    try withFolder { folder in
      try write(smallScenario, in: folder)
      #expect(try program.call("run", "small.yaml", in: folder).status == 0)
      let refused = try program.call("run", "small.yaml", "--trace", "results/small.sqlite", in: folder)
      #expect(refused.status == 73 && refused.error.contains("no table is written over it"))
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
      for name in ["trace.jsonl", "trace.jsonl", "trace.pftrace", "trace.pftrace"] {
        #expect(try program.call("run", "small.yaml", "--trace", name, in: folder).status == 0)
      }
      #expect(try program.call("run", "small.yaml", "--trace", "b", "--output", "b", in: folder).status == 64)
      #expect(try program.call("run", "small.yaml", "--trace", "b", "--stop-at", "1 s", in: folder).status == 64)
    }
  }

  private func objects(_ bytes: Data) throws -> [[String: Any]] {
    try bytes.split(separator: UInt8(ascii: "\n")).map { line in
      try #require(try JSONSerialization.jsonObject(with: line) as? [String: Any])
    }
  }
}
