// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Quantities
import Randomness
import Schema

extension TraceForm {
  /// How fast agents compute: 1 is as usual, 0 stands still.
  package static let speed = TraceForm(of: .agents, "speed", .number, Bounds(lower: 0, upper: 1e9))
}

/// The speeds that a file gives agents; before its first entry, and without any, an agent has its usual one.
///
/// *Randomness*: none but that of `AgentTraces`.
struct SpeedTraces {
  private let traces: AgentTraces?
  private let agentCount: Int

  /// - Parameter agentCount: those that learn, which come first on the network.
  init(_ table: TraceTable?, network: Network, agentCount: Int, seed: UInt64) {
    traces = table.map { table in
      AgentTraces(
        table, names: Array(network.names.prefix(agentCount)), keys: Array(network.keys.prefix(agentCount)), seed: seed)
    }
    self.agentCount = agentCount
  }

  /// The piece of an agent's speed that holds at a time.
  func piece(of node: NodeID, at time: VirtualTime) -> SpeedPiece {
    guard let traces, node.index < agentCount else { return .usual }
    let speed = traces.value(node, at: time) ?? 1
    return SpeedPiece(
      until: traces.nextTime(node, after: time) ?? .never, slowdown: speed > 0 ? 1 / speed : .infinity, number: 0)
  }
}

extension ComputeSettings {
  /// The mean speed of each agent by its trace over the first so many seconds of a run; ones without a trace.
  package func meanTracedSpeeds(of agents: Network, seed: UInt64, until seconds: Double) -> [Double] {
    let usual = Array(repeating: 1.0, count: agents.nodeCount)
    guard let trace, seconds > 0 else { return usual }
    let traces = SpeedTraces(trace, network: agents, agentCount: agents.nodeCount, seed: seed)
    // Once round a trace that begins again says all.
    let length = min(VirtualTime(seconds: seconds), trace.recycle.map { VirtualTime($0) } ?? .never)
    return usual.indices.map { rank in
      var (sum, time) = (0.0, VirtualTime.zero)
      while time < length {
        let piece = traces.piece(of: NodeID(rank), at: time)
        let end = min(piece.until, length)
        sum += (end - time).seconds / piece.slowdown
        time = end
      }
      return sum / length.sinceStart.seconds
    }
  }

  /// How often a trace changes the speed of an agent, at most: a second.
  package func tracedChangesPerSecond(until seconds: Double) -> Double {
    guard let trace else { return 0 }
    let most = trace.subjects.indices.map { trace.values(of: $0).count }.max() ?? 0
    return Double(most + 1) / (trace.recycle.map { min($0.seconds, seconds) } ?? seconds)
  }
}
