// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Testing

/// Studies that are stopped at a virtual time and go on.
@Suite(.serialized) struct StopTests {
  private func fingerprints(_ output: String) throws -> [String] {
    let document = try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any]
    let runs = try #require(document?["runs"] as? [[String: Any]])
    return try runs.map { try #require($0["fingerprint"] as? String) }
  }

  @Test func aComparisonStopsAndGoesOnFromTheFile() throws {
    let program = try Program()
    try withFolder { folder in
      try write(smallScenario, in: folder)
      let whole = try program.call("compare", "small.yaml", "--json", "--quiet", "-o", "whole.sqlite", in: folder)
      let first = try program.call("compare", "small.yaml", "--stop-at", "7 s", in: folder)
      #expect(first.status == 75 && first.output.isEmpty)
      #expect(
        first.error == """
          6 runs; results go to results/small.sqlite
          stopped at 7 s of virtual time: 0 of 6 runs have ended, and 6 can go on from what is kept in results/small.sqlite
            -> the same command without --stop-at, or with a later time, goes on from there

          """)
      let status = try program.call("status", "results/small.sqlite", in: folder)
      #expect(status.status == 75)
      #expect(status.output.contains("0 of 6 runs done, 6 missing (6 stopped at 7 s)"))
      let later = try program.call("compare", "small.yaml", "--stop-at", "12500 ms", "--jobs", "1", in: folder)
      #expect(later.status == 75)
      #expect(later.error.contains("6 runs, 6 from where they were stopped; results go to results/small.sqlite"))
      let earlier = try program.call("compare", "small.yaml", "--stop-at", "1 s", in: folder)
      #expect(
        earlier.status == 75 && earlier.error.contains("stopped at 12.5 s of virtual time: 0 of 6 runs have ended"))
      let rest = try program.call("compare", "small.yaml", "--json", in: folder)
      #expect(rest.status == 0)
      #expect(try fingerprints(rest.output) == fingerprints(whole.output))
      #expect(try program.call("status", "results/small.sqlite", in: folder).status == 0)
    }
  }

  @Test(arguments: ["", "7", "-1 s", "soon"]) func aTimeThatIsNoneIsRefused(text: String) throws {
    let program = try Program()
    try withFolder { folder in
      try write(smallScenario, in: folder)
      let outcome = try program.call("compare", "small.yaml", "--stop-at=\(text)", in: folder)
      #expect(outcome.status == 64 && outcome.error.contains("'--stop-at <time>'"))
      if !text.isEmpty { #expect(outcome.error.contains("'\(text)' is no time of virtual time with a unit")) }
    }
  }

  @Test func aRunOfOneArmAndASweepStopToo() throws {
    let program = try Program()
    try withFolder { folder in
      try write(smallScenario, in: folder)
      let run = ["run", "small.yaml", "--arm", "free", "--replications", "1"]
      let sweep = ["sweep", "small.yaml", "conditions.links.loss=0,0.2", "--shard", "1/2"]
      for command in [run, sweep] {
        let stopped = try program.finish(program.start(command + ["--stop-at", "1 s"], in: folder), in: folder)
        #expect(stopped.status == 75 && stopped.error.contains("stopped at 1 s of virtual time: 0 of "))
        #expect(try program.finish(program.start(command, in: folder), in: folder).status == 0)
      }
    }
  }
}
