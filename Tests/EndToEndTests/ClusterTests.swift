// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Testing

/// Sweeps that are handed to batch systems.
@Suite(.serialized) struct ClusterTests {
  private let sweep = [
    "sweep", "it's small.yaml", "conditions.links.loss=0:0.2:0.1", "--replications", "8", "--seed", "2", "--require",
    "'free, conditions.links.loss=0'.final-msd < 0 dB",
  ]

  private func call(_ program: Program, _ arguments: [String], in folder: URL) throws -> Program.Outcome {
    try write(smallScenario, as: "it's small.yaml", in: folder)
    return try program.finish(program.start(arguments, in: folder), in: folder)
  }

  /// What is printed, with a word for where the program is.
  private func text(_ output: String, _ program: Program) -> String {
    output.replacingOccurrences(of: program.executable.resolvingSymlinksInPath().path, with: "/usr/bin/starling")
  }

  private func golden(_ name: String) throws -> String {
    let file = try #require(Bundle.module.url(forResource: name, withExtension: "txt", subdirectory: "Resources"))
    return String(decoding: try Data(contentsOf: file), as: UTF8.self)
  }

  @Test func theScriptForSlurmIsTheTextThatWasAgreedOn() throws {
    let program = try Program()
    try withFolder { folder in
      let outcome = try call(program, sweep + ["--slurm", "--shards", "5"], in: folder)
      #expect(outcome.status == 0)
      #expect(text(outcome.output, program) == (try golden("sweep-slurm")))
      #expect(
        outcome.error == """
          5 shards of 9 or 10 runs; submit the script with
            shards=$(sbatch --parsable --array=1-5 small-sweep.slurm)
            sbatch --dependency=afterok:$shards --kill-on-invalid-dep=yes small-sweep.slurm

          """)
      // Nothing has been run.
      #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("results").path))
    }
  }

  @Test func shardsAreListedForPrograms() throws {
    let program = try Program()
    try withFolder { folder in
      let outcome = try call(program, sweep + ["--list-shards", "2", "--json", "--output", "a b.sqlite"], in: folder)
      #expect(outcome.status == 0 && outcome.error.isEmpty)
      #expect(text(outcome.output, program) == (try golden("sweep-list-shards")))
    }
  }

  /// The commands as a shell reads them, one after the other, with names that need quotes.
  @Test func theCommandsThatAreListedGiveTheWholeSweep() throws {
    let program = try Program()
    try withFolder { folder in
      let whole = try call(program, sweep + ["--quiet", "--output", "whole.sqlite"], in: folder)
      let listed = try call(program, sweep + ["--list-shards", "3", "--output", "it's $HOME.sqlite"], in: folder)
      let commands = listed.output.split(separator: "\n")
      #expect(commands.count == 5)
      var last: Program.Outcome?
      for command in commands {
        let shell = try program.start(
          ["-c", String(command)], in: folder, executable: URL(fileURLWithPath: "/bin/sh"))
        last = try program.finish(shell, in: folder)
        #expect(last?.status == 0, "\(command): \(last?.error ?? "")")
      }
      #expect(whole.status == 0 && last?.output == whole.output)
    }
  }

  /// Where nobody says how many shards there are, runs are timed: those of this study take moments.
  @Test func shardsOfLessThanAMinuteAreOne() throws {
    let program = try Program()
    try withFolder { folder in
      let outcome = try call(program, sweep + ["--slurm"], in: folder)
      #expect(outcome.status == 0 && outcome.error.hasPrefix("1 shard of 48 runs, about "), "\(outcome.error)")
      #expect(outcome.error.contains(" a shard by runs that were timed here; submit the script with\n"))
      #expect(outcome.output.contains("--shard auto/1 --output"))
    }
  }

  @Test(arguments: [
    (["--slurm", "--shards", "49"], "there are 48 runs, which is less than 49 shards"),
    (["--slurm", "--shards", "0"], "There must be at least one shard."),
    (["--shards", "2"], "--shards goes with --slurm."),
    (["--slurm", "--list-shards", "2"], "--slurm and --list-shards are two things."),
    (["--list-shards", "2", "--shard", "1/2"], "--shard is one part, and --list-shards prints all."),
    (["--slurm", "--restart"], "--restart does not go with --slurm"),
    (["--list-shards", "2", "--stop-at", "1 s"], "--stop-at does not go with --list-shards"),
    (["--slurm", "--until-precision", "5 %"], "--until-precision does not go with --slurm"),
    (["--list-shards", "2", "--require", "nobody.final-msd < 1"], "nobody"),
  ])
  func whatDoesNotGoWithShardsIsRefused(more: [String], message: String) throws {
    let program = try Program()
    try withFolder { folder in
      let outcome = try call(program, sweep + more, in: folder)
      #expect(outcome.status == 64 && outcome.output.isEmpty)
      #expect(outcome.error.contains(message), "\(outcome.error)")
    }
  }
}
