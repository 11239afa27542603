// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Quantities
import Randomness

/// What is drawn by a choice: under the name of the event of the timeline, or the path of the key, that makes it.
package struct ChoiceDraw: Sendable {
  let family: StreamFamily
  let name: EntityKey
  /// The number of the occurrence, from zero.
  let occurrence: UInt64

  /// - Parameter family: of purpose `choice`: per replication of an event, per study of a key.
  package init(_ family: StreamFamily, name: String, occurrence: Int = 0) {
    self.family = family
    self.name = EntityKey(name)
    self.occurrence = UInt64(occurrence)
  }

  /// A number between 0 and 1 that belongs to one of those that can be chosen.
  fileprivate func lot(_ entity: EntityKey) -> Double {
    family.key(EntityKey(from: name, to: entity)).uniform(at: occurrence)
  }

  fileprivate func one(of count: Int) -> Int {
    count > 0 ? Int(family.key(name).integer(below: UInt32(count), at: occurrence)) : 0
  }
}

/// Those among whom selectors choose: agents with the network, the groups and the regions that they are in.
///
/// *Randomness*: `choice` of the event or key with the agent or the edge, at the number of the occurrence, one uniform
/// number: those with the smallest are chosen, so a larger share contains a smaller one. Which group or region: of the
/// event or key alone.
package struct SelectionGround: Sendable {
  /// The network of the agents that learn.
  package let agents: Network
  package let groups: [AgentGroup]
  package let regions: [AgentGroup]

  package init(agents: Network, groups: AgentGroups?, regionOfAgent: [String: String]) {
    self.agents = agents
    self.groups = groups?.groups(of: agents.names) ?? []
    let members =
      regionOfAgent.isEmpty ? [:] : Dictionary(grouping: agents.names.indices) { regionOfAgent[agents.names[$0]] ?? "" }
    regions = members.keys.filter { !$0.isEmpty }.sorted(by: naturallyPrecedes).map { name in
      AgentGroup(name: name, ranks: members[name] ?? [])
    }
  }

  package var count: Int { agents.nodeCount }

  /// The rank of an agent, if it is there.
  package func rank(_ name: String) -> Int? {
    // Names are in their natural order, and most scenarios ask for few of a million.
    let names = agents.names
    var (low, high) = (0, names.count)
    while low < high {
      let middle = low + (high - low) / 2
      if naturallyPrecedes(names[middle], name) { low = middle + 1 } else { high = middle }
    }
    // What is not there in these bytes may be written with others.
    return low < names.count && names[low] == name ? low : names.firstIndex(of: name)
  }

  /// A group, or else a region, of a name.
  package func group(_ name: String) -> AgentGroup? { (groups + regions).first { $0.name == name } }

  // MARK: - Agents

  /// The ranks of those chosen, in rising order.
  ///
  /// - Parameters:
  ///   - draw: what the choice draws.
  ///   - isPresent: whether an agent is there to be chosen at random or by its degree.
  ///   - degree: how many neighbours an agent has now.
  ///   - chosenBefore: whom an event of the timeline has chosen last.
  package func ranks(
    _ selector: AgentSelector, _ draw: ChoiceDraw, isPresent: (Int) -> Bool = { _ in true },
    degree: ((Int) -> Int)? = nil, chosenBefore: (String) -> [Int] = { _ in [] }
  ) -> [Int] {
    let present = (0..<count).filter(isPresent)
    switch selector {
    case .all:
      return present
    case .named(let names):
      return names.compactMap { rank($0) }.sorted()
    case .random(let extent):
      let lots = present.map { (lot: draw.lot(agents.keys[$0]), rank: $0) }
      let wanted = extent.count(of: present.count)
      if wanted == 1 { return lots.min { $0 < $1 }.map { [$0.rank] } ?? [] }
      return lots.sorted { $0 < $1 }.prefix(wanted).map(\.rank).sorted()
    case .highestDegree(let extent):
      let degrees = present.map { (missing: -(degree?($0) ?? agents.degree(NodeID($0))), rank: $0) }.sorted { $0 < $1 }
      return degrees.prefix(extent.count(of: present.count)).map(\.rank).sorted()
    case .group(let name):
      return members(name, of: groups, draw)
    case .region(let name):
      return members(name, of: regions, draw)
    case .event(let name):
      return chosenBefore(name)
    }
  }

  private func members(_ name: String?, of groups: [AgentGroup], _ draw: ChoiceDraw) -> [Int] {
    guard let name else { return groups.isEmpty ? [] : groups[draw.one(of: groups.count)].ranks }
    return groups.first { $0.name == name }?.ranks ?? []
  }

  // MARK: - Links

  /// The ranks of the links chosen, in rising order.
  ///
  /// - Parameters:
  ///   - direction: which of the two links of an edge.
  ///   - network: the one whose links they are; nodes that do not learn come behind the agents.
  ///   - chosenAgents: whom a selector of agents chooses.
  ///   - chosenBefore: those that an event of the timeline has chosen last.
  package func links(
    _ selector: LinkSelector, _ direction: LinkSelector.Direction, in network: Network, _ draw: ChoiceDraw,
    chosenAgents: (AgentSelector) -> [Int], chosenBefore: (String) -> [Int] = { _ in [] }
  ) -> [Int] {
    if case .event(let name) = selector { return chosenBefore(name) }
    let isForward = forward(selector, in: network, draw, chosenAgents)
    return (0..<network.linkCount).filter { link in
      let (sender, receiver) = (network.senders[link].index, network.receivers[link].index)
      switch direction {
      case .both: return isForward(sender, receiver) || isForward(receiver, sender)
      case .forward: return isForward(sender, receiver)
      case .backward: return isForward(receiver, sender)
      }
    }
  }

  /// Whether a selector is about what one node sends another, as it is written.
  private func forward(
    _ selector: LinkSelector, in network: Network, _ draw: ChoiceDraw, _ chosenAgents: (AgentSelector) -> [Int]
  ) -> (Int, Int) -> Bool {
    switch selector {
    case .all:
      return { $0 < $1 }
    case .pairs(let pairs):
      let ranks = Dictionary(uniqueKeysWithValues: zip(network.names, 0...))
      let written = Set(pairs.filter { $0.count == 2 }.map { $0.map { ranks[$0] ?? -1 } })
      return { written.contains([$0, $1]) }
    case .of(let selector):
      let members = Set(chosenAgents(selector))
      return { sender, _ in members.contains(sender) }
    case .share(let share):
      let chosen = Set(edges(share, of: network, draw))
      return { $0 < $1 && chosen.contains([$0, $1]) }
    case .between(let first, let second):
      let (from, to) = (Set(group(first)?.ranks ?? []), Set(group(second)?.ranks ?? []))
      return { from.contains($0) && to.contains($1) }
    case .event:
      return { _, _ in false }
    }
  }

  /// A share of the edges, at random, each by its two ends in rising order.
  private func edges(_ share: Double, of network: Network, _ draw: ChoiceDraw) -> [[Int]] {
    let ends = Set(
      (0..<network.linkCount).map { link in
        [network.senders[link].index, network.receivers[link].index].sorted()
      })
    let lots = ends.map { edge in
      (lot: draw.lot(EntityKey(from: network.keys[edge[0]], to: network.keys[edge[1]])), edge: edge)
    }
    let sorted = lots.sorted { $0.lot == $1.lot ? $0.edge.lexicographicallyPrecedes($1.edge) : $0.lot < $1.lot }
    return sorted.prefix(AgentSelector.Extent.share(share).count(of: ends.count)).map(\.edge)
  }
}
