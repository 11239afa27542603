// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Randomness

/// Where the agents' parameters start.
///
/// *Randomness*: `initialParameters` of the agent at index 0.
struct InitialParameters: ~Copyable {
  private let dimension: Int
  private let settings: LearnerSettings.Initial
  private let keys: Column<StreamKey>

  init(
    _ settings: LearnerSettings.Initial, dimension: Int, agents: [EntityKey], seed: UInt64, replication: UInt32
  ) {
    self.dimension = dimension
    self.settings = settings
    let family = StreamFamily(seed: seed, replication: replication, purpose: .initialParameters)
    keys = Column(agents.map { family.key($0) })
  }

  /// Writes an agent's parameters.
  func write(_ node: NodeID, into parameters: UnsafeMutablePointer<Double>) {
    switch settings {
    case .constant(let value):
      parameters.update(repeating: value, count: dimension)
    case .values(let values):
      parameters.update(repeating: values[node.index], count: dimension)
    case .entries(let values):
      for index in 0..<dimension { parameters[index] = values[index] }
    case .normal(let deviation):
      var draws = Draws(keys[node.index], at: 0)
      fillStandardNormal(UnsafeMutableBufferPointer(start: parameters, count: dimension), from: &draws)
      for index in 0..<dimension { parameters[index] *= deviation }
    }
  }
}
