// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Foundation
import Quantities
import Results
import Studies

struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run policies that agents have learnt, from a results file.",
    discussion: """
      Plays new episodes with the policies that a run has kept (those of its end,
      unless the scenario's measure.keep-parameters says otherwise), and prints
      the return of each agent: mean with Student's interval, median, least and
      greatest over episodes. With --task all and several agents, what is printed
      of each task is the mean return of every agent, or quartiles over agents
      where that is too wide; --json has every return.

      Episodes start from the same states for all agents, arms and policies, so
      returns are paired; no agent has learnt or been tested from these states.

      Examples:
        starling evaluate results/swing-up.sqlite
        starling evaluate results/swing-up.sqlite --arm asynchronous --task all
        starling evaluate results/swing-up.sqlite --agent agent-3 --random
        starling evaluate results/swing-up.sqlite --zero
        starling evaluate results/swing-up.sqlite --agent agent-3 \\
          --trajectory swing.csv
        starling evaluate results/navigation.sqlite --task all --random --flight
        starling evaluate results/rooms.sqlite --corridor prior
        starling evaluate results/rooms.sqlite --export-prior prior.csv
      """)

  @Argument(help: "The results file.", completion: .file(extensions: ["sqlite"]))
  var file: String
  @Option(help: "The arm of the run; may be left out where there is one.")
  var arm: String?
  @Option(help: "The replication of the run, from 0.")
  var replication = 0
  @Option(help: "An agent; may be given several times (default: all that act).")
  var agent: [String] = []
  @Option(
    help: ArgumentHelp(
      "A task by its name or its number from 0, own (each agent's own), or all.", valueName: "task"))
  var task = "own"
  @Option(
    help: ArgumentHelp(
      "Take the newest parameters at or before this virtual time, such as '5 min' (default: the last).",
      valueName: "duration"))
  var time: DurationArgument?
  @Option(help: "How many episodes for each agent and task.")
  var episodes = 100
  @Option(help: "The seed of first states and random actions.")
  var seed: UInt64 = 1
  @Flag(help: "Draw actions from the policies, as in learning, instead of taking their means.")
  var random = false
  @Flag(help: "Let all actions be zero instead, as a yardstick.")
  var zero = false
  @Flag(help: "Draw actions uniformly between the bounds of mean actions instead, as a yardstick.")
  var uniform = false
  @Flag(help: "Say how many metres episodes lead instead of their returns, where the environment has metres.")
  var flight = false
  @Flag(help: "Print one JSON document instead of text.")
  var json = false
  @Option(
    help: ArgumentHelp(
      "Write the steps of the first episode of each agent and task to this file, as CSV.", valueName: "file"),
    completion: .file())
  var trajectory: String?
  @Option(
    help: ArgumentHelp(
      "Play nothing; print how probable each action is in the corridor, after each action: by the policy that agents "
        + "share (prior) or by their own (own).", valueName: "policy"))
  var corridor: CorridorPolicy.Owner?
  @Option(
    help: ArgumentHelp(
      "Play nothing; write the policy that agents share, as the first of them or --agent has it, to this file, which "
        + "learner.prior-from takes.", valueName: "file"),
    completion: .file(extensions: ["csv"]))
  var exportPrior: String?

  func validate() throws {
    guard (1...1_000_000).contains(episodes) else { throw ValidationError("--episodes must be from 1 to 1000000.") }
    guard replication >= 0 else { throw ValidationError("--replication must be 0 or more.") }
    guard [random, zero, uniform].count(where: { $0 }) <= 1 else {
      throw ValidationError("--random, --zero and --uniform exclude each other.")
    }
    guard corridor == nil && exportPrior == nil || !random && !zero && !uniform && !flight && trajectory == nil
    else {
      throw ValidationError(
        "--corridor and --export-prior play no episodes; leave --random, --zero, --uniform, --flight and "
          + "--trajectory out.")
    }
    guard corridor == nil || exportPrior == nil else {
      throw ValidationError("--corridor and --export-prior exclude each other.")
    }
    guard exportPrior == nil || agent.count <= 1 && !json else {
      throw ValidationError("--export-prior goes with one --agent at most, and without --json.")
    }
  }

  func run() throws {
    try reporting {
      let policies = try StoredPolicies(
        try ResultsFile(file), path: file, arm: arm, replication: replication)
      let agents = try policies.agents(named: agent)
      if let exportPrior { return try export(agents, of: policies, to: exportPrior) }
      if let corridor { return try show(corridor, of: agents, in: policies) }
      guard !flight || policies.tasks.stepLength != nil else {
        throw ValidationError("--flight: episodes of environment \(policies.environment) are not measured in metres.")
      }
      let output = try trajectory.map { try OutputFile($0) }
      let evaluation = PolicyEvaluation(
        acting: acting, episodes: episodes, seed: seed, isFollowed: trajectory != nil, byFlight: flight)
      let (time, outcomes) = try evaluation.outcomes(
        of: policies, agents: agents, in: choice, at: self.time?.seconds,
        jobs: ProcessInfo.processInfo.activeProcessorCount)
      if let output { try write(outcomes, of: policies, to: output) }
      let report = EvaluationReport(policies, evaluation, time: time, outcomes: outcomes)
      if json {
        try Terminal.printJSON(report.document)
      } else {
        try Terminal.print(report.text(Terminal.style))
      }
    }
  }

  private func export(_ agents: [StoredPolicies.Agent], of policies: StoredPolicies, to name: String) throws {
    guard let first = agents.first else { return }
    let text = try policies.priorText(of: first, at: time?.seconds)
    let output = try OutputFile(name)
    try output.write(Array(text.utf8))
    try output.finish()
  }

  private func show(
    _ owner: CorridorPolicy.Owner, of agents: [StoredPolicies.Agent], in policies: StoredPolicies
  ) throws {
    let (time, actions, found) = try policies.corridorPolicies(of: agents, owner, at: self.time?.seconds)
    let report = CorridorReport(policies, owner, time: time, actions: actions, found)
    if json {
      try Terminal.printJSON(report.document)
    } else {
      try Terminal.print(report.text)
    }
  }

  private var acting: PolicyEvaluation.Acting {
    if random { return .drawn }
    if zero { return .zero }
    return uniform ? .uniform : .mean
  }

  private var choice: StoredPolicies.TaskChoice {
    switch task {
    case "own": .own
    case "all": .all
    default: .named(task)
    }
  }

  /// A row for each step: the time within the episode and the observation before it, the action as the policy chose it,
  /// and what the step gave.
  private func write(
    _ outcomes: [PolicyEvaluation.Outcome], of policies: StoredPolicies, to output: OutputFile
  ) throws {
    let observations = policies.tasks.observationNames
    let columns = ["agent", "task", "step", "time"] + observations + ["action", "reward"]
    var lines = TableLines(format: .csv, columns: columns)
    for outcome in outcomes {
      let timeStep = policies.tasks.names.firstIndex(of: outcome.task).map(policies.tasks.timeStep) ?? .nan
      for (number, step) in outcome.episodes.firstEpisode.enumerated() {
        let place: [TableCell] = [
          .text(outcome.agent ?? evaluationName(acting)), .text(outcome.task), .count(UInt64(number)),
          .number(Double(number) * timeStep),
        ]
        let seen = step.observation.map { TableCell.number(Double($0)) }
        lines.add([], place + seen + [.number(Double(step.action)), .number(step.reward)])
      }
    }
    try output.write(lines.bytes)
    try output.finish()
  }
}

extension CorridorPolicy.Owner: ExpressibleByArgument {}

/// A virtual time as the command line writes it, such as `90 s` or `5 min`.
struct DurationArgument: ExpressibleByArgument {
  let seconds: Double

  init?(argument: String) {
    guard let nanoseconds = try? WrittenDuration.nanoseconds(of: argument), nanoseconds >= 0 else { return nil }
    seconds = Double(nanoseconds) / 1e9
  }
}
