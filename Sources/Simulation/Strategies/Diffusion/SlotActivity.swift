// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Quantities
import Randomness

/// Which agents are active in which slot: independent draws with a probability per agent.
///
/// *Randomness*: `activity` of the agent at the number of the slot, one uniform number, compared with the probability
/// afterwards: who is active with a small probability is so with a larger one too. Probabilities that follow a law are
/// drawn once per study.
struct SlotActivity: ~Copyable {
  private let probability: Column<Double>
  private let keys: Column<StreamKey>

  init(_ probability: PerAgent, agents: [EntityKey], seed: UInt64, replication: UInt32) {
    self.probability = Column(probability.drawn(for: agents, seed: seed))
    let family = StreamFamily(seed: seed, replication: replication, purpose: .activity)
    keys = Column(agents.map { family.key($0) })
  }

  func isActive(_ node: NodeID, slot: UInt64) -> Bool {
    if probability[node.index] >= 1 { return true }
    var draws = Draws(keys[node.index], at: slot)
    return draws.uniform() < probability[node.index]
  }
}

extension PerAgent {
  /// The probability of each agent to be active in a slot, drawn once per study where it follows a law.
  ///
  /// *Randomness*: `activity` of the agent in the study, at index 0.
  package func drawn(for agents: [EntityKey], seed: UInt64) -> [Double] {
    drawn(
      for: agents, from: StreamFamily(seed: seed, replication: StreamFamily.study, purpose: .activity), at: 0)
  }
}
