// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import EventEngine
import Quantities

/// Changes of the world: outages as they were drawn, and what the timeline says.
extension RunLoop where Strategy: ~Copyable {
  /// Schedules the next instant of the timeline.
  mutating func scheduleTimeline() {
    guard let time = run.timeline.next else { return }
    run.scheduler.schedule(Event(kind: .failure, tag: WorldChange.timeline.rawValue, subject: 0), at: time)
  }

  mutating func changeWorld(_ event: Event) {
    if run.timeline.handle(run.now) { followTimeline() }
    let node = NodeID(rank: event.subject)
    switch WorldChange(rawValue: event.tag) {
    case .crash:
      let wasUp = run.takeDown(node, forgetting: run.outages.onRecovery)
      run.scheduleRecovery(node)
      if wasUp { cooperation.changed(node, .crash, &run) }
    case .recovery:
      let isUp = run.letUp(node)
      run.scheduleCrashAfterOutage(node)
      if isUp { cooperation.changed(node, .recovery, &run) }
    case .timeline:
      scheduleTimeline()
    case nil:
      break
    }
  }

  /// Does all that the timeline says of this instant, in the order of the file.
  private mutating func followTimeline() {
    let time = run.now.nanoseconds
    for number in run.timeline.plans.indices {
      let plan = run.timeline.plans[number]
      if plan.occurrences.ends(at: time) { for node in plan.agents { release(node, by: number) } }
      guard plan.occurrences.begins(at: time) else { continue }
      switch plan.change {
      case .takeDown(let recovery):
        for node in plan.agents where run.timeline.hold(node, by: number) {
          if run.takeDown(node, forgetting: recovery ?? run.outages.onRecovery) {
            cooperation.changed(node, .crash, &run)
          }
        }
      case .bringUp:
        for node in plan.agents { for cause in run.timeline.plans.indices { release(node, by: cause) } }
      }
    }
  }

  /// Lets a cause of the timeline go, if it holds an agent down.
  private mutating func release(_ node: NodeID, by plan: Int) {
    guard run.timeline.release(node, by: plan), run.letUp(node) else { return }
    cooperation.changed(node, .recovery, &run)
  }
}

/// A change of the world; the tag of a failure event.
enum WorldChange: UInt8 {
  /// An outage that was drawn begins, or ends.
  case crash
  case recovery
  /// An instant of which the timeline says something.
  case timeline
}
