// SPDX-License-Identifier: GPL-3.0-or-later
import EventEngine
import Quantities

/// What is to happen to an agent, and when. An agent that crashes keeps none of it.
extension RunState {
  /// Whether an event belongs to the agent's present life.
  @inline(__always)
  func isCurrent(_ event: Event) -> Bool { event.incarnation == agents[Int(event.subject)].incarnation }

  /// Schedules the begin of an agent at this instant, after everything that has to be combined.
  mutating func scheduleBegin(_ node: NodeID) { scheduleBegin(node, at: now) }

  /// Schedules the begin of an agent.
  mutating func scheduleBegin(_ node: NodeID, at time: VirtualTime) {
    scheduler.schedule(
      Event(kind: .computeStart, subject: node.rank, incarnation: agents[node.index].incarnation),
      at: time)
  }

  /// Asks for a combination at this instant, after all arrivals of the instant.
  mutating func requestCombine(_ node: NodeID) {
    if agents[node.index].hasRequestedCombine { return }
    agents[node.index].hasRequestedCombine = true
    scheduleCombine(node, at: now)
  }

  /// Schedules a combination.
  mutating func scheduleCombine(_ node: NodeID, at time: VirtualTime) {
    scheduler.schedule(
      Event(
        kind: .combine, phase: UInt16(agents[node.index].phase), subject: node.rank,
        incarnation: agents[node.index].incarnation), at: time)
  }

  /// Sets a timer of an agent; it dies with the agent's incarnation.
  mutating func setTimer(_ node: NodeID, tag: UInt8, payload: UInt32 = 0, after wait: VirtualDuration) -> EventHandle {
    scheduler.scheduleCancellable(
      Event(
        kind: .timer, tag: tag, subject: node.rank, incarnation: agents[node.index].incarnation, payload: payload),
      at: now + wait)
  }
}
