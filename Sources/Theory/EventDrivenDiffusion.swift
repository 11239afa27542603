// SPDX-License-Identifier: GPL-3.0-or-later

/// Least mean squares on a network in continuous time: each agent wakes at the points of a Poisson process, makes one
/// step at its parameters with fresh data, and combines. Regressors are white and Gaussian, with a common minimiser.
///
/// The predictions are exact means over infinitely many runs. All parameters and mailboxes are zero at the start.
package struct EventDrivenDiffusion: Sendable {
  /// How an agent that wakes knows its neighbours' parameters.
  package enum Exchange: Sendable, Equatable {
    /// It reads the neighbours' parameters of this instant; the weight of a lost reading returns to itself.
    case pull
    /// It uses the last ones that arrived, then sends its own to all neighbours, which arrive at once or are lost.
    case mailbox
    /// It uses the last ones that arrived; each link carries its sender's parameters at the points of a Poisson process
    /// of its own with this rate, unless they are lost.
    case link(rate: Double)
  }

  /// The costs; white regressors, and one minimiser.
  package let costs: QuadraticCosts
  /// μ_k of each agent.
  package let stepSizes: [Double]
  /// σ²_v,k of each agent.
  package let noiseVariances: [Double]
  /// Who gives whom what weight.
  package let combination: CombinationMatrix
  /// The rate at which each agent wakes, per unit of time.
  package let clockRates: [Double]
  /// How parameters are exchanged.
  package let exchange: Exchange
  /// The probability that a message is lost.
  package let messageLoss: Double

  /// Makes the model.
  ///
  /// - Throws: `noClosedForm` for truths that differ and for regressors that are not white.
  package init(
    costs: QuadraticCosts, stepSizes: [Double], noiseVariances: [Double], combination: CombinationMatrix,
    clockRates: [Double], exchange: Exchange, messageLoss: Double = 0
  ) throws(TheoryError) {
    let count = costs.agentCount
    precondition(
      combination.count == count && stepSizes.count == count && noiseVariances.count == count
        && clockRates.count == count, "Every agent has one column, step size, noise variance and clock rate.")
    precondition((0...1).contains(messageLoss), "A probability is between zero and one.")
    precondition(clockRates.contains { $0 > 0 } && clockRates.allSatisfy { $0 >= 0 }, "Somebody wakes.")
    try requireCommonTruth(costs)
    guard costs.isWhite else {
      throw .noClosedForm(reason: "In continuous time the exact recursion covers white regressors only.")
    }
    self.costs = costs
    self.stepSizes = stepSizes
    self.noiseVariances = noiseVariances
    self.combination = combination
    self.clockRates = clockRates
    self.exchange = exchange
    self.messageLoss = messageLoss
  }

  /// The steady state of each agent.
  ///
  /// - Throws: `diverges` if there is none, `tooExpensive` beyond the limit.
  package func steadyState(operationLimit: Double = 1e10) throws(TheoryError) -> MeanSquareDeviation {
    let recursion = EventRecursion(self)
    let moments = try recursion.stationaryMoments(operationLimit: operationLimit)
    return MeanSquareDeviation(agents: deviations(moments, stride: recursion.size))
  }

  /// The deviations at some times.
  ///
  /// Between events nothing changes, and events come at one rate r: the moments at time t are those after a Poisson
  /// number of events with mean r t.
  package func transient(
    at times: [Double], operationLimit: Double = 1e10
  ) throws(TheoryError) -> [MeanSquareDeviation] {
    precondition(times.allSatisfy { $0 >= 0 }, "Times are after the start.")
    let recursion = EventRecursion(self)
    let mixture = PoissonMixture(means: times.map { $0 * recursion.eventRate })
    let operations = Double(mixture.lastEvent) * recursion.operationsPerStep
    guard operations <= operationLimit else { throw .tooExpensive(operations: operations, limit: operationLimit) }
    var moments = recursion.initialMoments
    return mixture.average(count: costs.agentCount) { events in
      if events > 0 { recursion.advance(&moments) }
      return deviations(moments, stride: recursion.size)
    }.map { MeanSquareDeviation(agents: $0) }
  }

  private func deviations(_ moments: [Double], stride: Int) -> [Double] {
    (0..<costs.agentCount).map { moments[$0 * stride + $0] }
  }
}
