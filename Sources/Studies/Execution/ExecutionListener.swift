// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Records
import Results
import Summaries

/// Hears how a study goes on while it is carried out.
package protocol ExecutionListener: Sendable {
  func hear(_ notice: ExecutionNotice)
  /// Runs of one kind begin to be counted.
  ///
  /// - Parameter total: how many are known to come.
  func begins(_ stage: ExecutionStage, total: Int) -> any ExecutionProgress
}

/// What runs are for.
package enum ExecutionStage: Sendable {
  /// Pilots, which tune step sizes and are reported nowhere.
  case pilots
  /// The runs of the study itself.
  case runs
}

/// Counts the runs of one stage, from any thread.
package protocol ExecutionProgress: AnyObject, Sendable {
  /// So many more are to come.
  func expect(_ more: Int)
  /// So many have ended.
  func count(_ number: Int)
  /// A share of a run under way is over, presumably; zero again when the run has ended, and is counted instead.
  func advance(_ run: RunRecord.Identity, to share: Double)
  /// The stage is over.
  func finish()
}

extension ExecutionProgress {
  package func advance(_ run: RunRecord.Identity, to share: Double) {}
}

/// What whoever waits may want to know.
package enum ExecutionNotice: Sendable {
  /// Step sizes are tuned for so many arms; with the question that pilots answer.
  case matching(Tuning, arms: Int)
  /// The runs of the file are of another revision, and one of them is repeated.
  case repeating(path: String, maker: Provenance)
  /// Earlier runs of the file were made with these other things, so that last bits may differ.
  case otherBits([String], path: String)
  /// So many of the runs asked for are missing, and some of those go on from where they were stopped.
  case begins(Study, missing: Int, underWay: Int, planned: Int, path: String)
  /// The study is not known precisely enough, and goes on to so many replications.
  case goesOn(PrecisionReport, next: Int)
  /// Memory is enough for fewer runs at once than asked for.
  case shortOfMemory(jobs: Int, wanted: Int)
}

/// A study that has stopped before its end, as it was asked to; the same command goes on with it.
package enum StudyInterruption: Error, CustomStringConvertible {
  case whileTuning
  case beforeTheFirstRun
  /// The run that is traced comes before all others, and nothing is kept of it but the trace so far.
  case whileTracing(path: String)
  case amongRuns(ended: Int, planned: Int, path: String)
  /// Runs have come to a virtual time, or are beyond it from before: the first and the last of where they are.
  case stopped(at: ClosedRange<VirtualTime>, ended: Int, stopped: Int, planned: Int, path: String)

  package var description: String {
    switch self {
    case .whileTuning:
      "interrupted while step sizes were tuned: nothing has been written\n  -> the same command begins again"
    case .beforeTheFirstRun: "interrupted before the first run; nothing was written"
    case .whileTracing(let path):
      "interrupted while a run was traced: '\(path)' has what had happened, and no results were written\n"
        + "  -> the same command begins again"
    case .amongRuns(let ended, let planned, let path):
      "interrupted: \(ended) of \(counted(planned, "run")) \(planned == 1 ? "has ended and is" : "have ended and are") "
        + "kept in \(path)\n  -> the same command goes on from there"
    case .stopped(let times, let ended, let stopped, let planned, let path):
      "stopped at \(times.text) of virtual time: \(ended) of \(counted(planned, "run")) \(ended == 1 ? "has" : "have") ended, "
        + "and \(stopped) can go on from what is kept in \(path)\n"
        + "  -> the same command without --stop-at, or with a later time, goes on from there"
    }
  }
}
