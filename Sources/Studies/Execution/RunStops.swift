// SPDX-License-Identifier: GPL-3.0-or-later
import Files
import Foundation
import Quantities
import Records
import Results
import Scenarios
import Simulation

/// How far runs are carried, and from where those go on that were stopped on their way.
package struct RunStops: Sendable {
  /// Everything up to this time happens.
  let limit: VirtualTime
  /// Seconds of real time after which the state of a run is kept again; nothing where it is not kept on its way.
  let savesEvery: Double?
  /// Before these times states are kept for forks to begin at, ascending.
  let passes: [VirtualTime]
  private let program: Provenance
  private let scenario: Scenario
  private let arms: [String: Int]
  /// Gives what is kept of a run, or nothing.
  private let kept: @Sendable (RunRecord.Identity) -> StoredStop?

  /// - Parameter store: the results file, which keeps what there is.
  init(
    _ scenario: Scenario, limit: VirtualTime?, savesEvery: Double? = nil, forkTimes: [VirtualDuration] = [],
    program: Provenance, store: ResultsStore
  ) {
    let stopped = Set(store.stops.map(\.run))
    self.init(scenario, limit: limit, savesEvery: savesEvery, forkTimes: forkTimes, program: program) { run in
      stopped.contains(run) ? try? store.stop(of: run) : nil
    }
  }

  init(
    _ scenario: Scenario, limit: VirtualTime?, savesEvery: Double? = nil, forkTimes: [VirtualDuration] = [],
    program: Provenance,
    kept: @escaping @Sendable (RunRecord.Identity) -> StoredStop? = { _ in nil }
  ) {
    self.limit = limit ?? .never
    self.savesEvery = savesEvery
    passes = forkTimes.sorted().map { VirtualTime(nanoseconds: $0.nanoseconds - 1) }
    self.program = program
    self.kept = kept
    self.scenario = scenario
    arms = Dictionary(zip(scenario.arms.map(\.name), 0...)) { first, _ in first }
  }

  /// Over all that decides on the runs of an arm, as today's program writes it.
  private static func digest(of arm: Scenario.Arm, in scenario: Scenario) -> String {
    var digest = Digest()
    for (path, text) in Studies.kept(scenario.values(of: arm).filter { !$0.isHidden }).sorted(by: { $0.key < $1.key }) {
      digest.add(path)
      digest.add(text)
    }
    return hexadecimal(digest.value)
  }

  private static let branchable = "/branchable"

  /// What the memory of a run says that it belongs to.
  ///
  /// - Parameter isBranchable: whether the run keeps what branches need.
  func label(_ run: RunRecord.Identity, isBranchable: Bool) -> RunLabel {
    let settings = arms[run.arm].map { Self.digest(of: scenario.arms[$0], in: scenario) }
    let name = "\(settings ?? "none")/\(run.replication)/\(run.seed)"
    return RunLabel(program: program.nameInMemories, run: name + (isBranchable ? Self.branchable : ""))
  }

  /// Whether a memory is of a run that keeps what branches need.
  func isBranchable(_ memory: StoppedRun) -> Bool { memory.label.run.hasSuffix(Self.branchable) }

  /// Where a run goes on, or nothing for its start. A memory that cannot be read any more leads to the same results from
  /// the start.
  func start(of run: RunRecord.Identity) -> StoppedRun? { kept(run).flatMap { try? StoppedRun(Array($0.memory)) } }

  /// Checks that this program can go on with a run.
  ///
  /// - Throws: `cannotGoOn`.
  func check(_ stop: StoredStop, path: String) throws(ResultsError) {
    do throws(RunMemoryFault) {
      let memory = try StoppedRun(Array(stop.memory))
      if let obstacle = memory.obstacle(to: label(stop.run, isBranchable: isBranchable(memory))) { throw obstacle }
    } catch {
      throw .cannotGoOn(path: path, run: stop.run, reason: error.description)
    }
  }
}

extension Provenance {
  /// The program as memories of runs name it: two that have the same name keep the same things in the same order. Where
  /// the revision does not tell that, the digest of the executable does.
  fileprivate var nameInMemories: String {
    isSameProgram(as: self) ? program : "\(program), build \(hexadecimal(Self.executable.value))"
  }

  private static let executable = {
    var digest = Digest()
    digest.add((try? Data(contentsOf: URL(fileURLWithPath: "/proc/self/exe"), options: .alwaysMapped)) ?? Data())
    return digest
  }()
}
