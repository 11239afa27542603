// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

extension Network {
  /// Whether every agent reaches every other along the links, which is so wherever a connected network is required.
  package var isInOnePiece: Bool {
    reachesAll { agent in outgoing(NodeID(agent)).map { receivers[$0.index].index } }
      && reachesAll { agent in incoming(NodeID(agent)).map { senders[$0].index } }
  }

  /// Whether all agents are reached from the first by steps to some others.
  private func reachesAll(_ others: (Int) -> [Int]) -> Bool {
    var isReached = [Bool](repeating: false, count: nodeCount)
    spread(from: 0, to: others, &isReached)
    return isReached.allSatisfy { $0 }
  }
}

/// Marks an agent, and all that are reached from it by steps to others that are not marked yet.
func spread(from agent: Int, to others: (Int) -> [Int], _ isReached: inout [Bool]) {
  var waiting = [agent]
  isReached[agent] = true
  while let next = waiting.popLast() {
    for other in others(next) where !isReached[other] {
      isReached[other] = true
      waiting.append(other)
    }
  }
}
