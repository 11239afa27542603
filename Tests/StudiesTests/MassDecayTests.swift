// SPDX-License-Identifier: GPL-3.0-or-later
import Scenarios
import Studies
import Testing

/// Push-sum with local steps on a ring of ten agents.
private func said(_ settings: String...) throws -> (destination: Destination, reason: String) {
  let text = """
    name: push-sum
    task: {kind: linear-regression, dimension: 2, noise-variance: 0.01}
    network: {topology: ring, agents: 10}
    learner: {algorithm: lms, step-size: 0.05}
    strategy: {kind: push-sum, timing: slotted}
    conditions: {compute: {between-agents: 100 ms}}
    measure: {until: 100 s, every: 1 s}
    """
  let study = try Study(Scenario.parse(text: text, file: "push-sum.yaml", overrides: settings.map { try Override($0) }))
  let arm = study.scenario.arms[0].settings
  return (Destination(arm), Prediction(arm, in: try study.world(of: 0)).reason ?? "")
}

/// Of every third of a message in three a tenth gets lost: 1 - 0.1 × 2 / 3 of the mass is left after each slot.
@Test func plainPushSumThatLosesMassHasNoStableStepSize() throws {
  let lossy = try said("conditions.links.loss=10 %")
  #expect(lossy.destination == .unstable)
  #expect(lossy.destination.sentence.contains("running-sums: true"))
  #expect(lossy.reason.contains("0.933 of the mass") && lossy.reason.contains("no step size is stable"))
  // Whatever the step size.
  #expect(try said("conditions.links.loss=10 %", "learner.step-size=0.000005").reason == lossy.reason)
}

@Test func everyWayOfLosingMassCounts() throws {
  let asynchronous = "strategy.timing=asynchronous"
  for loss in [["conditions.links.loss=0.1"], ["conditions.failures={up: 10 s, down: 1 s}"]] {
    #expect(try said(asynchronous, loss[0]).destination == .unstable)
  }
  #expect(try said(asynchronous, "conditions.links.loss=0.1").reason.contains("loses mass"))
  #expect(try said(asynchronous, "conditions.links.bandwidth=1 kB/s").destination == .unstable)
  #expect(
    try said(asynchronous, "conditions.links.bandwidth=1 kB/s", "conditions.links.queue=fifo").destination
      == .sharedMinimiser)
}

@Test func nothingIsSaidWhereMassIsKept() throws {
  #expect(try said().destination == .sharedMinimiser)
  let healed = try said("conditions.links.loss=10 %", "strategy.push-sum.running-sums=true")
  #expect(healed.destination == .sharedMinimiser)
  #expect(!healed.reason.contains("mass"))
}
