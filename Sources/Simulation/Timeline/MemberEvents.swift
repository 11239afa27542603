// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Quantities

/// Agents that come or go at an instant, as the timeline says it before a run.
package struct MemberEvent: Sendable, Equatable {
  package enum Change: Sendable, Equatable {
    /// So many come.
    case join(Int, startsFromNeighbour: Bool)
    /// Those whom it chooses go.
    case leave(AgentSelector)
  }

  package let time: VirtualTime
  package let change: Change
}

extension SimulationSettings {
  /// All that lets agents come or go, in the order in which it happens. How many come is that of replication 0, and of any
  /// other where it is drawn who comes, not how many.
  ///
  /// - Throws: if an entry names somebody or something that is not there.
  package func memberEvents(in world: World) throws(SimulationError) -> [MemberEvent] {
    var timeline = try Timeline(self, world: world, replication: 0)
    let end = VirtualTime(measurement.until)
    var events: [MemberEvent] = []
    while let time = timeline.nextInstant(until: end) {
      for case (let number, .begin(let occurrence)) in timeline.turns(at: time) {
        guard case .members(let selector, let change) = timeline.plans[number].change else { continue }
        switch change {
        case .leave: events.append(MemberEvent(time: time, change: .leave(selector)))
        case .join(let startsFromNeighbour):
          let count = timeline.joiners(by: number, occurrence: occurrence).count
          events.append(MemberEvent(time: time, change: .join(count, startsFromNeighbour: startsFromNeighbour)))
        }
      }
    }
    return events
  }
}
