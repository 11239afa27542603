// SPDX-License-Identifier: GPL-3.0-or-later
import Files
import Foundation
import Quantities
import Records
import Results
import Scenarios
import Simulation

/// A fork of a study: its runs as they were, and branches that have more in their timeline from some time on.
package struct Fork: Sendable {
  /// Everything before is the study's.
  package let start: VirtualTime
  /// The arms of the fork.
  package let forked: ForkedScenario
  /// The results file of the study.
  package let path: String
  /// Replications that have ended in all of these arms and are not forked: one before them has not.
  package let leftOut: [Int]
  /// What it holds.
  package let study: StoredStudy
  private let scenario: Scenario
  private let program: Provenance
  private let runs: [RunRecord.Identity: StoredRun]

  /// Why a study cannot be forked, as a full sentence.
  package struct Obstacle: Error, CustomStringConvertible {
    package let description: String
  }

  /// Reads a results file and what branches of its runs have more.
  ///
  /// - Throws: where the file cannot be read, or what is asked is not there: `ResultsError`, `ScenarioError`, `Obstacle`.
  package init(_ path: String, _ request: ForkRequest, program: Provenance) throws {
    var request = request
    study = try ResultsReader.read(path)
    let header = study.header
    if let stranger = request.arms.first(where: { name in !header.arms.contains { $0.name == name } }) {
      let names = header.arms.map { "'\($0.name)'" }.joined(separator: ", ")
      throw Obstacle(description: "the study has no arm '\(stranger)'; it has \(names)")
    }
    let arms = header.arms.filter { request.arms.isEmpty || request.arms.contains($0.name) }.map(\.name)
    let runs = Dictionary(study.runs.map { ($0.record.identity, $0) }) { first, _ in first }
    let ended = Set(runs.keys.map(\.replication)).sorted().filter { replication in
      arms.allSatisfy { runs[RunRecord.Identity(arm: $0, replication: replication, seed: header.seed)] != nil }
    }
    let whole = zip(ended, 0...).prefix { $0 == $1 }.count
    guard whole > 0 else {
      throw Obstacle(description: Self.absence(arms, ended, Set(runs.keys.map(\.arm)), in: path))
    }
    leftOut = Array(ended.dropFirst(whole))
    if let asked = request.replications, asked > whole {
      throw Obstacle(
        description:
          "'\(path)' has \(counted(whole, "replication")) of \(arms.count > 1 ? "all arms" : "arm '\(arms[0])'"), "
          + "and \(asked) were asked for")
    }
    request.replications = request.replications ?? whole
    let folder = study.folderOfScenario
    scenario = try Scenario(of: header, isRun: true, folder: folder)
    forked = try Scenario.forked(
      stored: header.scenario, file: "the scenario of '\(header.name)'", folder: folder, from: scenario, request)
    (start, self.path, self.program, self.runs) = (VirtualTime(request.start), path, program, runs)
  }

  /// Why nothing can be forked.
  private static func absence(_ arms: [String], _ ended: [Int], _ present: Set<String>, in path: String) -> String {
    if !ended.isEmpty {
      return "replication 0 has not ended in '\(path)', and a fork begins with it; the first that has is \(ended[0])"
    }
    let missing = arms.filter { !present.contains($0) }
    if missing.isEmpty || missing.count == arms.count {
      return "no replication of \(arms.count > 1 ? "all arms" : "arm '\(arms[0])'") has ended in '\(path)'"
    }
    let names = missing.map { "'\($0)'" }.joined(separator: ", ")
    return "no replication of \(names) has ended in '\(path)'; --arm chooses others"
  }

  /// How the machines or programs that have made the study differ from this one in a way that may change the last bits, in
  /// words.
  package var bitDifferences: [String] {
    let differences = study.sessions.flatMap { program.bitDifferences(from: $0.provenance) }
    return Set(differences).sorted()
  }

  /// Where an arm of the fork comes from.
  func facts(of arm: String) -> StudyHeader.Fork? {
    self.arm(arm).map {
      StudyHeader.Fork(
        study: study.header.name, hash: study.header.scenarioHash, arm: $0.parent, start: start.seconds,
        isBranch: $0.isBranch, lastChange: $0.lastChange?.seconds)
    }
  }

  func arm(_ name: String) -> ForkedScenario.Arm? { forked.arms.first { $0.name == name } }

  /// The arm of the fork that is as it was, from which an arm branches.
  func asItWas(_ name: String) -> String {
    let parent = arm(name)?.parent
    return forked.arms.first { $0.parent == parent && !$0.isBranch }?.name ?? name
  }

  /// The run of the study from which one of the fork branches.
  func origin(of run: RunRecord.Identity) -> RunRecord.Identity {
    RunRecord.Identity(arm: arm(run.arm)?.parent ?? run.arm, replication: run.replication, seed: run.seed)
  }

  /// The latest state before the start of branches that the study has kept of a run, where this program can go on with it.
  func state(of run: RunRecord.Identity, _ settings: SimulationSettings) -> StoppedRun? {
    let origin = origin(of: run)
    guard let arm = scenario.arms.first(where: { $0.name == origin.arm }),
      arm.settings.measurement.until == settings.measurement.until,
      let stored = try? ResultsReader.state(path, of: origin, until: start.seconds),
      let state = try? StoppedRun(Array(stored.memory)), state.time < start
    else { return nil }
    let label = RunStops(scenario, limit: nil, program: program).label(origin, isBranchable: true)
    return state.obstacle(to: label) == nil ? state : nil
  }

  /// How a run of the fork differs from that of the study, as a sentence; nothing where it does not.
  func difference(of record: RunRecord, _ settings: SimulationSettings) -> String? {
    guard let stored = runs[origin(of: record.identity)]?.record else { return nil }
    let count = record.grid.prefix { $0 < start.seconds }.count
    let (here, there) = (hexadecimal(record.fingerprint), hexadecimal(stored.fingerprint))
    for series in record.series {
      let old = stored.series.first { $0.metric == series.metric }?.values ?? []
      let isSame =
        old.count >= count && zip(series.values.prefix(count), old).allSatisfy { $0.bitPattern == $1.bitPattern }
      if !isSame, !old.isEmpty {
        return
          "It differs from the stored run before \(start.seconds) s, in \(series.metric) (fingerprints \(here) and \(there))."
      }
    }
    guard arm(record.identity.arm)?.isBranch == false, stored.endTime == record.endTime,
      scenario.arms.first(where: { $0.name == origin(of: record.identity).arm })?.settings.measurement.until
        == settings.measurement.until, stored.fingerprint != record.fingerprint
    else { return nil }
    return "As it was it has the fingerprint \(here), and the stored run has \(there)."
  }
}

extension StoredStudy {
  /// Where the scenario lay that the study was last run from, as its command named it: there lie the files that the
  /// scenario names. The present folder where the command names none that is there, as those of forks do: what these name
  /// is no scenario.
  fileprivate var folderOfScenario: String {
    let words = (sessions.last?.provenance.command ?? "").split(separator: " ")
    guard words.dropFirst().first != "fork",
      let file = words.first(where: { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }),
      let slash = file.lastIndex(of: "/"), FileManager.default.fileExists(atPath: String(file))
    else { return "" }
    return String(file[...slash])
  }
}
