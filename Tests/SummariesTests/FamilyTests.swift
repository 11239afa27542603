// SPDX-License-Identifier: GPL-3.0-or-later
import Records
import Results
import Summaries
import Testing

/// Some arms with twelve replications; `times` and `levels` by arm, with a little noise that all arms share.
private func several(_ arms: [(name: String, time: Double?, msd: Double)]) -> [StoredRun] {
  (0..<12).flatMap { replication in
    let jitter = 1 + 0.01 * Double(replication % 5)
    return arms.map { run($0.name, replication, reaches: $0.time.map { $0 * jitter }, msd: $0.msd * jitter) }
  }
}

@Test func theFamilyHasEveryPairOfArmsByTimeAndByFinalError() {
  let runs = several([("a", 100, 1e-4), ("b", 200, 1e-4), ("c", 300, 1e-4)])
  let family = StudySummary(study(["a", "b", "c"].map { arm($0) }, runs)).family
  #expect(family.tests == 6 && family.base == nil && family.metrics == ["time-to-target", "msd"])
}

@Test func manyArmsAreComparedWithTheFirstOnly() {
  let names = (0..<10).map { "arm \($0)" }
  let summary = StudySummary(study(names.map { arm($0) }, several(names.map { ($0, 100, 1e-4) })))
  #expect(summary.family.base == "arm 0" && summary.family.tests == 18)
  #expect(summary.comparisons.count == 9)
}

@Test func aClaimNeedsAnAdjustedValueBelowFivePercent() throws {
  // Six pairs that all agree: the exact test of signs cannot fall below 2⁻⁵, which alone would do and of two does not.
  let runs = (0..<6).flatMap {
    [run("a", $0, reaches: 300, msd: 1e-4), run("b", $0, reaches: 100 + Double($0), msd: 1e-4)]
  }
  let summary = StudySummary(study([arm("a"), arm("b")], runs))
  let time = try #require(summary.comparison("b", with: "a")?.time)
  #expect(time.p == 1.0 / 32 && time.adjustedP == 1.0 / 16 && !time.isSooner)
  #expect(summary.verdict.sentence.hasPrefix("no difference shown between b and a in the time to -30 dB"))
  #expect(summary.verdict.sentence.contains("6 pairs are too few to show any, 7 would do"))
}

@Test func holmRaisesTheSmallestValueByTheNumberOfTests() throws {
  let runs = several([("a", 300, 1e-4), ("b", 100, 1e-4), ("c", 290, 1e-4)])
  let summary = StudySummary(study(["a", "b", "c"].map { arm($0) }, runs))
  for comparison in summary.comparisons {
    let time = try #require(comparison.time)
    #expect(try #require(time.adjustedP) >= (time.p ?? 1))
  }
  let values = summary.comparisons.compactMap { $0.time?.p }
  let smallest = try #require(values.min())
  #expect(summary.comparisons.contains { $0.time?.adjustedP == 6 * smallest })
}

@Test func everyArmThatIsSoonerButLessAccurateIsWarnedAbout() {
  let runs = several([("first", 400, 1e-4), ("second", 100, 2e-4), ("third", 200, 3e-4), ("good", 300, 1e-5)])
  let warnings = StudySummary(study(["first", "second", "third", "good"].map { arm($0) }, runs)).warnings
  #expect(
    warnings == [
      .soonerButLessAccurate(arm: "second", other: "first", metric: .msd),
      .soonerButLessAccurate(arm: "third", other: "first", metric: .msd),
    ])
}

@Test func whatTheTargetCostsIsComparedLikeItsTime() throws {
  // The made-up costs are multiples of the time: 2 updates, 3 messages and 240 bytes a second.
  let summary = StudySummary(study([arm("slow"), arm("fast")], fastAndSlow()))
  let comparison = try #require(summary.comparison("fast", with: "slow"))
  let time = try #require(comparison.time)
  #expect(comparison.costs.map(\.metric) == ["updates", "samples", "messages", "bytes"])
  for cost in comparison.costs {
    #expect(abs(cost.ratio * time.ratio - 1) < 1e-12)
    #expect(cost.interval.map { $0.lower <= cost.ratio && cost.ratio <= $0.upper } == true)
  }
}

@Test func pairsThatMoveTogetherHaveASmallVarianceRatioAndADifferenceOfTheirOwn() throws {
  let runs = (0..<12).flatMap { replication in
    let shared = 10 * Double(replication)
    return [
      run("a", replication, reaches: 300 + shared, msd: 1e-4), run("b", replication, reaches: 250 + shared, msd: 1e-4),
    ]
  }
  let time = try #require(StudySummary(study([arm("a"), arm("b")], runs)).comparison("b", with: "a")?.time)
  #expect(time.difference?.mean == -50)
  #expect(abs(try #require(time.varianceRatio)) < 1e-12)
  // A run of b comes before one of a of up to four replications less, and with one of five less.
  var wins = 0.0
  for own in 0..<12 { for other in 0..<12 { wins += own < other + 5 ? 1 : own == other + 5 ? 0.5 : 0 } }
  #expect(abs(try #require(time.improvement?.value) - wins / 144) < 1e-12)
}

/// Data, speeds and outages of a replication are the same on both networks, so its runs are a pair.
@Test func armsOnDifferentNetworksArePaired() throws {
  let summary = StudySummary(study([arm("slow"), arm("fast", agents: 3)], fastAndSlow()))
  let comparison = try #require(summary.comparison("fast", with: "slow"))
  #expect(comparison.isPaired && comparison.pairs == 12 && comparison.time?.soonerPairs == 12)
  #expect(summary.text(TerminalStyle()).contains("12 paired replications on one network each"))
  #expect(summary.warnings.contains(.networksDiffer))
}

@Test func armsWithoutACommonReplicationAreComparedWithoutPairs() throws {
  let runs = fastAndSlow().filter {
    ($0.record.identity.arm == "slow") == ($0.record.identity.replication < 6)
  }
  let summary = StudySummary(study([arm("slow"), arm("fast")], runs, replications: 12))
  #expect(summary.comparison("fast", with: "slow")?.unpaired == "the arms have no replication in common")
  #expect(summary.comparison("fast", with: "slow")?.final?.varianceRatio == nil)
  #expect(summary.text(TerminalStyle()).contains("unpaired"))
}

@Test func runsOfOtherMachinesAreNamed() {
  var mixed = study([arm("a")], (0..<10).map { run("a", $0, reaches: 100, msd: 1e-4) })
  func session(_ number: Int, core: String) -> StoredSession {
    StoredSession(
      number: number,
      provenance: Provenance(
        command: "", version: "1", revision: "", streams: "", libraries: [:], blasCore: core, processor: "",
        processorFlags: [], operatingSystem: "", host: "", process: 1, jobs: 1), started: "", ended: nil)
  }
  mixed.sessions = [session(1, core: "Zen"), session(2, core: "Zen")]
  #expect(StudySummary(mixed).warnings.isEmpty)
  mixed.sessions.append(session(3, core: "Haswell"))
  #expect(
    StudySummary(mixed).warnings == [.machinesDiffer(differences: ["BLAS core (Zen, now Haswell)"])])
}

@Test func averagingShowsNoColumnsThatSayNothing() {
  var idle = (0..<10).map { run("a", $0, reaches: 100, msd: 1e-4) }
  for index in idle.indices {
    for agent in idle[index].record.agents.indices {
      idle[index].record.agents[agent].updates = 0
      idle[index].record.agents[agent].useful = 0
      idle[index].record.agents[agent].unfinished = 0
    }
  }
  let text = StudySummary(study([arm("a")], idle)).text(TerminalStyle())
  #expect(!text.contains("waiting") && !text.contains("updates/agent") && !text.contains("samples"))
  #expect(text.contains("messages") && text.contains("final MSD"))
}
