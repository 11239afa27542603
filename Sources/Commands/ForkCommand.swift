// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Foundation
import Quantities
import Results
import Scenarios
import Studies
import Summaries

struct ForkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fork",
    abstract: "Ask the runs of a results file again, with something more happening from some time on.",
    discussion: """
      Every run is there as it was and once for each --with, up to that time the
      same bits. What a branch has more is an entry of the timeline, a list of
      such, a file with a timeline, or a key of links such as
      conditions.links.loss=30 %.

      Examples:
        starling fork results/stragglers.sqlite --at '100 s' --with '{for: 60 s, partition: {bisect: spectral}}'
        starling fork results/stragglers.sqlite --at '100 s' --with '{crash: {share: 30 %}}' --arm asynchronous
        starling fork results/stragglers.sqlite --at '1 min' --with conditions.links.loss='30 %' --name lossy
        starling fork results/stragglers.sqlite --at '1 min' --with later.yaml --until '10 min'
      """)

  @Argument(help: "The results file.", completion: .file(extensions: ["sqlite"]))
  var file: String

  @Option(
    help: ArgumentHelp("The virtual time from which on branches differ, such as '100 s'.", valueName: "time"),
    transform: virtualTime)
  var at: VirtualDuration

  @Option(
    help: ArgumentHelp("What a branch has more; once for each branch.", valueName: "entry"), completion: .file())
  var with: [String] = []

  @Option(help: ArgumentHelp("What a branch is called, in the order of --with.", valueName: "branch"))
  var name: [String] = []

  @Option(name: .shortAndLong, help: "An arm to branch from (default: all); may be given several times.")
  var arm: [String] = []

  @Option(
    help: ArgumentHelp("When runs end (default: as in the study).", valueName: "time"), transform: virtualTime)
  var until: VirtualDuration?

  @Option(name: .shortAndLong, help: "How many replications (default: all that have ended).")
  var replications: Int?

  @Option(name: .shortAndLong, help: "How many runs at the same time (default: one per processor).")
  var jobs: Int?

  @Option(
    name: .shortAndLong, help: "The results file (default: results/FILE-fork-TIME.sqlite).", completion: .file())
  var output: String?

  @Flag(help: "Begin anew; an earlier results file is kept under its name with ~ added.")
  var restart = false

  @Flag(help: "Run again what has failed in an earlier attempt.")
  var retryFailed = false

  @Option(
    name: .customLong("require"),
    help: ArgumentHelp(
      "What the fork must show, or the exit status is 1; may be given several times.", valueName: "claim"))
  var require: [String] = []

  @Flag(help: "Print one JSON document instead of text.")
  var json = false

  @Flag(name: .shortAndLong, help: "Say nothing about progress.")
  var quiet = false

  func validate() throws {
    if let replications, replications < 1 { throw ValidationError("--replications must be at least 1.") }
    if let jobs, jobs < 1 { throw ValidationError("--jobs must be at least 1.") }
    if with.isEmpty { throw ValidationError("--with says what a branch has more; there is none.") }
    if name.count > with.count { throw ValidationError("--name is given more often than --with.") }
  }

  func run() throws {
    try reporting {
      var options = try StudyOptions.parse([])
      (options.jobs, options.output, options.restart) = (jobs, output, restart)
      (options.retryFailed, options.json, options.quiet) = (retryFailed, json, quiet)
      options.saveEvery = SavingInterval(duration: nil)
      let request = ForkRequest(
        start: at, branches: with, names: name, arms: arm, until: until, replications: replications)
      let fork = try Fork(file, request, program: .current(jobs: options.jobCount))
      if !fork.bitDifferences.isEmpty {
        Terminal.complain(
          "warning: runs of \(file) were made with another \(fork.bitDifferences.joined(separator: ", "));"
            + " where the last bits of numbers differ, runs of the fork fail")
      }
      if !fork.leftOut.isEmpty {
        Terminal.complain(
          "warning: replications \(listed(fork.leftOut.map { "\($0)" })) of \(file) have ended and are left out: one before "
            + "them has not in every arm; the command that made the file goes on with it")
      }
      var claims = try ClaimOptions.parse([])
      claims.require = require
      var study = StudyCommand(options: options, overrides: [], claims: claims)
      study.fork = fork
      let ending = fork.forked.scenario.name.dropFirst(fork.study.header.name.count)
      let stem = URL(fileURLWithPath: file).deletingPathExtension().lastPathComponent
      try study.perform(fork.forked.scenario, fileName: stem + ending)
    }
  }
}
