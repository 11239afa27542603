// SPDX-License-Identifier: GPL-3.0-or-later
import Results
import Summaries
import Testing

/// Arms that were tuned to the level 1e-4 of `slow`.
private func matched(isMatched: Bool = true, fastMSD: Double = 1e-4) -> StudySummary {
  let runs = (0..<12).flatMap { replication in
    let jitter = 1 + 0.01 * Double(replication % 5)
    let other = 1 + 0.004 * Double(replication % 3 - 1)
    return [
      run("slow", replication, reaches: 300 * jitter, msd: 1e-4 * jitter),
      run("fast", replication, reaches: 100 * jitter * other, msd: fastMSD * jitter * other),
      run("odd", replication, reaches: 50 * jitter, msd: 1e-3),
    ]
  }
  var tuned = study([arm("slow"), arm("fast"), arm("odd")], runs)
  tuned.header.tuning = Tuning(
    metric: "msd", reference: "slow", level: 1.02e-4, tolerance: 0.1, pilots: Array(1_000_000..<1_000_040),
    scenarioHash: "",
    arms: [
      Tuning.Arm(name: "slow", factor: 1, level: 1.02e-4, isMatched: true, attempts: []),
      Tuning.Arm(name: "fast", factor: 0.83, level: 1.02e-4, isMatched: isMatched, attempts: []),
      Tuning.Arm(
        name: "odd", factor: 0.01, level: 1.02e-3, isMatched: false,
        attempts: [Tuning.Attempt(factor: 0.01, level: 1.02e-3)]),
    ])
  return StudySummary(tuned)
}

@Test func aMatchedStudyComparesAtEqualErrorAndNamesWhatCouldNotBeMatched() throws {
  let summary = matched()
  let study = try #require(summary.matched)
  #expect(study.comparable.map(\.name) == ["fast"])
  #expect(study.arms[0].difference == nil && study.arms[0].equivalentWithin == nil)
  #expect(study.arms[2].reason == "its pilots stayed 10.0 dB above the level in 1 try")
  let sentence = summary.verdict.sentence
  #expect(sentence.hasPrefix("at equal final MSD (-39.9 dB, to within 0.0"))
  #expect(sentence.contains(" dB), fast reaches -30 dB 3.0x ["))
  #expect(sentence.contains("] sooner than slow, with 0.33x ["))
  #expect(sentence.contains("] the updates, samples, messages and bytes; odd is not compared: its pilots stayed"))
  let text = summary.text(TerminalStyle(width: 80))
  #expect(text.contains("At equal final MSD: step sizes tuned to that of slow"))
  #expect(text.contains("x0.83"))
}

@Test func anArmWhoseReportedRunsEndElsewhereIsNotComparedAsEqual() throws {
  let study = try #require(matched(fastMSD: 2e-4).matched)
  #expect(study.comparable.isEmpty)
  #expect(study.arms[1].reason == "its reported runs end 3.0 dB above the reference")
}

@Test func whereNothingCouldBeMatchedThePlainVerdictStands() {
  #expect(matched(isMatched: false).verdict.sentence.hasPrefix("odd reaches -30 dB"))
}
