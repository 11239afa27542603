// SPDX-License-Identifier: GPL-3.0-or-later
import Records
import Results
import Summaries
import Testing

@Test func whatIsSaidOfSeveralArmsIsSaidOnce() {
  let warnings = [
    Warning.notSettled(arm: "a", metric: .msd, runs: 5, of: 6), .fewReplications(arm: "a", runs: 6),
    .notSettled(arm: "b", metric: .msd, runs: 4, of: 6), .notSettled(arm: "c", metric: .msd, runs: 6, of: 6),
  ]
  let cautions = warnings.cautions
  #expect(cautions.count == 2)
  #expect(cautions[0].message.hasPrefix("5 of 6 runs of a, 4 of 6 of b and 6 of 6 of c had not settled: "))
  #expect(cautions[0].remedy == warnings[0].remedy && cautions[1].message == warnings[1].message)
}

@Test func onlyWhatHasTheSameRemedyStandsTogether() {
  let warnings = [
    Warning.censored(arm: "a", runs: 1, of: 6, target: "-30 dB", until: 60),
    .censored(arm: "b", runs: 1, of: 6, target: "-30 dB", until: 90),
    .censored(arm: "c", runs: 1, of: 6, target: "-30 dB", until: 60),
    .budgetSpent(arm: "c", runs: 1, of: 6, target: "-30 dB"),
  ]
  #expect(
    warnings.cautions.map(\.message) == [
      "1 of 6 runs of a and 1 of 6 of c never reached -30 dB within 1 m 00 s: they are censored, not averaged.",
      "1 of 6 runs of b never reached -30 dB within 1 m 30 s: it is censored, not averaged.",
      "1 of 6 runs of c spent the budget before reaching -30 dB: it is censored, not averaged.",
    ])
}

@Test func ofManyArmsTheFirstAreNamedAndTheRestCounted() {
  let warnings = (0..<9).map { Warning.budgetSpent(arm: "a\($0)", runs: $0 + 1, of: 10, target: "-30 dB") }
  #expect(
    warnings.cautions.map(\.message) == [
      "1 of 10 runs of a0, 2 of 10 of a1, 3 of 10 of a2, 4 of 10 of a3, 5 of 10 of a4 and 30 of 40 of 4 others spent "
        + "the budget before reaching -30 dB: they are censored, not averaged."
    ])
}

@Test func armsAndLinksAreJoinedToo() {
  let sooner = ["a", "b"].map { Warning.soonerButLessAccurate(arm: $0, other: "c", metric: .testReturn) }
  #expect(sooner.cautions[0].message.hasPrefix("a and b are sooner than c, but their final return is lower: "))
  let full = ["a", "b"].map { Warning.saturated(arm: $0, utilisation: 1.5) }
  #expect(full.cautions[0].message.hasPrefix("the busiest links of a and b are offered 1.50 times what they can carry"))
  #expect([full[0]].cautions[0].message.hasPrefix("the busiest link of a is offered 1.50 times what it can carry"))
}

@Test func theTextHasOneWarningForAllArmsThatSpentTheirBudget() {
  let runs = (0..<10).flatMap { replication in
    ["a", "b"].map { run($0, replication, reaches: nil, msd: 1, ending: .budget, endTime: 5) }
  }
  let summary = StudySummary(study([arm("a"), arm("b")], runs))
  #expect(summary.warnings.count == 2)
  let lines = summary.text(TerminalStyle(width: 80)).split(separator: "\n").filter { $0.hasPrefix("Warning") }
  #expect(lines.count == 1 && lines[0].hasPrefix("Warning  10 of 10 runs of a and 10 of 10 of b spent the budget"))
}

@Test func aTargetThatIsMetAtTheStartIsNoMatterOfTheGrid() {
  let runs = (0..<10).map { run("a", $0, reaches: $0 < 6 ? 0 : $0 < 8 ? 1 : 100, msd: 1e-4) }
  let warnings = StudySummary(study([arm("a")], runs)).warnings
  #expect(
    warnings == [
      .metAtStart(arm: "a", runs: 6, of: 10, target: "-30 dB"), .coarseGrid(arm: "a", runs: 2, every: 1),
    ])
  #expect(warnings[0].message.contains("at time 0, before agents had learnt anything"))
  #expect(warnings[0].remedy == "set a target that is harder to reach.")
}
