// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Quantities

/// What the timeline does to speeds: causes multiply, and a pause is a standstill.
extension ChangingWorld {
  mutating func perform(_ change: SpeedChange, of subject: DisturbedNodes, by plan: Int, _ turn: ScriptedTurn) {
    guard case .begin(let occurrence) = turn else {
      for rank in 0..<run.agentCount { letGo(NodeID(rank), by: plan) }
      return
    }
    // The centre has the place of the first agent in the flags of an event that is about it.
    let places: [NodeID] =
      switch subject {
      case .agents(let selector): choose(selector, for: plan, occurrence: occurrence)
      case .centre: run.topology.nodeCount > run.agentCount ? [NodeID(0)] : []
      }
    switch change {
    case .slow, .pause:
      for place in places where run.timeline.hold(place.index, by: plan) { applySpeed(place, of: subject) }
    case .resume:
      let causes = run.timeline.plans.indices.filter {
        run.timeline.plans[$0].change.pauses(likewise: subject)
      }
      for place in places { for cause in causes { letGo(place, by: cause) } }
    }
  }

  /// Lets a cause of the timeline go, if it holds somebody up.
  private mutating func letGo(_ place: NodeID, by plan: Int) {
    guard case .speeds(let subject, _) = run.timeline.plans[plan].change, run.timeline.release(place.index, by: plan)
    else {
      return
    }
    applySpeed(place, of: subject)
  }

  /// Lets an agent, or the centre, have the speed that all causes of the timeline together leave it.
  private mutating func applySpeed(_ place: NodeID, of subject: DisturbedNodes) {
    guard run.pauses.isOn else { return }
    var slowdown = 1.0
    for (number, plan) in run.timeline.plans.enumerated() {
      guard case .speeds(let other, let change) = plan.change, other.isCentre == subject.isCentre,
        run.timeline.holds(place.index, by: number)
      else { continue }
      slowdown *= change.slowdown
    }
    run.changeSpeed(of: subject.isCentre ? run.centre : place, slowdown: slowdown)
  }
}
