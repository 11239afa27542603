// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Foundation
import Networks
import Quantities
import Randomness
import Simulation
import Theory

/// What theory says of pairs that average while agents come and go: the exact mean disagreement at every measurement.
struct OpenGossipTheory {
  private let settings: SimulationSettings
  private let world: World
  private let events: [MemberEvent]

  /// - Returns: nothing where agents do not come and go, or something else changes the network.
  init?(_ settings: SimulationSettings, in world: World) {
    guard case .averaging = settings.task.facts.closedForm, settings.learning.followsTheory,
      settings.strategy.averagesInPairs, settings.changesMembers,
      settings.timeline.allSatisfy({ $0.change?.changesMembers == true }), !settings.network.changesByItself,
      let events = try? settings.memberEvents(in: world)
    else { return nil }
    self.settings = settings
    self.world = world
    self.events = events
  }

  var prediction: Prediction {
    if let reason {
      return Prediction(reason: "The closed form for gossip of agents that come and go needs \(reason).")
    }
    guard let disagreement = finalDisagreement else {
      return Prediction(reason: "Nobody is there when the disagreement is measured last.")
    }
    var prediction = Prediction(reason: "Agents that come and go agree on no lasting value.")
    prediction.disagreement = disagreement
    prediction.basis = "second moments of gossip through all that lets agents come and go"
    return prediction
  }

  // MARK: - What it needs

  /// What is missing, in words.
  private var reason: String? {
    let count = world.network.nodeCount
    let clock = settings.strategy.clock
    guard world.network.linkCount == count * (count - 1) else { return "topology complete" }
    guard settings.strategy.gossip.wake == .oneAtATime else { return "wake one-at-a-time" }
    guard settings.messageLosses.subtracting([.edge]).isEmpty, !settings.roundsMessages else {
      return "messages that are neither lost nor rounded"
    }
    guard startVariance != nil else { return "agents that start from {normal: ...}" }
    guard clock.betweenAgents.isConstant, clock.startPhase.isConstant,
      clock.withinAgent.isConstant || clock.withinAgent.isExponential,
      settings.conditions.compute.startPhase == .constant(0)
    else { return "a clock whose intervals are constant or exponential, and which starts at a constant time" }
    for event in events {
      switch event.change {
      case .join(_, let startsFromNeighbour):
        if startsFromNeighbour { return "agents that join with initial parameters of their own" }
      case .leave(.random): continue
      case .leave: return "that it is left to chance who leaves: {count: 1} or {share: 10 %}"
      }
    }
    return nil
  }

  /// σ² of the numbers that agents start from.
  private var startVariance: Double? {
    if case .normal(let deviation) = settings.learner.initial { deviation * deviation } else { nil }
  }

  // MARK: - The course of a run

  /// The mean of the disagreement over the final window of the measurements.
  private var finalDisagreement: Double? {
    let measurement = settings.measurement
    let joiners = events.reduce(0) { sum, event in
      if case .join(let count, _) = event.change { sum + count } else { sum }
    }
    var course = OpenGossipCourse(agents: world.agentCount - joiners, variance: startVariance ?? 0)
    var rings = Rings(settings.strategy.clock)
    var next = 0
    let start = measurement.windowStart(end: VirtualTime(measurement.until))
    var values: [Double] = []
    for point in 0..<measurement.gridCount {
      let time = VirtualTime(measurement.every * point)
      while next < events.count, events[next].time <= time {
        // What comes at the instant of a ring comes first.
        rings.pass(before: events[next].time, &course)
        switch events[next].change {
        case .join(let count, _): course.join(count)
        case .leave(.random(let extent)): course.leave(extent.count(of: course.agents))
        case .leave: break
        }
        next += 1
      }
      rings.pass(through: time, &course)
      if time >= start { values.append(Double(settings.parameterCount) * course.disagreement) }
    }
    let mean = values.reduce(0, +) / Double(values.count)
    return mean.isFinite ? mean : nil
  }
}

/// The rings of a clock for all, in the mean.
private struct Rings {
  /// In nanoseconds.
  private let first: Int64
  private let interval: Int64
  private let isPoisson: Bool
  /// Rings up to this time have passed, those of the instant itself only if it is said so.
  private var passed: Int64 = 0
  private var hasPassedInstant = false

  init(_ clock: ClockSettings) {
    first = VirtualDuration(seconds: clock.startPhase.mean).nanoseconds
    interval = max(1, VirtualDuration(seconds: clock.betweenAgents.mean * clock.withinAgent.mean).nanoseconds)
    isPoisson = !clock.withinAgent.isConstant
  }

  mutating func pass(before time: VirtualTime, _ course: inout OpenGossipCourse) {
    pass(time.nanoseconds, includesInstant: false, &course)
  }

  mutating func pass(through time: VirtualTime, _ course: inout OpenGossipCourse) {
    pass(time.nanoseconds, includesInstant: true, &course)
  }

  private mutating func pass(_ time: Int64, includesInstant: Bool, _ course: inout OpenGossipCourse) {
    let one = course.averagingFactor
    if isPoisson {
      // The first ring is certain, all others are the points of a Poisson process.
      let isFirst = count(before: time, includesInstant) > 0 && count(before: passed, hasPassedInstant) == 0
      let length = Double(max(time, first) - max(passed, first)) / Double(interval)
      course.average(leaving: (isFirst ? one : 1) * exp((one - 1) * length))
    } else {
      let number = count(before: time, includesInstant) - count(before: passed, hasPassedInstant)
      course.average(leaving: pow(one, Double(number)))
    }
    passed = time
    hasPassedInstant = includesInstant
  }

  /// The rings of a clock with constant intervals before a time, and at it if it is said so.
  private func count(before time: Int64, _ includesInstant: Bool) -> Int64 {
    let end = includesInstant ? time : time - 1
    return end < first ? 0 : (end - first) / interval + 1
  }
}
