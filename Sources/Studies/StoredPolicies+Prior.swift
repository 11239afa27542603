// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Learners

/// How an agent chooses in the corridor of its environment.
package struct CorridorPolicy: Sendable {
  /// Whose policy it is.
  package enum Owner: String, Sendable, CaseIterable {
    /// The one that agents share, π₀.
    case prior
    /// The agent's own, πᵢ, as it acts while it learns.
    case own
  }

  /// What it does in a state.
  package struct Cell: Sendable {
    /// The row and the column of the cell, both from 0.
    package let place: (row: Int, column: Int)
    /// The name of the action before.
    package let before: String
    /// Of all actions, in the order of the corridor's; not a number where the policy has diverged.
    package let probabilities: [Double]
  }

  /// The name of the agent.
  package let agent: String
  package let cells: [Cell]
}

extension StoredPolicies {
  /// How agents choose in the corridor.
  ///
  /// - Parameters:
  ///   - owner: whose policy is asked; of the shared one, each agent has a copy.
  ///   - time: parameters are the newest at or before this virtual time, in seconds; nothing means the newest.
  /// - Returns: the virtual time of the parameters, the names of the actions, and a policy for each agent.
  /// - Throws: `ResultsError`; `PolicyError` where there is no corridor, or no such policy.
  package func corridorPolicies(
    of agents: [Agent], _ owner: CorridorPolicy.Owner, at time: Double?
  ) throws -> (time: Double?, actions: [String], policies: [CorridorPolicy]) {
    guard let corridor else { throw PolicyError.noCorridor(environment: environment) }
    if owner == .prior, learning.carriedPrior == nil { throw PolicyError.noPrior(arm: arm, learner: learner) }
    guard let networks = form.choosing else { throw PolicyError.noProbabilities(arm: arm, learner: learner) }
    var moment: Double?
    let policies = try agents.map { agent in
      let kept = try parameters(of: agent, at: time)
      moment = moment ?? kept.time
      let cells = try corridor.sights.map { sight in
        let asked = networks.probabilities(sight.observation, at: kept.values, ofPrior: owner == .prior)
        guard let asked else { throw PolicyError.noPrior(arm: arm, learner: learner) }
        return CorridorPolicy.Cell(
          place: (sight.place.row, sight.place.column), before: sight.before, probabilities: asked)
      }
      return CorridorPolicy(agent: agent.name, cells: cells)
    }
    return (moment, corridor.actions, policies)
  }

  /// The shared policy of an agent, as the text of a file that `learner.prior-from` takes.
  ///
  /// - Parameter time: parameters are the newest at or before this virtual time, in seconds; nothing means the newest.
  /// - Throws: `ResultsError`; `PolicyError` where agents share none, or where it has diverged.
  package func priorText(of agent: Agent, at time: Double?) throws -> String {
    let blocks = learning.layout.blocks
    guard let network = learning.carriedPrior, let position = blocks.firstIndex(where: { $0.name == "prior" }) else {
      throw PolicyError.noPrior(arm: arm, learner: learner)
    }
    let start = blocks[..<position].reduce(0) { $0 + $1.count }
    let values = try parameters(of: agent, at: time).values[start..<start + blocks[position].count]
    guard values.allSatisfy(\.isFinite) else { throw PolicyError.diverged(agent: agent.name) }
    return network.text(values)
  }
}
