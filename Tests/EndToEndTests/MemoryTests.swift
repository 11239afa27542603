// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Testing

/// What `describe` says of memory, held against what the system counts for the process of a run.
@Suite(.serialized) struct MemoryTests {
  /// A run that takes 50 MB or more, and the settings that make it so.
  struct Case: CustomTestStringConvertible {
    let testDescription: String
    let settings: [String]

    init(_ name: String, _ settings: String...) {
      testDescription = name
      self.settings = settings
    }
  }

  static let cases: [Case] = [
    Case("a line", "conditions.links={bandwidth: 1 kB/s, queue: fifo}", "measure.until=300 s"),
    Case("latency", "conditions.links.latency=1000 s", "measure.until=300 s"),
    Case(
      "kept parameters", "task.dimension=1000", "measure={until: 2 s, every: 1 ms, keep-parameters: {every: 1 ms}}"),
    Case("a fine grid", "task.dimension=2", "measure={until: 100 s, every: 250 us}"),
    Case("many agents", "network.agents=30", "strategy.timing=synchronous-local", "task.dimension=100000"),
    Case("many links", "network={topology: complete, agents: 600}", "task.dimension=2", "measure.until=3 s"),
    Case("samples", "task.samples=100"),
    Case(
      "slots", "strategy={timing: slotted, slots: {message-delay: 60, gradient-delay: 40}}", "measure.until=80 s"),
    Case(
      "deep agents", "task={kind: control, environment: cart-pole-balance}", "measure={until: 2 s, every: 2 s}",
      "learner={algorithm: actor-critic, hidden-units: [400, 400]}"),
  ]

  /// What every process takes, whatever it runs.
  private static let ofProcess = Result { try peak("measure.until=1 s", "measure.every=1 s", "task.dimension=2") }

  @Test(arguments: cases)
  func memoryIsAnnouncedWithinAFactorOfTwo(_ item: Case) throws {
    let used = Double(try Self.peak(arguments: item.settings) - Self.ofProcess.get())
    let announced = try Self.announced(item.settings)
    #expect(used > 45e6)
    #expect(used <= announced && announced <= 2 * used, "\(announced / 1e6) MB announced, \(used / 1e6) MB used")
  }

  // MARK: - Processes

  private static let scenario = """
    name: memory
    task: {kind: linear-regression, dimension: 10000}
    network: {topology: ring, agents: 10}
    learner: {algorithm: lms, step-size: 0.00001}
    conditions: {compute: {between-agents: 1 s}}
    measure: {until: 20 s, every: 10 s}
    replications: 1

    """

  private static func announced(_ settings: [String]) throws -> Double {
    try withFolder { folder in
      try write(scenario, as: "memory.yaml", in: folder)
      let program = try Program()
      let process = try program.start(["describe", "memory.yaml", "--json"] + settings, in: folder)
      let outcome = try program.finish(process, in: folder)
      let document = try #require(
        try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any], "\(outcome.error)")
      let arms = try #require(document["arms"] as? [[String: Any]])
      return try #require(arms.first?["memory"] as? Double)
    }
  }

  private static func peak(_ settings: String...) throws -> Int { try peak(arguments: settings) }

  /// The most bytes that a process with one run had in memory.
  private static func peak(arguments settings: [String]) throws -> Int {
    try withFolder { folder in
      try write(scenario, as: "memory.yaml", in: folder)
      let path = folder.appendingPathComponent("memory.yaml").path
      let output = folder.appendingPathComponent("memory.sqlite").path
      let program = try Program().executable.path
      let arguments = [program, "run", path, "--quiet", "--jobs", "1", "--output", output] + settings
      var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
      defer { for word in words { free(word) } }
      var files = posix_spawn_file_actions_t()
      posix_spawn_file_actions_init(&files)
      defer { posix_spawn_file_actions_destroy(&files) }
      posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0)
      var process = pid_t()
      try #require(posix_spawn(&process, program, &files, nil, &words, environ) == 0)
      var (status, usage) = (Int32(0), rusage())
      try #require(wait4(process, &status, 0, &usage) == process)
      try #require(status == 0, "the run failed")
      return usage.ru_maxrss * 1024
    }
  }
}
