// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Quantities
import Scenarios
import Simulation
import Studies
import Testing

/// Ten agents that gossip, and whenever one leaves another joins that was not there before.
private func study(_ settings: [String] = []) throws -> Study {
  let text = """
    name: open
    task: {kind: averaging, dimension: 2}
    network: {topology: complete, agents: 25}
    learner: {algorithm: none, initial: {normal: {standard-deviation: 2}}}
    strategy:
      kind: gossip
      clock: {between-agents: 700 ms, start-phase: 300 ms}
      gossip: {exchange: pairwise, wake: one-at-a-time}
    timeline:
      - {at: 2 s, every: 5 s, times: 15, leave: {count: 1}}
      - {at: 2 s, every: 5 s, times: 15, join: {count: 1}}
    measure: {until: 75 s, every: 1500 ms, final-window: 0.6}
    """
  return try Study(
    Scenario.parse(text: text, file: "open.yaml", overrides: settings.map { try Override($0) }))
}

private func prediction(_ study: Study) throws -> Prediction {
  try Prediction(study.scenario.arms[0].settings, in: study.world(of: 0))
}

/// The mean over 600 runs is within five standard errors of what is predicted (6e-7 for each case): replacements, agents that
/// only leave or only join, in numbers and shares, a clock that rings at random, and rings at the instants of what comes and
/// of what is measured.
@Test(arguments: [
  [], ["strategy.clock.within-agent={exponential: {}}"],
  ["strategy.clock.between-agents=500 ms", "strategy.clock.start-phase=0"],
  ["timeline=[{at: [10 s, 40 s], leave: {share: 40 %}}, {at: 55 s, join: {count: 3}}]"],
])
func disagreementOfAgentsThatComeAndGoIsAsPredicted(settings: [String]) throws {
  let study = try study(settings)
  let predicted = try #require(try prediction(study).disagreement)
  let world = try study.world(of: 0)
  let seen = try (0..<600).map { replication in
    try #require(
      try simulate(study.scenario.arms[0].settings, in: world, replication: replication).finals["disagreement"])
  }
  let mean = seen.reduce(0, +) / Double(seen.count)
  let squares = seen.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  let error = (squares / Double(seen.count - 1) / Double(seen.count)).squareRoot()
  #expect(abs(mean - predicted) < 5 * error, "\(mean) for \(predicted), standard error \(error)")
  #expect(error < 0.04 * predicted)
}

/// What it says, and what it says where there is no closed form.
@Test func gossipOfAgentsThatComeAndGoIsPredictedOrSaidNotToBe() throws {
  let plain = try prediction(study())
  let sentence = plain.sentence(decibels: { "\($0 > 0)" }, number: { "\($0)" }, seconds: { "\($0)" })
  #expect(sentence.hasPrefix("Theory predicts a mean disagreement of true in the final window: "))
  #expect(plain.reason == "Agents that come and go agree on no lasting value." && plain.deviation == nil)
  for (setting, words) in [
    ("network.topology=ring", "topology complete"), ("strategy.gossip.wake=independent", "wake one-at-a-time"),
    ("conditions.links.loss=0.1", "lost"), ("learner.initial=1", "normal"),
    ("strategy.clock.within-agent={gamma: {cv: 0.5}}", "constant or exponential"),
    ("timeline=[{at: 2 s, leave: [agent-1]}]", "left to chance"),
    ("timeline=[{at: 2 s, join: {agents: [agent-1], start: neighbour}}]", "of their own"),
    ("timeline=[{at: 2 s, leave: all}]", "left to chance"),
    ("timeline=[{at: 2 s, leave: {share: 100 %}}]", "Nobody is there"),
  ] {
    let other = try prediction(study([setting]))
    let reason = try #require(other.reason, "\(setting): \(other)")
    #expect(other.disagreement == nil && reason.contains(words), "\(setting): \(other)")
  }
  // Something else happens, too.
  let cut = try prediction(study(["timeline=[{at: 2 s, leave: {count: 1}}, {at: 3 s, cut: {links: all}}]"]))
  #expect(cut.disagreement == nil && cut.reason == "There is no closed form for a network that changes.")
}
