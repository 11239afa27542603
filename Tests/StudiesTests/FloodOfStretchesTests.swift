// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Scenarios
import Simulation
import Studies
import Testing

private func study(_ network: String, _ lines: String = "") throws -> Study {
  let text = """
    name: s
    task: {kind: linear-regression, dimension: 2}
    network: \(network)
    learner: {step-size: 0.02}
    measure: {until: 100 s, every: 1 s}

    """
  return try Study(Scenario.parse(text: text + lines, file: "s.yaml"))
}

/// Agents that turn once a nanosecond would never come to the end of a run.
@Test(arguments: [
  ("movement: random-waypoint, crossing: 1 ns", "network.crossing"),
  ("crossing: 1 s, turn: {exponential: {mean: 1 ns}}", "network.turn"),
]) func stretchesWithoutEndAreRefused(movement: String, key: String) throws {
  let network = "{topology: mobile, agents: 4, radius: 0.3, \(movement), every: 1 s, require-connected: false}"
  let error = #expect(throws: (any Error).self) { try study(network).world(of: 0) }
  #expect(error.map { "\($0)" }?.contains("\(key) makes more than ten billion events") == true)
}

/// Agents that stay in pieces, and links that are not there, are said before anything runs.
@Test func whatNoRunCouldBeginWithIsSaidBefore() throws {
  let apart = "{topology: mobile, agents: 20, radius: 0.05, crossing: 20 s, turn: never, every: 1 s}"
  let error = #expect(throws: StudyError.self) { try study(apart).world(of: 0) }
  #expect(error?.description.contains("never connected") == true)
  let cut = "timeline: [{at: 5 s, cut: {links: [[agent-0, agent-3]]}}]\n"
  let absent = #expect(throws: StudyError.self) { try study("{topology: ring, agents: 6}", cut).world(of: 0) }
  #expect(absent?.description.contains("no link between 'agent-0' and 'agent-3'") == true)
}
