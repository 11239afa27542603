// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Quantities
import Schema

/// What one run asks of the worker that computes its steps.
///
/// Steps are gathered as they begin, with a copy of their parameters, and go to the worker a few at a time, while it still
/// computes earlier ones: so it need not wait for this program, nor this program for it before a step has to end. What a
/// step gives depends on what it is given alone, so how many travel together changes no bit. When frames leave depends on
/// events alone and never on the clock, so that what goes wrong goes wrong in the same place again.
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
    case step(agent: Int, attempt: UInt64, increment: UnsafeMutablePointer<Double>)
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
  /// A frame with so many steps or bytes is sent at once. A longer one would have the worker answer later, a shorter one take
  /// a larger part of its time.
  fileprivate static let mostSteps = 8
  /// Steps that the worker still has to do once it has done the one that is waited for, so that it need not be sent more yet.
  fileprivate static let enoughSteps = 4
  fileprivate static let mostBytes = 1 << 20

  let stages: Column<Stage>
  /// Samples that the step of each agent has used.
  let samples: Column<UInt64>
  private let attempts: Column<UInt64>
  /// The number of the frame in which the step of each agent is, the first being zero.
  private let frames: Column<Int>
  private let hello: Hello
  private let command: ProgramCommand
  private let timeout: Double
  private let trouble: RunTrouble
  private var worker: WorkerProcess?
  /// The frame that is gathered, how many operations it has, and how many of them are steps.
  private var frame = WorkerBytes()
  private var count: UInt64 = 0
  private var steps = 0
  private var expected: [Expected] = []
  /// What is expected of each frame that has been sent, the earliest first, and how many steps it has.
  private var underWay: [(expected: [Expected], steps: Int)] = []
  /// The number of the first of these.
  private var answered = 0
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
    frames = Column(repeating: 0, count: hello.agents.count)
    startFrame()
    begin()
  }

  deinit {
    guard let worker, trouble.message == nil else { return }
    worker.isCancelled = { false }
    WorkerShelf.shared.put(worker)
  }

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
    add(.step, agent)
    frame.add(attempt)
    frame.add(seed)
    frame.add(parameters, count: dimension)
    if hello.sampleNumbers > 0 {
      withUnsafeTemporaryAllocation(of: Double.self, capacity: hello.sampleNumbers) { place in
        guard let base = place.baseAddress else { return }
        sample(base)
        frame.add(UnsafePointer(base), count: hello.sampleNumbers)
      }
    }
    expected.append(.step(agent: agent, attempt: attempt, increment: increment))
    attempts[agent] = attempt
    frames[agent] = answered + underWay.count
    stages[agent] = .gathered
    steps += 1
    if steps == Self.mostSteps || frame.count > Self.mostBytes { send() }
  }

  /// Waits until the step of an agent is computed.
  func compute(_ agent: Int) {
    guard stages[agent] == .gathered else { return }
    // Behind what is waited for the worker is to have something to do.
    let behind = underWay.dropFirst(frames[agent] - answered + 1)
    if behind.reduce(0, { $0 + $1.steps }) < Self.enoughSteps { send() }
    while stages[agent] == .gathered { hear() }
  }

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
    frame.add(seed)
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
      add(.evaluate, agent)
      frame.add(seeds(agent))
      frame.add(parameters + agent * dimension, count: dimension)
      expected.append(.numbers(what: "metrics of agent \(name(agent))", count: width, values + agent * width))
      if frame.count > Self.mostBytes { send() }
    }
    flush()
  }

  func save(_ agent: Int, _ which: WorkerProtocol.State) -> [UInt8] {
    add(.save, agent)
    frame.add(which.rawValue)
    expected.append(.state)
    savedState = []
    flush()
    return savedState
  }

  func restore(_ agent: Int, _ which: WorkerProtocol.State, _ state: [UInt8]) {
    add(.restore, agent)
    frame.add(which.rawValue)
    frame.add(UInt64(state.count))
    frame.add(state)
  }

  /// Sends what is gathered, and takes all that is answered.
  func flush() {
    send()
    while !underWay.isEmpty { hear() }
  }
}

// MARK: - Frames

extension ExternalSession {
  /// Sends what is gathered.
  private func send() {
    guard count > 0 else { return }
    frame.put(count, at: 0)
    frame.seal(.request)
    if let worker {
      do throws(WorkerProcess.Trouble) {
        try worker.say(frame.content, timeout: timeout)
        underWay.append((expected, steps))
      } catch {
        fail(error.message)
      }
    } else {
      giveUp()
    }
    startFrame()
  }

  /// Takes the answer to the first frame that is not answered yet.
  private func hear() {
    guard let worker, !underWay.isEmpty else { return giveUp() }
    do throws(WorkerProcess.Trouble) {
      var (kind, answer) = try worker.hear(timeout: timeout)
      guard kind == .reply else { return fail(kind, answer) }
      answered += 1
      for entry in underWay.removeFirst().expected { guard take(entry, from: &answer) else { return } }
      guard answer.left == 0 else { return fail("answered \(counted(answer.left, "byte")) more than it was asked for") }
    } catch {
      fail(error.message)
    }
  }

  private func add(_ operation: WorkerProtocol.Operation, _ agent: Int) {
    frame.add(operation.rawValue)
    frame.add(UInt32(agent))
    count += 1
  }

  private func startFrame() {
    frame.removeAll()
    // In its place stands the number of operations, once it is known.
    frame.add(UInt64(0))
    expected.removeAll(keepingCapacity: true)
    count = 0
    steps = 0
  }

  /// Nobody is to wait for what is never answered.
  private func giveUp() {
    underWay = []
    for agent in 0..<stages.count where stages[agent] == .gathered { stages[agent] = .none }
  }
}

// MARK: - Answers

extension ExternalSession {
  private func begin() {
    do throws(WorkerProcess.Trouble) {
      let secondsToStart = max(timeout, Self.leastSecondsToStart)
      let worker = try WorkerShelf.shared.take(command, timeout: timeout)
      worker.isCancelled = { [trouble] in trouble.isCancelled() }
      self.worker = worker
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      guard let body = try? encoder.encode(hello) else { return fail("cannot be told what the run is") }
      var hello = WorkerBytes()
      hello.add(Array(body))
      hello.seal(.hello)
      try worker.say(hello.content, timeout: secondsToStart)
      let (kind, answer) = try worker.hear(timeout: secondsToStart)
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
    case .step(let agent, let attempt, let increment):
      guard let used = answer.integer(), answer.take(dimension, to: increment) else { return tooShort("a step") }
      // One that was given up meanwhile counts for nothing; the next one of the agent may be under way.
      if stages[agent] == .gathered, attempts[agent] == attempt {
        samples[agent] = used
        stages[agent] = .computed
      }
      return checkFinite(increment, "increment of agent \(name(agent)), attempt \(attempt)")
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
    giveUp()
    trouble.tell(visible(message, keepingLines: true))
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
