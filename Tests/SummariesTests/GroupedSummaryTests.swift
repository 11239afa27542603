// SPDX-License-Identifier: GPL-3.0-or-later
import Results
import Summaries
import Testing

/// What reaching the target took the runs of one arm, in updates.
private func updates(_ runs: [StoredRun]) throws -> GroupedSummary.Row {
  let study = study([arm("a")], runs)
  let summary = GroupedSummary(
    study, by: [try SettingKey("arm", in: study.header)], metrics: [try known.metric("updates-to-target")])
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

/// Numbers and durations are told by what they are and not by how they are written.
@Test(arguments: [
  ("100 ms", "0.1 s", true), ("100 ms", "100 us", false), ("0.1", "1e-1", true), ("0", "0.0", true),
  ("0", "1e-400", false),
  ("0.3", "0.30000000000000004", false), ("3 m 31 s", "211 s", true), ("10 Mbit/s", "10", false),
  ("metropolis", "hastings", false),
])
func aValueIsFoundHoweverItIsWritten(_ own: String, _ asked: String, _ isFound: Bool) throws {
  var first = arm("first")
  first.settings = ["some.key": own]
  var second = arm("second")
  second.settings = ["some.key": "another"]
  let whole = study([first, second], [])
  let key = try SettingKey("some.key", in: whole.header)
  #expect((try? whole.filtered(key, is: asked))?.header.arms.map(\.name) == (isFound ? ["first"] : nil))
}
