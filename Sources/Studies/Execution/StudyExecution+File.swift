// SPDX-License-Identifier: GPL-3.0-or-later
import Results
import Scenarios

/// The results file of a study: whether this program can go on with it, and what it already knows.
extension StudyExecution {
  /// Opens the results file. What is to be known of every arm's world is found out first, unless the file is of the
  /// same study and holds it. A file of another revision of the program is left as it was where runs are missing
  /// and this one gives other bits.
  ///
  /// - Returns: also why no further runs may be added to those that are asked for.
  func open(_ study: Study, _ tuning: Tuning?) throws -> (store: ResultsStore, obstacle: ResultsError?) {
    var header = StudyHeader(study, overrides: request.overrides, shard: request.shard)
    header.tuning = tuning
    var networks: [StoredNetwork?] = []
    var obstacle: ResultsError?
    if let file = continued(header) {
      let isWhole = file.holds(request.runs(of: study.plan), retryFailed: request.retryFailed)
      if !isWhole || request.goal != nil { obstacle = try self.obstacle(file, study) }
      if !isWhole, let obstacle { throw obstacle }
      if !file.stops.isEmpty, !request.forgetsStopped { try checkStops(study) }
    } else {
      let facts = try study.facts(
        jobs: request.program.jobs, keepingUpTo: StoredNetwork.mostAgents, isCancelled: isCancelled)
      guard let facts else { throw StudyInterruption.beforeTheFirstRun }
      header.add(facts)
      networks = facts.map { $0.drawn.map { StoredNetwork($0) } }
    }
    let store = try ResultsStore(
      path: path, header: header, networks: networks, provenance: request.program, restart: request.restart,
      retryFailed: request.retryFailed, forgetStopped: request.forgetsStopped, comparison: StudyIdentity.differences)
    return (store, obstacle)
  }

  /// Refuses the results file of another study before anything is carried out for this one.
  ///
  /// - Throws: `anotherStudy`; what is wrong with the file shows when it is opened.
  package func checkFile(of study: Study) throws(ResultsError) {
    guard !request.restart, let file = try? StudyProgress(path) else { return }
    let header = StudyHeader(study, overrides: request.overrides, shard: request.shard)
    guard let differences = try? StudyIdentity.differences(file.header, header), !differences.isEmpty else { return }
    throw ResultsError.anotherStudy(path: path, differences: differences)
  }

  /// The file that this study goes on with; nothing for one that is not there or cannot be gone on with, which opening
  /// it tells.
  private func continued(_ header: StudyHeader) -> StudyProgress? {
    guard !request.restart, let file = try? StudyProgress(path), file.canGrow else { return nil }
    let isSame = file.header.differences(in: header).isEmpty
    return isSame || (try? StudyIdentity.differences(file.header, header).isEmpty) == true ? file : nil
  }

  /// - Throws: if this program cannot go on with a run that was stopped on its way.
  private func checkStops(_ study: Study) throws(ResultsError) {
    let stops = RunStops(study.scenario, limit: nil, program: request.program)
    try ResultsReader.forEachStop(path, seed: study.scenario.seed) { stop throws(ResultsError) in
      try stops.check(stop, path: path)
    }
  }

  /// Why this program cannot go on with a file of another revision, which repeating one of its runs tells.
  private func obstacle(_ file: StudyProgress, _ study: Study) throws -> ResultsError? {
    let outside = study.scenario.arms.filter(\.settings.learning.isComputedByPrograms).map(\.name)
    guard !file.isBeingWritten,
      let repetition = Repetition(of: file, by: request.program, computedByPrograms: Set(outside))
    else { return nil }
    let maker = repetition.maker
    if maker.revision != request.program.revision { listener.hear(.repeating(path: path, maker: maker)) }
    do {
      return try repetition.obstacle(in: study, jobs: request.program.jobs, isCancelled: isCancelled).map {
        .outdated(path: path, maker: maker.program, reason: $0, .restart)
      }
    } catch is CancellationError {
      throw StudyInterruption.beforeTheFirstRun
    }
  }

  /// The tuning that the results file holds, or a new one from pilot runs.
  ///
  /// - Throws: if the file holds a study that was tuned otherwise or not at all; after a cancellation.
  func tuning(_ matching: Matching, of scenario: Scenario) throws -> Tuning {
    let question = matching.question(scenarioHash: StudyHeader.settingsHash(of: scenario))
    if !request.restart, ResultsReader.isThere(path) {
      let known = try ResultsReader.read(path).header.tuning
      // Whether the scenario is the one that was tuned shows when it is compared, with these factors, with the file's.
      let differences = question.differences(from: known, arms: scenario.arms.map(\.name))
      if let known, differences.isEmpty { return known }
      throw ResultsError.anotherStudy(path: path, differences: differences)
    }
    listener.hear(.matching(question, arms: scenario.arms.count))
    let progress = listener.begins(.pilots, total: 0)
    defer { progress.finish() }
    let watch = Matching.Watch(expects: { progress.expect($0) }, ended: { progress.count(1) })
    let tuning = try matching.tune(
      scenarioHash: question.scenarioHash, jobs: request.program.jobs, isCancelled: isCancelled, watch: watch)
    guard let tuning else { throw StudyInterruption.whileTuning }
    return tuning
  }
}

extension Tuning {
  /// How a tuning of a file differs from this question, a line for each point; empty for one that answers it.
  fileprivate func differences(from known: Tuning?, arms names: [String]) -> [String] {
    guard let known else { return ["the step sizes in the file are not matched, and now they are to be"] }
    var lines: [String] = []
    func note(_ what: String, _ old: some Equatable & CustomStringConvertible, _ new: some CustomStringConvertible) {
      if old.description != new.description { lines.append("\(what) is \(old) in the file, \(new) now") }
    }
    note("the metric that is matched", known.metric, metric)
    note("the arm that the others are matched to", known.reference, reference)
    note("the number of pilots", known.pilots.count, pilots.count)
    note("the tolerance in dB", known.tolerance, tolerance)
    if known.arms.map(\.name) != names { lines.append("the scenario that was tuned has other arms") }
    return lines
  }
}
