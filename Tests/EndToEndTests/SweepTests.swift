// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Testing

@Suite(.serialized) struct SweepTests {
  private let grid = ["conditions.links.loss=0:0.2:0.1", "learner.step-size=0.05,0.1"]

  private func document(_ outcome: Program.Outcome) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
  }

  /// Every run of a results file by arm and replication, with all that it left behind but its wall time.
  private func runs(_ program: Program, _ file: String, in folder: URL) throws -> [String: NSDictionary] {
    let arguments = ["compare", "small.yaml"] + grid + ["--quiet", "--json", "--output", file]
    let outcome = try program.finish(program.start(arguments, in: folder), in: folder)
    #expect(outcome.status == 0, "\(outcome.error)")
    let list = try #require(try document(outcome)["runs"] as? [[String: Any]])
    var found: [String: NSDictionary] = [:]
    for var run in list {
      run["wall_seconds"] = nil
      found["\(run["arm"] ?? "")/\(run["replication"] ?? "")"] = run as NSDictionary
    }
    return found
  }

  private func sweep(_ program: Program, _ more: [String], in folder: URL) throws -> Program.Outcome {
    try program.finish(program.start(["sweep", "small.yaml"] + grid + more, in: folder), in: folder)
  }

  @Test func aSweepIsATableWithTheBestCellMarked() throws {
    let program = try Program()
    try withFolder { folder in
      try write(smallScenario, in: folder)
      let outcome = try sweep(program, ["--quiet"], in: folder)
      #expect(outcome.status == 0)
      let lines = outcome.output.split(separator: "\n")
      #expect(lines[0] == "small · 12 cells · 3 replications · seed 1")
      #expect(lines.count { $0.hasPrefix("*  ") } == 1)
      #expect(lines.contains { $0.hasPrefix("Verdict  ") })
      for line in lines { #expect(line.count <= 80, "\(line)") }
      let sweep = try document(try self.sweep(program, ["--quiet", "--json"], in: folder))
      let cells = try #require(sweep["cells"] as? [[String: Any]])
      #expect(cells.count == 12)
      #expect(Set(cells.compactMap { $0["rank"] as? Int }) == Set(1...12))
    }
  }

  /// Three partitions drawn with a fixed seed, merged in one order and the other.
  @Test(arguments: [2, 3, 5]) func shardsMergedAreTheWholeRunByRun(count: Int) throws {
    let program = try Program()
    try withFolder { folder in
      try write(smallScenario, in: folder)
      #expect(try sweep(program, ["--quiet", "--jobs", "1", "--output", "whole.sqlite"], in: folder).status == 0)
      let whole = try runs(program, "whole.sqlite", in: folder)
      #expect(whole.count == 36)
      var shards: [String] = []
      for number in 1...count {
        let outcome = try sweep(program, ["--quiet", "--jobs", "2", "--shard", "\(number)/\(count)"], in: folder)
        #expect(outcome.status == 0 && outcome.output.contains("shard \(number)/\(count)"))
        // The colons of the range are replaced, and followed by a digest.
        let name = "small-sweep+conditions.links.loss=0-0.2-0.1-ade3bd5c+learner.step-size=0.05,0.1"
        shards.append("results/\(name)-shard-\(number)-of-\(count).sqlite")
      }
      for (name, order) in [("one.sqlite", shards), ("other.sqlite", shards.reversed())] {
        let outcome = try program.finish(
          program.start(["merge"] + order + ["--output", name], in: folder), in: folder)
        #expect(outcome.status == 0 && outcome.output == "\(name): 36 of 36 runs of small\n", "\(outcome.error)")
        #expect(try program.call("status", name, in: folder).status == 0)
        #expect(try runs(program, name, in: folder) == whole)
      }
    }
  }

  @Test func oneShardMergedGoesOnWithoutTheShard() throws {
    let program = try Program()
    try withFolder { folder in
      try write(smallScenario, in: folder)
      #expect(try sweep(program, ["--quiet", "--shard", "2/3", "--output", "two.sqlite"], in: folder).status == 0)
      #expect(try program.call("status", "two.sqlite", in: folder).status == 0)
      #expect(try sweep(program, ["--quiet", "--output", "two.sqlite"], in: folder).status == 65)
      let merged = try program.call("merge", "two.sqlite", "--output", "all.sqlite", in: folder)
      #expect(merged.output == "all.sqlite: 12 of 36 runs of small, 24 missing\n")
      #expect(try program.call("status", "all.sqlite", in: folder).status == 75)
      let rest = try sweep(program, ["--output", "all.sqlite"], in: folder)
      #expect(rest.status == 0 && rest.error.hasPrefix("36 runs, 12 there and 24 to go"))
      #expect(try program.call("status", "all.sqlite", in: folder).status == 0)
    }
  }

  @Test func strangersAreNotMerged() throws {
    let program = try Program()
    try withFolder { folder in
      try write(smallScenario, in: folder)
      for (name, seed) in [("a.sqlite", "1"), ("b.sqlite", "2")] {
        _ = try program.call("compare", "small.yaml", "--quiet", "--seed", seed, "--output", name, in: folder)
      }
      let outcome = try program.call("merge", "a.sqlite", "b.sqlite", "--output", "c.sqlite", in: folder)
      #expect(outcome.status == 65)
      #expect(outcome.error.contains("seed is 1 in the file, 2 now"))
      #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("c.sqlite").path))
      #expect(try program.call("merge", "a.sqlite", "--output", "a.sqlite", in: folder).status == 73)
      #expect(try program.call("merge", "none.sqlite", "--output", "c.sqlite", in: folder).status == 66)
    }
  }

  @Test func statusFollowsAStudyFromItsBeginningToItsEnd() throws {
    let program = try Program()
    try withFolder { folder in
      try write(smallScenario, in: folder)
      #expect(try program.call("status", "kept.sqlite", in: folder).status == 66)
      let long = [
        "compare", "small.yaml", "--replications", "20000", "--jobs", "2", "--quiet", "--output", "kept.sqlite",
      ]
      let process = try program.start(long, in: folder)
      var seen: [String: Any] = [:]
      for _ in 0..<3000 where process.isRunning {
        usleep(20_000)
        let outcome = try program.call("status", "kept.sqlite", "--json", in: elsewhere(folder))
        guard outcome.status == 75 else { continue }
        seen = try #require((try document(outcome)["files"] as? [[String: Any]])?.first)
        if seen["done"] as? Int ?? 0 > 4 { break }
      }
      #expect(seen["is_running"] as? Bool == true)
      #expect(seen["planned"] as? Int == 40_000)
      #expect(seen["seconds_to_go"] as? Double ?? 0 > 0)
      kill(process.processIdentifier, SIGINT)
      #expect(try program.finish(process, in: folder).status == 75)
      let stopped = try program.call("status", "kept.sqlite", in: folder)
      #expect(stopped.status == 75)
      #expect(stopped.output.contains("interrupted; the same command goes on"))
      for line in stopped.output.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    }
  }

  /// A folder from which the file can be seen, so that two programs do not write their output into one place.
  private func elsewhere(_ folder: URL) throws -> URL {
    let other = folder.appendingPathComponent("other")
    try FileManager.default.createDirectory(at: other, withIntermediateDirectories: true)
    let link = other.appendingPathComponent("kept.sqlite")
    if (try? link.checkResourceIsReachable()) != true {
      try? FileManager.default.removeItem(at: link)
      try FileManager.default.createSymbolicLink(
        at: link, withDestinationURL: folder.appendingPathComponent("kept.sqlite"))
    }
    return other
  }

  @Test func failedRunsAreToldWithTheirErrors() throws {
    let program = try Program()
    try withFolder { folder in
      // Every replication draws its network once, and with this seed some of them are in pieces.
      let scattered = smallScenario.replacingOccurrences(
        of: "{topology: ring, agents: 4}", with: "{topology: erdos-renyi, agents: 5, probability: 0.5, redraws: 0}")
      try write(scattered + "resample: [network]\n", in: folder)
      let outcome = try program.call(
        "compare", "small.yaml", "--quiet", "--replications", "12", "--output", "some.sqlite", in: folder)
      #expect(outcome.status == 65 && outcome.error.contains("runs failed, the first of them"), "\(outcome.error)")
      let status = try program.call("status", "some.sqlite", in: folder)
      #expect(status.status == 65)
      #expect(status.output.contains("runs failed, first arm 'barrier', replication "))
      #expect(status.output.contains("--retry-failed"))
    }
  }
}
