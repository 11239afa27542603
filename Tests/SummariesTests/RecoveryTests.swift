// SPDX-License-Identifier: GPL-3.0-or-later
import MadeUp
import Records
import Results
import Summaries
import Testing

/// When a branch is as good as the run as it was, by its definition.
@Suite struct RecoveryTests {
  /// Of a branch from 2 s on whose last change is at 3 s, measured every second.
  private func recovery(
    _ own: [Double], as other: [Double], endTime: Double? = nil, ending: RunRecord.Ending = .until
  ) throws -> RunRecord.Recovery? {
    let names = ["as it was", "branch"]
    let runs = zip(names, [other, own]).map { name, curve in
      MadeUp.run(
        name, 0, ending: name == "branch" ? ending : .until, endTime: endTime ?? Double(curve.count - 1),
        grid: curve.indices.map { Double($0) },
        series: [("msd", curve)], finals: ["msd": curve[curve.count - 1]], target: nil,
        sent: 1000, agents: [])
    }
    var study = study(names.map { arm($0, until: 8) }, runs)
    for index in study.header.arms.indices {
      study.header.arms[index].fork = StudyHeader.Fork(
        study: "s", hash: "h", arm: "a", start: 2, isBranch: index == 1, lastChange: index == 1 ? 3 : nil)
    }
    return study.withRecoveries.runs[1].record.recovery
  }

  @Test func threeMeasurementsInARowWithinOneDecibelAreBack() throws {
    let other = [Double](repeating: 1, count: 9)
    #expect(try recovery([1, 1, 9, 9, 1.2, 1.2, 1.2, 1, 1], as: other) == .init(seconds: 1, isComplete: true))
    #expect(try recovery([1, 1, 9, 1.2, 1.2, 1.3, 1.2, 1.2, 1.2], as: other) == .init(seconds: 3, isComplete: true))
    #expect(try recovery([1, 1, 9, 9, 9, 9, 9, 1, 1], as: other) == .init(seconds: 5, isComplete: false))
  }

  /// Anybody is better than nobody, and nobody as good as nobody.
  @Test func whereNobodyWasUpABranchIsBackWhateverItHas() throws {
    let other = [1, 1, 1, .nan, .nan, .nan, .nan, 1, 1]
    #expect(try recovery([1, 1, 1, 7, 7, 7, 7, 7, 7], as: other) == .init(seconds: 0, isComplete: true))
    #expect(try recovery([1, 1, 1, .nan, .nan, .nan, 1, 1, 1], as: other) == .init(seconds: 0, isComplete: true))
    #expect(
      try recovery([1, 1, 1, .nan, .nan, .nan, 1, 1, 1], as: [Double](repeating: 1, count: 9))
        == .init(seconds: 3, isComplete: true))
  }

  /// In a run in which nobody can proceed any more the metric stands still, however near it is.
  @Test func aRunThatStallsNeverRecovers() throws {
    let other = [Double](repeating: 1, count: 9)
    #expect(try recovery(other, as: other, endTime: 5, ending: .stalled) == .init(seconds: 5, isComplete: false))
    #expect(try recovery(other, as: other, endTime: 1, ending: .stalled) == nil)
  }

  @Test func aRunThatWasOverBeforeHasNothingToRecoverFrom() throws {
    #expect(try recovery([1, 1], as: [1, 1], endTime: 1) == nil)
  }
}
