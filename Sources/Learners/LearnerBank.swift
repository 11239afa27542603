// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

/// The learning of all agents of one run.
///
/// One value holds all agents. It keeps no parameters: those belong to the run, which hands them in. A run is
/// compiled for its bank, so that a step costs no dynamic dispatch and no reference count.
package protocol LearnerBank: ~Copyable {
  /// The type of a parameter.
  associatedtype Scalar: BinaryFloatingPoint & BitwiseCopyable & Sendable

  /// Whether there is anything to learn; where not, strategies that average on arrival take no steps.
  static var adapts: Bool { get }

  /// The number M of parameters of each agent.
  var parameterCount: Int { get }

  /// The data samples that one local step uses.
  var samplesPerStep: Int { get }

  /// Writes an agent's initial parameters (M numbers).
  func initialise(_ node: NodeID, into parameters: UnsafeMutablePointer<Scalar>)

  /// Takes one local step from frozen parameters s and writes the increment A(s) − s (M numbers each).
  ///
  /// - Parameter attempt: the number of the attempt, under which its data are keyed; it also counts attempts that a
  ///   crash discarded.
  func step(
    _ node: NodeID, attempt: UInt64, at parameters: UnsafePointer<Scalar>,
    increment: UnsafeMutablePointer<Scalar>)

  /// Takes the same step and adds the increment to the parameters at once: s ← A(s).
  ///
  /// - Parameter increment: room for M numbers, undefined afterwards.
  func stepInPlace(
    _ node: NodeID, attempt: UInt64, at parameters: UnsafeMutablePointer<Scalar>,
    increment: UnsafeMutablePointer<Scalar>)

  /// The squared distances of parameters to the network optimum and to the agent's own minimiser.
  func squaredErrors(_ node: NodeID, at parameters: UnsafePointer<Scalar>) -> SquaredErrors
}

/// Squared Euclidean distances of one agent's parameters.
package struct SquaredErrors: Sendable, Equatable {
  /// To the minimiser of the average cost over the network.
  package var toNetworkOptimum: Double
  /// To the minimiser of the agent's own cost.
  package var toOwnMinimiser: Double

  package init(toNetworkOptimum: Double = 0, toOwnMinimiser: Double = 0) {
    self.toNetworkOptimum = toNetworkOptimum
    self.toOwnMinimiser = toOwnMinimiser
  }
}

extension LearnerBank where Self: ~Copyable {
  package static var adapts: Bool { true }

  package func stepInPlace(
    _ node: NodeID, attempt: UInt64, at parameters: UnsafeMutablePointer<Scalar>,
    increment: UnsafeMutablePointer<Scalar>
  ) {
    step(node, attempt: attempt, at: UnsafePointer(parameters), increment: increment)
    for index in 0..<parameterCount { parameters[index] += increment[index] }
  }
}
