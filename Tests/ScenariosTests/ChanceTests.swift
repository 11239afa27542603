// SPDX-License-Identifier: GPL-3.0-or-later
import Scenarios
import Simulation
import Testing

/// Where all is certain, replications are copies of one run; what an event makes of links can bring chance in.
@Test(arguments: [
  ("loss: 0", true), ("latency: 20 ms", true), ("bandwidth: 1 kB/s", true), ("loss: 10 %", false),
  ("loss: {burst: {mean: 20 %, length: 3 messages}}", false), ("latency: {exponential: {mean: 5 ms}}", false),
  ("duplication: 1 %", false),
])
func whatAnEventMakesOfLinksCanBeChance(change: String, isCertain: Bool) throws {
  let text = """
    name: chance
    task: {kind: linear-regression, dimension: 2}
    network: {topology: ring, agents: 4}
    learner: {algorithm: steepest-descent, step-size: 0.1}
    conditions: {compute: {between-agents: 1 s}, links: {latency: 5 ms}}
    measure: {until: 10 s, every: 1 s}
    timeline: [{at: 2 s, change-links: {links: all, \(change)}}]
    """
  #expect(try Scenario.parse(text: text, file: "chance.yaml").arms[0].settings.isDeterministic == isCertain)
}
