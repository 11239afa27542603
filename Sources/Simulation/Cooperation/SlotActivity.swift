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
    let study = StreamFamily(seed: seed, replication: StreamFamily.study, purpose: .activity)
    self.probability = Column(probability.drawn(for: agents, from: study, at: 0))
    let family = StreamFamily(seed: seed, replication: replication, purpose: .activity)
    keys = Column(agents.map { family.key($0) })
  }

  func isActive(_ node: NodeID, slot: UInt64) -> Bool {
    if probability[node.index] >= 1 { return true }
    var draws = Draws(keys[node.index], at: slot)
    return draws.uniform() < probability[node.index]
  }
}
