// SPDX-License-Identifier: GPL-3.0-or-later

/// The task of an array job that the program runs in, as a batch system tells it by variables of the environment.
struct ArrayTask {
  /// From one, in the order of the array.
  let number: Int
  /// How many tasks the array has; nothing where the batch system does not say, or the array leaves some out.
  let count: Int?
  /// What the task is called in the array.
  let index: Int

  /// Far beyond what batch systems let indices be.
  private static let possible = -1_000_000_000...1_000_000_000

  /// - Parameter environment: the variables of the process.
  init?(_ environment: [String: String]) {
    func value(_ name: String) -> Int? {
      environment[name].flatMap { Int($0) }.flatMap { Self.possible.contains($0) ? $0 : nil }
    }
    let found =
      Self.regular(
        value("SLURM_ARRAY_TASK_ID"), from: value("SLURM_ARRAY_TASK_MIN"), to: value("SLURM_ARRAY_TASK_MAX"),
        by: value("SLURM_ARRAY_TASK_STEP"), count: value("SLURM_ARRAY_TASK_COUNT"))
      ?? Self.regular(
        value("SGE_TASK_ID"), from: value("SGE_TASK_FIRST"), to: value("SGE_TASK_LAST"),
        by: value("SGE_TASK_STEPSIZE"), count: nil)
    if let found {
      self = found
    } else if let index = value("SLURM_ARRAY_TASK_ID") ?? value("PBS_ARRAY_INDEX") ?? value("PBS_ARRAYID") {
      self = ArrayTask(number: index, count: nil, index: index)
    } else {
      return nil
    }
  }

  private init(number: Int, count: Int?, index: Int) { (self.number, self.count, self.index) = (number, count, index) }

  /// A task of an array from one index to another in steps, if it is one.
  private static func regular(
    _ index: Int?, from first: Int?, to last: Int?, by step: Int?, count: Int?
  ) -> ArrayTask? {
    guard let index, let first, let last, index >= first, index <= last else { return nil }
    let step = step ?? 1
    guard step > 0, (index - first) % step == 0 else { return nil }
    let places = (last - first) / step + 1
    if let count, count != places { return nil }
    return ArrayTask(number: (index - first) / step + 1, count: places, index: index)
  }
}

extension Shard {
  /// What an argument can be.
  private static let forms =
    "1/4, auto in an array job of as many tasks as there are parts, or auto/4 in one of tasks 1 to 4"

  /// The part that an argument names: `I/N`; `auto`, that of the array job's task; or `auto/N`, the part of N whose number
  /// is the index of the task, so that some tasks can be submitted again.
  ///
  /// - Throws: a sentence that says what is wrong.
  package init(argument: String, environment: [String: String]) throws(ShardFault) {
    guard argument == "auto" || argument.hasPrefix("auto/") else {
      guard let shard = Shard(argument) else { throw Self.fault(argument) }
      self = shard
      return
    }
    guard let task = ArrayTask(environment) else {
      throw ShardFault(
        "--shard \(argument) goes by the variables that Slurm, PBS and SGE set in array jobs, and there are none; give a "
          + "part such as 1/4")
    }
    if argument == "auto" {
      guard let count = task.count else {
        throw ShardFault(
          "--shard auto does not know how many parts there are, as this array job does not say how many tasks it has, or "
            + "leaves some out; say it, as in auto/16, with tasks from 1 to 16")
      }
      self = Shard(number: task.number, count: count)
      return
    }
    guard let count = Int(argument.dropFirst(5)), count >= 1 else { throw Self.fault(argument) }
    guard (1...count).contains(task.index) else {
      throw ShardFault("--shard \(argument) goes with tasks from 1 to \(count), and this one is \(task.index)")
    }
    self = Shard(number: task.index, count: count)
  }

  private static func fault(_ argument: String) -> ShardFault {
    ShardFault("'\(argument)' is no part of a study, such as \(forms)")
  }
}

/// Why an argument names no part of a study.
package struct ShardFault: Error, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }
}
