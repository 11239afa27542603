// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Quantities
import Simulation
import Theory

/// What theory says about agreement on a mean.
struct AveragingTheory {
  private let settings: SimulationSettings
  private let network: Network
  private let limit: Double

  init(_ settings: SimulationSettings, _ network: Network, limit: Double) {
    self.settings = settings
    self.network = network
    self.limit = limit
  }

  var prediction: Prediction {
    get throws(TheoryError) {
      guard network.isInOnePiece else {
        return Prediction(reason: "The network is in pieces, each of which agrees on a value of its own.")
      }
      switch settings.strategy.kind {
      case .gossip: return try gossip()
      case .pushSum: return try pushSum()
      case .diffusionATC, .diffusionCTA, .consensus: return try combination()
      case .nonCooperative: return Prediction(reason: "Agents that do not cooperate agree on nothing.")
      }
    }
  }

  private func gossip() throws(TheoryError) -> Prediction {
    let gossip = settings.strategy.gossip
    guard gossip.exchange == .pairwise else {
      return Prediction(reason: "There is no closed form for gossip in messages that are on their way for a time.")
    }
    let clock = settings.strategy.clock
    guard gossip.wake == .oneAtATime || clock.betweenAgents.isConstant && clock.withinAgent.isExponential else {
      return Prediction(reason: "The closed form for gossip needs clocks that ring independently of the past.")
    }
    let neighbours = (0..<network.agentCount).map { agent in
      network.incoming(NodeID(agent)).map { network.senders[$0].index }
    }
    let model = PairwiseGossip(
      neighbours: neighbours, lossProbability: settings.conditions.links.loss.value,
      loss: gossip.loss == .exchange ? .wholeExchange : .eachDirection)
    var prediction = Prediction()
    prediction.convergence = Prediction.Convergence(
      factor: try model.disagreementFactor(operationLimit: limit), quantity: "the mean squared disagreement",
      unit: "tick of one agent")
    if gossip.loss == .exchange || settings.conditions.links.loss == .never {
      prediction.deviation = 0
      prediction.basis = "pairs that average keep the mean"
    } else if case .values(let values) = settings.learner.initial {
      prediction.deviation = try model.varianceOfFinalMean(from: values, operationLimit: limit)
      prediction.basis = "the variance of the value on which agents agree when directions are lost"
    } else {
      prediction.reason = "The value on which agents agree depends on initial parameters that are drawn."
    }
    return prediction
  }

  private func pushSum() throws(TheoryError) -> Prediction {
    let strategy = settings.strategy
    let isLossless = settings.conditions.links.loss == .never
    guard isLossless || strategy.pushSum.runningSums else {
      return Prediction(reason: "Plain push-sum loses mass with every lost message and agrees on a wrong value.")
    }
    var prediction = Prediction()
    prediction.deviation = 0
    prediction.basis = isLossless ? "sums and masses are kept" : "running sums make up for every loss"
    guard strategy.timing == .slotted, isLossless else { return prediction }
    let receivers = (0..<network.agentCount).map { agent in
      network.outgoing(NodeID(agent)).map { network.receivers[$0.index].index }
    }
    prediction.convergence = Prediction.Convergence(
      factor: try PushSum(receivers: receivers).rate(operationLimit: limit), quantity: "the error of an estimate",
      unit: "slot")
    return prediction
  }

  private func combination() throws(TheoryError) -> Prediction {
    guard let rounds = settings.rounds(agents: network.agentCount), rounds.isCertain else {
      return Prediction(reason: settings.reasonForNoRounds)
    }
    let model = DelayedConsensus(combination: CombinationMatrix(network), delay: rounds.delay)
    var prediction = Prediction()
    prediction.convergence = Prediction.Convergence(
      factor: try model.rate(operationLimit: limit), quantity: "the disagreement", unit: rounds.unit)
    if case .values(let values) = settings.learner.initial,
      settings.strategy.mailboxStart == .initial || rounds.delay == 0
    {
      let distance = try model.limit(from: values) - values.reduce(0, +) / Double(values.count)
      prediction.deviation = distance * distance
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
}

extension Network {
  /// Whether all agents are joined by links, whatever their direction.
  fileprivate var isInOnePiece: Bool {
    var isReached = [Bool](repeating: false, count: agentCount)
    var waiting = [0]
    isReached[0] = true
    while let agent = waiting.popLast() {
      let heard = incoming(NodeID(agent)).map { senders[$0].index }
      let told = outgoing(NodeID(agent)).map { receivers[$0.index].index }
      for other in heard + told where !isReached[other] {
        isReached[other] = true
        waiting.append(other)
      }
    }
    return isReached.allSatisfy { $0 }
  }
}
