// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Quantities
import Simulation
import Theory

/// What theory says about agreement on a mean.
struct AveragingTheory {
  /// Factors this near one or above are those of matrices that do not bring agents together.
  private static let agreement = 1 - 1e-12
  private static let noAgreement = "The agents never agree: what they exchange does not bring them together."

  private let settings: SimulationSettings
  private let world: World
  private let limit: Double

  init(_ settings: SimulationSettings, _ world: World, limit: Double) {
    self.settings = settings
    self.world = world
    self.limit = limit
  }

  private var network: Network { world.network }

  var prediction: Prediction {
    get throws(TheoryError) {
      guard network.isInOnePiece else {
        return Prediction(reason: "Not every agent hears of every other, so that they agree on several values or none.")
      }
      guard settings.strategy.facts.cooperates else {
        return Prediction(reason: "Agents that do not cooperate agree on nothing.")
      }
      switch settings.strategy.facts.recursion {
      case .pairs where !settings.timeline.isEmpty, .shares where !settings.timeline.isEmpty:
        return Prediction(
          reason: "There is no closed form for \(settings.strategy.kind.name) through what the timeline does.")
      case .pairs: return try gossip()
      case .shares: return try pushSum()
      case .combination: return try combination()
      case .none(let model): return Prediction(reason: "There is no closed form for \(model).")
      }
    }
  }

  /// The number of parameters; given starts have the same number in each, so that errors add up.
  private var dimension: Double { Double(settings.parameterCount) }

  private func gossip() throws(TheoryError) -> Prediction {
    let gossip = settings.strategy.gossip
    guard gossip.exchange == .pairwise else {
      return Prediction(reason: "There is no closed form for gossip in messages that are on their way for a time.")
    }
    let clock = settings.strategy.clock
    guard gossip.wake == .oneAtATime || clock.betweenAgents.isConstant && clock.withinAgent.isExponential else {
      return Prediction(
        reason: "The closed form for gossip needs clocks that forget the past: wake one-at-a-time, or "
          + "clock.within-agent {exponential: {}}.")
    }
    let neighbours = (0..<network.nodeCount).map { agent in
      network.incoming(NodeID(agent)).map { network.senders[$0].index }
    }
    guard let loss = settings.conditions.links.loss.independent else {
      return Prediction(reason: SimulationSettings.dependentLosses)
    }
    let model = PairwiseGossip(
      neighbours: neighbours, lossProbability: loss,
      loss: gossip.loss == .exchange ? .wholeExchange : .eachDirection)
    var prediction = Prediction()
    let factor = try model.disagreementFactor(operationLimit: limit)
    guard factor < Self.agreement else { return Prediction(reason: Self.noAgreement) }
    prediction.convergence = Prediction.Convergence(
      factor: factor, quantity: "the mean squared disagreement", unit: "tick of one agent")
    if gossip.loss == .exchange || loss == 0 {
      prediction.deviation = 0
      prediction.basis = "pairs that average keep the mean"
    } else if case .values(let values) = settings.learner.initial {
      prediction.deviation = dimension * (try model.varianceOfFinalMean(from: values, operationLimit: limit))
      prediction.basis = "the variance of the value on which agents agree when directions are lost"
    } else {
      prediction.reason = "The value on which agents agree depends on initial parameters that are drawn."
    }
    return prediction
  }

  private func pushSum() throws(TheoryError) -> Prediction {
    let strategy = settings.strategy
    let isLossless = settings.messageLosses.isEmpty
    guard isLossless || strategy.pushSum.runningSums else {
      return Prediction(
        reason: "Plain push-sum loses mass with every message that is lost or replaced while it waits, and agrees on a "
          + "wrong value.")
    }
    guard settings.conditions.links.loss.mean < 1 else { return Prediction(reason: Self.noAgreement) }
    var prediction = Prediction()
    prediction.deviation = 0
    prediction.basis = isLossless ? "sums and masses are kept" : "running sums make up for every loss"
    guard strategy.timing == .slotted, isLossless else { return prediction }
    prediction.convergence = Prediction.Convergence(
      factor: try PushSum(receivers: network.receiversOfAgents).rate(operationLimit: limit),
      quantity: "the error of an estimate", unit: "slot")
    return prediction
  }

  private func combination() throws(TheoryError) -> Prediction {
    // Nobody takes a step, so who takes none does not matter, nor how stale gradients are.
    var settings = settings
    settings.strategy.slots.gradientDelay = 0
    if settings.strategy.slots.activity == .compute { settings.strategy.slots.activeProbability = .law(.constant(1)) }
    guard let rounds = settings.rounds else {
      return Prediction(reason: settings.reasonForNoRounds)
    }
    guard rounds.isCertain, settings.startsTogether else {
      return Prediction(
        reason: "There is no closed form for averaging with messages that are missing, agents that rest, or slots in "
          + "which not all begin together.")
    }
    guard settings.timeline.isEmpty else { return try throughTimeline(settings, rounds) }
    let model = DelayedConsensus(combination: CombinationMatrix(network), delay: rounds.delay)
    let factor = try model.rate(operationLimit: limit)
    guard factor < Self.agreement else { return Prediction(reason: Self.noAgreement) }
    var prediction = Prediction()
    prediction.convergence = Prediction.Convergence(factor: factor, quantity: "the disagreement", unit: rounds.unit)
    if case .values(let values) = settings.learner.initial,
      settings.strategy.mailboxStart == .initial || rounds.delay == 0
    {
      let distance = try model.limit(from: values) - values.reduce(0, +) / Double(values.count)
      prediction.deviation = dimension * distance * distance
      prediction.basis = "the value on which agents agree, against the mean"
    } else if network.isDoublyStochastic, rounds.delay == 0 {
      prediction.deviation = 0
      prediction.basis = "a doubly stochastic matrix keeps the mean"
    } else if case .values = settings.learner.initial {
      prediction.reason = "The value on which agents agree is known for mailbox-start initial only."
    } else {
      prediction.reason = "The value on which agents agree depends on initial parameters that are drawn."
    }
    return prediction
  }

  /// While links are cut: how far the values are from the mean at each measurement.
  ///
  /// - Parameter settings: without what does not matter.
  private func throughTimeline(_ settings: SimulationSettings, _ rounds: Rounds) throws(TheoryError) -> Prediction {
    if let reason = settings.reasonForNoCurve(rounds) { return Prediction(reason: reason) }
    guard rounds.delay == 0 else {
      return Prediction(reason: "Through a timeline the exact recursion covers messages that are not late only.")
    }
    guard case .values(let start) = settings.learner.initial else {
      return Prediction(reason: "Through a timeline the closed form needs given initial parameters.")
    }
    let script = try ScriptedRounds(settings, world, rounds)
    let live = try script.liveAgents()
    let events = try script.events(dimension: 1, activeProbabilities: nil).compactMap { event in
      event.conditions.map { ScriptedConsensus.Event(slot: event.slot, conditions: $0) }
    }
    let values = try ScriptedConsensus(CombinationMatrix(network), events: events)
      .values(from: start, at: script.slots, operationLimit: limit)
    let mean = start.reduce(0, +) / Double(start.count)
    var prediction = Prediction()
    prediction.curve = script.curve(
      zip(values, live).map { values, live in
        let squares = live.reduce(0) { $0 + (values[$1] - mean) * (values[$1] - mean) }
        return dimension * squares / Double(live.count)
      })
    prediction.basis = "what is combined in each \(rounds.unit)"
    return prediction
  }
}
