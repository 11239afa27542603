// SPDX-License-Identifier: GPL-3.0-or-later
import DamagedScenarios
import Foundation
import Scenarios
import Testing

@Test func theFileOfWrongScenariosIsRead() {
  #expect(ErrorCase.all.count > 100)
}

@Test(arguments: ErrorCase.all)
func aWrongScenarioHasExactlyItsMessage(_ wrong: ErrorCase) throws {
  do {
    let overrides = try wrong.overrides.map { try Override($0) }
    _ = try Scenario.parse(text: wrong.text, file: "bad.yaml", overrides: overrides)
    Issue.record("the scenario was taken for good")
  } catch let error as ScenarioError {
    #expect(error.description == wrong.expected)
    #expect(error.kind == .invalid)
  }
}

private func errorColumn(_ text: String) -> Int? { mistake(in: text)?.column }

/// The error of a scenario text.
private func mistake(in text: String) -> ScenarioError? {
  do {
    _ = try Scenario.parse(text: text, file: "bad.yaml")
    return nil
  } catch {
    return error
  }
}

@Test func aLongLineIsShownInPartWithItsCaretInPlace() throws {
  let wrong =
    ValidScenarios.small + "question: \(String(repeating: "x", count: 500))\nconditions: {links: {"
    + String(repeating: " ", count: 300) + "loss: 7, overhead: 0" + String(repeating: " ", count: 300) + "}}\n"
  let lines = try #require(mistake(in: wrong)).description.components(separatedBy: "\n")
  #expect(lines[0] == "bad.yaml:7:328: error: conditions.links.loss is 7, out of range")
  #expect(lines[1].count < 125)
  let caret = try #require(lines[2].firstIndex(of: "^"))
  let offset = lines[2].distance(from: lines[2].startIndex, to: caret)
  #expect(Array(lines[1])[offset] == "7")
}

@Test func columnsCountCharactersBeforeTheValue() throws {
  let wrong = ValidScenarios.small.replacing("name: small", with: "name: {\u{E4}\u{1F600}: 1}")
  let error = try #require(mistake(in: wrong))
  #expect(error.line == 1)
  #expect(error.column == 7)
  let inner = ValidScenarios.small + "conditions: {links: {\"\u{E4}\u{1F600}\": 1, loss: 2}}\n"
  #expect(errorColumn(inner) == 22)
}

@Test func windowsLineEndsAndAByteOrderMarkAreRead() throws {
  let text = "\u{FEFF}" + ValidScenarios.stragglers.replacing("\n", with: "\r\n")
  #expect(try scenario(text) == scenario(ValidScenarios.stragglers))
  let wrong = "\u{FEFF}" + (ValidScenarios.small + "seed: x\n").replacing("\n", with: "\r\n")
  #expect(mistake(in: wrong)?.description.hasPrefix("bad.yaml:6:7: error: seed must be") == true)
}

@Test func starsAmpersandsAndExclamationMarksInTextAreNoAliases() throws {
  let text = ValidScenarios.small + "question: \"*is* &it !so\" # *not &an !alias\n"
  #expect(try scenario(text).question == "*is* &it !so")
  let block = ValidScenarios.small + "question: |\n  *is\n  &it\n  !so\n"
  #expect(try scenario(block).question == "*is\n&it\n!so\n")
}

@Test func nestedAliasesInAKeyAreRefusedAtOnce() throws {
  var text = "a0: &a0 [x, x]\n"
  for level in 1...60 { text += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
  text += "? *a60\n: 1\n"
  let error = try #require(mistake(in: text))
  #expect(error.line == 1)
  #expect(error.message.contains("anchors"))
}

@Test func aRunLargerThanTheMachineIsRefusedWithItsNumbers() throws {
  let huge = ValidScenarios.small.replacing("dimension: 2", with: "dimension: 1000000")
    .replacing("agents: 4", with: "agents: 1000000")
  let error = try #require(mistake(in: huge))
  #expect(error.message.hasPrefix("a run with 1000000 agents of 1000000 parameters needs about 5.22e+04 GiB"))
  #expect(error.line == 3)
}

@Test func deepBracketsAndLongListsEndWithAMessage() throws {
  for opening in ["[", "{a: ", "- ", "? "] {
    let text = ValidScenarios.small + "question:\n  " + String(repeating: opening, count: 20_000) + "\n"
    #expect(mistake(in: text) != nil)
  }
  let many = ValidScenarios.small.replacing("0.02", with: "[" + String(repeating: "1, ", count: 300_000) + "1]")
  #expect(mistake(in: many)?.message == "learner.step-size has 300001 numbers, but the network has 4 agents")
}

/// Networks whose messages may just be sent, and episodes that no machine could hold.
@Test func networksAndEpisodesLargerThanTheMachineAreRefused() throws {
  let control = ValidScenarios.small.replacing(
    "kind: linear-regression, dimension: 2", with: "kind: control, environment: cart-pole-balance, time-limit: 100000")
  let units = control.replacing("step-size: 0.02", with: "algorithm: actor-critic, hidden-units: [20000, 20000]")
    .replacing("agents: 4", with: "agents: 10000")
  let large = try #require(mistake(in: units))
  #expect(large.message.hasPrefix("a run with 10000 agents of 800300003 parameters needs about "))
  let episodes = control.replacing(
    "step-size: 0.02", with: "algorithm: actor-critic, episodes-per-step: 10000, hidden-units: [400, 400]")
  let long = try #require(mistake(in: episodes))
  // How many agents compute at a time depends on the machine.
  #expect(long.message.hasPrefix("a run with 4 agents of 326003 parameters needs about "))
  #expect(long.message.contains("GiB of them for episodes of a step"))
}
