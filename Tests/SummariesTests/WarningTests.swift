// SPDX-License-Identifier: GPL-3.0-or-later
import Records
import Results
import Summaries
import Testing

private func warnings(_ arms: [StudyHeader.Arm], _ runs: [StoredRun], replications: Int? = nil) -> [Warning] {
  StudySummary(study(arms, runs, replications: replications)).warnings
}

@Test func aCleanStudyHasNoWarning() {
  #expect(warnings([arm("a")], (0..<10).map { run("a", $0, reaches: 100, msd: 1e-4) }).isEmpty)
}

@Test func everyDangerHasItsWarning() {
  var runs = (0..<9).map { run("a", $0, reaches: 1, msd: 1e-4) }
  runs.append(run("a", 9, reaches: nil, msd: .nan, ending: .stalled, endTime: 3))
  #expect(
    warnings([arm("a", utilisation: 1.25)], runs, replications: 11) == [
      .incomplete(runs: 10, of: 11), .diverged(arm: "a", runs: 1, metric: .msd),
      .stalled(arm: "a", runs: 1, waitingFor: .settings),
      .censored(arm: "a", runs: 1, of: 10, target: "-30 dB", until: 600), .coarseGrid(arm: "a", runs: 9, every: 1),
      .saturated(arm: "a", utilisation: 1.25),
    ])
}

@Test func fewerThanTenReplicationsAreWarnedAboutOnceWithTheSmallestArm() {
  let runs = (0..<3).flatMap { [run("a", $0, reaches: 50, msd: 1), run("b", $0, reaches: 60, msd: 1)] }
  #expect(warnings([arm("a"), arm("b")], runs) == [.fewReplications(arm: "a", runs: 3)])
}

@Test func armsThatDifferInNetworkOrTargetAreNamedSo() {
  let runs = (0..<10).flatMap { [run("a", $0, reaches: 50, msd: 1), run("b", $0, reaches: 50, msd: 1)] }
  #expect(warnings([arm("a"), arm("b", agents: 3)], runs) == [.networksDiffer])
  #expect(warnings([arm("a"), arm("b", target: 1e-2)], runs) == [.targetsDiffer])
}

@Test func soonerButLessAccurateIsWarnedAbout() {
  #expect(
    warnings([arm("slow"), arm("fast")], fastAndSlow()) == [
      .soonerButLessAccurate(arm: "fast", other: "slow", metric: .msd)
    ])
}

@Test(arguments: [
  Warning.censored(arm: "a", runs: 1, of: 2, target: "-30 dB", until: 600), .fewReplications(arm: "a", runs: 1),
  .budgetSpent(arm: "a", runs: 1, of: 2, target: "-30 dB"), .horizonsDiffer,
  .stalled(arm: "a", runs: 2, waitingFor: .timeline), .stalled(arm: "a", runs: 2, waitingFor: .turn),
  .diverged(arm: "a", runs: 1, metric: .msd), .massLost(arm: "a", runs: 1), .burstsOfMessages,
  .endsNothing(event: "restore@160s", what: "cut"),
  .idlePreset(name: "C6", key: "presets.compute", overruledBy: "conditions.compute.stragglers"),
  .timeoutWithoutUse(arm: "a"),
  .saturated(arm: "a", utilisation: 1.5),
  .coarseGrid(arm: "a", runs: 1, every: 0.5), .networksDiffer, .targetsDiffer, .incomplete(runs: 1, of: 2),
  .failed(runs: 1, of: 4, error: "No world."), .soonerButLessAccurate(arm: "a", other: "b", metric: .msd),
  .shard("3/16"), .machinesDiffer(differences: ["BLAS core (Zen, now Haswell)"]),
  .notSettled(arm: "a", metric: .msd, runs: 6, of: 10), .notSettled(arm: "a", metric: .testReturn, runs: 6, of: 10),
  .soonerButLessAccurate(arm: "a", other: "b", metric: .testReturn), .diverged(arm: "a", runs: 1, metric: .testReturn),
  .metAtStart(arm: "a", runs: 1, of: 2, target: "-30 dB"), .nobodyUp(arm: "a", runs: 1, of: 2, metric: .testReturn),
  .nobodyUp(arm: "a", runs: 1, of: 2, metric: .meanReturn), .bestEndsWorse(cell: "a", other: "b", metric: .testReturn),
])
func aWarningIsASentenceWithARemedyThatIsOne(_ warning: Warning) {
  #expect(warning.message.hasSuffix("."))
  #expect(warning.remedy.hasSuffix("."))
  #expect(warning.remedy.count > 10)
}

/// Where plain push-sum loses mass no step size would have been small enough.
@Test func whoLosesMassIsToldToUseRunningSums() {
  func warning(_ settings: [String: String]) -> Warning? {
    var pushSum = arm("a")
    pushSum.settings = ["strategy.kind": "push-sum", "strategy.push-sum.running-sums": "false"]
    pushSum.settings.merge(settings) { $1 }
    let runs = (0..<10).map { run("a", $0, reaches: nil, msd: .infinity) }
    return StudySummary(study([pushSum], runs)).warnings.first {
      switch $0 {
      case .diverged, .massLost: true
      default: false
      }
    }
  }
  let lossy = ["conditions.links.loss": "0.1"]
  #expect(warning(lossy) == .massLost(arm: "a", runs: 10))
  #expect(warning(lossy)?.remedy == "set `strategy.push-sum.running-sums: true`.")
  #expect(warning(["conditions.failures": "{up: 1 s, down: 1 s}"]) == .massLost(arm: "a", runs: 10))
  let limited = ["conditions.links.bandwidth": "1 kB/s", "conditions.links.queue": "supersede"]
  #expect(warning(limited) == .massLost(arm: "a", runs: 10))
  for kept in [
    ["conditions.links.loss": "0"], lossy.merging(["strategy.push-sum.running-sums": "true"]) { $1 },
    limited.merging(["conditions.links.queue": "fifo"]) { $1 }, lossy.merging(["strategy.kind": "gossip"]) { $1 },
  ] {
    #expect(warning(kept) == .diverged(arm: "a", runs: 10, metric: .msd))
  }
}

@Test func aRunThatSpentItsBudgetIsNotToldToRunLonger() {
  let runs = [
    run("a", 0, reaches: nil, msd: 1, ending: .budget, endTime: 5), run("a", 1, reaches: 4, msd: 1e-4),
  ]
  let warnings = StudySummary(study([arm("a")], runs)).warnings
  #expect(warnings.contains(.budgetSpent(arm: "a", runs: 1, of: 2, target: "-30 dB")))
  #expect(!warnings.contains { if case .censored = $0 { true } else { false } })
}

@Test func armsOfDifferentLengthAreNamed() {
  let runs = fastAndSlow()
  func warnings(_ until: Double) -> [Warning] {
    StudySummary(study([arm("slow"), arm("fast", until: until)], runs)).warnings
  }
  #expect(warnings(300).contains(.horizonsDiffer))
  #expect(!warnings(600).contains(.horizonsDiffer))
}

/// The first error of a made-up run is one.
@Test func anErrorThatGrewAMillionfoldHasDivergedThoughItIsFinite() {
  func diverged(_ msd: Double) -> Int {
    StudySummary(study([arm("a")], [run("a", 0, reaches: nil, msd: msd)])).arms[0].diverged
  }
  #expect(diverged(1.1e6) == 1)
  #expect(diverged(0.9e6) == 0)
}

/// With nobody up at the end the error of live agents is undefined, but nobody's has grown.
@Test func nobodyBeingUpIsNoDivergence() {
  var gone = run("a", 0, reaches: nil, msd: .nan)
  gone.record.finals["msd-all"] = 0.5
  #expect(StudySummary(study([arm("a")], [gone])).arms[0].diverged == 0)
}
