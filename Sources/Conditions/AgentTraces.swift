// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Quantities
import Randomness
import Schema

/// Which agent follows which values of a trace; whoever the trace says nothing of follows none.
///
/// *Randomness*: with `assign: random`, `traceAssignment` of the agent, one draw at index 0, once per study.
package struct AgentTraces: Sendable {
  private let table: TraceTable
  private let subjects: [Int?]

  /// - Parameter attempt: tells traces of several keys apart that are drawn for the same agents.
  package init(_ table: TraceTable, names: [String], keys: [EntityKey], seed: UInt64, attempt: UInt32 = 0) {
    self.table = table
    switch table.assignment {
    case .byName:
      let numbers = Dictionary(
        table.subjects.enumerated().map { ($1.joined(), $0) }, uniquingKeysWith: { first, _ in first })
      subjects = names.map { numbers[$0] }
    case .random:
      let family = StreamFamily(seed: seed, replication: StreamFamily.study, purpose: .traceAssignment)
      let count = UInt32(table.subjects.count)
      subjects = keys.map { key in
        guard count > 0 else { return nil }
        var draws = Draws(family.key(key).attempt(attempt), at: 0)
        return Int(draws.integer(below: count))
      }
    }
  }

  /// The value of an agent that holds at a time; nothing before its first one.
  package func value(_ node: NodeID, at time: VirtualTime) -> Double? {
    subjects[node.index].flatMap { table.value(of: $0, at: time.nanoseconds) }
  }

  /// When a value of an agent begins to hold after a time, or its trace begins again; nothing where no more is said.
  package func nextTime(_ node: NodeID, after time: VirtualTime) -> VirtualTime? {
    subjects[node.index].flatMap { table.nextTime(of: $0, after: time.nanoseconds) }
      .map { VirtualTime(nanoseconds: $0) }
  }

  /// After how long it begins again; nothing where the last values hold.
  package var recycle: VirtualDuration? { table.recycle }

  /// All values of an agent.
  package func values(_ node: NodeID) -> ArraySlice<Double> {
    subjects[node.index].map { table.values(of: $0) } ?? []
  }
}
