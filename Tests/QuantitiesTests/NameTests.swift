// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Testing

@Test func namesWithNumbersGoByTheirNumbers() {
  let names = [
    "agent-10", "agent-9", "agent-09", "b", "agent", "agent-9a", "Agent-1", "agent-10-2", "é", "agent-10-10",
  ]
  let order = [
    "Agent-1", "agent", "agent-09", "agent-9", "agent-9a", "agent-10", "agent-10-2", "agent-10-10", "b", "é",
  ]
  #expect(names.sorted(by: naturallyPrecedes) == order)
  // A total order: of two names one precedes the other, and none itself.
  for left in names {
    for right in names {
      #expect(naturallyPrecedes(left, right) != naturallyPrecedes(right, left) || left == right)
    }
    #expect(!naturallyPrecedes(left, left))
  }
}

@Test(arguments: [
  ("lsm", "lms"), ("asynchronus", "asynchronous"), ("Ring", "ring"), ("synchronous-l", "synchronous-local"),
])
func aMistypedWordIsGuessed(_ word: String, _ meant: String) {
  let known = ["lms", "asynchronous", "synchronous-local", "synchronous-global", "ring", "star"]
  #expect(nearest(to: word, among: known) == meant)
}

@Test func whatCouldBeManyOrIsFarIsNotGuessed() {
  #expect(nearest(to: "synchronous", among: ["synchronous-local", "synchronous-global"]) == nil)
  #expect(nearest(to: "torus", among: ["ring", "star", "path"]) == nil)
  #expect(nearest(to: "x", among: []) == nil)
}

@Test func aCountHasItsNoun() {
  #expect(
    counted(1, "run") == "1 run" && counted(0, "run") == "0 runs"
      && counted(2, "run differs", "runs differ") == "2 runs differ")
}
