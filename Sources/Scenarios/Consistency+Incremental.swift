// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Networks
import Quantities
import Schema
import Simulation

/// What goes together with agents that take turns.
extension Consistency {
  /// Which learners go with turns.
  func checkTurns(_ strategy: StrategySettings) throws(ScenarioError) {
    let learner = draft.learner.definition
    if learner.takesTurns, !strategy.facts.takesTurns {
      let able = StrategyDefinition.all.filter(\.facts.takesTurns).map(\.name)
      throw valueError(
        "learner \(learner.name) takes turns, which go with strategy \(alternatives(able)) only, here it is "
          + strategy.kind.name, at: "learner.algorithm")
    }
    guard strategy.facts.takesTurns else { return }
    let name = strategy.kind.name
    if draft.task.definition.isAgreement {
      throw valueError(
        "strategy \(name) averages nothing, and task \(draft.task.definition.name) is to agree on a mean",
        at: "strategy.kind")
    }
    if strategy.incremental.resynchronises, strategy.incremental.order == .dataflow || !learner.takesTurns {
      throw valueError(
        "resync goes with the order token of learners that take turns: what else would say that it is an agent's turn, or "
          + "have multipliers", at: "strategy.incremental.resync", hint: "use false")
    }
    if strategy.incremental.order == .dataflow, !learner.takesTurns {
      let able = LearnerDefinition.all.filter(\.takesTurns).map(\.name)
      throw valueError(
        "order dataflow goes with learner \(alternatives(able)) only: of learner \(learner.name) the token carries the "
          + "estimate", at: "strategy.incremental.order", hint: "use token")
    }
  }

  /// What strategies of turns do not know.
  func checkTurnConditions(_ strategy: StrategySettings) throws(ScenarioError) {
    guard strategy.facts.takesTurns else { return }
    let name = strategy.kind.name
    if strategy.missingNeighbour != .wait {
      throw valueError(
        "missing-neighbour \(strategy.missingNeighbour.rawValue) does not go with strategy \(name), in which everybody waits "
          + "for its turn", at: "strategy.missing-neighbour",
        hint: "leave it out; strategy.incremental.dead-agents: skip leaves out who is down")
    }
    if strategy.peerTimeout != nil {
      throw error("peer-timeout goes with rounds only, and strategy \(name) has none", at: "strategy.peer-timeout")
    }
    if strategy.mailboxStart != .empty {
      throw valueError(
        "mailbox-start initial does not go with strategy \(name)", at: "strategy.mailbox-start", hint: "use empty")
    }
  }

  /// The order of turns is said beforehand.
  func checkTurnNetwork(_ network: NetworkSettings, _ strategy: StrategySettings) throws(ScenarioError) {
    guard strategy.facts.takesTurns,
      network.changesByItself || draft.timeline.contains(where: { $0.change?.changesNetwork == true })
    else { return }
    throw valueError(
      "strategy \(strategy.kind.name) goes with networks that stay as they are: the order of turns is said beforehand",
      at: "strategy.kind", hint: "let links fail or be cut instead")
  }
}
