// SPDX-License-Identifier: GPL-3.0-or-later

/// How agents take turns one after the other.
package struct IncrementalSettings: Sendable, Equatable {
  /// What says whose turn it is.
  package enum Order: String, Sendable, CaseIterable {
    /// A token that goes from agent to agent: one at a time has its turn.
    case token
    /// What an agent has heard: its turn comes when everything has arrived that the token would have waited for.
    case dataflow
  }

  /// What becomes of the turn of an agent that is down.
  package enum DeadAgents: String, Sendable, CaseIterable {
    /// Everybody waits for it.
    case wait
    /// It is left out until it has recovered, as everybody knows at once.
    case skip
  }

  package var order: Order
  package var deadAgents: DeadAgents
  /// Whether an agent whose turn it is goes on with what it has heard last of its neighbours, and is sent the multipliers of
  /// their edges with their estimates.
  package var resynchronises: Bool

  package init(order: Order = .token, deadAgents: DeadAgents = .wait, resynchronises: Bool = false) {
    self.order = order
    self.deadAgents = deadAgents
    self.resynchronises = resynchronises
  }
}
