// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Quantities
import Results
import Studies
import Summaries

/// Says on standard error how a study goes on; if it is to be quiet, warnings alone.
struct Announcer: ExecutionListener {
  let isQuiet: Bool

  func hear(_ notice: ExecutionNotice) {
    if !isQuiet || notice.isWarning { Terminal.complain(notice.text) }
  }

  func begins(_ stage: ExecutionStage, total: Int) -> any ExecutionProgress {
    switch stage {
    case .pilots: Progress(total: total, counting: "pilot run", isQuiet: isQuiet)
    case .runs: Progress(total: total, counting: "run", isQuiet: isQuiet)
    }
  }
}

extension ExecutionNotice {
  /// Whether it puts the results in doubt.
  fileprivate var isWarning: Bool { if case .otherBits = self { true } else { false } }

  fileprivate var text: String {
    switch self {
    case .matching(let question, let arms):
      "matching final-\(question.metric) to that of '\(question.reference)' on "
        + "\(counted(question.pilots.count, "pilot replication")) of \(counted(arms, "arm"))"
    case .repeating(let path, let maker):
      "the runs in \(path) are of \(maker.program): one of them is repeated first"
    case .otherBits(let differences, let path):
      "warning: earlier runs of \(path) were made with another \(differences.joined(separator: ", "));"
        + " the last bits of numbers may differ"
    case .begins(let study, let missing, let underWay, let planned, let path):
      (missing == 0 ? "" : forewarnings(study)) + counted(planned, "run")
        + (missing == planned ? "" : missing == 0 ? ", all there" : ", \(planned - missing) there and \(missing) to go")
        + (underWay == 0 ? "" : ", \(underWay) from where \(underWay == 1 ? "it was" : "they were") stopped")
        + "; results \(missing == 0 ? "are in" : "go to") \(path)"
    case .goesOn(let report, let next): reason(report) + ": on to \(next)"
    case .shortOfMemory(let jobs, let wanted):
      "note: memory is enough for \(jobs == 1 ? "one run" : "\(jobs) runs") at a time, not for \(wanted)"
    }
  }

  /// What is known to take long or to say little; a world that cannot be drawn is told of when its runs begin.
  private func forewarnings(_ study: Study) -> String {
    let cautions = (((try? study.warningsOfEvents()) ?? []) + study.scenario.warningsOfSettings).cautions
    return cautions.map { "warning: \($0.message)\n  -> \($0.remedy)\n" }.joined()
  }

  /// Why more replications follow.
  private func reason(_ report: PrecisionReport) -> String {
    let worst = report.means.map(\.precision).max() ?? .infinity
    let known = worst.isFinite ? "known within \(humanShare(worst))" : "not known yet"
    return "after \(counted(report.replications, "replication")) the least precise mean is \(known)"
  }
}
