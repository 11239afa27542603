// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Scenarios

struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run all arms of a scenario on the same seeds and compare them.",
    discussion: """
      Arms are those of the file, or made by overrides with several values.

      Examples:
        starling compare scenarios/stragglers.yaml
        starling compare scenarios/loss.yaml --replications 20 --jobs 2
        starling compare scenarios/quickstart.yaml conditions.links.loss=0,0.1
        starling compare scenarios/stragglers.yaml --json > stragglers.json
        starling compare scenarios/stragglers.yaml --match final-msd
        starling compare scenarios/loss.yaml --until-precision '5 %' --at-most 100
        starling compare scenarios/loss.yaml --require 'async.time-to-target < 1 min'
      """)

  @OptionGroup var scenario: ScenarioArguments
  @OptionGroup var matching: MatchOptions
  @OptionGroup var claims: ClaimOptions
  @OptionGroup var options: StudyOptions
  @OptionGroup var part: ShardOption

  func run() throws {
    try reporting {
      let study = StudyCommand(
        options: options, overrides: scenario.overrides + options.overrides, shard: part.shard, matching: matching,
        claims: claims)
      let scenario = try scenario.load(and: options.overrides)
      guard scenario.arms.count > 1 else {
        throw Failure(
          .usage,
          "error: there is one arm only, and nothing to compare it with\n"
            + "  write `arms` in the scenario, or give several values to a setting, such as "
            + "strategy.timing=synchronous-global,asynchronous")
      }
      try study.perform(scenario, fileName: scenario.name)
    }
  }
}
