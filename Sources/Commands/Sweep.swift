// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Scenarios

struct Sweep: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run a grid of settings and say which cell is best.",
    discussion: """
      Every combination of the values, with every arm of the file, is a cell.
      Values are listed with commas, or are a range: FROM:TO:STEP with both ends,
      or log(FROM:TO:POINTS). Where no setting has several values the `sweep`
      block of the file says what to vary.

      Examples:
        starling sweep scenarios/step-sizes.yaml
        starling sweep scenarios/quickstart.yaml conditions.links.loss=0:0.3:0.1
        starling sweep scenarios/loss.yaml 'learner.step-size=log(0.001:0.1:7)'
        starling sweep scenarios/step-sizes.yaml --shard 1/4
        starling sweep scenarios/step-sizes.yaml --slurm > step-sizes-sweep.slurm
      """)

  @OptionGroup var scenario: ScenarioArguments
  @OptionGroup var claims: ClaimOptions
  @OptionGroup var options: StudyOptions
  @OptionGroup var part: ShardOption
  @OptionGroup var cluster: ClusterOptions
  /// Taken only to say that there is none.
  @Option(help: .hidden) var arm: String?

  func validate() throws {
    guard arm == nil else {
      throw ValidationError(
        "A sweep takes no --arm: every arm of the file has its cells. Leave the other arms out of the file, or run one "
          + "cell with `starling run --arm`.")
    }
    guard part.shard == nil || !cluster.areGiven else {
      throw ValidationError("--shard is one part, and \(cluster.slurm ? "--slurm" : "--list-shards") prints all.")
    }
  }

  func run() throws {
    try reporting {
      let study = StudyCommand(
        options: options, overrides: scenario.overrides + options.overrides, shard: part.shard, claims: claims)
      let scenario = try scenario.load(and: options.overrides, arms: .swept)
      guard !scenario.sweep.isEmpty else {
        throw Failure(
          .usage,
          "error: there is nothing to sweep\n"
            + "  write a `sweep` block in the scenario, or give several values to a setting, such as "
            + "conditions.links.loss=0:0.3:0.1")
      }
      let name = "\(scenario.name)-sweep"
      guard cluster.areGiven else { return try study.sweep(scenario, fileName: name) }
      try ClusterSweep(cluster: cluster, options: options, claims: claims, scenario: self.scenario)
        .print(scenario, fileName: name, output: study.resultsPath(of: scenario, fileName: name))
    }
  }
}
