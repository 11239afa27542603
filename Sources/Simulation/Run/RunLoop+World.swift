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
      let occurrences = run.timeline.plans[number].occurrences
      if occurrences.ends(at: time) { perform(number, .end) }
      if occurrences.begins(at: time) { perform(number, .begin(occurrence: occurrences.count(before: time))) }
    }
  }

  /// Does, or undoes, what a plan of the timeline says.
  private mutating func perform(_ plan: Int, _ turn: ScriptedTurn) {
    switch run.timeline.plans[plan].change {
    case .agents(let selector, let change): perform(change, of: selector, by: plan, turn)
    case .links(let selector, let direction, let change): perform(change, of: selector, direction, by: plan, turn)
    case .partition(let partition): part(partition, by: plan, turn)
    case .heal(let event): heal(event: event)
    case .tasks(let selector, let change): perform(change, of: selector, by: plan, turn)
    case .speeds(let subject, let change): perform(change, of: subject, by: plan, turn)
    }
  }
}

/// Whether something of the timeline begins or is undone.
enum ScriptedTurn {
  /// For the time of this number, from zero.
  case begin(occurrence: Int)
  case end
}

/// A change of the world; the tag of a failure event.
enum WorldChange: UInt8 {
  /// An outage that was drawn begins, or ends.
  case crash
  case recovery
  /// An instant of which the timeline says something.
  case timeline
}
