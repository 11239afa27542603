// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Files
import Foundation
import Quantities
import Records
import Results
import Scenarios
import Simulation
import Studies
import Summaries

/// Carries out what is missing of a study, keeps every run as it ends, and reads back what the results file holds.
struct StudyExecution {
  let options: StudyOptions
  /// The overrides of the command line, for the record.
  let overrides: [String]
  /// The part of the runs that is to be carried out; nothing for all.
  var shard: Shard?
  /// How step sizes are matched before the runs.
  var matching: MatchOptions?
  /// What the study is to show, and how precisely.
  var claims = ClaimOptions()

  /// What a study has come to.
  struct Outcome {
    /// The runs asked for, in the order of the plan.
    var study: StoredStudy
    /// The results file.
    var path: String
    /// How precise the study is, where that was asked for.
    var precision: PrecisionReport?
  }

  /// Runs what is not yet in the results file, prints the summary, and fails if runs have failed.
  ///
  /// - Parameter fileName: of the results file, where the command line names none; without its suffix.
  /// - Throws: `ExitCode(1)` if a requirement is not shown.
  func perform(_ scenario: Scenario, fileName: String) throws {
    let requirements = try requirements(of: scenario)
    let outcome = try carryOut(scenario, fileName: fileName)
    let summary = StudySummary(outcome.study)
    let judged = requirements.map { $0.judge(outcome.study) }
    if options.json {
      try Terminal.printJSON(
        StudyDocument(summary, of: outcome.study, requirements: judged, precision: outcome.precision))
    } else {
      let style = Terminal.style
      try Terminal.print(([summary.text(style)] + outcome.lines(judged, style)).joined(separator: "\n"))
    }
    try outcome.complainOfFailures()
    if !judged.allSatisfy(\.isShown) || outcome.precision?.isReached == false { throw ExitCode(1) }
  }

  /// The same for a sweep, whose summary is a table of its cells.
  func sweep(_ scenario: Scenario, fileName: String) throws {
    let requirements = try requirements(of: scenario)
    let outcome = try carryOut(scenario, fileName: fileName, withCurves: !requirements.isEmpty)
    let summary = SweepSummary(
      outcome.study, axes: scenario.sweep.map(\.path),
      places: scenario.cells.map { SweepSummary.Place(arm: $0.arm, values: $0.values) })
    let judged = requirements.map { $0.judge(outcome.study) }
    if options.json {
      try Terminal.printJSON(SweepDocument(summary, requirements: judged, precision: outcome.precision))
    } else {
      let style = Terminal.style
      try Terminal.print(
        ([summary.text(style, path: outcome.path)] + outcome.lines(judged, style)).joined(separator: "\n"))
    }
    try outcome.complainOfFailures()
    if !judged.allSatisfy(\.isShown) || outcome.precision?.isReached == false { throw ExitCode(1) }
  }

  /// The requirements, read before anything runs.
  private func requirements(of scenario: Scenario) throws -> [Requirement] {
    guard shard == nil || claims.require.isEmpty else {
      throw Failure(.usage, "error: --require needs all runs, not a shard of them")
    }
    return try claims.requirements(of: scenario)
  }

  /// Runs what is not yet in the results file.
  ///
  /// - Parameter withCurves: whether the curves and accounts of runs are read back, or only what runs came to.
  /// - Throws: what keeps the study from ending well; runs that have ended stay in the results file.
  func carryOut(_ scenario: Scenario, fileName: String, withCurves: Bool = true) throws -> Outcome {
    var scenario = scenario
    if let ties = options.ties {
      for arm in scenario.arms.indices { scenario.arms[arm].settings.ties = ties.order }
      for arm in scenario.unswept.indices { scenario.unswept[arm].settings.ties = ties.order }
    }
    Interrupt.install()
    let goal = claims.goal
    if goal != nil {
      guard shard == nil, !overrides.contains(where: { $0.hasPrefix("replications=") }) else {
        throw Failure(
          .usage, "error: --until-precision goes neither with --replications, which it decides, nor with a shard")
      }
      scenario.replications = PrecisionGoal.leastReplications
    }
    let path = options.output ?? usualPath(fileName, of: scenario)
    let tuning = try matching?.matching(of: scenario)?.tuning(of: scenario, path: path, options: options)
    if let tuning { scenario = try scenario.tuned(by: tuning) }
    let study = try Study(scenario)
    try StudyMemory(study, replications: scenario.replications, readsCurves: withCurves).check()
    let (store, obstacle) = try open(path, study, tuning)
    var outcome = try complete(study, 0..<scenario.replications, store, withCurves: withCurves)
    if let goal {
      var report = PrecisionReport(outcome.study, goal: goal, replications: scenario.replications)
      while let next = report.next {
        if let obstacle { throw obstacle }
        announce(report, next: next)
        let done = scenario.replications
        scenario.replications = next
        try store.raise(replications: next, scenario: scenario.resolvedText())
        outcome = try complete(study, done..<next, store, withCurves: withCurves)
        report = PrecisionReport(outcome.study, goal: goal, replications: next)
      }
      outcome.precision = report
    }
    try store.close()
    return outcome
  }

  /// Runs what is missing of some replications, all earlier ones being there, and reads those up to the last of them.
  private func complete(
    _ study: Study, _ replications: Range<Int>, _ store: ResultsStore, withCurves: Bool
  ) throws -> Outcome {
    let plan = runs(of: study, replications: replications.upperBound)
    let present = store.finished.union(store.failed.map(\.identity))
    let missing = plan.filter { replications.contains($0.replication) && !present.contains($0) }
    if replications.lowerBound == 0 { try announce(study, missing: missing.count, of: plan.count, store) }
    let isComplete = try run(missing, of: study, into: store)
    if !isComplete { try store.close() }
    var result = try withCurves ? store.read() : store.readOutcomes()
    guard isComplete else {
      let ended = Set(result.runs.map(\.record.identity))
      throw Failure(
        .resumable,
        "interrupted: \(plan.count { ended.contains($0) }) of \(counted(plan.count, "run")) "
          + "\(plan.count == 1 ? "has ended and is" : "have ended and are") kept in \(store.path)\n"
          + "  -> the same command goes on from there")
    }
    let place = Dictionary(uniqueKeysWithValues: zip(plan, 0...))
    result.runs = result.runs.filter { place[$0.record.identity] != nil }
    result.runs.sort { place[$0.record.identity] ?? 0 < place[$1.record.identity] ?? 0 }
    result.failures.removeAll { place[$0.identity] == nil }
    result.header.replications = replications.upperBound
    return Outcome(study: result, path: store.path)
  }

  /// Says why more replications follow.
  private func announce(_ report: PrecisionReport, next: Int) {
    guard !options.quiet else { return }
    let worst = report.means.map(\.precision).max() ?? .infinity
    let known = worst.isFinite ? "known within \(humanShare(worst))" : "not known yet"
    Terminal.complain(
      "after \(counted(report.replications, "replication")) the least precise mean is \(known): on to \(next)")
  }

  /// The runs that are asked for, in the order of the plan.
  func runs(of study: Study, replications: Int? = nil) -> [RunRecord.Identity] {
    let all = study.plan(replications: replications ?? study.scenario.replications)
    return shard.map { $0.runs(of: all) } ?? all
  }

  private func announce(_ study: Study, missing: Int, of all: Int, _ store: ResultsStore) throws {
    if missing > 0, !store.bitDifferences.isEmpty {
      Terminal.complain(
        "warning: earlier runs of \(store.path) were made with another \(store.bitDifferences.joined(separator: ", "));"
          + " the last bits of numbers may differ")
    }
    guard !options.quiet else { return }
    if missing > 0 {
      for caution in try Warning.aboutEvents(study).cautions {
        Terminal.complain("warning: \(caution.message)\n  -> \(caution.remedy)")
      }
    }
    let present = all - missing
    let rest = present == 0 ? "" : missing == 0 ? ", all there" : ", \(present) there and \(missing) to go"
    Terminal.complain("\(counted(all, "run"))\(rest); results \(missing == 0 ? "are in" : "go to") \(store.path)")
  }

  /// How many runs take place at once: as many as asked for, unless memory is short.
  private func jobs(for study: Study) throws -> Int {
    let wanted = options.jobCount
    let jobs = try StudyMemory(study, replications: 1, readsCurves: false).jobs(atMost: wanted)
    if jobs < wanted, !options.quiet {
      Terminal.complain(
        "note: memory is enough for \(jobs == 1 ? "one run" : "\(jobs) runs") at a time, not for \(wanted)")
    }
    return jobs
  }

  /// Runs what is missing; false after an interrupt.
  private func run(_ missing: [RunRecord.Identity], of study: Study, into store: ResultsStore) throws -> Bool {
    guard !missing.isEmpty else { return true }
    let progress = Progress(total: missing.count, isQuiet: options.quiet)
    let queue = RunQueue(store) { progress.count($0) }
    defer { progress.finish() }
    study.run(
      missing, jobs: try jobs(for: study), isCancelled: { Interrupt.isRequested || queue.hasTrouble },
      listener: Keeper(queue: queue))
    try queue.finish()
    return queue.count == missing.count
  }
}

extension StudyExecution.Outcome {
  /// What is said of precision and requirements, behind the summary.
  func lines(_ judged: [RequirementOutcome], _ style: TerminalStyle) -> [String] {
    (precision?.lines(style) ?? []) + judged.flatMap { $0.lines(style) }
  }

  /// - Throws: if runs have failed.
  func complainOfFailures() throws {
    guard let first = study.failures.first else { return }
    let count = study.failures.count
    throw Failure(
      .badInput,
      "error: \(count) of \(counted(count + study.runs.count, "run")) failed, the first of them arm '\(first.identity.arm)', "
        + "replication \(first.identity.replication): \(first.error)\n  -> `starling status \(path)` lists them all")
  }
}

/// Has each run written down, after which it counts.
private struct Keeper: StudyListener {
  let queue: RunQueue

  func begins(_ run: RunRecord.Identity) { queue.begin(run) }

  func ended(_ run: RunRecord.Identity, _ outcome: Result<RunRecord, SimulationError>, seconds: Double) {
    switch outcome {
    case .success(let record): queue.add(StoredRun(record: record, wallSeconds: seconds))
    case .failure(let error): queue.add(FailedRun(identity: run, error: error.description))
    }
  }
}
