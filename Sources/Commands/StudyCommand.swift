// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Quantities
import Results
import Scenarios
import Studies
import Summaries

/// What `run`, `compare` and `sweep` have in common: a study is carried out as the command line asks, and what came of
/// it is said.
struct StudyCommand {
  let options: StudyOptions
  /// The overrides of the command line, for the record.
  let overrides: [String]
  /// The part of the runs that is to be carried out; nothing for all.
  var shard: Shard?
  /// How step sizes are matched before the runs.
  var matching: MatchOptions?
  /// What the study is to show, and how precisely.
  var claims = ClaimOptions()
  /// Where the study branches from another one.
  var fork: Fork?
  /// A run that has been carried out already.
  private var carriedOut: StoredRun?

  init(
    options: StudyOptions, overrides: [String], shard: Shard? = nil, matching: MatchOptions? = nil,
    claims: ClaimOptions = ClaimOptions()
  ) {
    self.options = options
    self.overrides = overrides
    self.shard = shard
    self.matching = matching
    self.claims = claims
  }

  /// Runs what is not yet in the results file, prints the summary, and fails if runs have failed.
  ///
  /// - Parameter fileName: of the results file, where the command line names none; without its suffix.
  /// - Throws: `ExitCode(1)` if a requirement is not shown.
  func perform(_ scenario: Scenario, fileName: String) throws {
    let requirements = try requirements(of: scenario)
    var (outcome, path) = try carryOut(scenario, fileName: fileName)
    outcome.study = outcome.study.withRecoveries
    let summary = StudySummary(outcome.study)
    let judged = requirements.map { $0.judge(outcome.study) }
    if options.json {
      try Terminal.printJSON(
        StudyDocument(summary, of: outcome.study, requirements: judged, precision: outcome.precision))
    } else {
      let style = Terminal.style
      let isFork = summary.header.isFork
      let texts = isFork ? try ForkReport(outcome.study).texts(style) : [summary.text(style)]
      try Terminal.print((texts + lines(outcome, judged, style)).joined(separator: "\n"))
    }
    try end(outcome, judged, path)
  }

  /// Writes what happens in a replication of the first arm. The run needs not be carried out again: it is one of those
  /// that `perform` looks for.
  ///
  /// After an interruption, or a fault in the run, the file holds what has happened until then.
  mutating func trace(_ scenario: Scenario, replication: Int, fileName: String, to path: String) throws {
    let study = try Study(withTies(scenario))
    try execution(of: study.scenario, fileName: fileName).checkFile(of: study)
    let output = try OutputFile(path)
    Interrupt.install()
    let run = study.plan[replication]
    let format = TraceFormat.of(path)
    let result: TracedRun
    do {
      result = try study.trace(
        run, as: format, jobs: options.jobCount, isCancelled: { Interrupt.isRequested }, into: output.write)
    } catch let error as Failure {
      throw error
    } catch {
      try output.finish()
      if error is CancellationError { throw StudyInterruption.whileTracing(path: path) }
      throw error
    }
    try output.finish()
    carriedOut = StoredRun(record: result.record, wallSeconds: result.seconds)
    guard !options.quiet else { return }
    Terminal.complain(
      "\(counted(result.count, format.unit)) about replication \(replication) of '\(run.arm)' are in \(path)")
  }

  /// The scenario with ties as the command line wants them.
  private func withTies(_ scenario: Scenario) -> Scenario {
    var scenario = scenario
    if let ties = options.ties {
      for arm in scenario.arms.indices { scenario.arms[arm].settings.ties = ties.order }
      for arm in scenario.unswept.indices { scenario.unswept[arm].settings.ties = ties.order }
    }
    return scenario
  }

  /// The same for a sweep, whose summary is a table of its cells.
  func sweep(_ scenario: Scenario, fileName: String) throws {
    let requirements = try requirements(of: scenario)
    let (outcome, path) = try carryOut(scenario, fileName: fileName, withCurves: !requirements.isEmpty)
    let summary = SweepSummary(
      outcome.study, axes: scenario.sweep.map(\.path),
      places: scenario.cells.map { SweepSummary.Place(arm: $0.arm, values: $0.values) })
    let judged = requirements.map { $0.judge(outcome.study) }
    if options.json {
      try Terminal.printJSON(SweepDocument(summary, requirements: judged, precision: outcome.precision))
    } else {
      let style = Terminal.style
      try Terminal.print(
        ([summary.text(style, path: path)] + lines(outcome, judged, style)).joined(separator: "\n"))
    }
    try end(outcome, judged, path)
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
  /// - Returns: also where the results file is.
  private func carryOut(
    _ scenario: Scenario, fileName: String, withCurves: Bool = true
  ) throws -> (StudyExecution.Outcome, path: String) {
    let scenario = withTies(scenario)
    Interrupt.install()
    guard claims.goal == nil || (shard == nil && !overrides.contains(where: { $0.hasPrefix("replications=") })) else {
      throw Failure(
        .usage, "error: --until-precision goes neither with --replications, which it decides, nor with a shard")
    }
    let execution = try execution(of: scenario, fileName: fileName, withCurves: withCurves)
    return (try execution.carryOut(scenario), execution.path)
  }

  /// The results file of a study.
  func resultsPath(of scenario: Scenario, fileName: String) -> String {
    options.output
      ?? usualResultsPath(
        fileName, overrides: overrides, matching: matching?.fileNameParts ?? [], shard: shard, of: scenario)
  }

  private func execution(
    of scenario: Scenario, fileName: String, withCurves: Bool = true
  ) throws -> StudyExecution {
    let path = resultsPath(of: scenario, fileName: fileName)
    var request = StudyRequest(
      overrides: overrides, shard: shard, matching: try matching?.matching(of: scenario), goal: claims.goal,
      restart: options.restart, retryFailed: options.retryFailed, stopAt: options.stopAt,
      savesEvery: options.saveEvery.duration, forgetsStopped: options.forgetStopped, withCurves: withCurves,
      carriedOut: carriedOut, program: .current(jobs: options.jobCount))
    request.forkTimes = options.keepStateAt.filter { $0 > .zero }
    request.fork = fork
    return StudyExecution(
      request, path: path, isCancelled: { Interrupt.isRequested }, listener: Announcer(isQuiet: options.quiet))
  }

  /// What is said of precision and requirements, behind the summary.
  private func lines(
    _ outcome: StudyExecution.Outcome, _ judged: [RequirementOutcome], _ style: TerminalStyle
  ) -> [String] {
    (outcome.precision?.lines(style) ?? []) + judged.flatMap { $0.lines(style) }
  }

  /// - Throws: if runs have failed, or not all is shown that was to be.
  private func end(_ outcome: StudyExecution.Outcome, _ judged: [RequirementOutcome], _ path: String) throws {
    if let first = outcome.study.failures.first {
      let count = outcome.study.failures.count
      let runs = counted(count + outcome.study.runs.count, "run")
      throw Failure(
        .badInput,
        "error: \(count) of \(runs) failed, the first of them arm '\(first.identity.arm)', replication "
          + "\(first.identity.replication): \(first.error)\n  -> `starling status \(path)` lists them all")
    }
    if !judged.allSatisfy(\.isShown) || outcome.precision?.isReached == false { throw ExitCode(1) }
  }
}
