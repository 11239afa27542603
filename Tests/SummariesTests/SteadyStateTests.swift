// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Records
import Results
import Summaries
import Testing

/// A run whose MSD falls for some time and then swings around a level, deterministically.
private func settling(_ replication: Int, falls: Int, of count: Int) -> StoredRun {
  var stored = run("a", replication, reaches: 100, msd: 1e-4)
  stored.record.grid = (0..<count).map(Double.init)
  let values = (0..<count).map { step -> Double in
    let decay = step < falls ? 1 - Double(step) / Double(falls) : 0
    return decay + 1e-4 * (1 + 0.3 * sin(2.4 * Double(step * step + replication)))
  }
  stored.record.series = [RunRecord.Series(metric: "msd", values: values)]
  return stored
}

@Test func theWarmUpIsCutWhereTheFallEnds() throws {
  let summary = StudySummary(study([arm("a")], (0..<10).map { settling($0, falls: 50, of: 400) }))
  let steadyState = try #require(summary.steadyStates.first)
  #expect(steadyState.isSettled && steadyState.unsettled == 0)
  for run in steadyState.runs { #expect(run.cut >= 45 && run.cut <= 60) }
  #expect(abs(steadyState.mean - 1e-4) < 1e-5)
  #expect(summary.warnings.isEmpty)
}

@Test func runsThatWarmUpForMostOfTheirTimeAreWarnedAbout() {
  let runs = (0..<10).map { settling($0, falls: 300, of: 400) }
  #expect(
    StudySummary(study([arm("a")], runs)).warnings == [.notSettled(arm: "a", metric: .msd, runs: 10, of: 10)])
}
