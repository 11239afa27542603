// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Networks
import Simulation
import Theory

/// Where the mean parameters of an arm converge to.
///
/// Source: stale combination of intermediate estimates has the fixed point of the synchronous recursion,
/// w = Cᵀ(w + M R (w° − w)), under any compute times, latencies and losses below one; other messages and
/// missing-neighbour rules have one of their own.
package enum Destination: String, Sendable, Codable {
  /// All agents share one minimiser, and every strategy ends there.
  case sharedMinimiser = "shared-minimiser"
  /// Each agent ends at its own minimiser.
  case ownMinimisers = "own-minimisers"
  /// The fixed point of the synchronous recursion.
  case synchronousFixedPoint = "synchronous-fixed-point"
  /// The fixed point of the synchronous recursion of another arrangement than adapt, then combine.
  case ownArrangementFixedPoint = "own-arrangement-fixed-point"
  /// The combination matrix changes with the network.
  case changing
  /// The fixed point of the synchronous recursion as long as nobody is left out of a combination.
  case synchronousFixedPointUnlessAbsent = "synchronous-fixed-point-unless-absent"
  /// A fixed point of its own, which depends on the conditions.
  case ownFixedPoint = "own-fixed-point"
  /// The mean of what the agents start from.
  case mean
  /// A value on which all agree, which need not be the mean of what they start from.
  case agreement
  /// Near the minimiser of a finite set of samples, which agents use over and over.
  case ofSamples = "of-samples"
  /// Nobody knows: agents act, and their costs are not convex.
  case unknown
  /// Nobody knows: agents act with tables of which the returns are not concave.
  case unknownAscent = "unknown-ascent"
  /// The task does not say it, or the learner goes elsewhere than the task says.
  case unsaid
  /// As near to where exact messages would take them as rounded ones let them.
  case rounded
  /// Nowhere: recovering agents move the parameters again and again.
  case perturbed
  /// As many values as there are pieces: the timeline leaves links cut, or agents down, for good.
  case inPieces = "in-pieces"
  /// Nowhere: mass gets lost, and with less and less of it steps grow beyond any limit.
  case unstable

  /// Where an arm converges to.
  package init(_ settings: SimulationSettings) {
    let strategy = settings.strategy
    let recoveries = settings.recoveries
    if settings.losesMass, settings.learning.adapts {
      self = .unstable
      return
    }
    let minimisersAgree: Bool
    switch settings.task.facts.minimisers {
    case .unknown:
      self = .unknown
      return
    case .unknownAscent:
      self = .unknownAscent
      return
    case .unsaid:
      self = .unsaid
      return
    case _ where settings.roundsMessages:
      self = .rounded
      return
    case .meanOfStarts:
      self = settings.keepsMean ? .mean : .agreement
      return
    case _ where settings.learning.isBiased:
      self = .unsaid
      return
    case .ofSamples:
      self = .ofSamples
      return
    case .shared: minimisersAgree = true
    case .own: minimisersAgree = false
    }
    let lasting = settings.lastingRecoveries
    if lasting.contains(.reset) || lasting.contains(where: { $0 != .keep }) && !minimisersAgree {
      self = .perturbed
    } else if minimisersAgree {
      self = .sharedMinimiser
    } else if !strategy.facts.cooperates {
      self = .ownMinimisers
    } else if strategy.facts.bringsWeights || strategy.facts.takesTurns {
      self = .ownFixedPoint
    } else if settings.changesNetwork || settings.network.sendTo != .all {
      self = .changing
    } else if !settings.keepsFixedPoint {
      self = .ownFixedPoint
    } else if strategy.facts.arrangement != .adaptThenCombine {
      self = .ownArrangementFixedPoint
    } else {
      let isSynchronous = strategy.timing == .synchronousGlobal || strategy.timing == .synchronousLocal
      let canBeAbsent = isSynchronous && (!recoveries.isEmpty || strategy.peerTimeout != nil)
      self = canBeAbsent ? .synchronousFixedPointUnlessAbsent : .synchronousFixedPoint
    }
  }

  /// Where an arm converges to in its world: not to what it would but for what the timeline leaves cut or down.
  package init(_ settings: SimulationSettings, in world: World) {
    self.init(settings)
    switch self {
    case .synchronousFixedPoint, .synchronousFixedPointUnlessAbsent, .ownArrangementFixedPoint, .mean, .agreement:
      let last = (try? ScriptedCourse(settings, in: world))?.instants.last
      if let last, last.isCut.contains(true) || last.isDown.contains(true) { self = .inPieces }
    default:
      break
    }
  }

  /// A sentence that says it.
  package var sentence: String {
    switch self {
    case .sharedMinimiser:
      "All agents have the same minimiser, and with stable step sizes the mean parameters converge to it under any "
        + "conditions in which steps go on."
    case .ownMinimisers:
      "Each agent converges to its own minimiser, as nothing is shared."
    case .synchronousFixedPoint:
      "The mean parameters converge to the synchronous fixed point w = C'(w + M R (w° - w)), whatever the compute "
        + "times, the latency and a loss below 1."
    case .synchronousFixedPointUnlessAbsent:
      "The mean parameters converge to the synchronous fixed point w = C'(w + M R (w° - w)) only while no neighbour is "
        + "left out of a combination; crashes and presumed deaths shift it."
    case .ownFixedPoint:
      "The mean parameters do NOT converge to the synchronous fixed point: with these messages or this rule for missing "
        + "neighbours they settle elsewhere, depending on the conditions."
    case .changing:
      "The mean parameters settle at no fixed point of one matrix: weights are those of a network that changes."
    case .ownArrangementFixedPoint:
      "The mean parameters converge to the fixed point of the synchronous recursion with the same arrangement of "
        + "adapting and combining, whatever the compute times, the latency and a loss below 1."
    case .mean:
      "The agents agree on the mean of what they start from."
    case .agreement:
      "The agents come to agree on a value, which is the mean of what they start from only as far as weights and "
        + "exchanges keep it; late, lost and one-way messages do not."
    case .ofSamples:
      "Agents use the same samples over and over, so the mean parameters settle near what fits those samples best, not at "
        + "the truth."
    case .unknown:
      "Where the parameters go is not known: the losses of networks have many minima."
    case .unknownAscent:
      "Where the parameters go is not known: returns are not concave in the parameters of policies."
    case .unsaid:
      "Where the mean parameters converge to is not known of this task and learner."
    case .rounded:
      "The parameters come as near to where exact messages would take them as messages that are rounded let them."
    case .perturbed:
      "The mean parameters settle nowhere: every recovery puts other parameters in the place of an agent's own."
    case .inPieces:
      "The mean parameters do NOT converge to the fixed point of the whole network: the timeline leaves links cut or agents "
        + "down, and those on either side settle with what they last heard, or by themselves."
    case .unstable:
      "The mean parameters converge nowhere, whatever the step size: plain push-sum loses mass with every message that is "
        + "lost. Set strategy.push-sum.running-sums: true."
    }
  }
}

extension Destination {
  /// How far the synchronous fixed point is from the network optimum: mean over agents of the squared distance.
  ///
  /// - Returns: nothing for other destinations, and where the equations are too large or a step size is unstable.
  package func fixedPointDeviation(in world: World) -> Double? {
    guard self == .synchronousFixedPoint || self == .synchronousFixedPointUnlessAbsent else { return nil }
    guard let task = world.regression, !Prediction.isTooLarge(task.dimension) else { return nil }
    guard let fixedPoint = try? task.costs.fixedPoint(on: world.network, stepSizes: task.stepSizes) else { return nil }
    let squares = fixedPoint.parameters.indices.map { index in
      let distance = fixedPoint.parameters[index] - task.networkOptimum[index % task.dimension]
      return distance * distance
    }
    return squares.reduce(0, +) / Double(world.network.nodeCount)
  }
}

extension SimulationSettings {
  /// What agents may have forgotten that go down and come up again and again, to the end of the run.
  fileprivate var lastingRecoveries: Set<FailureSettings.Recovery> {
    var settings = self
    settings.timeline = timeline.filter { $0.every != nil && $0.times == nil }
    return settings.recoveries
  }

  /// Whether stale or missing estimates leave the fixed point of the synchronous recursion where it is: an estimate
  /// that is not there is replaced by an older one, or nobody goes on without it.
  fileprivate var keepsFixedPoint: Bool {
    switch strategy.timing {
    case .synchronousGlobal, .synchronousLocal: return true
    case .asynchronous:
      return strategy.message == strategy.facts.usualMessage && strategy.missingNeighbour == .lastHeard
        && strategy.forgetAfter == nil
    case .slotted:
      // An agent that rests now and then takes smaller steps in the mean.
      return strategy.slots.activeProbability == .law(.constant(1))
        && (!conditions.links.loss.canLose || strategy.missingNeighbour == .lastHeard)
    }
  }

  /// Whether averaging keeps the mean of all parameters, or comes back to it.
  fileprivate var keepsMean: Bool {
    let isLossless = !conditions.links.loss.canLose
    guard !hasOutages, !changesNetwork, network.sendTo == .all, network.requiresConnection else { return false }
    switch strategy.facts.recursion {
    case .pairs:
      return strategy.averagesInPairs && (isLossless || strategy.gossip.loss == .exchange)
    case .shares:
      return !losesMass
    case .combination, .none:
      guard network.requiresDoublyStochastic != .no else { return false }
      return rounds.map { $0.isCertain && $0.delay == 0 } ?? false
    }
  }
}
