// SPDX-License-Identifier: GPL-3.0-or-later
import Records
import Scenarios
import Simulation
import Workers

/// The memory that a study takes beside that of single runs: several run at once, worlds are kept, and all results are read
/// back in the end.
package struct StudyMemory: Sendable {
  /// Bytes of the largest run.
  private let largestRun: Double
  /// Bytes of the worlds that are kept for all runs.
  private let worlds: Double
  /// Bytes of the curves of all runs.
  private let curves: Double

  /// - Parameter isRead: whether the curves of all runs are read back.
  package init(_ study: Study, replications: Int, readsCurves isRead: Bool) throws(StudyError) {
    var (largest, worlds, curves) = (0.0, 0.0, 0.0)
    for (position, arm) in study.scenario.arms.enumerated() {
      // The worlds of many arms are not kept, and drawing them all takes its time.
      let isKept = study.scenario.arms.count <= Study.mostKept
      let load =
        isKept ? ExpectedLoad(arm.settings, in: try study.world(of: position)) : ExpectedLoad(arm.settings)
      let need = MemoryNeed(load)
      largest = max(largest, need.bytes)
      if isKept { worlds += need.worldBytes }
      curves += need.curveBytes * Double(replications)
    }
    largestRun = largest
    self.worlds = worlds
    self.curves = isRead ? curves : 0
  }

  /// How many runs can take place at once.
  ///
  /// - Parameter jobs: that are asked for.
  /// - Returns: at least one, as one run alone was found to fit.
  package func jobs(atMost jobs: Int, in machine: MachineMemory = .atStart) -> Int {
    let room = (machine.limit - machine.reserve - worlds) / max(1, largestRun)
    return max(1, Int(min(room, Double(jobs))))
  }

  /// - Throws: if the results of all runs do not fit into memory together.
  package func check(in machine: MachineMemory = .atStart) throws(StudyError) {
    guard curves > machine.limit else { return }
    let (needed, present) = (curves / 0x1p30, machine.limit / 0x1p30)
    throw StudyError(
      description:
        "the measurements of all runs together take \(rounded(needed)) GiB when they are summarised, and this machine "
        + "has \(rounded(present)) GiB (measure.every): measure less often, or ask for fewer replications")
  }

  private func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }
}
