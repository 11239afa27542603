// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Testing

@Suite(.serialized) struct StudyTests {
  private func document(_ outcome: Program.Outcome) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
  }

  private func fingerprints(_ document: [String: Any]) throws -> [String] {
    let runs = try #require(document["runs"] as? [[String: Any]])
    return try runs.map { run in
      let arm = try #require(run["arm"] as? String)
      let replication = try #require(run["replication"] as? Int)
      return "\(arm)/\(replication)/\(try #require(run["fingerprint"] as? String))"
    }
  }

  @Test func compareEndsInAVerdictThatFitsEightyColumns() throws {
    let program = try Program()
    try withFolder { folder in
      try write(smallScenario, in: folder)
      let outcome = try program.call("compare", "small.yaml", in: folder)
      #expect(outcome.status == 0)
      let lines = outcome.output.split(separator: "\n")
      #expect(lines.first?.hasPrefix("small · 4 agents · ring, degree 2, sigma2 ") == true)
      #expect(lines.contains { $0.hasPrefix("Verdict  ") })
      for line in lines { #expect(line.count <= 80, "\(line)") }
      #expect(!outcome.output.contains("\u{1B}"))
      #expect(outcome.error == "6 runs; results go to results/small.sqlite\n")
    }
  }

  @Test func theNumberOfJobsChangesNoFingerprint() throws {
    let program = try Program()
    try withFolder { folder in
      try write(smallScenario, in: folder)
      let one = try document(program.call("compare", "small.yaml", "--jobs", "1", "--json", in: folder))
      let two = try document(program.call("compare", "small.yaml", "--jobs", "2", "--json", in: folder))
      #expect(try fingerprints(one) == fingerprints(two))
      #expect(try Set(fingerprints(one)).count == 6)
    }
  }

  @Test func runTakesTheScenarioWithoutItsArmsOrOneOfThem() throws {
    let program = try Program()
    try withFolder { folder in
      try write(smallScenario, in: folder)
      let base = try document(program.call("run", "small.yaml", "--json", "--quiet", in: folder))
      #expect(try fingerprints(base).allSatisfy { $0.hasPrefix("asynchronous/") })
      let arm = try document(program.call("run", "small.yaml", "--arm", "barrier", "--json", in: folder))
      #expect(try fingerprints(arm).map { $0.prefix(9) } == ["barrier/0", "barrier/1", "barrier/2"])
    }
  }

  @Test func optionsReachTheStudy() throws {
    let program = try Program()
    try withFolder { folder in
      try write(smallScenario, in: folder)
      let study = try document(
        program.call(
          "run", "small.yaml", "--replications", "2", "--seed", "7", "--ties", "random:3", "--json", in: folder))
      let header = try #require(study["study"] as? [String: Any])
      #expect(header["replications"] as? Int == 2)
      #expect(header["seed"] as? Int == 7)
      #expect(header["ties"] as? String == "random:3")
      #expect(try fingerprints(study).count == 2)
    }
  }

  @Test func quietSaysNothingOnStandardError() throws {
    let program = try Program()
    try withFolder { folder in
      try write(smallScenario, in: folder)
      #expect(try program.call("compare", "small.yaml", "--quiet", in: folder).error.isEmpty)
    }
  }

  @Test func whatShowPrintsRunsToTheSameFingerprints() throws {
    let program = try Program()
    try withFolder { folder in
      try write(smallScenario, in: folder)
      let shown = try program.call("show", "small.yaml", "learner.step-size=0.1", in: folder)
      try write(shown.output, as: "shown.yaml", in: folder)
      let first = try document(
        program.call("compare", "small.yaml", "learner.step-size=0.1", "--json", "--quiet", in: folder))
      let second = try document(program.call("compare", "shown.yaml", "--json", "--quiet", in: folder))
      #expect(try fingerprints(first) == fingerprints(second))
    }
  }

  @Test func validateSaysValidAndWarnsOfASaturatedLink() throws {
    let program = try Program()
    try withFolder { folder in
      try write(smallScenario.replacingOccurrences(of: "replications: 3", with: "replications: 10"), in: folder)
      #expect(try program.call("validate", "small.yaml", in: folder).output == "small.yaml: valid\n")
      let slow = try program.call("validate", "small.yaml", "conditions.links.bandwidth=10 B/s", in: folder)
      #expect(slow.status == 0)
      #expect(slow.output.contains("Warning  the busiest link of "))
    }
  }

  @Test func validateReadsEveryCellOfASweep() throws {
    let program = try Program()
    try withFolder { folder in
      let ten = smallScenario.replacingOccurrences(of: "replications: 3", with: "replications: 10")
      try write(ten + "sweep: {learner.step-size: [0.05, 0.1], conditions.links.loss: [0, 0.1, 0.2]}\n", in: folder)
      let good = try program.call("validate", "small.yaml", in: folder)
      #expect(good.output == "small.yaml: valid, with all 12 cells of its sweep\n")
      #expect(try program.call("validate", "small.yaml", "--json", in: folder).output.contains("\"cells\":12"))
      try write(ten + "sweep: {conditions.links.bandwidth: [10 MB/s, 10 B/s]}\n", in: folder)
      let slow = try program.call("validate", "small.yaml", in: folder)
      #expect(slow.status == 0 && slow.output.contains("Warning  the busiest link of "))
      #expect(slow.output.contains("bandwidth=10 B/s"))
      // Each value reads well by itself.
      try write(ten + "sweep: {network.topology: [ring, grid], network.agents: [4, 6]}\n", in: folder)
      let bad = try program.call("validate", "small.yaml", in: folder)
      #expect(bad.status == 65 && bad.error.contains("'barrier, network.topology=grid, network.agents=4'"))
    }
  }

  @Test func describeTellsNetworkRatesAndDestination() throws {
    let program = try Program()
    try withFolder { folder in
      try write(smallScenario, in: folder)
      let description = try document(program.call("describe", "small.yaml", "--json", in: folder))
      let arms = try #require(description["arms"] as? [[String: Any]])
      #expect(arms.map { $0["destination"] as? String } == ["shared-minimiser", "shared-minimiser"])
      let network = try #require(arms[0]["network"] as? [String: Any])
      // A ring of four with Metropolis weights 1/3: eigenvalues 1, 1/3, 1/3, -1/3.
      #expect(abs(try #require(network["second_singular_value"] as? Double) - 1.0 / 3) < 1e-12)
    }
  }
}
