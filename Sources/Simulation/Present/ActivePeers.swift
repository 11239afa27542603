// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Quantities
import Randomness

/// To which of its neighbours an agent sends in its turn, where it does not send to all of them: a step, a round or a slot.
///
/// Source of one peer in turn: Assran, Loizou, Ballas and Rabbat, "Stochastic gradient push for distributed deep learning",
/// ICML 2019; Ying, Yuan, Chen, Hu, Pan and Yin, "Exponential graph is provably efficient for decentralized deep training",
/// NeurIPS 2021.
///
/// *Randomness*: of a random neighbour `activePeer` of the agent at the number of the turn, among those whom it has then.
struct ActivePeers: ~Copyable {
  /// Whether agents send to one neighbour at a time.
  let isOn: Bool
  /// How many turns it takes until an agent has sent to all that are a power of two away.
  private let period: Int
  /// The link of each agent in each turn of a period.
  private let inTurn: Column<LinkID>
  private let keys: Column<StreamKey>

  init(_ settings: SimulationSettings, network: Network, replication: UInt32) {
    let sendTo = settings.sendsToOneAtATime ? settings.network.sendTo : .all
    isOn = sendTo != .all
    let count = network.nodeCount
    var steps: [Int] = []
    while sendTo == .onePeer, 1 << steps.count < count { steps.append(1 << steps.count) }
    period = steps.count
    inTurn = Column(
      (0..<(steps.isEmpty ? 0 : count)).flatMap { agent in
        steps.map { step in
          network.outgoing(NodeID(agent)).first { network.receivers[$0.index].index == (agent + step) % count }
            ?? Network.noLink
        }
      })
    let family = StreamFamily(seed: settings.seed, replication: replication, purpose: .activePeer)
    keys = Column(sendTo == .randomNeighbour ? network.keys.map { family.key($0) } : [])
  }

  /// The link that an agent sends over in a turn; nothing where it hears nobody.
  func link(
    of node: NodeID, turn: UInt64, _ topology: borrowing RunTopology, _ present: borrowing PresentGraph
  ) -> LinkID {
    if period > 0 { return inTurn[node.index * period + Int(turn % UInt64(period))] }
    return present.outgoing(of: node, drawnBy: keys[node.index], at: turn, topology) ?? Network.noLink
  }

  /// Whether the sender of a link sends over it in a turn.
  func uses(
    _ link: LinkID, turn: UInt64, _ topology: borrowing RunTopology, _ present: borrowing PresentGraph
  ) -> Bool {
    self.link(of: topology.senders[link.index], turn: turn, topology, present) == link
  }
}

extension SimulationSettings {
  /// Whether an agent sends to one of its neighbours only in each of its turns, and averages what is fresh: those of
  /// diffusion and consensus.
  package var sendsToOneAtATime: Bool {
    network.sendTo != .all && strategy.facts.combinesNeighbourhood && strategy.facts.audience == .neighbourhood
  }
}
