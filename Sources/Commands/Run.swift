// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Scenarios

struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run one arm of a scenario and summarise it.",
    discussion: """
      Without --arm the scenario is run as it stands, its arms left aside.

      Examples:
        starling run scenarios/quickstart.yaml
        starling run scenarios/stragglers.yaml --arm asynchronous --replications 3
        starling run scenarios/quickstart.yaml learner.step-size=0.05 --seed 7 --json
        starling run scenarios/quickstart.yaml --require 'final-msd < -35 dB'
      """)

  @OptionGroup var scenario: ScenarioArguments
  @Option(name: .shortAndLong, help: "The arm of the scenario to run.")
  var arm: String?
  @OptionGroup var claims: ClaimOptions
  @OptionGroup var options: StudyOptions

  func run() throws {
    try reporting {
      let study = StudyCommand(
        options: options, overrides: scenario.overrides + options.overrides, claims: claims)
      var scenario = try scenario.load(and: options.overrides, arms: arm == nil ? .none : .written)
      if let arm {
        guard let chosen = scenario.arms.first(where: { $0.name == arm }) else {
          let names = scenario.arms.map { "'\($0.name)'" }.joined(separator: ", ")
          throw Failure(.usage, "error: the scenario has no arm '\(arm)'; it has \(names)")
        }
        scenario.arms = [chosen]
      }
      guard scenario.arms.count == 1 else {
        throw Failure(
          .usage, "error: overrides with several values make several arms; use 'starling compare' to run them all")
      }
      try study.perform(scenario, fileName: arm.map { "\(scenario.name)-\($0)" } ?? scenario.name)
    }
  }
}
