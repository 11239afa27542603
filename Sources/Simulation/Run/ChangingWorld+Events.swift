// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import EventEngine
import Quantities

/// Changes of the world: outages as they were drawn, and what the timeline says.
extension ChangingWorld {
  /// An event of a failure, or of a link that comes or goes.
  mutating func handle(_ event: Event) {
    switch (event.kind, event.tag) {
    case (.linkChange, LinkTag.outageBegins), (.linkChange, LinkTag.outageEnds): changeLinks(event)
    case (.linkChange, _): changeNetwork(event)
    default: changeAgents(event)
    }
  }

  private mutating func changeAgents(_ event: Event) {
    // Before anything else of the instant.
    if run.checkpoints.handle(run.now) { run.writeCheckpoints() }
    if run.timeline.handle(run.now) { followTimeline() }
    switch WorldChange(rawValue: event.tag) {
    case .crash:
      beginOutage(of: Int(event.payload))
    case .recovery:
      endOutage(of: Int(event.payload))
    case .timeline:
      run.scheduleTimeline()
    case .checkpoint:
      run.scheduleCheckpoint()
    case nil:
      break
    }
  }

  /// Lets a cause hold down all that its outage takes down.
  private mutating func beginOutage(of line: Int) {
    let outage = run.outages.number(of: line)
    let cause = run.outages.cause(of: line)
    run.blame(run.outages.name(of: line))
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
    run.blame(run.outages.name(of: line))
    for position in 0..<run.outages.agentCount(of: line) {
      let node = run.outages.agent(position, of: line)
      let isUp = run.outages.takesDown(position, of: line, outage: outage) && run.letUp(node)
      if position == 0 { run.scheduleOutageAfterOutage(of: line) }
      if isUp { cooperation.changed(node, .recovery, &run) }
    }
  }

  /// Does all that the timeline says of this instant, in the order of the file.
  private mutating func followTimeline() {
    for (plan, turn) in run.timeline.turns(at: run.now) { perform(plan, turn) }
  }

  /// Does, or undoes, what a plan of the timeline says.
  private mutating func perform(_ plan: Int, _ turn: ScriptedTurn) {
    run.blame(run.timeline.plans[plan].name)
    switch run.timeline.plans[plan].change {
    case .agents(let selector, let change): perform(change, of: selector, by: plan, turn)
    case .links(let selector, let direction, let change): perform(change, of: selector, direction, by: plan, turn)
    case .partition(let partition): part(partition, by: plan, turn)
    case .heal(let event): heal(event: event)
    case .tasks(let selector, let change): perform(change, of: selector, by: plan, turn)
    case .speeds(let subject, let change): perform(change, of: subject, by: plan, turn)
    case .members(let selector, let change): perform(change, of: selector, by: plan, turn)
    case .centre(let change): perform(change, by: plan, turn)
    }
  }
}

extension RunState {
  /// Schedules the next instant of the timeline.
  mutating func scheduleTimeline() {
    if let time = timeline.next {
      timelineEvent = scheduler.scheduleCancellable(.timeline, at: time)
    } else if isBranchable {
      // It is never handled, and keeps the place for what a branch may put there.
      timelineEvent = scheduler.scheduleCancellable(Event(kind: .stop, subject: 0), at: .never)
    }
  }

  /// Schedules the next instant at which agents are written down.
  mutating func scheduleCheckpoint() {
    guard let time = checkpoints.next(after: now) else { return }
    scheduler.schedule(Event(kind: .failure, tag: WorldChange.checkpoint.rawValue, subject: 0), at: time)
  }
}

extension Event {
  /// The next instant of the timeline has come.
  static let timeline = Event(kind: .failure, tag: WorldChange.timeline.rawValue, subject: 0)
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
  /// Agents are written down, to be what they were.
  case checkpoint
}
