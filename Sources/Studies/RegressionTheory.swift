// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Networks
import Quantities
import Randomness
import Simulation
import Theory

/// What theory says about least mean squares and steepest descent with linear regression.
struct RegressionTheory {
  private let settings: SimulationSettings
  private let world: World
  private let task: LinearRegressionTask
  private let limit: Double

  init(_ settings: SimulationSettings, _ world: World, _ task: LinearRegressionTask, limit: Double) {
    self.settings = settings
    self.world = world
    self.task = task
    self.limit = limit
  }

  var prediction: Prediction {
    get throws(TheoryError) {
      if task.samples != nil {
        return Prediction(reason: "Agents that use the same samples over and over fit their noise.")
      }
      switch settings.strategy.facts.recursion {
      case .combination: break
      case .pairs, .shares:
        let name = settings.strategy.kind.name
        let decay = settings.timeline.isEmpty ? try settings.decayOfMass(on: world.network, limit: limit) : nil
        return Prediction(reason: decay ?? "There is no closed form for \(name) with local steps.")
      case .none(let model): return Prediction(reason: "There is no closed form for \(model).")
      }
      if settings.learning.hasExactGradients { return try descent() }
      if let rounds = settings.rounds {
        guard settings.timeline.isEmpty else { return try throughTimeline(rounds) }
        return try inRounds(rounds)
      }
      if !settings.timeline.isEmpty { return Prediction(reason: settings.reasonForNoTimeline) }
      if let exchange = settings.poissonExchange { return try inContinuousTime(exchange) }
      return Prediction(reason: settings.reasonForNoRounds)
    }
  }

  // MARK: - Rounds and slots

  private func model(_ rounds: Rounds) throws(TheoryError) -> SlottedRecursion {
    let count = world.network.nodeCount
    return try SlottedRecursion(
      costs: task.costs, stepSizes: task.stepSizes, noiseVariances: task.noiseVariances,
      combination: CombinationMatrix(world.network), strategy: Self.strategy(settings.strategy.facts.arrangement),
      activity: Self.activity(rounds.activity),
      activeProbabilities: rounds.activeProbability.drawn(for: world.network.keys, seed: settings.seed),
      deliveryProbabilities: Array(repeating: 1 - rounds.loss, count: count * count), delay: rounds.delay)
  }

  private func inRounds(_ rounds: Rounds) throws(TheoryError) -> Prediction {
    let model = try model(rounds)
    var prediction = Prediction()
    prediction.deviation = try model.steadyState(operationLimit: limit).network
    prediction.smallStepDeviation = try? model.smallStepDeviationApproximation(operationLimit: limit)
    prediction.basis = "the exact recursion of second moments in \(rounds.unit)s"
    if let factor = try? model.meanSquareSpectralRadius(operationLimit: limit) {
      prediction.convergence = Prediction.Convergence(
        factor: factor, quantity: "the excess over it", unit: rounds.unit)
    }
    return prediction
  }

  private func throughTimeline(_ rounds: Rounds) throws(TheoryError) -> Prediction {
    if let reason = settings.reasonForNoCurve(rounds) { return Prediction(reason: reason) }
    switch settings.learner.initial {
    case .constant, .entries: break
    case .values, .normal:
      return Prediction(
        reason: "Through a timeline the exact recursion is for agents that all start from the same parameters.")
    }
    let script = try ScriptedRounds(settings, world, rounds)
    let (model, live) = (try model(rounds), try script.liveAgents())
    let events = try script.events(dimension: task.dimension, activeProbabilities: model.activeProbabilities)
    let curve = try ScriptedRecursion(model, events: events).curve(at: script.slots, operationLimit: limit) {
      (point, deviations) in deviations.mean(of: live[point])
    }
    var prediction = Prediction()
    prediction.curve = script.curve(curve)
    prediction.basis = "the exact recursion of second moments in \(rounds.unit)s"
    return prediction
  }

  /// Exact gradients: without noise the fixed point is the end.
  private func descent() throws(TheoryError) -> Prediction {
    guard settings.timeline.isEmpty else {
      return Prediction(reason: "There is no closed form for exact gradients through a timeline.")
    }
    guard settings.learner.gradientNoiseVariance == 0 else {
      return Prediction(reason: "There is no closed form here for exact gradients with noise.")
    }
    guard let rounds = settings.rounds, rounds.isCertain else {
      return Prediction(reason: "Without noise the mean parameters say it all.")
    }
    var prediction = Prediction(reason: "Without noise the mean parameters say it all.")
    prediction.convergence = Prediction.Convergence(
      factor: try model(rounds).meanSpectralRadius(operationLimit: limit), quantity: "the distance from it",
      unit: rounds.unit)
    return prediction
  }

  // MARK: - Continuous time

  private func inContinuousTime(_ exchange: EventDrivenDiffusion.Exchange) throws(TheoryError) -> Prediction {
    let factor = settings.conditions.compute.withinAgent.mean
    let model = try EventDrivenDiffusion(
      costs: task.costs, stepSizes: task.stepSizes, noiseVariances: task.noiseVariances,
      combination: CombinationMatrix(world.network),
      clockRates: world.typicalStepDurations.map { 1 / ($0 * factor) }, exchange: exchange,
      messageLoss: settings.conditions.links.loss.independent ?? 0)
    var prediction = Prediction()
    prediction.deviation = try model.steadyState(operationLimit: limit).network
    prediction.basis = "the exact recursion of second moments for Poisson clocks"
    return prediction
  }

  private static func strategy(_ arrangement: Arrangement) -> SlottedRecursion.Strategy {
    switch arrangement {
    case .adaptThenCombine: .adaptThenCombine
    case .combineThenAdapt: .combineThenAdapt
    case .consensus: .consensus
    case .alone: .nonCooperative
    }
  }

  private static func activity(_ activity: SlotSettings.Activity) -> SlottedRecursion.Activity {
    switch activity {
    case .compute: .compute
    case .sleep: .sleep
    case .pull: .pull
    }
  }
}
