// SPDX-License-Identifier: GPL-3.0-or-later
import Scenarios
import Studies
import Testing

/// A case of `whatNoCurveCoversIsSaid`.
struct Withheld: Sendable, CustomTestStringConvertible {
  let change: [String: String]
  let reason: String
  var testDescription: String { reason }

  init(_ change: [String: String], _ reason: String) { (self.change, self.reason) = (change, reason) }
}

private let jump = "{at: 60 s, change-task: {truth: {distance: 1}}}"
private let cut = "{at: 30 s, for: 40 s, cut: {links: [[agent-0, agent-1]]}}"

@Test(arguments: [
  Withheld(
    ["timeline": "[{at: 30 s, change-links: {links: all, loss: 0.5}}, \(cut)]"],
    "The exact recursion follows a timeline through cuts, partitions, crashes and moves of a common truth only, not "
      + "through change-links."),
  Withheld(
    ["timeline": "[{at: 30 s, for: 1 s, slow: {agents: [agent-1], factor: 2}}, {at: 50 s, recover: all}]"],
    "The exact recursion follows a timeline through cuts, partitions, crashes and moves of a common truth only, not "
      + "through slow."),
  Withheld(
    ["timeline": "[{at: 30 s, crash: {agents: [agent-1], on-recovery: reset}}, \(jump)]"],
    "There is no closed form for crashes and recoveries."),
  Withheld(
    ["timeline": "[{at: 30 s, crash: {count: 1}}, \(jump)]"],
    "Whom crash@30s is about is drawn anew in every replication."),
  Withheld(
    ["timeline": "[{at: 30 s, crash: all}]"],
    "There is no closed form. At times nobody is up whose error could be measured."),
  Withheld(
    ["timeline": "[{at: 30 s, crash: [agent-1]}]", "strategy.timing": "synchronous-global"],
    "There is no closed form for agents that go down in rounds; in slots there is."),
  Withheld(["timeline": "[{at: 30 s, leave: [agent-1]}]"], "There is no closed form for a network that changes."),
  Withheld(
    ["timeline": "[{at: 60 s, change-task: {agents: [agent-1], truth: {distance: 1}}}]"],
    "The exact recursion covers agents with a common minimiser; after change-task@60s they may have different ones."),
  Withheld(
    ["timeline": "[{at: 30 s, cut: {links: {share: 30 %}}}]"],
    "Which links cut@30s is about is drawn anew in every replication."),
  Withheld(
    ["timeline": "[{at: 30 s, cut: {links: {of: {count: 1}}}}]"],
    "Which links cut@30s is about is drawn anew in every replication."),
  Withheld(
    ["timeline": "[\(cut)]", "strategy.missing-neighbour": "last-heard"],
    "With messages that are missing the closed form needs missing-neighbour self."),
  Withheld(
    ["timeline": "[\(cut)]", "strategy.missing-neighbour": "renormalise"],
    "With messages that are missing the closed form needs missing-neighbour self."),
  Withheld(
    ["timeline": "[\(cut)]", "strategy.timing": "synchronous-global", "strategy.missing-neighbour": "self"],
    "There is no closed form for links that are cut in rounds; in slots there is."),
  Withheld(
    ["timeline": "[\(jump)]", "strategy.timing": "asynchronous", "conditions.links.loss": "0.1"],
    "The exact recursion follows a timeline in slots, and in rounds or steps that all last the same time, only."),
  Withheld(
    [
      "timeline": "[\(jump)]", "strategy.timing": "synchronous-global",
      "conditions.compute.within-agent": "{exponential: {}}",
    ],
    "There is no closed form. How many rounds come before what the timeline does is not known, as they do not all last the "
      + "same time."),
  Withheld(
    ["timeline": "[{at: 30.5 s, change-task: {truth: {distance: 1}}}]"],
    "There is no closed form. The recursion knows starts of slots only, and change-task@30.5s comes or ends within one."
  ),
  Withheld(
    ["timeline": "[{at: 30 s, for: 1.5 s, cut: all}]"],
    "There is no closed form. The recursion knows starts of slots only, and cut@30s comes or ends within one."),
  Withheld(
    ["timeline": "[\(jump)]", "measure.every": "500 ms"],
    "There is no closed form. The recursion knows starts of slots only, and measurements come within them."),
  Withheld(
    ["timeline": "[\(jump)]", "strategy.slots.message-delay": "2"],
    "There is no closed form. Through a timeline the exact recursion covers messages that are not late only."),
  Withheld(
    ["timeline": "[\(jump)]", "conditions.compute.start-phase": "{uniform: [0 s, 3 s]}"],
    "Agents do not all start at once."),
  Withheld(
    ["timeline": "[\(jump)]", "learner.initial": "{normal: {standard-deviation: 1}}"],
    "Through a timeline the exact recursion is for agents that all start from the same parameters."),
  Withheld(
    ["timeline": "[\(jump)]", "measure.budget": "{updates: 50}"],
    "A budget ends runs when it is spent, at a time of its own."),
  Withheld(
    ["timeline": "[\(jump)]", "learner.algorithm": "steepest-descent"],
    "There is no closed form for exact gradients through a timeline."),
])
func whatNoCurveCoversIsSaid(_ withheld: Withheld) throws {
  var settings = ["strategy.timing": "slotted"]
  for (key, value) in withheld.change { settings[key] = value }
  let text = """
    name: small
    task: {kind: linear-regression, dimension: 2}
    network: {topology: ring, agents: 6}
    learner: {step-size: 0.1}
    measure: {until: 120 s, every: 1 s}
    """
  let overrides = try settings.sorted { $0.key < $1.key }.map { try Override("\($0.key)=\($0.value)") }
  let study = try Study(Scenario.parse(text: text, file: "small.yaml", overrides: overrides))
  let prediction = try Prediction(study.scenario.arms[0].settings, in: study.world(of: 0))
  #expect(prediction.reason == withheld.reason)
  #expect(prediction.curve == nil && prediction.deviation == nil)
}
