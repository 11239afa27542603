// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Quantities
import Schema

/// What one run asks of the worker that computes its steps.
///
/// Steps are gathered as they begin, with a copy of their parameters, and go to the worker together when the first of them
/// has to end: all that can be computed by then travels in one frame. What a step gives depends on what it is given alone,
/// so how many travel together changes no bit.
///
/// Once anything has gone wrong the run is told (`RunTrouble`), and everything that is asked gives zeros.
final class ExternalSession {
  /// What a run is, as the worker is told.
  struct Hello: Codable {
    var protocolVersion = WorkerProtocol.version
    var seed: UInt64
    var replication: UInt32
    /// The names of the agents, in the order of ranks.
    var agents: [String]
    /// M.
    var parameters: Int
    /// The names of the metrics, in the order of their values.
    var metrics: [String]
    var task: String
    /// S, the numbers of a sample that comes with each step.
    var sampleNumbers: Int
    /// μ_k of each agent.
    var stepSizes: [Double]
    var options: [String: ExternalOption]
  }

  /// What the worker takes it to be.
  private struct Ready: Codable {
    var protocolVersion: Int
    var parameters: Int
    var metrics: [String]
  }

  /// What stands in a reply for an operation that is answered.
  private enum Expected {
    case step(agent: Int, increment: UnsafeMutablePointer<Double>)
    case numbers(what: String, count: Int, UnsafeMutablePointer<Double>)
    case state
  }

  /// How far the step of an agent is.
  enum Stage: UInt8, BitwiseCopyable {
    case none
    case gathered
    case computed
  }

  /// To start takes as long as loading what the program needs.
  fileprivate static let leastSecondsToStart = 60.0
  /// A frame of more bytes than this is sent before more steps are gathered.
  fileprivate static let mostBytes = 32 << 20

  let stages: Column<Stage>
  /// Samples that the step of each agent has used.
  let samples: Column<UInt64>
  private let attempts: Column<UInt64>
  private let hello: Hello
  private let command: ProgramCommand
  private let timeout: Double
  private let trouble: RunTrouble
  private var worker: WorkerProcess?
  private var operations = WorkerBytes()
  private var count: UInt64 = 0
  private var expected: [Expected] = []
  private var savedState: [UInt8] = []

  /// Takes a worker, or starts one, and tells it what the run is.
  init(_ hello: Hello, command: ProgramCommand, timeout: Double, trouble: RunTrouble) {
    self.hello = hello
    self.command = command
    self.timeout = timeout
    self.trouble = trouble
    stages = Column(repeating: .none, count: hello.agents.count)
    samples = Column(repeating: 0, count: hello.agents.count)
    attempts = Column(repeating: 0, count: hello.agents.count)
    begin()
  }

  deinit { if let worker, trouble.message == nil { WorkerShelf.shared.put(worker) } }

  private var dimension: Int { hello.parameters }

  // MARK: - Steps

  /// Gathers a step.
  ///
  /// - Parameters:
  ///   - sample: writes the sample of the step, S numbers.
  ///   - increment: where the increment is to be when the step ends.
  func step(
    _ agent: Int, attempt: UInt64, seed: UInt64, at parameters: UnsafePointer<Double>,
    sample: (UnsafeMutablePointer<Double>) -> Void, increment: UnsafeMutablePointer<Double>
  ) {
    if operations.content.count > Self.mostBytes { flush() }
    add(.step, agent)
    operations.add(attempt)
    operations.add(seed)
    operations.add(parameters, count: dimension)
    if hello.sampleNumbers > 0 {
      withUnsafeTemporaryAllocation(of: Double.self, capacity: hello.sampleNumbers) { place in
        guard let base = place.baseAddress else { return }
        sample(base)
        operations.add(UnsafePointer(base), count: hello.sampleNumbers)
      }
    }
    expected.append(.step(agent: agent, increment: increment))
    attempts[agent] = attempt
    stages[agent] = .gathered
  }

  /// Waits until the step of an agent is computed.
  func compute(_ agent: Int) { if stages[agent] == .gathered { flush() } }

  /// The step of an agent counts.
  func commit(_ agent: Int) {
    compute(agent)
    add(.commit, agent)
    stages[agent] = .none
  }

  func abandon(_ agent: Int) { stages[agent] = .none }

  func forget(_ agent: Int) { add(.forget, agent) }

  // MARK: - What is answered at once

  func initialise(_ agent: Int, seed: UInt64, into parameters: UnsafeMutablePointer<Double>) {
    add(.initialise, agent)
    operations.add(seed)
    expected.append(.numbers(what: "initial parameters of agent \(name(agent))", count: dimension, parameters))
    parameters.update(repeating: 0, count: dimension)
    flush()
    checkFinite(parameters, "initial parameters of agent \(name(agent))")
  }

  /// The values of all metrics of each agent (N × K).
  ///
  /// - Parameter parameters: of all agents (N × M).
  func evaluate(
    at parameters: UnsafePointer<Double>, seeds: (Int) -> UInt64, into values: UnsafeMutablePointer<Double>
  ) {
    let width = hello.metrics.count
    values.update(repeating: .nan, count: hello.agents.count * width)
    for agent in hello.agents.indices {
      if operations.content.count > Self.mostBytes { flush() }
      add(.evaluate, agent)
      operations.add(seeds(agent))
      operations.add(parameters + agent * dimension, count: dimension)
      expected.append(.numbers(what: "metrics of agent \(name(agent))", count: width, values + agent * width))
    }
    flush()
  }

  func save(_ agent: Int, _ which: WorkerProtocol.State) -> [UInt8] {
    add(.save, agent)
    operations.add(which.rawValue)
    expected.append(.state)
    savedState = []
    flush()
    return savedState
  }

  func restore(_ agent: Int, _ which: WorkerProtocol.State, _ state: [UInt8]) {
    add(.restore, agent)
    operations.add(which.rawValue)
    operations.add(UInt64(state.count))
    operations.add(state)
  }

  /// Sends what is gathered, and takes what is answered.
  func flush() {
    guard count > 0, let worker, trouble.message == nil else { return forgetGathered() }
    var body = WorkerBytes()
    body.add(count)
    body.add(operations.content)
    let answered = expected
    forgetGathered()
    do throws(WorkerProcess.Trouble) {
      var (kind, answer) = try worker.ask(.request, body.content, timeout: timeout)
      guard kind == .reply else { return fail(kind, answer) }
      for entry in answered { guard take(entry, from: &answer) else { return } }
      guard answer.left == 0 else { return fail("answered \(counted(answer.left, "byte")) more than it was asked for") }
    } catch {
      fail(error.message)
    }
  }
}

// MARK: - Answers

extension ExternalSession {
  private func begin() {
    do throws(WorkerProcess.Trouble) {
      let worker = try WorkerShelf.shared.take(command)
      self.worker = worker
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      guard let body = try? encoder.encode(hello) else { return fail("cannot be told what the run is") }
      let (kind, answer) = try worker.ask(.hello, Array(body), timeout: max(timeout, Self.leastSecondsToStart))
      guard kind == .ready else { return fail(kind, answer) }
      guard let ready = try? JSONDecoder().decode(Ready.self, from: Data(answer.content)) else {
        return fail("did not say what it is ready for")
      }
      check(ready)
    } catch {
      fail(error.message)
    }
  }

  private func check(_ ready: Ready) {
    if ready.protocolVersion != hello.protocolVersion {
      fail("speaks version \(ready.protocolVersion) of the protocol, and this program version \(hello.protocolVersion)")
    } else if ready.parameters != hello.parameters {
      fail("has \(counted(ready.parameters, "parameter")) an agent, and the scenario says \(hello.parameters)")
    } else if ready.metrics != hello.metrics {
      func list(_ names: [String]) -> String { names.isEmpty ? "none" : names.joined(separator: ", ") }
      fail("measures \(list(ready.metrics)), and the scenario says \(list(hello.metrics)) (learner.metrics)")
    }
  }

  /// - Returns: whether it was there, and what it has to be.
  private func take(_ entry: Expected, from answer: inout WorkerAnswer) -> Bool {
    switch entry {
    case .step(let agent, let increment):
      guard let used = answer.integer(), answer.take(dimension, to: increment) else { return tooShort("a step") }
      samples[agent] = used
      stages[agent] = stages[agent] == .gathered ? .computed : stages[agent]
      return checkFinite(increment, "increment of agent \(name(agent)), attempt \(attempts[agent])")
    case .numbers(let what, let count, let place):
      return answer.take(count, to: place) || tooShort("the \(what)")
    case .state:
      guard let bytes = answer.integer(), let state = answer.take(bytes) else { return tooShort("a state") }
      savedState = state
      return true
    }
  }

  private func tooShort(_ what: String) -> Bool {
    fail("answered too few bytes for \(what)")
    return false
  }

  @discardableResult
  private func checkFinite(_ numbers: UnsafePointer<Double>, _ what: String) -> Bool {
    guard let bad = (0..<dimension).first(where: { !numbers[$0].isFinite }) else { return true }
    fail("answered with \(numbers[bad]) for parameter \(bad) in the \(what)")
    return false
  }

  private func fail(_ kind: WorkerProtocol.Frame, _ answer: WorkerAnswer) {
    guard kind == .failure else { return fail("answered with a frame that does not belong there") }
    fail("failed: \(String(decoding: answer.content, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))")
  }

  /// Ends the worker and the run.
  ///
  /// - Parameter what: it did, following "the learner's program".
  private func fail(_ what: String) {
    var message = "The learner's program (\(command.text)) \(what)"
    if let worker {
      worker.end()
      // A failure that the worker tells itself says it all.
      if !what.hasPrefix("failed: "), !worker.lastLines.isEmpty {
        message += "; the last lines that it wrote:\n\(worker.lastLines)"
      }
    }
    worker = nil
    trouble.tell(visible(message, keepingLines: true))
  }

  private func add(_ operation: WorkerProtocol.Operation, _ agent: Int) {
    operations.add(operation.rawValue)
    operations.add(UInt32(agent))
    count += 1
  }

  private func forgetGathered() {
    // Nobody is to wait for what is never answered.
    for agent in 0..<stages.count where stages[agent] == .gathered && trouble.message != nil { stages[agent] = .none }
    operations.removeAll()
    expected.removeAll(keepingCapacity: true)
    count = 0
  }

  private func name(_ agent: Int) -> String { "'\(hello.agents[agent])'" }
}

/// What a scenario says to a user's program.
enum ExternalOption: Codable, Equatable {
  case number(Double)
  case flag(Bool)
  case text(String)

  init?(_ argument: Argument) {
    if let number = argument.number {
      self = .number(number)
    } else if let flag = argument.flag {
      self = .flag(flag)
    } else if let text = argument.text {
      self = .text(text)
    } else {
      return nil
    }
  }

  func encode(to encoder: any Encoder) throws {
    var place = encoder.singleValueContainer()
    switch self {
    case .number(let number): try place.encode(number)
    case .flag(let flag): try place.encode(flag)
    case .text(let text): try place.encode(text)
    }
  }

  init(from decoder: any Decoder) throws {
    let place = try decoder.singleValueContainer()
    if let flag = try? place.decode(Bool.self) {
      self = .flag(flag)
    } else if let number = try? place.decode(Double.self) {
      self = .number(number)
    } else {
      self = .text(try place.decode(String.self))
    }
  }
}
