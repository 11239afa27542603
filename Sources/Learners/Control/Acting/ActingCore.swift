// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Randomness
import Records

/// How agents act and learn: what one learner of acting agents has that others have not. `ActingBank` makes a learner of it.
///
/// What belongs to one agent is touched by one thread at a time, as `ActingSteps` says.
package protocol ActingCore: AnyObject, Sendable {
  associatedtype Settings

  /// Whether steps can end with their gradients.
  static var givesGradients: Bool { get }

  /// The agents of one replication.
  ///
  /// - Parameters:
  ///   - agents: all nodes of the network.
  ///   - learners: how many of them act; the rest have optimisers only.
  init(_ settings: Settings, tasks: ControlTasks, agents: [EntityKey], learners: Int, streams: ActingStreams)

  var steps: ActingSteps { get }

  /// As `LearnerBank` has it.
  var layout: StepLayout { get }

  /// The policies of the agents' parameters.
  var policies: PolicyForm { get }

  /// As `LearnerBank` has it.
  var bytesHeld: Int { get }

  /// Writes an agent's initial parameters.
  func initialise(_ agent: Int, into parameters: UnsafeMutablePointer<Float>)

  /// A step begins.
  func begins(_ step: LocalStep)

  /// Computes the gradients of the step that is under way, where `steps` wants them, and what it takes; on any thread.
  func compute(_ agent: Int)

  /// Makes what the step under way has come to what there is, and replaces the gradients of what is the agent's own by moves.
  func commit(_ agent: Int)

  /// The step under way is given up.
  func abandons(_ agent: Int)

  /// Replaces the gradient of what is shared, of the step under way, by the move of the agent's optimiser.
  func turnIntoIncrement(_ agent: Int)

  /// The same of any vector, for any node.
  func turnIntoIncrement(_ gradient: UnsafeMutablePointer<Float>, of node: Int)

  /// Starts a node afresh.
  func forget(_ node: Int)

  /// As `LearnerBank` says, when all steps under way have been computed.
  func visit(_ memory: inout RunMemory, increments: UnsafeMutablePointer<Float>) throws(RunMemoryFault)

  /// As `LearnerBank` says.
  func visit(_ memory: inout RunMemory, of node: Int) throws(RunMemoryFault)

  /// How far an agent has come in its environment, or in the copies of it, where that is kept.
  func lives(of agent: Int) -> [Life]
}

extension ActingCore {
  /// They can.
  package static var givesGradients: Bool { true }

  package func begins(_ step: LocalStep) {}

  package func commit(_ agent: Int) {}

  package func abandons(_ agent: Int) {}

  package func turnIntoIncrement(_ agent: Int) { turnIntoIncrement(steps.gradients[agent], of: agent) }

  package func lives(of agent: Int) -> [Life] { [] }
}
