// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Learners
import Quantities

/// What gradients count at an asynchronous fusion centre beside their samples: (1 + τ)^−a f_k for one of agent k that is τ
/// versions old, with
///
///     f_k = (gradients so far / agents heard so far) / gradients of agent k so far
///
/// where frequencies are compensated for, and 1 where not.
struct GradientWeights: ~Copyable {
  private let inPlace = InPlace()
  private let exponent: Double
  private let compensates: Bool
  /// Gradients of each agent in steps so far.
  private let counts: Column<UInt64>
  private var total: UInt64 = 0
  private var contributors: UInt64 = 0

  init(_ centre: CentreSettings, agents: Int) {
    exponent = centre.stalenessExponent
    compensates = centre.compensatesFrequency
    counts = Column(repeating: 0, count: agents)
  }

  /// Counts a gradient.
  ///
  /// - Parameter age: τ.
  /// - Returns: what it counts.
  mutating func weigh(_ node: NodeID, age: UInt64) -> Double {
    if counts[node.index] == 0 { contributors += 1 }
    counts[node.index] += 1
    total += 1
    let frequency = compensates ? Double(total) / (Double(contributors) * Double(counts[node.index])) : 1
    return exponent > 0 ? pow(1 + Double(age), -exponent) * frequency : frequency
  }

  mutating func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    try memory.column("gradients of agents", counts)
    try memory.value("gradients", &total)
    try memory.value("agents heard", &contributors)
  }
}
