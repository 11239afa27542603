// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Testing

@Suite(.serialized) struct ExitStatusTests {
  @Test func wrongUsageIs64() throws {
    let program = try Program()
    try withFolder { folder in
      try write(smallScenario, in: folder)
      #expect(try program.call("fly", in: folder).status == 64)
      #expect(try program.call("run", in: folder).status == 64)
      #expect(try program.call("run", "small.yaml", "--jobs", "0", in: folder).status == 64)
      #expect(try program.call("run", "small.yaml", "--ties", "sometimes", in: folder).status == 64)
      #expect(try program.call("run", "small.yaml", "conditions.links.loss=0,0.1", in: folder).status == 64)
    }
  }

  @Test func anArmThatIsNotThereIs64AndNamesThoseThatAre() throws {
    let program = try Program()
    try withFolder { folder in
      try write(smallScenario, in: folder)
      let outcome = try program.call("run", "small.yaml", "--arm", "bold", in: folder)
      #expect(outcome.status == 64)
      #expect(outcome.error == "error: the scenario has no arm 'bold'; it has 'barrier', 'free'\n")
    }
  }

  /// An option is suggested only if it is near, and a sweep says why it has no arm to choose.
  @Test func unknownOptionsAre64AndSuggestWhatIsNear() throws {
    let program = try Program()
    try withFolder { folder in
      try write(smallScenario, in: folder)
      let swept = try program.call("sweep", "small.yaml", "--arm", "free", in: folder)
      #expect(swept.status == 64 && swept.error.contains("every arm of the file has its cells"))
      let near = try program.call("compare", "small.yaml", "--sead", "2", in: folder)
      #expect(near.status == 64 && near.error.contains("Unknown option '--sead'. Did you mean '--seed'?"))
      let far = try program.call("compare", "small.yaml", "--arm", "free", in: folder)
      #expect(far.status == 64 && far.error.contains("Unknown option '--arm'."))
      #expect(!far.error.contains("Did you mean"))
    }
  }

  @Test func comparingOneArmIs64AndSaysHowToGetTwo() throws {
    let program = try Program()
    try withFolder { folder in
      let lines = smallScenario.split(separator: "\n").filter { !$0.hasPrefix("arms") }
      try write(lines.joined(separator: "\n"), in: folder)
      let outcome = try program.call("compare", "small.yaml", in: folder)
      #expect(outcome.status == 64)
      #expect(outcome.error.contains("strategy.timing=synchronous-global,asynchronous"))
    }
  }

  @Test func aBadScenarioIs65WithPlaceAndSuggestion() throws {
    let program = try Program()
    try withFolder { folder in
      try write(smallScenario.replacingOccurrences(of: "latency:", with: "latncy:"), in: folder)
      let outcome = try program.call("validate", "small.yaml", in: folder)
      #expect(outcome.status == 65)
      #expect(outcome.output.isEmpty)
      #expect(outcome.error.hasPrefix("small.yaml:8:13: error: unknown key 'latncy' in conditions.links\n"))
      #expect(outcome.error.contains("did you mean 'latency'?"))
    }
  }

  @Test func aNetworkThatCannotBeDrawnIs65() throws {
    let program = try Program()
    try withFolder { folder in
      let scattered = smallScenario.replacingOccurrences(
        of: "{topology: ring, agents: 4}", with: "{topology: random-geometric, agents: 40, radius: 0.01}")
      try write(scattered, in: folder)
      let outcome = try program.call("describe", "small.yaml", in: folder)
      #expect(outcome.status == 65)
      #expect(outcome.error.hasPrefix("error: "))
    }
  }

  @Test func aFileThatCannotBeReadIs66() throws {
    let program = try Program()
    try withFolder { folder in
      let outcome = try program.call("show", "none.yaml", in: folder)
      #expect(outcome.status == 66)
      #expect(outcome.error == "none.yaml: error: there is no such file\n")
      #expect(try program.call("run", ".", in: folder).status == 66)
    }
  }

  @Test func aResultsFileThatCannotBeCreatedIs73BeforeAnythingRuns() throws {
    let program = try Program()
    try withFolder { folder in
      try write(smallScenario, in: folder)
      let outcome = try program.call("compare", "small.yaml", "--output", "small.yaml/results.sqlite", in: folder)
      #expect(outcome.status == 73)
      #expect(outcome.error.hasPrefix("error: cannot create the results file 'small.yaml/results.sqlite': "))
    }
  }

  @Test func anInterruptIs75KeepsTheRunsThatHaveEndedAndTheSameCommandGoesOn() throws {
    let program = try Program()
    try withFolder { folder in
      try write(smallScenario, in: folder)
      // Long enough that it cannot end by itself before the interrupt, which comes once the file is there.
      let long = ["compare", "small.yaml", "--replications", "20000", "--quiet", "--output", "kept.sqlite"]
      let process = try program.start(long, in: folder)
      let results = folder.appendingPathComponent("kept.sqlite")
      while process.isRunning, size(results) < 200_000 { usleep(20_000) }
      kill(process.processIdentifier, SIGINT)
      let outcome = try program.finish(process, in: folder)
      #expect(outcome.status == 75)
      #expect(outcome.error.hasPrefix("interrupted: "))
      #expect(
        outcome.error.hasSuffix(
          " of 40000 runs have ended and are kept in kept.sqlite\n  -> the same command goes on from there\n"))
      let kept = try #require(Int(outcome.error.split(separator: " ")[1]))
      #expect(kept >= 2)
      let more = try program.call("compare", "small.yaml", "--output", "kept.sqlite", in: folder)
      #expect(more.status == 0)
      #expect(more.error.contains("there"))
    }
  }

  private func size(_ file: URL) -> Int { (try? Data(contentsOf: file))?.count ?? 0 }
}

/// Reference files that cannot be used.
@Suite(.serialized) struct ReferenceFileTests {
  @Test func aReferenceFileThatIsNotThereIs66AndOneThatIsNoneIs65() throws {
    let program = try Program()
    try withFolder { folder in
      #expect(try program.call("verify", "none.json", in: folder).status == 66)
      try write("no JSON", as: "text.json", in: folder)
      #expect(try program.call("verify", "text.json", in: folder).status == 65)
      try write(#"{"schema": "another/1", "id": "a", "kind": "b"}"#, as: "other.json", in: folder)
      let outcome = try program.call("verify", "other.json", in: folder)
      #expect(outcome.status == 65)
      #expect(outcome.error.hasPrefix("other.json: error: the schema is 'another/1'"))
    }
  }

  /// Slots, windows and moments that nobody could simulate are refused before anything is made of their size.
  @Test(arguments: [
    ("[0, 1000000000000000]", "0, 0", "experiment 'one': the window [0, 1000000000000000] is no span of slots"),
    ("[3, 1]", "0, 0", "experiment 'one': the window [3, 1] is no span of slots"),
    ("[1, 3]", "-1, 0", "experiments[0].expected.transient[0]: -1.0 is no slot or time from 0 to 1000000."),
    ("[1, 3]", "1e30, 0", "experiments[0].expected.transient[0]: 1e+30 is no slot or time from 0 to 1000000."),
    ("[1, 3]", "0.5, 0", "experiment 'one': the transient has a point at 0.5, which is no whole slot."),
  ])
  func impossibleReferencesAre65(window: String, point: String, message: String) throws {
    let program = try Program()
    try withFolder { folder in
      try write(
        """
        {"schema": "diffusion-reference/1", "id": "small", "kind": "diffusion-lms",
         "network": {"n": 2, "edges": [[0, 1]]},
         "weights": {"rule": "metropolis", "matrix": [[0.5, 0.5], [0.5, 0.5]]},
         "data": {"w0": [1], "mu": 0.1, "regressor_variance": 1, "regressor_rho": 0, "noise_variance": 0.1},
         "experiments": [{"name": "one", "strategy": "atc", "protocol": {"runs": 1, "window": \(window)},
           "expected": {"network_msd_db": 0, "agent_msd_db": [0, 0], "transient": [[\(point)]]}}],
         "tolerance": {"network_msd_db": 1, "agent_msd_db": 1, "transient_db": 1, "transient_needs_runs": 1}}
        """, as: "small.json", in: folder)
      let outcome = try program.call("verify", "small.json", in: folder)
      #expect(outcome.status == 65)
      #expect(outcome.error.hasPrefix("small.json: error: "))
      #expect(outcome.error.contains(message), "\(outcome.error)")
    }
  }
}
