// SPDX-License-Identifier: GPL-3.0-or-later
import Records

/// One link of a run a row: what became of its messages, and how old the newest estimate was that had come.
struct LinkTable: ExportTable {
  /// Where the links are, which runs come without.
  let file: ResultsFile

  /// Of whoever gathers what agents send; no agent has the name.
  private static let centre = "centre"
  private static let counted = LinkColumn.all.filter { !["sender", "receiver", "sent"].contains($0.name) }

  var columns: [String] { ["sender", "receiver", "sent", "first_sent"] + Self.counted.map(\.name) }

  func addRows(of entry: ResultsFile.Entry, after leading: [UInt8], to lines: inout TableLines) throws {
    guard case .finished(let run) = entry, run.record.links != nil else { return }
    let (identity, agents) = (run.record.identity, run.record.agents)
    let accounts = try file.links(arm: identity.arm, replication: identity.replication)
    for link in accounts?.links ?? [] {
      let ends = [link.sender, link.receiver].map { rank in
        TableCell.text(agents.indices.contains(rank) ? agents[rank].name : Self.centre)
      }
      let counts = Self.counted.map { column -> TableCell in
        guard column.isCount else { return .optional(column.value(link)) }
        return .optional(column.value(link).map { UInt64($0) })
      }
      lines.add(leading, ends + [.count(link.fates.sent), .count(link.firstSent)] + counts)
    }
  }
}

/// One cause that has taken an agent of a run down a row: what it has cost the agent.
struct CauseTable: ExportTable {
  let columns = ["agent", "cause", "wasted", "down", "messages"]

  func addRows(of entry: ResultsFile.Entry, after leading: [UInt8], to lines: inout TableLines) {
    guard case .finished(let run) = entry else { return }
    for agent in run.record.agents {
      for cause in agent.causes ?? [] {
        lines.add(
          leading,
          [
            .text(agent.name), .text(cause.cause), .number(cause.wasted), .number(cause.down),
            .optional(cause.messages),
          ])
      }
    }
  }
}
