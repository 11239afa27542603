// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import EventEngine
import Quantities

/// How long steps go on where speeds change with time.
extension RunState {
  /// When a step ends that begins now and takes so long at speed one.
  @inline(__always)
  func end(of node: NodeID, after work: VirtualDuration) -> VirtualTime {
    speeds.isOn ? speeds.begin(node, work: work, at: now) : now + work
  }

  /// Schedules the end of the step under way, which is an event of its node. One that stands still for ever has none.
  @inline(__always)
  mutating func scheduleEnd(_ event: Event, of node: NodeID, at end: VirtualTime) {
    if speeds.isOn, end == .never {
      if pauses.isOn { pauses.expect(.none, of: node) }
      return
    }
    if pauses.isOn {
      pauses.expect(scheduler.scheduleCancellable(event, at: end), of: node)
    } else {
      scheduler.schedule(event, at: end)
    }
  }

  /// The event that ends a step.
  @inline(__always)
  func endOfStep(_ node: NodeID) -> Event {
    if node.index >= agentCount {
      return Event(
        kind: .timer, tag: TimerTag.centreStep, subject: node.rank, incarnation: agents[node.index].incarnation)
    }
    return Event(
      kind: .computeEnd, phase: UInt16(agents[node.index].phase), subject: node.rank,
      incarnation: agents[node.index].incarnation)
  }

  /// How long the step under way has gone on, without pauses.
  @inline(__always)
  func computingTime(_ node: NodeID) -> VirtualDuration {
    (pauses.isPaused(node) ? pauses.since(node) : now) - agents[node.index].since
  }

  /// Time that an agent has lost by changes of its speed; nothing where there are none.
  func slowed(_ node: NodeID) -> Double? {
    guard speeds.isOn else { return nil }
    let isComputing = agents[node.index].isUp && agents[node.index].isComputing
    return speeds.slowed(node, computing: isComputing ? computingTime(node) : .zero, at: now)
  }

  /// Lets steps of a node take so many times longer by the timeline from now on. Where the factor is infinite the node
  /// stands still until the next change.
  mutating func changeSpeed(of node: NodeID, slowdown: Double) {
    let before = speeds.scripted(node)
    guard slowdown != before else { return }
    let end = speeds.change(node, slowdown: slowdown, at: now)
    if speeds.isStepUnderWay(node) {
      scheduler.cancel(pauses.end(node))
      scheduleEnd(endOfStep(node), of: node, at: end)
    }
    if slowdown == .infinity {
      tell(.pauses, node)
      if timeRecord.isOn { recordPause(node, begins: true) }
      pauses.pause(node, at: now)
    } else if before == .infinity {
      tell(.resumes, node)
      if timeRecord.isOn { recordPause(node, begins: false) }
      resume(node)
    } else {
      tell(.changesSpeed, node, slowdown: slowdown)
    }
  }

  /// Lets a node go on, with all that has waited for that.
  private mutating func resume(_ node: NodeID) {
    if agents[node.index].isComputing { agents[node.index].since += now - pauses.since(node) }
    let held = pauses.resume(node)
    if held.combine { scheduleCombine(node, at: now) }
    if held.begin { scheduleBegin(node) }
    if agents[node.index].owesStep, !agents[node.index].isComputing {
      agents[node.index].owesStep = false
      launchStep(node)
    }
  }
}

extension ChangingSpeeds {
  /// The speeds of one replication.
  init(_ settings: SimulationSettings, in world: World, replication: UInt32) {
    self.init(
      settings.heedsSpeeds ? settings.conditions.compute : ComputeSettings(),
      slowSpellsOf: settings.slowAgents(of: world.agents), timelineChanges: settings.followsScriptedSpeeds,
      network: world.network, agentCount: world.agentCount, until: VirtualTime(settings.measurement.until),
      seed: settings.seed, replication: replication)
  }
}
