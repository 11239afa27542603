// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Randomness

extension Network {
  /// The same agents around a fusion centre: a link to it and one back for each, and no others. The centre comes behind
  /// all agents, whatever its name. Nobody combines anything, so all weight stays with its owner.
  ///
  /// - Throws: if an agent has the name of the centre.
  package func starAround(centre name: String) throws(NetworkError) -> Network {
    guard !names.contains(name) else { throw .doubledAgent(name) }
    let count = nodeCount
    let centre = NodeID(count)
    let agents = (0..<count).map { NodeID($0) }
    let toAgents = (0..<count).map { LinkID($0) }
    let toCentre = (count..<2 * count).map { LinkID($0) }
    return Network(
      names: names + [name], keys: keys + [EntityKey(name)],
      senders: Array(repeating: centre, count: count) + agents,
      receivers: agents + Array(repeating: centre, count: count), reverse: toCentre + toAgents,
      incomingStart: Array(0...count) + [2 * count], outgoing: toCentre + toAgents,
      outgoingStart: Array(0...count) + [2 * count], weights: Array(repeating: 0, count: 2 * count),
      selfWeights: Array(repeating: 1, count: count + 1), isDirected: false, redraws: redraws, positions: nil)
  }
}
