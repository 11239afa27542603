// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Testing

/// The built program, driven as a user drives it.
struct Program {
  /// What a call left behind.
  struct Outcome {
    let status: Int32
    let output: String
    let error: String
  }

  let executable: URL

  /// Finds a program beside the test bundle.
  ///
  /// - Throws: if it has not been built.
  init(_ name: String = "starling") throws {
    let candidates = Bundle.allBundles.map(\.bundleURL) + [Bundle.main.bundleURL]
    let folders = candidates.flatMap { [$0, $0.deletingLastPathComponent()] }
    let programs = folders.map { $0.appendingPathComponent(name) }
    executable = try #require(
      programs.first { FileManager.default.isExecutableFile(atPath: $0.path) },
      "The program is not built: run `swift build -c release --product \(name)` first.")
  }

  /// Calls the program in a folder and waits for its end.
  func call(_ arguments: String..., in folder: URL, environment: [String: String] = [:]) throws -> Outcome {
    let process = try start(arguments, in: folder, environment: environment)
    return try finish(process, in: folder)
  }

  /// Starts the program; its output goes into files of the folder, so that no pipe can fill up.
  ///
  /// - Parameter executable: another one to start instead.
  func start(
    _ arguments: [String], in folder: URL, environment: [String: String] = [:], executable: URL? = nil
  ) throws -> Process {
    let process = Process()
    process.executableURL = executable ?? self.executable
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = ["PATH": "/usr/bin:/bin", "NO_COLOR": "1", "COLUMNS": "80"].merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    for (name, keyPath) in [("stdout", \Process.standardOutput), ("stderr", \Process.standardError)] {
      let url = folder.appendingPathComponent(".\(name)")
      try Data().write(to: url)
      process[keyPath: keyPath] = try FileHandle(forWritingTo: url)
    }
    try process.run()
    return process
  }

  /// Waits for a started program.
  func finish(_ process: Process, in folder: URL) throws -> Outcome {
    process.waitUntilExit()
    func text(_ name: String) throws -> String {
      String(decoding: try Data(contentsOf: folder.appendingPathComponent(".\(name)")), as: UTF8.self)
    }
    return Outcome(status: process.terminationStatus, output: try text("stdout"), error: try text("stderr"))
  }
}

/// A folder of its own for a test, removed afterwards.
func withFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("starling-" + UUID().uuidString)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}

/// A scenario that runs in a moment, with two arms.
let smallScenario = """
  name: small
  question: Which of the two is sooner?
  task:     {kind: linear-regression, dimension: 3, noise-variance: 0.01}
  network:  {topology: ring, agents: 4}
  learner:  {algorithm: lms, step-size: 0.05}
  conditions:
    compute: {between-agents: {lognormal: {median: 100 ms, sigma: 0.5}}}
    links:   {latency: 20 ms, loss: 0.1}
  measure:  {until: 20 s, every: 500 ms, target: {msd: -10 dB}}
  arms:     {barrier: {strategy.timing: synchronous-global}, free: {strategy.timing: asynchronous}}
  replications: 3
  seed: 1

  """

/// Puts a scenario into a folder.
func write(_ text: String, as name: String = "small.yaml", in folder: URL) throws {
  try Data(text.utf8).write(to: folder.appendingPathComponent(name))
}

/// Whether a process catches SIGINT, which it does not yet when it has just started.
func catchesInterrupts(_ process: Process) -> Bool {
  let status = try? String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)
  let line = status?.split(separator: "\n").first { $0.hasPrefix("SigCgt:") }
  let caught = line.flatMap { UInt64($0.dropFirst(7).drop { $0.isWhitespace }, radix: 16) } ?? 0
  return caught >> UInt64(SIGINT - 1) & 1 == 1
}
