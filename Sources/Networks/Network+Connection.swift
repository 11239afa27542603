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
    var waiting = [0]
    isReached[0] = true
    while let agent = waiting.popLast() {
      for other in others(agent) where !isReached[other] {
        isReached[other] = true
        waiting.append(other)
      }
    }
    return isReached.allSatisfy { $0 }
  }
}
