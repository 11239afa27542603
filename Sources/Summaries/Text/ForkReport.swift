// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Records
import Results

/// What is said of a fork: how it was and what became of its branches, and how soon these recovered.
package struct ForkReport {
  private let study: StoredStudy

  /// - Parameter study: a fork, with recoveries.
  package init(_ study: StoredStudy) { self.study = study }

  /// One text after the other, without line ends at their ends.
  package func texts(_ style: TerminalStyle) throws -> [String] {
    [StudySummary(study).text(style), "", try recoveries(style)]
  }

  private func recoveries(_ style: TerminalStyle) throws -> String {
    var branches = study
    branches.header.arms = study.header.arms.filter { $0.fork?.isBranch == true }
    branches.networks = []
    var report = try SummaryReport(
      branches, .groups(keys: [SettingKey("arm", in: branches.header)], metrics: [.recovery]))
    // The summary above has them.
    report.warnings = []
    var lines = try report.text(.table, style).split(separator: "\n", omittingEmptySubsequences: false)
    while lines.last?.isEmpty == true { lines.removeLast() }
    let open = branches.header.arms.filter { $0.fork?.lastChange == nil }.map(\.name)
    var text = lines.joined(separator: "\n")
    let runs = branches.header.arms.flatMap { arm in branches.runs(of: arm).runs.map { ($0, arm.fork?.start ?? 0) } }
    let over = runs.count { run, start in run.record.endTime < start }
    if over > 0 {
      let words = "\(over) of \(counted(runs.count, "run")) of branches were over before anything could differ."
      text += "\n" + paragraph(words, indent: 0, style).joined(separator: "\n")
    }
    if !open.isEmpty {
      let what = "\(listed(open)): no time to recover, as what \(open.count == 1 ? "it has" : "they have") more "
      text += "\n" + paragraph(what + "holds to the end.", indent: 0, style).joined(separator: "\n")
    }
    return text
  }
}
