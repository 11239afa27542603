// SPDX-License-Identifier: GPL-3.0-or-later
import Scenarios
import Testing

private func text(name: String = "small", question: String = "why", arm: String = "a") -> String {
  """
  name: \(name)
  question: \(question)
  task: {kind: linear-regression, dimension: 2}
  network: {topology: ring, agents: 3}
  learner: {step-size: 0.02}
  measure: {until: 3 s, every: 1 s}
  arms: {\(arm): {}, b: {}}
  """
}

/// Every way in which YAML writes U+0000, in every text, at the place of the escape.
@Test(arguments: [
  (text(name: #""a\0b""#), 1, 9), (text(name: #""\\\x00""#), 1, 10), (text(question: #""why\u0000""#), 2, 15),
  (text(question: #""\n\t\"\U00000000 \0""#), 2, 18), (text(arm: #""a\0""#), 7, 10),
  (text(question: "\"two\n  lines\\0\""), 3, 8),
])
func aCharacterThatNoTextHasIsRefusedAtItsPlace(text: String, line: Int, column: Int) throws {
  let error = #expect(throws: ScenarioError.self) { try Scenario.parse(text: text, file: "nul.yaml") }
  #expect(error?.message.contains("U+0000") == true)
  #expect(error?.line == line && error?.column == column, "\(error?.description ?? "")")
}

@Test func theSameInAnOverride() throws {
  let error = #expect(throws: ScenarioError.self) {
    try Scenario.parse(text: text(), file: "nul.yaml", overrides: [Override(#"question="why\0""#)])
  }
  #expect(error?.message.contains("U+0000") == true)
  #expect(error?.column == 14)
}

@Test func aBackslashBeforeAZeroIsAText() throws {
  let scenario = try Scenario.parse(text: text(name: #""a\\0b""#), file: "nul.yaml")
  #expect(scenario.name == #"a\0b"#)
  #expect(try Scenario.parse(text: text(name: #"'a\0b'"#), file: "nul.yaml").name == #"a\0b"#)
}
