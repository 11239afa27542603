// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Quantities
import Scenarios
import Summaries

/// What a study is to show, and how precisely.
struct ClaimOptions: ParsableArguments {
  @Option(
    name: .customLong("require"),
    help: ArgumentHelp(
      "Exit with status 1 unless the runs show this; may be given several times.",
      discussion: """
        ARM.METRIC and numbers with units, joined by + - * / ( ) and compared by < <= > >=, such as \
        'async.time-to-target < 0.5 * sync.time-to-target'. Shown means with 97.5 % confidence, of six seeds or more.
        """,
      valueName: "claim"))
  var require: [String] = []

  @Option(
    help: ArgumentHelp(
      "Add replications until every final error and time to target is known so precisely, such as '5 %'.",
      valueName: "share"))
  var untilPrecision: Share?

  @Option(help: "With --until-precision, how many replications at most.")
  var atMost: Int = 200

  func validate() throws {
    let least = PrecisionGoal.leastReplications
    guard (least...1_000_000).contains(atMost) else {
      throw ValidationError("--at-most must be from \(least) to 1000000.")
    }
    guard untilPrecision != nil || atMost == 200 else {
      throw ValidationError("--at-most goes with --until-precision.")
    }
  }

  /// The precision asked for; nothing for a fixed number of replications.
  var goal: PrecisionGoal? { untilPrecision.map { PrecisionGoal(relative: $0.value, atMost: atMost) } }

  /// The requirements, read before anything runs.
  ///
  /// - Throws: `RequirementError` for the first that cannot be read.
  func requirements(of scenario: Scenario) throws -> [Requirement] {
    let arms = scenario.arms.map { (name: $0.name, hasTarget: $0.settings.measurement.target != nil) }
    let metrics = RunMetrics(of: scenario.metrics)
    return try require.map { try Requirement($0, arms: arms, metrics: metrics) }
  }
}

/// A share of one on the command line: `0.05`, `5%` or `5 %`.
struct Share: ExpressibleByArgument {
  let value: Double

  init?(argument: String) {
    guard let number = DecimalText(argument) else { return nil }
    let unit = argument.utf8.dropFirst(number.length).filter { $0 != UInt8(ascii: " ") }
    guard unit.isEmpty || unit.elementsEqual("%".utf8) else { return nil }
    value = unit.isEmpty ? number.value : number.value / 100
    guard value > 0, value <= 1 else { return nil }
  }
}
