// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Records
import Scenarios
import Studies

/// Whether arms are brought to one final error before they are compared.
struct MatchOptions: ParsableArguments {
  @Option(
    name: .customLong("match"),
    help: ArgumentHelp(
      "Tune the step size of each arm until all end equally accurate, such as --match final-msd.",
      discussion: "Tuned on pilot replications, which are reported nowhere.",
      valueName: "final-METRIC"))
  var metric: MatchedMetric?

  @Option(name: .customLong("match-to"), help: "The arm that keeps its step size (default: the first).")
  var reference: String?

  @Option(help: "With --match, how many pilot replications of each arm.")
  var pilots: Int = Matching.usualPilots

  func validate() throws {
    guard (1...10_000).contains(pilots) else { throw ValidationError("--pilots must be from 1 to 10000.") }
    guard metric != nil || (reference == nil && pilots == Matching.usualPilots) else {
      throw ValidationError("--match-to and --pilots go with --match.")
    }
  }

  /// The matching asked for; nothing for none.
  ///
  /// - Throws: if there is no such arm, or an arm has no step size.
  func matching(of scenario: Scenario) throws -> Matching? {
    guard let metric else { return nil }
    var position = 0
    if let reference {
      guard let found = scenario.arms.firstIndex(where: { $0.name == reference }) else {
        let names = scenario.arms.map { "'\($0.name)'" }.joined(separator: ", ")
        throw Failure(.usage, "error: the scenario has no arm '\(reference)' to match to; it has \(names)")
      }
      position = found
    }
    return try Matching(scenario, metric: metric.definition, reference: position, pilots: pilots)
  }

  /// What the name of a results file says of it.
  var fileNameParts: [String] {
    guard let metric else { return [] }
    return ["match=final-\(metric.definition.name)"] + (reference.map { ["match-to=\($0)"] } ?? [])
      + (pilots == Matching.usualPilots ? [] : ["pilots=\(pilots)"])
  }
}

/// A squared error as the command line writes it.
struct MatchedMetric: ExpressibleByArgument {
  let definition: MetricDefinition

  init?(argument: String) {
    guard argument.hasPrefix("final-"), let known = Matching.metrics.named(String(argument.dropFirst(6))) else {
      return nil
    }
    definition = known
  }

  static var allValueStrings: [String] { Matching.metrics.map { "final-\($0.name)" } }
  static var defaultCompletionKind: CompletionKind { .list(allValueStrings) }
}
