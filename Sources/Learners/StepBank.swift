// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Records

/// A number that parameters are made of.
public typealias ParameterScalar = BinaryFloatingPoint & BitwiseCopyable & Sendable

/// The learning of all agents of one run, whatever the learner: what `LearnerBank` says, without its type.
///
/// A run is compiled for the number that its parameters are made of and for its strategy, and not for its learner: that
/// costs an indirect call for each step, and none for other events. The functions are made here, in the room of the banks,
/// where each is compiled for its bank; they reach it through one pointer, so that no reference is counted.
public struct StepBank<Scalar: ParameterScalar>: ~Copyable {
  private let inPlace = InPlace()
  /// Whether there is anything to learn.
  package let adapts: Bool
  /// Whether steps can end with their gradients.
  package let givesGradients: Bool
  /// Whether shared parameters change at turns of a sweep.
  package let takesTurns: Bool
  /// The number M of parameters of each agent.
  package let parameterCount: Int
  /// The blocks of the parameters, and the phases of a step.
  package let layout: StepLayout

  private let bank: UnsafeMutableRawPointer
  private let functions: StepFunctions<Scalar>

  /// Takes a bank over.
  public init<Bank: LearnerBank & ~Copyable>(_ bank: consuming Bank) where Bank.Scalar == Scalar {
    adapts = Bank.adapts
    givesGradients = Bank.givesGradients
    takesTurns = Bank.takesTurns
    parameterCount = bank.parameterCount
    // Asked before anything is `self`: Swift 6.3 frees a half-made value twice that the condition captures.
    layout = Self.layout(of: bank)
    let place = UnsafeMutablePointer<Bank>.allocate(capacity: 1)
    place.initialize(to: bank)
    self.bank = UnsafeMutableRawPointer(place)
    functions = StepFunctions(of: Bank.self)
  }

  private static func layout<Bank: LearnerBank & ~Copyable>(of bank: borrowing Bank) -> StepLayout {
    let layout = bank.layout
    precondition(layout.parameterCount == bank.parameterCount, "The blocks of a learner are all its parameters.")
    return layout
  }

  deinit { functions.giveBack(bank) }

  /// Bytes that it holds, beside what is small.
  package var bytesHeld: Int { functions.bytesHeld(bank) }

  /// Writes an agent's initial parameters (M numbers).
  package func initialise(_ node: NodeID, into parameters: UnsafeMutablePointer<Scalar>) {
    functions.initialise(bank, node, parameters)
  }

  /// Asks memory for what an agent's next step will touch, as `LearnerBank.prefetch`.
  @inline(__always)
  package func prefetch(_ node: NodeID) { functions.prefetch(bank, node) }

  /// Begins a local step, as `LearnerBank.begin`.
  package func begin(
    _ step: LocalStep, at parameters: UnsafePointer<Scalar>, increment: UnsafeMutablePointer<Scalar>
  ) {
    functions.begin(bank, step, parameters, increment)
  }

  /// What the step under way takes; waits until it is known.
  package func work(of node: NodeID) -> StepWork { functions.work(bank, node) }

  /// Ends the step under way with its increment.
  package func finish(_ node: NodeID) -> StepWork { functions.finish(bank, node) }

  /// Ends the step under way with its gradient.
  package func finishGradient(_ node: NodeID) -> StepWork { functions.finishGradient(bank, node) }

  /// Replaces a gradient of the shared parameters by the increment that the optimiser of a node makes of it.
  package func turnIntoIncrement(_ gradient: UnsafeMutablePointer<Scalar>, of node: NodeID) {
    functions.turnIntoIncrement(bank, gradient, node)
  }

  /// Takes an agent's turn of a sweep, as `LearnerBank.takeTurn`.
  package func takeTurn(
    _ node: NodeID, at parameters: UnsafeMutablePointer<Scalar>,
    with neighbours: UnsafeBufferPointer<NeighbourEstimate<Scalar>>
  ) {
    functions.takeTurn(bank, node, parameters, neighbours)
  }

  /// Gives the step under way up, as if it had never begun.
  package func abandon(_ node: NodeID) { functions.abandon(bank, node) }

  /// Forgets what an agent keeps for itself.
  package func forget(_ node: NodeID) { functions.forget(bank, node) }

  /// All of it that changes while a run goes on, as `LearnerBank.visit`.
  package func visit(_ memory: inout RunMemory, increments: UnsafeMutablePointer<Scalar>) throws(RunMemoryFault) {
    try functions.visit(bank, &memory, increments)
  }

  /// What an agent keeps for itself, as `LearnerBank.visit`.
  package func visit(_ memory: inout RunMemory, of node: NodeID) throws(RunMemoryFault) {
    try functions.visitAgent(bank, &memory, node)
  }

  /// Takes a whole step and adds its increment to the parameters, as `LearnerBank.stepInPlace`.
  package func stepInPlace(
    _ step: LocalStep, at parameters: UnsafeMutablePointer<Scalar>, increment: UnsafeMutablePointer<Scalar>
  ) -> StepWork {
    functions.stepInPlace(bank, step, parameters, increment)
  }

  /// Changes the tasks of some agents, as `LearnerBank.change`.
  package func change(_ change: TaskChange, of nodes: [NodeID]) { functions.change(bank, change, nodes) }

  /// Has only these agents count, as `LearnerBank.count`.
  package func count(_ nodes: [NodeID]) { functions.count(bank, nodes) }

  /// Measures what a run does not measure by itself, as `LearnerBank.measure`.
  package func measure(
    _ metric: MetricDefinition, at point: Int, of parameters: UnsafePointer<Scalar>,
    into values: borrowing Column<Double>
  ) {
    functions.measure(bank, metric, point, parameters, values)
  }

  /// The squared distances of an agent's parameters to the optima.
  package func squaredErrors(_ node: NodeID, at parameters: UnsafePointer<Scalar>) -> SquaredErrors {
    functions.squaredErrors(bank, node, parameters)
  }

  /// Tests the policies of all agents, each in its own task, as `LearnerBank.testReturns`.
  package func testReturns(
    at point: Int, of parameters: UnsafePointer<Scalar>, into returns: borrowing Column<Double>
  ) {
    functions.testReturns(bank, point, parameters, returns)
  }

  /// Tests the policy of every agent in every task; nothing where agents do not act.
  package func taskReturns(at point: Int, of parameters: UnsafePointer<Scalar>) -> TaskReturns? {
    functions.taskReturns(bank, point, parameters)
  }

  /// The name of an agent's task; nothing where agents do not act.
  package func taskName(of node: NodeID) -> String? { functions.taskName(bank, node) }
}

/// What a bank does, as functions of a pointer to it.
private struct StepFunctions<Scalar: ParameterScalar> {
  typealias Bank = UnsafeMutableRawPointer
  typealias Parameters = UnsafePointer<Scalar>
  typealias MutableParameters = UnsafeMutablePointer<Scalar>

  let bytesHeld: (Bank) -> Int
  let initialise: (Bank, NodeID, MutableParameters) -> Void
  let prefetch: (Bank, NodeID) -> Void
  let begin: (Bank, LocalStep, Parameters, MutableParameters) -> Void
  let work: (Bank, NodeID) -> StepWork
  let finish: (Bank, NodeID) -> StepWork
  let finishGradient: (Bank, NodeID) -> StepWork
  let turnIntoIncrement: (Bank, MutableParameters, NodeID) -> Void
  let takeTurn: (Bank, NodeID, MutableParameters, UnsafeBufferPointer<NeighbourEstimate<Scalar>>) -> Void
  let abandon: (Bank, NodeID) -> Void
  let forget: (Bank, NodeID) -> Void
  let visit: (Bank, inout RunMemory, MutableParameters) throws(RunMemoryFault) -> Void
  let visitAgent: (Bank, inout RunMemory, NodeID) throws(RunMemoryFault) -> Void
  let stepInPlace: (Bank, LocalStep, MutableParameters, MutableParameters) -> StepWork
  let change: (Bank, TaskChange, [NodeID]) -> Void
  let count: (Bank, [NodeID]) -> Void
  let measure: (Bank, MetricDefinition, Int, Parameters, borrowing Column<Double>) -> Void
  let squaredErrors: (Bank, NodeID, Parameters) -> SquaredErrors
  let testReturns: (Bank, Int, Parameters, borrowing Column<Double>) -> Void
  let taskReturns: (Bank, Int, Parameters) -> TaskReturns?
  let taskName: (Bank, NodeID) -> String?
  let giveBack: (Bank) -> Void

  init<Learner: LearnerBank & ~Copyable>(of type: Learner.Type) where Learner.Scalar == Scalar {
    bytesHeld = { Self.learner($0, type).pointee.bytesHeld }
    initialise = { Self.learner($0, type).pointee.initialise($1, into: $2) }
    prefetch = { Self.learner($0, type).pointee.prefetch($1) }
    begin = { Self.learner($0, type).pointee.begin($1, at: $2, increment: $3) }
    work = { Self.learner($0, type).pointee.work(of: $1) }
    finish = { Self.learner($0, type).pointee.finish($1) }
    finishGradient = { Self.learner($0, type).pointee.finishGradient($1) }
    turnIntoIncrement = { Self.learner($0, type).pointee.turnIntoIncrement($1, of: $2) }
    takeTurn = { Self.learner($0, type).pointee.takeTurn($1, at: $2, with: $3) }
    abandon = { Self.learner($0, type).pointee.abandon($1) }
    forget = { Self.learner($0, type).pointee.forget($1) }
    visit = { (bank, memory, increments) throws(RunMemoryFault) in
      try Self.learner(bank, type).pointee.visit(&memory, increments: increments)
    }
    visitAgent = { (bank, memory, node) throws(RunMemoryFault) in
      try Self.learner(bank, type).pointee.visit(&memory, of: node)
    }
    stepInPlace = { Self.learner($0, type).pointee.stepInPlace($1, at: $2, increment: $3) }
    change = { Self.learner($0, type).pointee.change($1, of: $2) }
    count = { Self.learner($0, type).pointee.count($1) }
    measure = { Self.learner($0, type).pointee.measure($1, at: $2, of: $3, into: $4) }
    squaredErrors = { Self.learner($0, type).pointee.squaredErrors($1, at: $2) }
    testReturns = { Self.learner($0, type).pointee.testReturns(at: $1, of: $2, into: $3) }
    taskReturns = { Self.learner($0, type).pointee.taskReturns(at: $1, of: $2) }
    taskName = { Self.learner($0, type).pointee.taskName(of: $1) }
    giveBack = { bank in
      let learner = Self.learner(bank, type)
      learner.deinitialize(count: 1)
      learner.deallocate()
    }
  }

  @inline(__always)
  private static func learner<Learner: LearnerBank & ~Copyable>(
    _ bank: Bank, _ type: Learner.Type
  ) -> UnsafeMutablePointer<Learner> {
    bank.assumingMemoryBound(to: Learner.self)
  }
}
