// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Files
import Foundation
import Quantities
import Results
import Scenarios
import Studies
import Summaries

/// How a sweep is handed to a batch system instead of being carried out.
struct ClusterOptions: ParsableArguments {
  @Flag(
    help: ArgumentHelp(
      "Print a script that carries out the sweep as an array job of Slurm; nothing is run but for timing.",
      discussion: "Without --shards a few runs are timed, for seconds, so that a shard takes a minute or longer."))
  var slurm = false

  @Option(help: ArgumentHelp("With --slurm, how many shards there are.", valueName: "count"))
  var shards: Int?

  @Option(
    help: ArgumentHelp(
      "Print the commands of so many shards, and of what comes after them; with --json for programs.",
      valueName: "count"))
  var listShards: Int?

  func validate() throws {
    if slurm, listShards != nil { throw ValidationError("--slurm and --list-shards are two things.") }
    if shards != nil, !slurm { throw ValidationError("--shards goes with --slurm.") }
    for count in [shards, listShards].compactMap(\.self) where count < 1 {
      throw ValidationError("There must be at least one shard.")
    }
  }

  /// Whether the sweep is handed on, and not carried out here.
  var areGiven: Bool { slurm || listShards != nil }
}

/// A sweep that is handed to a batch system.
struct ClusterSweep {
  let cluster: ClusterOptions
  let options: StudyOptions
  let claims: ClaimOptions
  let scenario: ScenarioArguments

  /// Prints what a batch system needs.
  ///
  /// - Parameters:
  ///   - study: all cells.
  ///   - name: of the sweep, from which that of its jobs is made.
  ///   - output: the results file of the whole.
  /// - Throws: a usage error where an option belongs to one start of the program, or a claim cannot be read.
  func print(_ study: Scenario, fileName name: String, output: String) throws {
    try checkOptions()
    _ = try claims.requirements(of: study)
    let runs = study.arms.count * study.replications
    let wanted = cluster.shards ?? cluster.listShards
    if let wanted, wanted > runs {
      throw Failure(.usage, "error: there are \(counted(runs, "run")), which is less than \(wanted) shards")
    }
    let jobs = options.jobs ?? 1
    let timing = wanted == nil ? try time(study) : nil
    let count = wanted ?? ShardPlan.count(runs: runs, secondsEach: timing?.seconds ?? 0, jobs: jobs)
    let plan = ShardPlan(
      name: fileName(of: [name]), count: count, runs: runs, jobs: jobs, output: output, program: Self.program,
      study: arguments, claims: claims.require.flatMap { ["--require", $0] })
    if cluster.slurm {
      let script = SlurmScript(plan: plan)
      try Terminal.print(script.text)
      if !options.quiet { Terminal.complain(remark(script, timing)) }
    } else if options.json {
      try Terminal.printJSON(ShardDocument(plan))
    } else {
      let document = ShardDocument(plan)
      let commands = document.shards.map(\.command) + [document.merge, document.summary]
      try Terminal.print(commands.map(shellCommand).joined(separator: "\n"))
    }
  }

  /// - Throws: a usage error.
  private func checkOptions() throws {
    let strange = [
      ("--restart", options.restart), ("--stop-at", options.stopAt != nil), ("--forget-stopped", options.forgetStopped),
      ("--until-precision", claims.untilPrecision != nil), ("--json", options.json && cluster.slurm),
    ]
    guard let first = strange.first(where: { $0.1 }) else { return }
    throw Failure(.usage, "error: \(first.0) does not go with \(cluster.slurm ? "--slurm" : "--list-shards")")
  }

  /// Times some runs.
  private func time(_ study: Scenario) throws -> RunTiming? {
    Interrupt.install()
    let timing = RunTiming(
      try Study(study), program: .current(jobs: 1), isCancelled: { Interrupt.isRequested })
    if Interrupt.isRequested { throw Failure(.interrupted, "interrupted while runs were timed") }
    return timing
  }

  private func remark(_ script: SlurmScript, _ timing: RunTiming?) -> String {
    let plan = script.plan
    let time = timing.map { timing in
      let seconds = timing.seconds * Double(plan.runsOfShards.upperBound) / Double(plan.jobs)
      return ", about \(humanDuration(seconds)) a shard by runs that were timed here"
    }
    return "\(counted(plan.count, "shard")) of \(script.runsOfShards)\(time ?? ""); submit the script with\n"
      + script.submission.map { "  \($0)" }.joined(separator: "\n")
  }

  /// The arguments that all parts of the sweep have in common.
  private var arguments: [String] {
    var words = ["sweep", scenario.file] + scenario.overrides
    func add(_ option: String, _ value: String?) { words += value.map { [option, $0] } ?? [] }
    add("--replications", options.replications.map { "\($0)" })
    add("--seed", options.seed.map { "\($0)" })
    add("--ties", options.ties?.order.text)
    if options.saveEvery.description != SavingInterval.usual.description {
      add("--save-every", options.saveEvery.description)
    }
    for time in options.keepStateAt { add("--keep-state-at", time.text) }
    if options.retryFailed { words.append("--retry-failed") }
    return words
  }

  /// This program, as machines find it that share its file system.
  private static var program: String {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
  }
}

/// The shards of a study for programs.
private struct ShardDocument: Encodable {
  struct Part: Encodable {
    let shard: String
    let runs: Int
    let output: String
    let command: [String]
  }

  let schema = "starling-shards/1"
  let name: String
  let runs: Int
  /// Runs at the same time in a shard.
  let jobs: Int
  let shards: [Part]
  /// The results file of the whole.
  let output: String
  /// Makes it of those of the shards.
  let merge: [String]
  /// Says what came of it.
  let summary: [String]

  init(_ plan: ShardPlan) {
    (name, runs, jobs, output, summary) = (plan.name, plan.runs, plan.jobs, plan.output, plan.summary)
    shards = (1...plan.count).map { number in
      let shard = Shard(number: number, count: plan.count)
      return Part(
        shard: shard.text, runs: plan.runs(of: shard), output: plan.output(of: shard),
        command: plan.command(for: shard))
    }
    merge = plan.merging.before + shards.map(\.output) + plan.merging.after
  }
}
