// SPDX-License-Identifier: GPL-3.0-or-later
import Records
import Results

/// What is said of a fork: of each arm of the study how it was and what became of its branches, and how soon these recovered.
package struct ForkReport {
  private let study: StoredStudy

  /// - Parameter study: a fork, with recoveries.
  package init(_ study: StoredStudy) { self.study = study }

  /// One text after the other.
  package func texts(_ style: TerminalStyle) -> [String] {
    var origins: [String] = []
    for arm in study.header.arms {
      if let fork = arm.fork, !origins.contains(fork.arm) { origins.append(fork.arm) }
    }
    return origins.flatMap { origin in
      let part = part(of: origin)
      return [StudySummary(part).text(style), "", recoveries(of: part, style)]
    }
  }

  /// The arms that branch from one of the study, and that one.
  private func part(of origin: String) -> StoredStudy {
    var part = study
    part.header.arms = study.header.arms.filter { $0.fork?.arm == origin }
    part.networks = zip(study.header.arms, study.networks).filter { $0.0.fork?.arm == origin }.map(\.1)
    let names = Set(part.header.arms.map(\.name))
    part.runs = study.runs.filter { names.contains($0.record.identity.arm) }
    part.failures = study.failures.filter { names.contains($0.identity.arm) }
    return part
  }

  private func recoveries(of part: StoredStudy, _ style: TerminalStyle) -> String {
    var branches = part
    branches.header.arms = part.header.arms.filter { $0.fork?.isBranch == true }
    branches.networks = []
    guard let key = try? SettingKey("arm", in: branches.header),
      var report = try? SummaryReport(branches, .groups(keys: [key], metrics: [.recovery]))
    else { return "" }
    // The summary above has them.
    report.warnings = []
    guard let text = try? report.text(.table, style) else { return "" }
    return text.trimmingSuffix { $0 == "\n" }
  }
}

extension String {
  fileprivate func trimmingSuffix(while isLast: (Character) -> Bool) -> String {
    var text = self[...]
    while let last = text.last, isLast(last) { text.removeLast() }
    return String(text)
  }
}
