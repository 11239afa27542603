// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Quantities
import Randomness

/// What is wrong with conditions on a given network, as a full sentence.
package struct ConditionError: Error, CustomStringConvertible {
  package let description: String
}

/// How long the steps of each agent typically take: its draw from the law between agents, or what is said of it, times the
/// slowdown of every group of stragglers that it is in.
///
/// *Randomness*: `agentSpeed`, one draw per agent at index 0; `stragglers`, one uniform number per agent and group,
/// keyed by the agent's name: the agents with the smallest numbers are the stragglers, so a larger share contains a
/// smaller one. Stragglers that are chosen otherwise: `choice` of the path of the key, at the number of the group.
///
/// - Parameter ground: among whom stragglers are chosen; nothing for a network without groups and regions.
/// - Returns: seconds, by the rank of the agent; pure factors where steps take as long as what they compute.
package func typicalStepDurations(
  _ settings: ComputeSettings, network: Network, ground: SelectionGround? = nil, seed: UInt64, replication: UInt32
) throws(ConditionError) -> [Double] {
  let ground = ground ?? SelectionGround(agents: network, groups: nil, regionOfAgent: [:])
  let speeds = StreamFamily(seed: seed, replication: replication, purpose: .agentSpeed)
  let law = settings.work?.agentFactor ?? settings.betweenAgents
  var durations =
    settings.work == nil ? settings.durations?.seconds(agents: network.nodeCount) ?? [] : []
  if durations.isEmpty { durations = network.keys.map { law.sample(speeds.key($0), at: 0) } }
  guard durations.count == network.nodeCount else {
    throw ConditionError(
      description: "There are \(durations.count) durations of steps for \(network.nodeCount) agents.")
  }
  for (group, stragglers) in settings.stragglers.enumerated() {
    for node in try members(of: stragglers, group: group, in: ground, seed: seed, replication: replication) {
      durations[node] *= stragglers.slowdown
    }
  }
  return durations
}

/// The ranks of all stragglers, in their order.
///
/// The parameters are those of `typicalStepDurations`.
package func stragglers(
  _ settings: ComputeSettings, ground: SelectionGround, seed: UInt64, replication: UInt32
) throws(ConditionError) -> [Int] {
  var ranks: Set<Int> = []
  for (group, stragglers) in settings.stragglers.enumerated() {
    try ranks.formUnion(members(of: stragglers, group: group, in: ground, seed: seed, replication: replication))
  }
  return ranks.sorted()
}

private func members(
  of stragglers: ComputeSettings.Stragglers, group: Int, in ground: SelectionGround, seed: UInt64, replication: UInt32
) throws(ConditionError) -> [Int] {
  let network = ground.agents
  switch stragglers.choice {
  case .named(let names):
    return try network.ranks(of: names, what: "straggler")
  case .share(let share):
    let family = StreamFamily(seed: seed, replication: replication, purpose: .stragglers)
    let lots = network.keys.map { key in
      var draws = Draws(family.key(key), at: UInt64(group))
      return draws.uniform()
    }
    let count = Int((share * Double(network.nodeCount)).rounded())
    return Array(lots.indices.sorted { (lots[$0], $0) < (lots[$1], $1) }.prefix(count))
  case .selected(let selector):
    let family = StreamFamily(seed: seed, replication: replication, purpose: .choice)
    return ground.ranks(selector, ChoiceDraw(family, name: "conditions.compute.stragglers", occurrence: group))
  }
}

extension Network {
  /// The ranks of agents given by name.
  func ranks(of names: [String], what: String) throws(ConditionError) -> [Int] {
    let rankOfName = Dictionary(uniqueKeysWithValues: zip(self.names, 0...))
    var ranks: [Int] = []
    for name in names {
      guard let rank = rankOfName[name] else {
        throw ConditionError(description: "The \(what) '\(name)' is not an agent of the network.")
      }
      ranks.append(rank)
    }
    return ranks
  }
}
