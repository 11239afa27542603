// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import EventEngine
import Foundation
import Quantities
import Scenarios
import Studies

/// The scenario that a command is about.
struct ScenarioArguments: ParsableArguments {
  @Argument(help: "The scenario, a YAML file.", completion: .file(extensions: ["yaml", "yml"]))
  var file: String

  @Argument(
    help: ArgumentHelp(
      "Settings to change, by their full path.",
      discussion:
        "Such as conditions.links.loss=0.1; with compare and sweep several values (0,0.1 or 0:0.3:0.1) make an arm each."
    ))
  var overrides: [String] = []

  /// Reads the scenario with the overrides and some more from options.
  func load(and more: [String] = [], arms: ArmChoice = .written) throws -> Scenario {
    try Scenario.load(path: file, overrides: Override.all(overrides + more), arms: arms)
  }
}

/// How a study is run.
struct StudyOptions: ParsableArguments {
  @Option(name: .shortAndLong, help: "How many runs at the same time (default: one per processor).")
  var jobs: Int?

  @Option(name: .shortAndLong, help: "How many replications of each arm (default: as the scenario says).")
  var replications: Int?

  @Option(name: .shortAndLong, help: "The seed of all randomness (default: as the scenario says).")
  var seed: UInt64?

  @Option(help: "How exact ties in time are taken: fifo, or random:SEED.")
  var ties: Ties?

  @Option(
    name: .shortAndLong, help: "The results file (default: results/NAME.sqlite).", completion: .file())
  var output: String?

  @Flag(help: "Begin anew; an earlier results file is kept under its name with ~ added.")
  var restart = false

  @Flag(help: "Run again what has failed in an earlier attempt.")
  var retryFailed = false

  @Option(
    help: ArgumentHelp(
      "Stop every run at this virtual time, such as '10 s'; the same command without it goes on from there.",
      valueName: "time"), transform: virtualTime)
  var stopAt: VirtualDuration?

  @Option(
    help: ArgumentHelp(
      "Keep the state of runs under way so often in real time, against kills, or none (default: 5 min).",
      valueName: "time"), transform: SavingInterval.init)
  var saveEvery = SavingInterval.usual

  @Option(
    help: ArgumentHelp(
      "Keep the state of every run at this virtual time for 'starling fork'; may be given several times.",
      valueName: "time"), transform: virtualTime)
  var keepStateAt: [VirtualDuration] = []

  @Flag(help: "Begin runs anew that were stopped on their way.")
  var forgetStopped = false

  @Flag(help: "Print one JSON document instead of text.")
  var json = false

  @Flag(name: .shortAndLong, help: "Say nothing about progress.")
  var quiet = false

  func validate() throws {
    if let jobs, jobs < 1 { throw ValidationError("--jobs must be at least 1.") }
    if let replications, replications < 1 { throw ValidationError("--replications must be at least 1.") }
  }

  /// The number of runs at the same time.
  var jobCount: Int { jobs ?? ProcessInfo.processInfo.activeProcessorCount }

  /// What the options change in the scenario, as overrides.
  var overrides: [String] {
    [replications.map { "replications=\($0)" }, seed.map { "seed=\($0)" }].compactMap { $0 }
  }
}

/// Which part of a study is run.
struct ShardOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Run one of N parts of the study, such as 1/4; `starling merge` puts the parts together. In an array job it can be "
        + "auto, or auto/4 with tasks 1 to 4.", valueName: "shard"),
    transform: part)
  var shard: Shard?

  private static func part(_ argument: String) throws -> Shard {
    do {
      return try Shard(argument: argument, environment: ProcessInfo.processInfo.environment)
    } catch {
      throw ValidationError("\(error).")
    }
  }
}

/// A virtual time, as an argument says it.
func virtualTime(_ text: String) throws -> VirtualDuration {
  guard let nanoseconds = try? WrittenDuration.nanoseconds(of: text), nanoseconds >= 0 else {
    throw ValidationError("'\(text)' is no time of virtual time with a unit, such as '10 s' or '1 min 30 s'.")
  }
  return VirtualDuration(nanoseconds: nanoseconds)
}

/// How often the state of runs is kept, as an argument says it.
struct SavingInterval: CustomStringConvertible {
  /// What nobody says anything else of.
  static let usual = SavingInterval(duration: VirtualDuration(nanoseconds: 300_000_000_000))

  let duration: VirtualDuration?

  var description: String { duration?.text ?? "none" }

  init(duration: VirtualDuration?) { self.duration = duration }

  init(_ text: String) throws {
    if text == "none" {
      duration = nil
      return
    }
    guard let nanoseconds = try? WrittenDuration.nanoseconds(of: text), nanoseconds > 0 else {
      throw ValidationError("'\(text)' is no duration above zero with a unit, such as '5 min', and not none.")
    }
    duration = VirtualDuration(nanoseconds: nanoseconds)
  }
}

/// The order of exact ties, as the command line writes it.
struct Ties: ExpressibleByArgument {
  let order: TieOrder

  init?(argument: String) {
    if argument == "fifo" {
      order = .firstInFirstOut
    } else if argument.hasPrefix("random:"), let seed = UInt64(argument.dropFirst(7)) {
      order = .random(seed: seed)
    } else {
      return nil
    }
  }

  static var defaultCompletionKind: CompletionKind { .list(["fifo", "random:1"]) }
}

extension TieOrder {
  /// The order as the command line writes it.
  var text: String {
    switch self {
    case .firstInFirstOut: "fifo"
    case .random(let seed): "random:\(seed)"
    }
  }
}
