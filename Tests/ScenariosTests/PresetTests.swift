// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Scenarios
import Testing

/// A small scenario with these lines in it.
private func presetStudy(_ lines: String..., overrides: [String] = [], arms: ArmChoice = .written) throws -> Scenario {
  let text =
    """
    name: base
    task: {kind: linear-regression, dimension: 2}
    learner: {step-size: 0.02}
    measure: {until: 1 h, every: 1 min}

    """ + lines.joined(separator: "\n") + "\n"
  return try Scenario.parse(text: text, file: "s.yaml", overrides: overrides.map { try Override($0) }, arms: arms)
}

private let network = "network: {agents: 16}"
private let ring = "network: {topology: ring, agents: 16}"

@Test(arguments: PresetDefinition.all.map(\.name)) func aPresetIsWhatItStandsForWrittenOut(name: String) throws {
  let preset = try #require(PresetDefinition.all.first { $0.name == name })
  let slot = preset.slot
  let timing = name == "F8" ? "strategy: {timing: slotted}" : "strategy: {timing: asynchronous}"
  let base = slot == .network ? network : ring
  let chosen = try presetStudy(base, timing, "presets: {\(slot.rawValue): \(name)}")
  let called = try presetStudy(base, timing, "presets: {\(slot.rawValue): \(preset.title)}")
  #expect(chosen == called)
  let written = try Scenario.parse(text: chosen.resolvedText(), file: "shown.yaml")
  #expect(chosen == written)
  let plain = try presetStudy(ring, timing)
  let isPlain = chosen.arms[0].settings == plain.arms[0].settings
  #expect(isPlain == ["C0", "G1"].contains(name))
}

@Test func theScenarioComesBeforeItsPresetsAndArmsBeforeBoth() throws {
  let own = "conditions: {links: {loss: 5 %}}"
  func loss(_ study: Scenario, _ arm: Int = 0) -> Double { study.arms[arm].settings.conditions.links.loss.mean }
  let preset = "presets: {loss: {P1: {loss: 30 %}}}"
  let (alone, beside) = (try presetStudy(ring, preset), try presetStudy(ring, own, preset))
  #expect(loss(alone) == 0.3)
  #expect(loss(beside) == 0.05)
  let arms = "arms: {a: {conditions.links.loss: 1 %}, b: {presets.loss: none}, c: {presets.loss: {P1: {loss: 7 %}}}}"
  let several = try presetStudy(ring, preset, arms)
  let losses = [0, 1, 2].map { loss(several, $0) }
  #expect(losses == [0.01, 0, 0.07])
  let overridden = try presetStudy(ring, own, preset, overrides: ["conditions.links.loss=2 %"])
  #expect(loss(overridden) == 0.02)
}

@Test func aPresetOfWhichTheScenarioSaysAllIsIdle() throws {
  let preset = "presets: {loss: {P1: {loss: 30 %}}}"
  func idle(_ text: String...) throws -> [[String]] {
    try presetStudy(ring, preset, text.joined(separator: "\n")).arms.map { arm in
      arm.idlePresets.map { "\($0.key) \($0.name) by \($0.overruledBy)" }
    }
  }
  #expect(try idle("") == [[]])
  // What an arm overrules it overrules on purpose.
  #expect(try idle("arms: {a: {conditions.links.loss: 1 %}, b: {}}") == [[], []])
  let own = "conditions: {links: {loss: 1 %}}"
  let inVain = ["presets.loss P1 by conditions.links.loss"]
  #expect(try idle(own) == [inVain])
  #expect(try idle(own, "arms: {a: {presets.loss: none}, b: {}}") == [[], inVain])
  let slots = "strategy: {timing: slotted, slots: {active-probability: 0.1}}"
  #expect(try presetStudy(ring, slots, "presets: {failures: F8}").arms[0].idlePresets.isEmpty)
}

@Test func durationsAreInMeanSteps() throws {
  let study = try presetStudy(ring, "presets: {failures: F4}", "preset-unit: 2 s")
  #expect(study.resolvedText().contains("up: {exponential: {mean: 200 s}}"))
  #expect(study.resolvedText().contains("down: {exponential: {mean: 20 s}}"))
}

@Test func aSweepOverPresetsKnowsItsCells() throws {
  let swept = try presetStudy(
    network, "presets: {network: G3}", "sweep: {presets.compute: [C0, {C4: {shape: 2}}]}", arms: .swept)
  #expect(swept.arms.map { $0.presets["presets.compute"] } == ["C0", "{C4: {shape: 2}}"])
  let again = try Scenario.parse(text: swept.resolvedText(), file: "shown.yaml", arms: .swept)
  #expect(again == swept)
}

@Test(arguments: [
  (["presets: {latency: L1, loss: P1}"], "the presets L1 and P1 both set conditions.links.loss"),
  (["presets: {loss: P9}"], "there is no preset 'P9' for presets.loss"),
  (["presets: {loss: C1}"], "there is no preset 'C1' for presets.loss"),
  (["presets: {compute: {C4: {shape: 0}}}"], "presets.compute.C4.shape is 0, out of range"),
  (["presets: {failures: F8}"], "preset F8 cannot be: it is about slots, but strategy.timing is asynchronous"),
  (["presets: {compute: [C1]}"], "presets.compute must be one of C0 (equal)"),
]) func aWrongChoiceOfPresetsIsRefused(lines: [String], message: String) throws {
  let error = #expect(throws: ScenarioError.self) { try presetStudy(ring, lines[0]) }
  #expect(error?.message.hasPrefix(message) == true, "\(error?.message ?? "")")
}

@Test func networksThatCannotBeAreRefused() throws {
  for (agents, preset, message) in [
    (7, "G2", "preset G2 cannot be: 7 agents make no torus"), (7, "G6", "preset G6 cannot be: 7 agents are no groups"),
  ] {
    let error = #expect(throws: ScenarioError.self) {
      try presetStudy("network: {agents: \(agents)}", "presets: {network: \(preset)}")
    }
    #expect(error?.message.hasPrefix(message) == true)
  }
  let error = #expect(throws: ScenarioError.self) { try presetStudy("network: {}", "presets: {network: G4}") }
  #expect(error?.message == "preset G4 needs to know network.agents")
}

@Test func anotherTopologyTakesNothingOfAPreset() throws {
  let own = try presetStudy(ring, "presets: {network: G3}")
  #expect(try own.arms[0].settings == presetStudy(ring).arms[0].settings)
}
