// SPDX-License-Identifier: GPL-3.0-or-later

/// The shards of a study, and the commands that carry them out, put them together and say what came of it.
package struct ShardPlan: Sendable, Equatable {
  /// Seconds that a shard takes at least where the program chooses how many there are: a batch system spends some on
  /// each.
  package static let leastSeconds = 60.0
  /// Shards that the program chooses at most: Slurm's arrays end at task 1000 unless it is told otherwise.
  package static let mostChosen = 1000

  /// What a batch system calls the study.
  package let name: String
  /// How many shards there are.
  package let count: Int
  /// Runs of the whole study.
  package let runs: Int
  /// Runs at the same time in a shard.
  package let jobs: Int
  /// The results file of the whole study.
  package let output: String
  /// The program, by its path.
  let program: String
  /// The arguments that all parts have in common.
  let study: [String]
  /// Those that only the whole takes, such as claims.
  let claims: [String]

  /// - Precondition: there is at least one shard, and no more than runs.
  package init(
    name: String, count: Int, runs: Int, jobs: Int, output: String, program: String, study: [String], claims: [String]
  ) {
    precondition(count >= 1 && count <= runs, "Every shard has a run.")
    (self.name, self.count, self.runs, self.jobs, self.output) = (name, count, runs, jobs, output)
    (self.program, self.study, self.claims) = (program, study, claims)
  }

  /// How many shards there are where nobody says it: as many as last a minute each, by what a run takes.
  package static func count(runs: Int, secondsEach seconds: Double, jobs: Int) -> Int {
    let most = Double(min(runs, mostChosen))
    return Int(max(1, min(most, Double(runs) * seconds / (leastSeconds * Double(jobs)))))
  }

  /// Runs of the smallest shard and of the largest.
  package var runsOfShards: ClosedRange<Int> { runs / count...(runs + count - 1) / count }

  /// How many runs a shard has.
  package func runs(of shard: Shard) -> Int { (0..<runs).count { shard.holds($0) } }

  // MARK: - Files

  /// The results file of a shard.
  package func output(of shard: Shard) -> String {
    let ends = endsOfOutputs
    return "\(ends.before)\(shard.number)\(ends.after)"
  }

  /// What stands before and after the number in the names of the shards' results files.
  package var endsOfOutputs: (before: String, after: String) {
    let stem = output.hasSuffix(".sqlite") ? String(output.dropLast(7)) : output
    return ("\(stem)-shard-", "-of-\(count).sqlite")
  }

  // MARK: - Commands

  /// The words of the command that carries out a shard, but for its results file.
  ///
  /// - Parameter shard: as `--shard` takes it.
  package func command(forShard shard: String) -> [String] {
    [program] + study + ["--jobs", "\(jobs)", "--quiet", "--shard", shard, "--output"]
  }

  /// The words of the command that carries out a shard.
  package func command(for shard: Shard) -> [String] { command(forShard: shard.text) + [output(of: shard)] }

  /// The words of the command that puts the shards together, but for their files, which go in between.
  package var merging: (before: [String], after: [String]) { ([program, "merge"], ["--output", output]) }

  /// The words of the command that says what came of the whole study, and goes on with it where runs are missing.
  package var summary: [String] {
    [program] + study + claims + ["--jobs", "\(jobs)", "--quiet", "--output", output]
  }
}
