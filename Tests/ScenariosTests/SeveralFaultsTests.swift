// SPDX-License-Identifier: GPL-3.0-or-later
import DamagedScenarios
import Foundation
import Scenarios
import Testing

/// What is wrong with a text, fault by fault as it is shown.
private func faults(_ text: String, _ overrides: String...) -> [String] {
  do {
    _ = try Scenario.parse(text: text, file: "bad.yaml", overrides: try Override.all(overrides))
    return []
  } catch {
    return error.faults.map(\.description)
  }
}

/// Slips on lines of their own, each of which makes one fault.
private let slips: [(right: String, wrong: String)] = [
  ("dimension: 10", "dimension: ten"), ("noise-variance: {uniform", "noise-variance: {unifrom"),
  ("agents: 20", "agents: -1"), ("algorithm: lms", "algorithm: lsm"), ("kind: diffusion-atc", "kind: diffusion-act"),
  ("sigma: 0.6", "sigme: 0.6"), ("{cv: 0.2}", "{cv: 2 s}"), ("slowdown: 10", "slowdown: 0"),
  ("loss: 5 %", "loss: 105 %"),
  ("until: 10 min", "untill: 10 min"), ("timing: synchronous-global", "timing: synchronous-globe"),
  ("strategy.peer-timeout", "strategy.peer-timeuot"), ("replications: 20", "replications: many"),
  ("seed: 1", "sead: 1"),
]

private func with(_ chosen: [(right: String, wrong: String)]) -> String {
  chosen.reduce(ValidScenarios.stragglers) { text, slip in
    let at = text.range(of: slip.right)
    return at.map { text.replacingCharacters(in: $0, with: slip.wrong) } ?? text
  }
}

@Test func eachSlipMakesOneFault() {
  for slip in slips { #expect(faults(with([slip])).count == 1, "\(slip.wrong): \(faults(with([slip])))") }
}

/// No fault hides another, and none is only the consequence of another: any two slips make the faults of each, in the
/// order of the file, and all slips make the faults of all.
@Test func twoSlipsMakeTheFaultsOfBoth() {
  let alone = slips.map { faults(with([$0])) }
  for first in slips.indices {
    for second in slips.indices where second > first {
      #expect(faults(with([slips[first], slips[second]])) == alone[first] + alone[second])
    }
  }
  #expect(faults(with(slips)) == alone.flatMap { $0 })
}

@Test func faultsAreCountedAtTheEnd() throws {
  let text = with([slips[0], slips[12]])
  let error = try #require(throws: ScenarioError.self) { try Scenario.parse(text: text, file: "bad.yaml") }
  #expect(error.description == faults(text).joined(separator: "\n") + "\n2 errors")
  #expect(error.line == 6)
}

/// A fault of the scenario is said once however many arms share it, one of some arms names them.
@Test func armsShareTheirFaults() {
  let common = with([slips[8]])
  #expect(faults(common).count == 1)
  #expect(!faults(common)[0].contains("in arm"))
  let text =
    ValidScenarios.small + """
      arms:
        a: {learner.step-size: [1, 2], strategy.timing: synchronous-global}
        b: {learner.step-size: 0.1, measure.every: 20 s}
        c: {}
      conditions: {links: {loss: 2}}
      """
  let found = faults(text)
  #expect(found.count == 3)
  #expect(found[0].contains(":7:26: error: learner.step-size has 2 numbers, but the network has 4 agents (in arm 'a')"))
  #expect(found[1].contains(":8:46: error: measure.every is longer than measure.until (in arm 'b')"))
  #expect(found[2].contains(":10:28: error: conditions.links.loss is 2, out of range\n"))
}

/// What cannot be read of an arm does not hide what is wrong elsewhere, and makes nothing else wrong.
@Test func aWrongArmHidesNothingAndMakesNothingWrong() {
  let base = ValidScenarios.small.replacing("agents: 4", with: "agents: 4, redrawz: 3")
    .replacing("measure: {until: 10 s, every: 1 s}\n", with: "")
  let arms = "arms: {a: {measure.until: 10 s, measure.evry: 1 s, conditions.failures.up: 1 s}}\n"
  let found = faults(base + arms)
  #expect(found.count == 2, "\(found)")
  #expect(found.first?.contains("unknown key 'redrawz' in network") == true)
  #expect(found.last?.contains("unknown key 'measure.evry'") == true)
}

@Test func wrongOverridesAreAllSaid() {
  let found = faults(
    ValidScenarios.small, "conditions.links.loss=2", "replications=0", "nothing", "seed=1")
  #expect(found.count == 1 && found[0].contains("PATH=VALUE"))
  let read = faults(ValidScenarios.small, "conditions.links.loss=2", "replications=0", "seed=1")
  #expect(
    read.map { $0.prefix { $0 != "\n" } } == [
      "override conditions.links.loss=2: error: conditions.links.loss is 2, out of range",
      "override replications=0: error: replications is 0, out of range",
    ])
}

/// A thousand faults in a list are not all shown, and take no time.
@Test func faultsComeToAnEnd() {
  let list = "[" + String(repeating: "x, ", count: 5000) + "x]"
  let found = faults(ValidScenarios.small.replacing("0.02", with: list))
  #expect(found.count > 10 && found.count <= 200)
}

// MARK: - Settings given twice

@Test(arguments: [
  (["seed=1", "seed=2"], "'seed' is set twice"), (["seed=1", "seed=1"], "'seed' is set twice"),
  (["conditions.failures=none", "conditions.failures.up=1 s"], "so is the whole of 'conditions.failures'"),
  (["conditions.failures.up=1 s", "conditions.failures=none"], "the whole of 'conditions.failures' is set"),
  (["measure.target={msd: -3 dB}", "seed=3", "measure.target.msd=-4 dB"], "so is the whole of 'measure.target'"),
])
func aKeyIsSetOnceByOverrides(_ overrides: [String], _ part: String) throws {
  let error = try #require(throws: ScenarioError.self) {
    try Scenario.parse(text: ValidScenarios.small, file: "good.yaml", overrides: try Override.all(overrides))
  }
  #expect(error.message.contains(part), "\(error)")
  #expect(error.file == "override \(overrides.last ?? "")")
}

@Test func keysBesideEachOtherAreSetByOverrides() throws {
  let overrides = try Override.all(["conditions.failures.up=1 h", "conditions.failures.down=1 s", "seed=3"])
  #expect(try Scenario.parse(text: ValidScenarios.small, file: "good.yaml", overrides: overrides).seed == 3)
}

@Test func anArmSetsAKeyOnce() {
  let arms = "arms: {a: {conditions.failures: none, conditions.failures.up: 1 s}, b: {}}\n"
  #expect(faults(ValidScenarios.small + arms).first?.contains("so is the whole of 'conditions.failures'") == true)
}

@Test(arguments: [
  "conditions.links.loss=0.1,1e-1", "conditions.links.loss=10 %,0.2,0.1", "measure.every=1 s,1000 ms",
  "conditions.links.latency=0,0 s", "conditions.links.bandwidth=8 Mbit/s,1 MB/s", "conditions.links.loss=0,-0.0",
  "conditions.links.bandwidth=32.3 kB/s,32300 B/s", "conditions.links.bandwidth=4.1 Mbit/s,512.5 kB/s",
  "conditions.compute.between-agents={exponential: 4.1 min},{exponential: 246 s}",
  "conditions.links.latency={exponential: 1 s},{exponential: {mean: 1000 ms}}", "task.dimension=2,2.0",
  "conditions.links.in-order=true,\"true\"", "measure.target={msd: -30 dB},{msd: 0.001}",
])
func aValueIsGivenOnceHoweverItIsWritten(_ override: String) {
  let found = faults(ValidScenarios.small, override)
  #expect(found.count == 1 && found[0].contains(" twice"), "\(found)")
  let (path, values) = (override.prefix { $0 != "=" }, override.drop { $0 != "=" }.dropFirst())
  let swept = faults(ValidScenarios.small + "sweep: {\(path): [\(values)]}\n")
  #expect(swept.count == 1 && swept[0].contains(" twice"), "\(swept)")
}

@Test func valuesThatDifferAreNotTakenForOne() {
  for override in ["conditions.links.loss=0.1,0.10000000000000001", "measure.every=1 s,1.000000001 s"] {
    #expect(faults(ValidScenarios.small, override).isEmpty, "\(override)")
  }
}

// MARK: - Ranges

@Test func aRangeComesToItsEnd() {
  let found = faults(ValidScenarios.small, "conditions.links.loss=0:0.3:0.07")
  #expect(found.count == 1)
  #expect(found[0].contains("does not come to its end: its steps lead to 0.28 and 0.35"))
  let block = faults(ValidScenarios.small + "sweep: {conditions.links.loss: {from: 0, to: 30 %, step: 7 %}}\n")
  #expect(block.count == 1 && block[0].contains("its steps lead to 28 % and 35 %"))
}

/// Every point of a range in decimals has its shortest name: as many tenths, hundredths and so on as it is.
@Test func pointsOfARangeHaveTheirShortestNames() throws {
  for (step, digits) in [("0.1", 1), ("0.01", 2), ("0.001", 3)] {
    let names = try Override("conditions.links.loss=0:1:\(step)").values
    let count = [10, 100, 1000][digits - 1]
    #expect(names.count == count + 1)
    for (index, name) in names.enumerated() {
      #expect(name == "\(Double(index) / Double(count))".replacing(/\.0$/, with: ""))
    }
  }
}

// MARK: - Long texts

/// Paths that lead nowhere are refused at once, however long they are.
@Test func aLongPathIsRefused() {
  for path in [
    Array(repeating: "a", count: 20_000).joined(separator: "."), String(repeating: ".", count: 100_000),
    "conditions.failures." + Array(repeating: "a", count: 20_000).joined(separator: "."),
    String(repeating: "x", count: 100_000),
  ] {
    let found = faults(ValidScenarios.small, "\(path)=1")
    #expect(found.count == 1)
    #expect(found[0].count < 2000)
    #expect(faults(ValidScenarios.small + "arms: {a: {\(path): 1}}\n").count == 1)
    #expect(faults(ValidScenarios.small + "sweep: {\(path): [1, 2]}\n").count == 1)
  }
}

/// Texts that nest end with a message.
@Test(arguments: [
  ("[", ""), ("{a: ", ""), ("{", ""), ("- ", ""), ("? ", ""), ("\"", ""), ("'a': {", ""), ("[[], ", ""),
  ("\"\\\"", "\""),
  ("{[", ""), ("a: ", ""), ("[a, ", ""), ("{a, ", ""), ("#", ""), ("\"a\" : ", ""), ("[\"a\", ", "]"), ("!!", ""),
  ("&a ", ""),
])
func deepTextsEnd(_ opening: String, _ closing: String) {
  let piece = String(repeating: opening, count: 300_000 / opening.utf8.count)
  #expect(!faults(ValidScenarios.small + "question: " + piece + closing + "\n").isEmpty || opening == "#")
  #expect(!faults(ValidScenarios.small + piece + closing + "\n").isEmpty || opening == "#")
}
