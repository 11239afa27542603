// SPDX-License-Identifier: GPL-3.0-or-later
import Files
import Records

/// One observation a row: time, metric, value.
struct ObservationTable: ExportTable {
  let columns = ["time", "metric", "value"]

  func addRows(of entry: ResultsFile.Entry, after leading: [UInt8], to lines: inout TableLines) {
    guard case .finished(let run) = entry else { return }
    let times = run.record.grid.map { lines.encoded([.number($0)], from: -3) }
    for series in run.record.series {
      let metric = lines.encoded([.text(series.metric)], from: -2)
      for (time, value) in zip(times, series.values) { lines.add(leading, time, metric, last: .number(value)) }
    }
  }
}

/// One agent in a run a row.
struct AgentTable: ExportTable {
  let columns = [
    "agent", "updates", "useful", "wasted", "unfinished", "waiting", "down", "final_msd", "task", "episodes", "samples",
    "final_return", "slowed", "sent", "sent_bytes", "heard", "heard_bytes", "waiting_neighbours", "waiting_centre",
    "waiting_clock", "asleep", "paused", "joules",
  ]

  func addRows(of entry: ResultsFile.Entry, after leading: [UInt8], to lines: inout TableLines) {
    guard case .finished(let run) = entry else { return }
    for agent in run.record.agents {
      lines.add(
        leading,
        [
          .text(agent.name), .count(agent.updates), .number(agent.useful), .number(agent.wasted),
          .number(agent.unfinished), .number(agent.waiting), .number(agent.down), .optional(agent.finalMSD),
          agent.task.map(TableCell.text) ?? .nothing, .optional(agent.episodes), .optional(agent.samples),
          .optional(agent.finalReturn), .optional(agent.slowed), .optional(agent.messages?.sent),
          .optional(agent.messages?.bytesSent), .optional(agent.messages?.heard), .optional(agent.messages?.bytesHeard),
          .optional(agent.waits?.neighbours), .optional(agent.waits?.centre), .optional(agent.waits?.clock),
          .optional(agent.waits?.asleep), .optional(agent.waits?.paused), .optional(agent.joules),
        ])
    }
  }
}

/// One agent and task in a run a row: how well the agent's final policy does there.
struct ReturnTable: ExportTable {
  let columns = ["agent", "task", "return"]

  func addRows(of entry: ResultsFile.Entry, after leading: [UInt8], to lines: inout TableLines) {
    guard case .finished(let run) = entry, let returns = run.record.taskReturns else { return }
    for (agent, row) in zip(run.record.agents, returns.returns) {
      for (task, value) in zip(returns.tasks, row) {
        lines.add(leading, [.text(agent.name), .text(task), .number(value)])
      }
    }
  }
}

/// One run a row, failed runs included.
struct RunTable: ExportTable {
  /// A column and how a run fills it.
  private typealias Field = (name: String, cell: @Sendable (StoredRun) -> TableCell)

  private let fields: [Field]

  var columns: [String] { ["seed", "error"] + fields.map(\.name) }

  /// - Parameter metrics: those with final values.
  init(metrics: [String]) {
    fields =
      Self.outcome + metrics.map { metric in ("final_\(metric)", { .optional($0.record.finals[metric]) }) }
      + Self.messages + Self.staleness + Self.engine
  }

  func addRows(of entry: ResultsFile.Entry, after leading: [UInt8], to lines: inout TableLines) {
    switch entry {
    case .finished(let run):
      lines.add(leading, [.count(run.record.identity.seed), .nothing] + fields.map { $0.cell(run) })
    case .failed(let run):
      lines.add(leading, [.count(run.identity.seed), .text(run.error)] + fields.map { _ in .nothing })
    }
  }

  private static let outcome: [Field] = [
    ("fingerprint", { .text(hexadecimal($0.record.fingerprint)) }),
    ("ending", { .text($0.record.ending.rawValue) }),
    ("end_time", { .number($0.record.endTime) }),
    ("wall_seconds", { .number($0.wallSeconds) }),
    ("target_time", { .optional($0.record.target?.time) }),
    ("target_updates", { .optional($0.record.target?.updates) }),
    ("target_messages", { .optional($0.record.target?.messages) }),
    ("target_bytes", { .optional($0.record.target?.bytes) }),
    ("target_joules", { .optional($0.record.target?.joules) }),
  ]

  private static let messages: [Field] = [
    ("sent", { .count($0.record.messages.sent) }),
    ("used", { .count($0.record.messages.used) }),
    ("replaced_unread", { .count($0.record.messages.replacedUnread) }),
    ("unread_at_end", { .count($0.record.messages.unreadAtEnd) }),
    ("overtaken", { .count($0.record.messages.overtaken) }),
    ("lost", { .count($0.record.messages.lost) }),
    ("copies", { .count($0.record.messages.copies) }),
    ("lost_noise", { .count($0.record.messages.losses.noise) }),
    ("lost_burst", { .count($0.record.messages.losses.burst) }),
    ("lost_cut", { .count($0.record.messages.losses.cut) }),
    ("lost_edge_gone", { .count($0.record.messages.losses.edgeGone) }),
    ("lost_sender_crashed", { .count($0.record.messages.losses.senderCrashed) }),
    ("superseded", { .count($0.record.messages.superseded) }),
    ("to_dead_agent", { .count($0.record.messages.toDeadAgent) }),
    ("late", { .count($0.record.messages.late) }),
    ("duplicate", { .count($0.record.messages.duplicate) }),
    ("in_flight_at_end", { .count($0.record.messages.inFlightAtEnd) }),
    ("never_started", { .count($0.record.messages.neverStarted) }),
    ("bytes", { .count($0.record.messages.bytes) }),
    ("acknowledgements", { .count($0.record.messages.acknowledgements) }),
    ("recovery_bytes", { .count($0.record.messages.recoveryBytes) }),
  ]

  private static let staleness: [Field] = [
    ("staleness_count", { .count($0.record.staleness.count) }),
    ("staleness_mean_seconds", { .number($0.record.staleness.meanSeconds) }),
    ("staleness_maximum_seconds", { .number($0.record.staleness.maximumSeconds) }),
    ("staleness_mean_updates", { .number($0.record.staleness.meanUpdates) }),
    ("staleness_maximum_updates", { .count($0.record.staleness.maximumUpdates) }),
    ("deliveries", { .count($0.record.staleness.deliveries) }),
    ("delivery_mean_seconds", { .number($0.record.staleness.meanDeliverySeconds) }),
    ("gradients", { .count($0.record.staleness.gradients) }),
    ("gradient_mean_updates", { .number($0.record.staleness.meanGradientUpdates) }),
    ("gradient_maximum_updates", { .count($0.record.staleness.maximumGradientUpdates) }),
  ]

  private static let engine: [Field] = [
    ("events", { .count($0.record.engine.events.values.reduce(0, +)) }),
    ("ties", { .count($0.record.engine.ties) }),
    ("ties_at_one_agent", { .count($0.record.engine.tiesAtOneAgent) }),
    ("cancelled", { .count($0.record.engine.cancelled) }),
    ("high_water", { .count($0.record.engine.highWater) }),
  ]
}
