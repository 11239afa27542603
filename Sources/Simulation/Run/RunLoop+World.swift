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
    // Before anything else of the instant.
    if run.checkpoints.handle(run.now) { run.writeCheckpoints() }
    if run.timeline.handle(run.now) { followTimeline() }
    switch WorldChange(rawValue: event.tag) {
    case .crash:
      beginOutage(of: Int(event.payload))
    case .recovery:
      endOutage(of: Int(event.payload))
    case .timeline:
      scheduleTimeline()
    case .checkpoint:
      scheduleCheckpoint()
    case nil:
      break
    }
  }

  /// Schedules the next instant at which agents are written down.
  mutating func scheduleCheckpoint() {
    guard let time = run.checkpoints.next(after: run.now) else { return }
    run.scheduler.schedule(Event(kind: .failure, tag: WorldChange.checkpoint.rawValue, subject: 0), at: time)
  }

  /// Lets a cause hold down all that its outage takes down.
  private mutating func beginOutage(of line: Int) {
    let outage = run.outages.number(of: line)
    let cause = run.outages.cause(of: line)
    for position in 0..<run.outages.agentCount(of: line) {
      let node = run.outages.agent(position, of: line)
      let wasUp =
        run.outages.takesDown(position, of: line, outage: outage)
        && run.takeDown(node, forgetting: cause.onRecovery, checkpointEvery: cause.checkpointEvery)
      if position == 0 { run.scheduleEndOfOutage(of: line) }
      if wasUp { cooperation.changed(node, .crash, &run) }
    }
  }

  /// Lets a cause go.
  private mutating func endOutage(of line: Int) {
    let outage = run.outages.number(of: line)
    for position in 0..<run.outages.agentCount(of: line) {
      let node = run.outages.agent(position, of: line)
      let isUp = run.outages.takesDown(position, of: line, outage: outage) && run.letUp(node)
      if position == 0 { run.scheduleOutageAfterOutage(of: line) }
      if isUp { cooperation.changed(node, .recovery, &run) }
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
          if run.takeDown(node, forgetting: recovery ?? run.usualRecovery) {
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
  /// Agents are written down, to be what they were.
  case checkpoint
}
