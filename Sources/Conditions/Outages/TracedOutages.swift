// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Schema

extension TraceForm {
  /// When agents are there: 0 or 1.
  package static let availability = TraceForm(of: .agents, "available", .number, .share, isSwitch: true)
}

extension OutageDefinition {
  /// Agents are up and down as a file says.
  ///
  /// *Randomness*: none but that of `AgentTraces`.
  package static let trace = OutageDefinition(
    name: "trace", meaning: "each agent is up and down as a file says; before its first entry there it is up",
    parameters: TraceForm.availability.parameters, form: .trace(.availability),
    facts: { arguments, question in
      guard let table = arguments.trace else { return OutageFacts(interval: .infinity, shareDown: 0, varies: false) }
      return table.outageFacts(until: question.until)
    },
    make: { arguments, context in
      guard let table = arguments.trace else { return TracedOutages(agents: [], traces: nil) }
      return TracedOutages(
        agents: context.agents.map { NodeID($0) },
        traces: AgentTraces(
          table, names: context.names, keys: context.keys, seed: context.seed, attempt: context.position))
    })
}

extension Arguments {
  /// The trace of a cause, where there is one.
  package var trace: TraceTable? { special(OutageDefinition.trace.name) }
}

private struct TracedOutages: OutageProcess {
  let agents: [NodeID]
  let traces: AgentTraces?

  var lineCount: Int { traces == nil ? 0 : agents.count }

  func agent(_ position: Int, of line: Int) -> NodeID { agents[line] }

  func begin(of outage: UInt32, of line: Int, after time: VirtualTime) -> VirtualTime? {
    next(agents[line], up: false, from: time)
  }

  func end(of outage: UInt32, of line: Int, after time: VirtualTime) -> VirtualTime? {
    next(agents[line], up: true, from: time)
  }

  /// The first time from another one on at which an agent is up, or down.
  private func next(_ agent: NodeID, up: Bool, from start: VirtualTime) -> VirtualTime? {
    guard let traces else { return nil }
    var time = start
    // Once round a trace that begins again there is nothing new.
    for _ in 0...traces.values(agent).count + 2 {
      if isUp(agent, time) == up { return time }
      guard let later = traces.nextTime(agent, after: time), later < .never else { return nil }
      time = later
    }
    return nil
  }

  private func isUp(_ agent: NodeID, _ time: VirtualTime) -> Bool { traces?.value(agent, at: time) != 0 }

  func availability(of agent: NodeID, at seconds: Double) -> Double? {
    guard agents.position(of: agent) != nil, let traces else { return 1 }
    guard seconds < .infinity else { return 1 - traces.share(agent, of: 0) }
    return isUp(agent, VirtualTime(seconds: seconds)) ? 1 : 0
  }

  func title(of line: Int) -> String { "trace" }
}

extension AgentTraces {
  /// The share of time in which a value holds: of the whole trace where it begins again, else after its last entry.
  fileprivate func share(_ agent: NodeID, of value: Double) -> Double {
    guard let last = values(agent).last else { return 0 }
    guard let length = recycle?.nanoseconds else { return last == value ? 1 : 0 }
    var (sum, time) = (0.0, Int64(0))
    while time < length {
      let next = min(length, nextTime(agent, after: VirtualTime(nanoseconds: time))?.nanoseconds ?? length)
      if self.value(agent, at: VirtualTime(nanoseconds: time)) == value { sum += Double(next - time) }
      time = next
    }
    return sum / Double(length)
  }
}

extension TraceTable {
  /// What is known of outages before anybody follows any of these subjects: of that with the most outages.
  fileprivate func outageFacts(until: Double) -> OutageFacts {
    let outages = subjects.indices.map { subject in values(of: subject).count { $0 == 0 } }.max() ?? 0
    let length = recycle.map { min($0.seconds, until) } ?? until
    let down = subjects.indices.map { subject in
      let values = values(of: subject)
      return values.isEmpty ? 0 : Double(values.count { $0 == 0 }) / Double(values.count)
    }
    return OutageFacts(
      interval: outages == 0 ? .infinity : length / Double(outages),
      shareDown: down.reduce(0, +) / Double(max(1, down.count)), varies: false)
  }
}
