// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Quantities
import Randomness
import Simulation
import Theory

/// The lockstep that an arm keeps or comes to: what theory of synchronous and slotted diffusion covers.
struct Rounds {
  /// A round or a slot.
  var unit = "round"
  var activity = SlotSettings.Activity.compute
  var activeProbability = PerAgent.law(.constant(1))
  /// The probability that a combination misses a message, whose weight returns to the agent.
  var loss = 0.0
  /// Rounds by which neighbours' messages are late.
  var delay = 0

  /// Whether nothing in a round is left to chance but data.
  var isCertain: Bool { loss == 0 && activeProbability == .law(.constant(1)) }
}

extension SimulationSettings {
  /// The rounds that an arm goes through, or nothing if it goes through none that theory covers.
  ///
  /// Whatever steps and messages take, agents that wait for each other combine estimates of one round, and agents
  /// alone do not care.
  var rounds: Rounds? {
    if !strategy.facts.cooperates {
      return strategy.timing == .slotted ? slots : Rounds(unit: "step")
    }
    switch strategy.timing {
    case .synchronousGlobal, .synchronousLocal:
      let isComplete = strategy.peerTimeout == nil && (!conditions.links.loss.canLose || usesAcknowledgements)
      return isComplete && conditions.links.loss.mean < 1 ? Rounds() : nil
    case .slotted:
      return slots
    case .asynchronous:
      return equalSteps
    }
  }

  /// Whether all agents take part in the first round.
  var startsTogether: Bool {
    strategy.timing == .synchronousGlobal || strategy.timing == .synchronousLocal
      || conditions.compute.startPhase == .constant(0)
  }

  private var slots: Rounds? {
    let slots = strategy.slots
    // Agents that sleep send nothing, so their messages are missing without a loss too.
    let isComplete = !conditions.links.loss.canLose && slots.activity != .sleep
    guard slots.gradientDelay == 0, strategy.missingNeighbour == .itself || isComplete,
      let loss = conditions.links.loss.independent
    else { return nil }
    return Rounds(
      unit: "slot", activity: slots.activity, activeProbability: slots.activeProbability,
      loss: loss, delay: slots.messageDelay)
  }

  /// Asynchronous agents whose steps all take the same constant time keep step; messages with a constant latency are
  /// then late by a whole number of rounds.
  private var equalSteps: Rounds? {
    let (compute, links) = (conditions.compute, conditions.links)
    guard let latency = links.latency.law, latency.isConstant, !links.loss.canLose, links.bandwidth == nil,
      let step = compute.onlyStep, step > .zero, !hasChangingSpeeds, compute.startPhase == .constant(0),
      strategy.exchange == .push, strategy.message == strategy.facts.usualMessage,
      strategy.missingNeighbour == .lastHeard
    else { return nil }
    // What arrives at the very end of a step is combined there.
    let late = VirtualDuration(seconds: latency.mean)
    let steps = late.count(of: step) + (step * Int(late.count(of: step)) == late ? 0 : 1)
    guard steps <= 1000 else { return nil }
    // Consensus combines at the end of a step what was sent before its start.
    return Rounds(unit: "step", delay: max(0, Int(steps) - (strategy.facts.arrangement == .consensus ? 1 : 0)))
  }

  /// The exchange of the continuous-time model that the arm is, or nothing.
  var poissonExchange: EventDrivenDiffusion.Exchange? {
    let links = conditions.links
    guard strategy.facts.arrangement == .adaptThenCombine, strategy.timing == .asynchronous,
      strategy.message == .combined, conditions.compute.withinAgent.isExponential, !hasChangingSpeeds,
      conditions.compute.startPhase == .constant(0), links.latency.isZero, links.loss.independent != nil,
      links.bandwidth == nil
    else { return nil }
    switch strategy.exchange {
    case .pull: return strategy.missingNeighbour == .itself ? .pull : nil
    case .push: return strategy.missingNeighbour == .lastHeard ? .mailbox : nil
    case .link:
      guard strategy.missingNeighbour == .lastHeard, let interval = strategy.linkInterval, interval.isExponential
      else { return nil }
      return .link(rate: 1 / interval.mean)
    }
  }

  static var dependentLosses: String {
    "Closed forms are for messages that are lost each by itself with one probability; here losses come in bursts, change "
      + "or differ between links."
  }

  /// Why an arm goes through no rounds that theory covers.
  var reasonForNoRounds: String {
    if conditions.links.loss.independent == nil, !strategy.timing.hasRounds { return Self.dependentLosses }
    switch strategy.timing {
    case .synchronousGlobal, .synchronousLocal:
      return conditions.links.loss.mean >= 1 || strategy.peerTimeout == nil
        ? "Nothing closed is known for rounds in which messages never arrive."
        : "There is no closed form for rounds from which neighbours are left out after a timeout."
    case .slotted:
      return strategy.slots.gradientDelay > 0
        ? "There is no closed form for stale gradients of this learner."
        : "With messages that are missing the closed form needs missing-neighbour self."
    case .asynchronous:
      return "No closed form covers asynchronous agents with these laws and messages; docs/theory.md lists what is "
        + "covered."
    }
  }
}

extension Distribution {
  /// Whether it is exponential, so that what happens at its intervals is a Poisson process.
  var isExponential: Bool { self == .exponential(mean: mean) }
}
