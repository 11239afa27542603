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
    let sendTo = settings.strategy.combinesWhatIsFresh(settings.network) ? settings.network.sendTo : .all
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
    let links = topology.outgoing(node)
    guard !links.isEmpty, keys.count > 0 else { return Network.noLink }
    if present.changes { return presentLink(of: node, turn: turn, topology, present) }
    return topology.outgoing(at: links.lowerBound + Int(keys[node.index].integer(below: UInt32(links.count), at: turn)))
  }

  /// One of the links that are there, each equally probable.
  @inline(never)
  private func presentLink(
    of node: NodeID, turn: UInt64, _ topology: borrowing RunTopology, _ present: borrowing PresentGraph
  ) -> LinkID {
    let links = topology.outgoing(node)
    var count: UInt32 = 0
    for position in links where present.has(topology.outgoing(at: position).index) { count += 1 }
    guard count > 0 else { return Network.noLink }
    var choice = keys[node.index].integer(below: count, at: turn)
    for position in links where present.has(topology.outgoing(at: position).index) {
      if choice == 0 { return topology.outgoing(at: position) }
      choice -= 1
    }
    return Network.noLink
  }

  /// Whether the sender of a link sends over it in a turn.
  func uses(
    _ link: LinkID, turn: UInt64, _ topology: borrowing RunTopology, _ present: borrowing PresentGraph
  ) -> Bool {
    self.link(of: topology.senders[link.index], turn: turn, topology, present) == link
  }
}

extension StrategySettings {
  /// Whether agents send to one neighbour at a time and average what is fresh: those of diffusion and consensus.
  func combinesWhatIsFresh(_ network: NetworkSettings) -> Bool {
    network.sendTo != .all && facts.combinesNeighbourhood && facts.audience == .neighbourhood
  }
}
