// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

/// What Starling has of the task of an external learner: samples that go with steps, and what all agents are after.
protocol ExternalData: ~Copyable {
  /// S, the numbers of a sample.
  var sampleNumbers: Int { get }
  var bytesHeld: Int { get }

  func write(_ step: LocalStep, to sample: UnsafeMutablePointer<Double>)
  func squaredErrors(_ node: NodeID, at parameters: UnsafePointer<Double>) -> SquaredErrors
  func change(_ change: TaskChange, of nodes: [NodeID])
  func count(_ nodes: [NodeID])
  func visit(_ memory: inout RunMemory) throws(RunMemoryFault)
}

/// The user's program has its own data.
struct OwnData: ~Copyable, ExternalData {
  var sampleNumbers: Int { 0 }
  var bytesHeld: Int { 0 }

  func write(_ step: LocalStep, to sample: UnsafeMutablePointer<Double>) {}

  func squaredErrors(_ node: NodeID, at parameters: UnsafePointer<Double>) -> SquaredErrors {
    SquaredErrors(toNetworkOptimum: .nan, toOwnMinimiser: .nan)
  }

  func change(_ change: TaskChange, of nodes: [NodeID]) {
    preconditionFailure("A task that a user's program has changes by itself alone.")
  }

  func count(_ nodes: [NodeID]) {}
  func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {}
}

/// Samples of linear regression, those of `LeastMeanSquares` draw by draw: M numbers of the regressor u, and d.
struct RegressionData: ~Copyable, ExternalData {
  private let inPlace = InPlace()
  let plain: LeastMeanSquares

  init(_ plain: consuming LeastMeanSquares) { self.plain = plain }

  var sampleNumbers: Int { plain.parameterCount + 1 }
  var bytesHeld: Int { plain.bytesHeld }

  func write(_ step: LocalStep, to sample: UnsafeMutablePointer<Double>) { plain.write(step, to: sample) }

  func squaredErrors(_ node: NodeID, at parameters: UnsafePointer<Double>) -> SquaredErrors {
    plain.squaredErrors(node, at: parameters)
  }

  func change(_ change: TaskChange, of nodes: [NodeID]) { plain.change(change, of: nodes) }

  func count(_ nodes: [NodeID]) { plain.count(nodes) }

  func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    // Its steps are all computed elsewhere, so there are no increments that it would have to know.
    try plain.visitTask(&memory)
  }
}
