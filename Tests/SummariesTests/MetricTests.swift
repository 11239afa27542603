// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Results
import Summaries
import Testing

private let pairs = study([arm("slow"), arm("fast")], fastAndSlow())
private let arms = pairs.header.arms.map { (name: $0.name, hasTarget: $0.target != nil) }

@Test(arguments: known.all.map(\.name))
func whateverCanBeTabulatedCanBeRequiredWithTheSameValue(name: String) throws {
  let metric = try known.metric(name)
  #expect(metric.name == name)
  let claim = try Requirement("fast.\(name) < 2 * fast.\(name)", arms: arms, metrics: known)
  #expect(claim.metricNames == [name, name])
  let required = claim.judge(pairs, resamples: 10).left
  let table = GroupedSummary(pairs, by: [try SettingKey("arm", in: pairs.header)], metrics: [metric])
  let row = try #require(table.rows.first { $0.arms == ["fast"] })
  #expect(row.metric == name)
  if let survival = row.survival {
    #expect(survival.median == required && name.hasSuffix("-to-target"))
  } else if let sample = row.sample {
    #expect(abs(sample.mean - required) <= 1e-12 * abs(required))
  } else {
    // What these runs do not measure.
    #expect(required.isNaN && row.observations.isEmpty)
    let unmeasured = ["final-", "episodes", "realised-", "product-", "effective-", "link-age", "joules", "recovery"]
    #expect(unmeasured.contains { name.hasPrefix($0) })
  }
}

@Test func wrongMetricsAreAnsweredWithTheSameNamesEverywhere() {
  let names = known.all.map(\.name).joined(separator: ", ")
  #expect(known.all.count == 55 && Set(known.all.map(\.name)).count == 55)
  #expect(throws: GroupingError.unknownMetric("mds", all: known.all.map(\.name), guess: "msd")) {
    try known.metric("mds")
  }
  do throws(RequirementError) {
    _ = try Requirement("fast.mds < 1", arms: arms, metrics: known)
    Issue.record("There is no metric of this name.")
  } catch {
    #expect(error.description.contains(names) && error.description.contains("did you mean 'msd'?"))
  }
}

@Test func aDivergedRunIsInfinitelyBadInTablesAsInRequirements() throws {
  let runs = [run("a", 0, reaches: 1, msd: 0.5), run("a", 1, reaches: 1, msd: .nan)]
  let study = study([arm("a")], runs)
  let table = GroupedSummary(study, by: [try SettingKey("arm", in: study.header)], metrics: [try known.metric("msd")])
  #expect(table.rows[0].observations.map(\.value) == [0.5, .infinity])
  let claim = try Requirement("msd > 1e6", arms: [(name: "a", hasTarget: true)], metrics: known)
  #expect(claim.judge(study).left == .infinity)
}
