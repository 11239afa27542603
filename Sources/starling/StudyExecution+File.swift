// SPDX-License-Identifier: GPL-3.0-or-later
import Files
import Results
import Scenarios
import Studies

/// The results file of a study: where it is, and whether this program can go on with it.
extension StudyExecution {
  /// Where the results go: the name is that of the study, with the overrides that make it another one. Results that an
  /// earlier version began under the name that it gave go on there.
  func usualPath(_ name: String, of scenario: Scenario) -> String {
    let ending = shard.map { "-shard-\($0.number)-of-\($0.count)" } ?? ""
    let changes = overrides.filter { !$0.hasPrefix("replications=") }
    let texts = [name] + changes + (matching?.fileNameParts ?? [])
    let paths = [fileName(of: texts), earlierFileName(of: texts)].map { "results/\($0)\(ending).sqlite" }
    guard paths[0] != paths[1], !ResultsReader.isThere(paths[0]), let file = try? StudyProgress(paths[1]) else {
      return paths[0]
    }
    let said = file.header.overrides.filter { !$0.hasPrefix("replications=") }
    return file.header.name == scenario.name && said == changes ? paths[1] : paths[0]
  }

  /// Opens the results file. What is to be known of every arm's world is found out first, unless the file is of the
  /// same study and holds it. A file of another revision of the program is left as it was where runs are missing
  /// and this one gives other bits.
  ///
  /// - Returns: also why no further runs may be added to those that are asked for.
  func open(
    _ path: String, _ study: Study, _ tuning: Tuning?
  ) throws -> (store: ResultsStore, obstacle: ResultsError?) {
    var header = StudyHeader(study, overrides: overrides, shard: shard)
    header.tuning = tuning
    let provenance = Provenance.current(jobs: options.jobCount)
    var networks: [StoredNetwork?] = []
    var obstacle: ResultsError?
    if let file = continued(path, header) {
      let isWhole = file.holds(runs(of: study), retryFailed: options.retryFailed)
      if !isWhole || claims.goal != nil { obstacle = try self.obstacle(file, path, study, provenance) }
      if !isWhole, let obstacle { throw obstacle }
    } else {
      let facts = try study.facts(
        jobs: options.jobCount, keepingUpTo: StoredNetwork.mostAgents, isCancelled: { Interrupt.isRequested })
      guard let facts else { throw Failure(.resumable, "interrupted before the first run; nothing was written") }
      header.add(facts)
      networks = facts.map { $0.drawn.map { StoredNetwork($0) } }
    }
    let store = try ResultsStore(
      path: path, header: header, networks: networks, provenance: provenance, restart: options.restart,
      retryFailed: options.retryFailed, comparison: StudyIdentity.differences)
    return (store, obstacle)
  }

  /// The file that this study goes on with; nothing for one that is not there or cannot be gone on with, which opening
  /// it tells.
  private func continued(_ path: String, _ header: StudyHeader) -> StudyProgress? {
    guard !options.restart, let file = try? StudyProgress(path), file.canGrow else { return nil }
    let isSame = file.header.differences(in: header).isEmpty
    return isSame || (try? StudyIdentity.differences(file.header, header).isEmpty) == true ? file : nil
  }

  /// Why this program cannot go on with a file of another revision, which repeating one of its runs tells.
  private func obstacle(
    _ file: StudyProgress, _ path: String, _ study: Study, _ provenance: Provenance
  ) throws -> ResultsError? {
    guard !file.isBeingWritten, let repetition = Repetition(of: file, by: provenance) else { return nil }
    let maker = repetition.maker
    if !options.quiet, maker.revision != provenance.revision {
      Terminal.complain("the runs in \(path) are of \(maker.program): one of them is repeated first")
    }
    do {
      return try repetition.obstacle(in: study, jobs: options.jobCount, isCancelled: { Interrupt.isRequested }).map {
        .outdated(path: path, maker: maker.program, reason: $0, .restart)
      }
    } catch is CancellationError {
      throw Failure(.resumable, "interrupted before the first run; nothing was written")
    }
  }
}
