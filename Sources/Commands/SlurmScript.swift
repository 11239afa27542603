// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Quantities
import Studies

/// A script for Slurm: as an array it carries out the shards of a study, and alone it puts them together.
struct SlurmScript {
  /// Seconds before the time limit at which a shard is told to end.
  private static let warning = 60

  let plan: ShardPlan

  /// Where the script is said to lie.
  private var file: String { "\(plan.name).slurm" }

  /// How the script is submitted: the array, and what comes after it.
  var submission: [String] {
    [
      "shards=$(sbatch --parsable --array=1-\(plan.count) \(shellWord(file)))",
      "sbatch --dependency=afterok:$shards --kill-on-invalid-dep=yes \(shellWord(file))",
    ]
  }

  /// How many runs a shard has, in words.
  var runsOfShards: String {
    let range = plan.runsOfShards
    return range.count == 1 ? counted(range.upperBound, "run") : "\(range.lowerBound) or \(range.upperBound) runs"
  }

  /// The script.
  var text: String {
    let ends = plan.endsOfOutputs
    let shards = "\(shellWord(ends.before))*\(shellWord(ends.after))"
    let own = "\(shellWord(ends.before))\"$SLURM_ARRAY_TASK_ID\"\(shellWord(ends.after))"
    let merging = plan.merging
    let count = counted(plan.count, "shard")
    return """
      #!/bin/sh
      # \(plan.name): \(counted(plan.runs, "run")) in \(count) of \(runsOfShards), as `starling sweep --slurm` wrote it.
      # From the folder in which that was, with this in \(file):
      #
      #   \(submission[0])
      #   \(submission[1])
      #
      # The array carries out the shards, and the job after it puts them together and says what came of them. A shard
      # that is told to end, as by Slurm \(Self.warning) s before its time limit, keeps what it has and goes back into
      # the queue; so does one whose node fails.
      #SBATCH --job-name=\(plan.name)
      #SBATCH --ntasks=1
      #SBATCH --cpus-per-task=\(plan.jobs)
      #SBATCH --signal=TERM@\(Self.warning)
      #SBATCH --requeue
      #SBATCH --open-mode=append

      if [ -z "${SLURM_ARRAY_TASK_ID:-}" ]; then
        \(shellCommand(merging.before)) \(shards) \(shellCommand(merging.after)) || exit
        exec \(shellCommand(plan.summary))
      fi

      srun --ntasks=1 --cpus-per-task=\(plan.jobs) \\
        \(shellCommand(plan.command(forShard: "auto/\(plan.count)"))) \\
        \(own)
      status=$?
      # 75: it was stopped in good order, 143: by a second signal at once. The same command goes on.
      case $status in 75 | 143) exec scontrol requeue "$SLURM_JOB_ID" ;; esac
      exit "$status"
      """
  }
}
