// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Studies
import Summaries

/// How agents choose in the corridor of their environment, as text and as a document.
struct CorridorReport {
  struct Document: Encodable {
    struct Cell: Encodable {
      let row: Int
      let column: Int
      let before: String
      /// Of all actions in their order; null where the policy has diverged.
      let probabilities: [Double?]
    }

    struct Agent: Encodable {
      let agent: String
      let cells: [Cell]
    }

    let schema = "starling-corridor/1"
    let study: String
    let arm: String
    let replication: Int
    let time: Double?
    let environment: String
    let policy: String
    let actions: [String]
    let agents: [Agent]
  }

  private let policies: StoredPolicies
  private let owner: CorridorPolicy.Owner
  /// Virtual seconds at which the parameters were kept.
  private let time: Double?
  private let actions: [String]
  private let found: [CorridorPolicy]

  init(
    _ policies: StoredPolicies, _ owner: CorridorPolicy.Owner, time: Double?, actions: [String],
    _ found: [CorridorPolicy]
  ) {
    self.policies = policies
    self.owner = owner
    self.time = time
    self.actions = actions
    self.found = found
  }

  /// Every probability.
  var document: Document {
    Document(
      study: policies.study, arm: policies.arm, replication: policies.replication, time: time,
      environment: policies.environment, policy: owner.rawValue, actions: actions,
      agents: found.map { policy in
        let cells = policy.cells.map { cell in
          Document.Cell(
            row: cell.place.row, column: cell.place.column, before: cell.before,
            probabilities: cell.probabilities.map { $0.isFinite ? $0 : nil })
        }
        return Document.Agent(agent: policy.agent, cells: cells)
      })
  }

  /// A heading, and for each agent a table with a row for each cell and action before.
  var text: String {
    var lines = [
      policies.heading(at: time),
      "  \(policies.environment) · " + (owner == .prior ? "the policy that agents share" : "the agents' own policies"),
    ]
    for policy in found {
      let rows = policy.cells.map { cell in
        ["(\(cell.place.row), \(cell.place.column))", cell.before]
          + cell.probabilities.map { $0.isFinite ? String(format: "%.3f", $0) : "diverged" }
      }
      lines += ["  \(policy.agent)"] + aligned([["cell", "after"] + actions] + rows)
    }
    return lines.joined(separator: "\n")
  }
}
