// SPDX-License-Identifier: GPL-3.0-or-later
import Results
import Summaries
import Testing

/// What reaching the target took the runs of one arm, in updates.
private func updates(_ runs: [StoredRun]) throws -> GroupedSummary.Row {
  let study = study([arm("a")], runs)
  let summary = GroupedSummary(
    study, by: [try SettingKey("arm", in: study.header)], metrics: [try RunMetric("updates-to-target")])
  return try #require(summary.rows.first)
}

@Test func runsThatNeverReachTheTargetStayAtRiskOfItsCost() throws {
  // Two of twelve take 200 and 300 updates; the others never arrive.
  let row = try updates((0..<12).map { run("a", $0, reaches: $0 == 0 ? 100 : $0 == 1 ? 150 : nil, msd: 1e-4) })
  let survival = try #require(row.survival)
  #expect(survival.reached == 2 && survival.runs == 12 && survival.median == nil)
  #expect(row.observations.map(\.value) == [200, 300] + Array(repeating: .infinity, count: 10))
  #expect(row.observations.count(where: \.isCensored) == 10)
  // Up to the greatest cost that was seen.
  #expect(survival.restrictedTo == 300 && abs(survival.restrictedMean - (200 + 11 * 300) / 12) < 1e-9)
}

@Test func aBudgetRestrictsTheMeanCost() throws {
  let row = try updates(
    (0..<4).map { run("a", $0, reaches: $0 < 2 ? 300 : nil, msd: 1e-4, ending: $0 < 2 ? .until : .budget) })
  #expect(row.survival?.restrictedTo == 400 && row.survival?.restrictedMean == 400)
  #expect(row.observations.map(\.value) == [600, 600, 400, 400])
}
