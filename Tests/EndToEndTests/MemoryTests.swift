// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Testing

/// What `describe` says of memory, held against what the system counts for the process of a run.
@Suite(.serialized) struct MemoryTests {
  /// A run that takes 50 MB or more, and the sections that make it so.
  struct Case: CustomTestStringConvertible {
    let testDescription: String
    let text: String

    /// - Parameter sections: lines that take the place of those with the same key.
    init(_ name: String, _ sections: String...) {
      testDescription = name
      var lines = scenario.split(separator: "\n").map(String.init)
      for section in sections {
        let key = section.prefix { $0 != ":" }
        lines.removeAll { $0.hasPrefix("\(key):") }
        lines.append(section)
      }
      text = lines.joined(separator: "\n") + "\n"
    }
  }

  static let cases: [Case] = [
    Case(
      "a line", "conditions: {compute: {between-agents: 1 s}, links: {bandwidth: 1 kB/s, queue: fifo}}",
      "measure: {until: 300 s, every: 100 s}"),
    Case(
      "latency", "conditions: {compute: {between-agents: 1 s}, links: {latency: 1000 s}}",
      "measure: {until: 300 s, every: 100 s}"),
    Case(
      "kept parameters", "task: {kind: linear-regression, dimension: 1000}",
      "measure: {until: 2 s, every: 1 ms, keep-parameters: {every: 1 ms}}"),
    Case(
      "a fine grid", "task: {kind: linear-regression, dimension: 2}", "measure: {until: 100 s, every: 250 us}"),
    Case(
      "rounds", "task: {kind: linear-regression, dimension: 100000}", "strategy: {timing: synchronous-local}",
      "network: {topology: ring, agents: 20}"),
    Case(
      "many links", "task: {kind: linear-regression, dimension: 2}", "network: {topology: complete, agents: 600}",
      "measure: {until: 3 s, every: 1 s}"),
    Case("samples", "task: {kind: linear-regression, dimension: 10000, samples: 100}"),
    Case(
      "slots", "strategy: {timing: slotted, slots: {message-delay: 60, gradient-delay: 40}}",
      "measure: {until: 80 s, every: 20 s}"),
    Case(
      "deep agents", "task: {kind: control, environment: cart-pole-balance}", "measure: {until: 2 s, every: 2 s}",
      "learner: {algorithm: actor-critic, hidden-units: [400, 400]}"),
  ]

  /// What every process takes, whatever it runs.
  private static let ofProcess = Result {
    try peak(Case("small", "task: {kind: linear-regression, dimension: 2}", "measure: {until: 1 s, every: 1 s}").text)
  }

  @Test(arguments: cases)
  func memoryIsAnnouncedWithinAFactorOfTwo(_ item: Case) throws {
    let used = Double(try Self.peak(item.text) - Self.ofProcess.get())
    let announced = try Self.announced(item.text)
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

  private static func announced(_ text: String) throws -> Double {
    try withFolder { folder in
      try write(text, as: "memory.yaml", in: folder)
      let program = try Program()
      let process = try program.start(["describe", "memory.yaml", "--json"], in: folder)
      let outcome = try program.finish(process, in: folder)
      let document = try #require(
        try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any], "\(outcome.error)")
      let arms = try #require(document["arms"] as? [[String: Any]])
      return try #require(arms.first?["memory"] as? Double)
    }
  }

  /// The most bytes that a process with one run had in memory.
  private static func peak(_ text: String) throws -> Int {
    try withFolder { folder in
      try write(text, as: "memory.yaml", in: folder)
      let path = folder.appendingPathComponent("memory.yaml").path
      let output = folder.appendingPathComponent("memory.sqlite").path
      let program = try Program().executable.path
      let arguments = [program, "run", path, "--quiet", "--jobs", "1", "--output", output]
      var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
      defer { for word in words { free(word) } }
      var files = posix_spawn_file_actions_t()
      posix_spawn_file_actions_init(&files)
      defer { posix_spawn_file_actions_destroy(&files) }
      posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0)
      var process = pid_t()
      try #require(posix_spawn(&process, program, &files, nil, &words, environ) == 0)
      // What wait4 says counts the memory of the process that started it, too; this is the high-water mark of its own.
      var (status, most) = (Int32(0), 0)
      while waitpid(process, &status, WNOHANG) == 0 {
        most = max(most, highWater(of: process) ?? 0)
        usleep(2000)
      }
      try #require(status == 0, "the run failed")
      return most
    }
  }

  /// The most memory that a process has had resident, bytes; nothing where it is gone.
  private static func highWater(of process: pid_t) -> Int? {
    let lines = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8).split(separator: "\n")
    let words = lines?.first { $0.hasPrefix("VmHWM:") }?.split(separator: " ")
    return words.flatMap { $0.count > 1 ? Int($0[1]) : nil }.map { $0 * 1024 }
  }
}
