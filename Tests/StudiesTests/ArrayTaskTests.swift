// SPDX-License-Identifier: GPL-3.0-or-later
import Studies
import Testing

private func slurm(_ index: Int, _ first: Int, _ last: Int, step: Int = 1, count: Int? = nil) -> [String: String] {
  [
    "SLURM_ARRAY_TASK_ID": "\(index)", "SLURM_ARRAY_TASK_MIN": "\(first)", "SLURM_ARRAY_TASK_MAX": "\(last)",
    "SLURM_ARRAY_TASK_STEP": "\(step)", "SLURM_ARRAY_TASK_COUNT": "\(count ?? (last - first) / step + 1)",
  ]
}

private func part(_ argument: String, _ environment: [String: String]) -> String {
  do { return try Shard(argument: argument, environment: environment).text } catch { return error.description }
}

/// Each task of an array has a part, every part has a task, in whatever steps tasks are counted.
@Test(arguments: [(1, 1), (0, 1), (3, 1), (0, 2), (5, 10)]) func everyTaskOfAnArrayHasItsPart(first: Int, step: Int) {
  let indices = (0..<4).map { first + $0 * step }
  let parts = ["1/4", "2/4", "3/4", "4/4"]
  #expect(indices.map { part("auto", slurm($0, first, indices[3], step: step)) } == parts)
  let grid = indices.map {
    part(
      "auto",
      [
        "SGE_TASK_ID": "\($0)", "SGE_TASK_FIRST": "\(first)", "SGE_TASK_LAST": "\(indices[3])",
        "SGE_TASK_STEPSIZE": "\(step)",
      ])
  }
  #expect(grid == parts)
}

/// Where parts are counted by the user, some tasks can be submitted again, and the index is all that has to be known.
@Test func aTaskThatIsSubmittedAgainHasThePartItHad() {
  #expect(part("auto/16", slurm(3, 3, 5, count: 2)) == "3/16")
  #expect(part("auto/16", ["PBS_ARRAY_INDEX": "16"]) == "16/16")
  #expect(part("auto/16", ["PBS_ARRAYID": "7"]) == "7/16")
  // Variables of no array job do not matter where the part is said.
  #expect(part("3/16", slurm(1, 1, 4)) == "3/16")
}

/// Nothing is guessed: a wrong part would leave runs out, or make them twice.
@Test func whatAnArrayDoesNotSayIsNotGuessed() {
  #expect(part("auto", [:]).contains("there are none"))
  #expect(part("auto", ["SGE_TASK_ID": "undefined"]).contains("there are none"))
  #expect(part("auto", slurm(3, 3, 5, count: 2)).contains("auto/16"))
  #expect(part("auto", ["PBS_ARRAY_INDEX": "1"]).contains("auto/16"))
  #expect(part("auto/4", slurm(0, 0, 3)).contains("tasks from 1 to 4, and this one is 0"))
  #expect(part("auto/4", slurm(5, 1, 5)).contains("this one is 5"))
  for wrong in ["auto/", "auto/0", "auto/x", "auto/1/2", "automatic", "0/4", "5/4", "1/0", "", "1"] {
    #expect(part(wrong, slurm(1, 1, 4)).contains("is no part of a study"), "\(wrong)")
  }
  // Numbers beyond all reason are no numbers of tasks.
  let huge = ["SLURM_ARRAY_TASK_ID": "9223372036854775807", "SLURM_ARRAY_TASK_MIN": "-9223372036854775808"]
  #expect(part("auto", huge).contains("there are none"))
}
