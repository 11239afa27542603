// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Records

/// The learning of all agents of one run.
///
/// One value holds all agents. It keeps no parameters: those belong to the run, which hands them in. A run is
/// compiled for its bank, so that a step costs no dynamic dispatch and no reference count.
///
/// A local step is begun, and later either finished or abandoned:
///
///     begin ──▶ (work is known: duration) ──▶ finish     the increment is there, private state is committed
///         └───────────────────────────────▶ abandon    nothing has happened
///
/// A bank may compute at once or, from frozen parameters, on other threads meanwhile.
public protocol LearnerBank: ~Copyable {
  /// The type of a parameter.
  associatedtype Scalar: BinaryFloatingPoint & BitwiseCopyable & Sendable

  /// Whether there is anything to learn; where not, strategies that average on arrival take no steps.
  static var adapts: Bool { get }

  /// Whether steps can end with their gradients, for another node to make the increment.
  static var givesGradients: Bool { get }

  /// Whether an agent's shared parameters change at its turn of a sweep and not with its steps, which say what the turn is
  /// about; such a learner goes with strategies in which agents take turns.
  static var takesTurns: Bool { get }

  /// The number M of parameters of each agent.
  var parameterCount: Int { get }

  /// The blocks of the parameters, shared ones and the agent's own, and the phases of a step that change them; each
  /// phase is followed by a combination of its shared blocks.
  var layout: StepLayout { get }

  /// Bytes that it holds, beside what is small.
  var bytesHeld: Int { get }

  /// Writes an agent's initial parameters (M numbers).
  func initialise(_ node: NodeID, into parameters: UnsafeMutablePointer<Scalar>)

  /// Asks memory for what the next step of an agent will touch, as it is soon to begin.
  func prefetch(_ node: NodeID)

  /// Begins a local step at parameters s, which may change from now on. No other step of the agent may be under way.
  ///
  /// - Parameter increment: room for M numbers that is nobody else's until the step ends.
  func begin(
    _ step: LocalStep, at parameters: UnsafePointer<Scalar>, increment: UnsafeMutablePointer<Scalar>)

  /// What the step under way takes; waits until it is known.
  func work(of node: NodeID) -> StepWork

  /// Ends the step under way: its increment A(s) − s is where `begin` wanted it (in the blocks of its phase), and what
  /// the agent keeps for itself is what the step made of it.
  func finish(_ node: NodeID) -> StepWork

  /// Ends the step under way with the gradient of the shared parameters, which is where `begin` wanted the increment;
  /// moments of their optimiser stay as they are. The agent's own blocks are its own to change: there stands an increment.
  func finishGradient(_ node: NodeID) -> StepWork

  /// Replaces a gradient of the shared parameters by the increment that the optimiser of a node makes of it.
  func turnIntoIncrement(_ gradient: UnsafeMutablePointer<Scalar>, of node: NodeID)

  /// Takes an agent's turn of a sweep, between two of its steps, with what it knows of its neighbours.
  ///
  /// - Parameters:
  ///   - parameters: the agent's (M numbers), overwritten with what they are after the turn.
  ///   - neighbours: in the order of their names.
  func takeTurn(
    _ node: NodeID, at parameters: UnsafeMutablePointer<Scalar>,
    with neighbours: UnsafeBufferPointer<NeighbourEstimate<Scalar>>)

  /// Gives the step under way up, as if it had never begun.
  func abandon(_ node: NodeID)

  /// Forgets what an agent keeps for itself, such as the moments of an optimiser.
  func forget(_ node: NodeID)

  /// All of it that changes while a run goes on: what agents keep for themselves, and the steps under way, which are
  /// computed first wherever that is. What they have come to stands in their increments.
  ///
  /// - Parameter increments: where the increments of all nodes are (N × M), which a bank that is read works into from now on.
  func visit(_ memory: inout RunMemory, increments: UnsafeMutablePointer<Scalar>) throws(RunMemoryFault)

  /// What one agent keeps for itself and `forget` starts afresh, as it is between steps; a step under way is no part of it.
  /// Agents that come back to a checkpoint take it on again.
  func visit(_ memory: inout RunMemory, of node: NodeID) throws(RunMemoryFault)

  /// Takes a whole step, begun and finished at once, and adds the increment to the parameters: s ← A(s).
  ///
  /// - Parameter increment: room for M numbers, undefined afterwards.
  /// - Returns: what it took.
  func stepInPlace(
    _ step: LocalStep, at parameters: UnsafeMutablePointer<Scalar>, increment: UnsafeMutablePointer<Scalar>
  ) -> StepWork

  /// Changes the tasks of some agents, in one of the ways that the facts of the task name. Steps under way end as they began.
  func change(_ change: TaskChange, of nodes: [NodeID])

  /// Agents have come or gone: from now on what all agents together are after is that of these, in the order of ranks.
  func count(_ nodes: [NodeID])

  /// Measures what a run does not measure by itself, of every agent.
  ///
  /// - Parameters:
  ///   - metric: one of those that the learner's facts name. What it says of agents decides what becomes of the values.
  ///   - point: the number of the grid point.
  ///   - parameters: of all agents, one after the other (N × M).
  ///   - values: overwritten with the value of each agent (N).
  func measure(
    _ metric: MetricDefinition, at point: Int, of parameters: UnsafePointer<Scalar>,
    into values: borrowing Column<Double>)

  /// The squared distances of parameters to the network optimum and to the agent's own minimiser, where it is known.
  func squaredErrors(_ node: NodeID, at parameters: UnsafePointer<Scalar>) -> SquaredErrors

  /// Tests the policies of all agents, each in its own task.
  ///
  /// - Parameters:
  ///   - point: the number of the grid point; test episodes are keyed by it.
  ///   - parameters: of all agents, one after the other (N × M).
  ///   - returns: overwritten with the mean return of each agent.
  func testReturns(at point: Int, of parameters: UnsafePointer<Scalar>, into returns: borrowing Column<Double>)

  /// Tests the policy of every agent in every task, with the episodes of a grid point; nothing where agents do not act.
  func taskReturns(at point: Int, of parameters: UnsafePointer<Scalar>) -> TaskReturns?

  /// The name of an agent's task; nothing where agents do not act.
  func taskName(of node: NodeID) -> String?
}

/// A bank that computes a step when it begins, keeps nothing for itself, and whose steps all take the same.
public protocol ImmediateLearnerBank: LearnerBank, ~Copyable {
  /// What a step takes.
  var workPerStep: StepWork { get }
}

/// Which step of which agent.
public struct LocalStep: BitwiseCopyable, Sendable {
  /// The agent.
  public var node: NodeID
  /// The number of the attempt, under which its data are keyed; it also counts attempts that a crash discarded.
  public var attempt: UInt64
  /// From zero.
  public var phase: Int

  /// The step of an agent at an attempt.
  public init(_ node: NodeID, attempt: UInt64, phase: Int = 0) {
    self.node = node
    self.attempt = attempt
    self.phase = phase
  }
}

/// What a local step takes.
public struct StepWork: BitwiseCopyable, Sendable, Equatable {
  /// Data samples used; of an agent that acts, steps of its episodes that it had not learnt from before.
  public var samples: UInt64
  /// Steps of the environment.
  public var environmentSteps: UInt64
  /// Whole episodes.
  public var episodes: UInt64
  /// Samples for which gradients were computed; a half where only one of two networks has one.
  public var gradientSamples: Double

  /// What a step took; gradients of all its samples unless it is said otherwise.
  public init(samples: UInt64, environmentSteps: UInt64 = 0, episodes: UInt64 = 0, gradientSamples: Double? = nil) {
    self.samples = samples
    self.environmentSteps = environmentSteps
    self.episodes = episodes
    self.gradientSamples = gradientSamples ?? Double(samples)
  }
}

/// Squared Euclidean distances of one agent's parameters.
public struct SquaredErrors: Sendable, Equatable {
  /// To the minimiser of the average cost over the network.
  public var toNetworkOptimum: Double
  /// To the minimiser of the agent's own cost.
  public var toOwnMinimiser: Double

  /// Squared distances; zero unless it is said otherwise.
  public init(toNetworkOptimum: Double = 0, toOwnMinimiser: Double = 0) {
    self.toNetworkOptimum = toNetworkOptimum
    self.toOwnMinimiser = toOwnMinimiser
  }
}

extension LearnerBank where Self: ~Copyable {
  /// Yes.
  public static var adapts: Bool { true }

  /// No.
  public static var givesGradients: Bool { false }

  /// No.
  public static var takesTurns: Bool { false }

  /// Nothing.
  public func prefetch(_ node: NodeID) {}

  /// Nothing that counts.
  public var bytesHeld: Int { 0 }

  /// One phase for all parameters, all of them shared.
  public var layout: StepLayout { StepLayout(all: parameterCount) }

  /// Nothing, for banks that have nothing to forget.
  public func visit(_ memory: inout RunMemory, of node: NodeID) throws(RunMemoryFault) {}

  // MARK: - Banks without an optimiser of their own

  /// Must not be called.
  public func finishGradient(_ node: NodeID) -> StepWork {
    preconditionFailure("Steps of this learner end with their increments only.")
  }

  /// Must not be called.
  public func turnIntoIncrement(_ gradient: UnsafeMutablePointer<Scalar>, of node: NodeID) {
    preconditionFailure("This learner has no optimiser that turns gradients into increments.")
  }

  /// Must not be called.
  public func takeTurn(
    _ node: NodeID, at parameters: UnsafeMutablePointer<Scalar>,
    with neighbours: UnsafeBufferPointer<NeighbourEstimate<Scalar>>
  ) {
    preconditionFailure("Agents of this learner take no turns.")
  }

  /// Begins and finishes the step, and adds its increment.
  public func stepInPlace(
    _ step: LocalStep, at parameters: UnsafeMutablePointer<Scalar>, increment: UnsafeMutablePointer<Scalar>
  ) -> StepWork {
    begin(step, at: UnsafePointer(parameters), increment: increment)
    let work = finish(step.node)
    for index in 0..<parameterCount { parameters[index] += increment[index] }
    return work
  }

  /// Who is there changes nothing for learners that do not measure how far agents are from what all are after.
  public func count(_ nodes: [NodeID]) {}

  // MARK: - Banks of tasks that never change

  /// Must not be called.
  public func change(_ change: TaskChange, of nodes: [NodeID]) {
    preconditionFailure("The tasks of this learner never change.")
  }

  // MARK: - Banks without metrics of their own

  /// The squared error of each agent, whatever statistic of it is asked for.
  public func measure(
    _ metric: MetricDefinition, at point: Int, of parameters: UnsafePointer<Scalar>,
    into values: borrowing Column<Double>
  ) {
    for rank in 0..<values.count {
      values[rank] = squaredErrors(NodeID(rank), at: parameters + rank * parameterCount).toNetworkOptimum
    }
  }

  // MARK: - Banks that know no optimum

  /// Not known.
  public func squaredErrors(_ node: NodeID, at parameters: UnsafePointer<Scalar>) -> SquaredErrors {
    SquaredErrors(toNetworkOptimum: .nan, toOwnMinimiser: .nan)
  }

  // MARK: - Banks whose agents do not act

  /// Nothing to test.
  public func testReturns(
    at point: Int, of parameters: UnsafePointer<Scalar>, into returns: borrowing Column<Double>
  ) {}

  /// None.
  public func taskReturns(at point: Int, of parameters: UnsafePointer<Scalar>) -> TaskReturns? { nil }

  /// None.
  public func taskName(of node: NodeID) -> String? { nil }
}

/// A bank whose steps go along a gradient with a step size that is the agent's own, and remember nothing: what stands for a
/// gradient is the move of the agent, −μ_k ∇, so that the average of moves is the move along the average.
public protocol PlainDescentBank: ImmediateLearnerBank, ~Copyable {}

extension PlainDescentBank where Self: ~Copyable {
  /// Yes.
  public static var givesGradients: Bool { true }

  /// The move was computed when the step began.
  public func finishGradient(_ node: NodeID) -> StepWork { workPerStep }

  /// It is one.
  public func turnIntoIncrement(_ gradient: UnsafeMutablePointer<Scalar>, of node: NodeID) {}
}

extension ImmediateLearnerBank where Self: ~Copyable {
  /// The same of every step.
  public func work(of node: NodeID) -> StepWork { workPerStep }

  /// The step was computed when it began.
  public func finish(_ node: NodeID) -> StepWork { workPerStep }

  /// There is nothing to give up.
  public func abandon(_ node: NodeID) {}

  /// There is nothing to forget.
  public func forget(_ node: NodeID) {}

  /// There is nothing to remember.
  public func visit(_ memory: inout RunMemory, increments: UnsafeMutablePointer<Scalar>) throws(RunMemoryFault) {}
}
