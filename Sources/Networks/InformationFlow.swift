// SPDX-License-Identifier: GPL-3.0-or-later

/// Who hears of whom in the end, where agents give weight to each other.
struct InformationFlow {
  /// Whom each agent's information goes to.
  private var listeners: [[Int]]

  init(agents: Int) { listeners = Array(repeating: [], count: agents) }

  /// A receiver gives weight to a sender.
  mutating func add(from sender: Int, to receiver: Int) { listeners[sender].append(receiver) }

  /// Whether somebody's information reaches everybody. Just then repeated combining makes all agree on one mean, and the
  /// Perron vector is unique.
  ///
  /// *Complexity*: O(agents + links). Whoever is the last from which a search in the order of agents has to begin anew
  /// reaches all, if anybody does.
  var hasSource: Bool {
    var isReached = [Bool](repeating: false, count: listeners.count)
    var last = 0
    for agent in listeners.indices where !isReached[agent] {
      spread(from: agent, to: { listeners[$0] }, &isReached)
      last = agent
    }
    var reachedByLast = [Bool](repeating: false, count: listeners.count)
    if !listeners.isEmpty { spread(from: last, to: { listeners[$0] }, &reachedByLast) }
    return reachedByLast.allSatisfy { $0 }
  }
}
