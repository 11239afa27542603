// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Quantities
import Randomness
import Schema
import Simulation

/// What goes together in a strategy, and which learner goes with which task.
extension Consistency {
  // MARK: - Strategy

  func checkStrategy(_ agents: AgentNames?, _ faults: inout Faults) {
    let strategy = draft.strategy.resolved
    _ = faults.gather(needing: ["strategy.kind", "strategy.timing"]) { () throws(ScenarioError) in
      try checkTiming(strategy)
    }
    _ = faults.gather(needing: ["strategy.timing", "strategy.missing-neighbour", "strategy.peer-timeout"]) {
      () throws(ScenarioError) in try checkMissingNeighbour(strategy)
    }
    let messages = ["kind", "timing", "exchange", "message", "link-interval"].map { "strategy." + $0 }
    _ = faults.gather(needing: messages + ["conditions.links"]) { () throws(ScenarioError) in
      try checkMessages(strategy)
    }
    _ = faults.gather(needing: ["strategy.kind", "strategy.gossip", "conditions.links"]) {
      () throws(ScenarioError) in try checkGossip(strategy)
    }
    _ = faults.gather(needing: ["strategy.kind", "strategy.timing", "strategy.slots", "conditions.failures"]) {
      () throws(ScenarioError) in try checkPushSum(strategy)
    }
    _ = faults.gather(needing: ["strategy.kind", "task.kind", "conditions.compute"]) {
      () throws(ScenarioError) in try checkComputeTime(strategy)
    }
    guard let agents else { return }
    _ = faults.gather(needing: ["strategy.timing", "strategy.slots", "conditions.links"]) {
      () throws(ScenarioError) in try checkSlots(strategy, agents)
    }
    _ = faults.gather(needing: ["strategy", "learner", "conditions.links.latency"]) { () throws(ScenarioError) in
      try checkCentre(strategy, agents)
    }
  }

  private func checkTiming(_ strategy: StrategySettings) throws(ScenarioError) {
    let possible = strategy.definition.timings
    guard !possible.contains(strategy.timing) else { return }
    throw valueError(
      "timing \(strategy.timing.rawValue) does not go with strategy \(strategy.kind.rawValue)", at: "strategy.timing",
      hint: "use " + possible.map(\.rawValue).joined(separator: " or "))
  }

  private func checkMissingNeighbour(_ strategy: StrategySettings) throws(ScenarioError) {
    let timing = strategy.timing
    if strategy.missingNeighbour == .wait, timing == .asynchronous || timing == .slotted {
      throw valueError(
        "missing-neighbour wait goes with synchronous timings only, here it is \(timing.rawValue)",
        at: "strategy.missing-neighbour", hint: "use last-heard, self or renormalise")
    }
    if strategy.peerTimeout != nil, timing != .synchronousLocal {
      throw error(
        "peer-timeout goes with synchronous-local timing only, here it is \(timing.rawValue)",
        at: "strategy.peer-timeout")
    }
    if timing == .synchronousLocal, strategy.missingNeighbour != .wait, strategy.peerTimeout == nil {
      throw valueError(
        "missing-neighbour \(strategy.missingNeighbour.rawValue) in synchronous-local timing needs a time to wait",
        at: "strategy.missing-neighbour", hint: "give strategy.peer-timeout, or use wait")
    }
  }

  private func checkMessages(_ strategy: StrategySettings) throws(ScenarioError) {
    let (timing, exchange) = (strategy.timing, strategy.exchange)
    if exchange != .push, timing != .asynchronous || !strategy.facts.combinesNeighbourhood {
      throw valueError(
        "exchange \(exchange.rawValue) goes with diffusion and consensus in asynchronous timing only",
        at: "strategy.exchange", hint: "use push")
    }
    if strategy.message == .combined, strategy.facts.usualMessage == .psi, timing != .asynchronous {
      throw valueError(
        "message w goes with asynchronous timing only, here it is \(timing.rawValue)", at: "strategy.message",
        hint: "use psi")
    }
    if strategy.message == .psi, strategy.facts.usualMessage != .psi {
      throw valueError(
        "message psi goes with strategy diffusion-atc only, here it is \(strategy.kind.rawValue)",
        at: "strategy.message", hint: "use w")
    }
    if exchange != .push, strategy.message == .psi {
      throw valueError("with exchange \(exchange.rawValue) messages carry w", at: "strategy.message", hint: "use w")
    }
    if exchange == .pull { try checkInstant("pull", at: "strategy.exchange") }
    if exchange == .link, strategy.linkInterval == nil {
      throw valueError(
        "exchange link needs the time between the messages of a link", at: "strategy.exchange",
        hint: "such as strategy.link-interval: {exponential: {mean: 1 s}}")
    }
    if exchange != .link, strategy.linkInterval != nil {
      throw error(
        "link-interval goes with exchange link only, here it is \(exchange.rawValue)", at: "strategy.link-interval")
    }
  }

  private func checkSlots(_ strategy: StrategySettings, _ agents: AgentNames) throws(ScenarioError) {
    guard strategy.timing == .slotted else { return }
    try checkLength(strategy.slots.activeProbability, agents, "strategy.slots.active-probability")
    let links = draft.conditions.links
    if links.bandwidth != nil {
      throw error(
        "bandwidth does not go with slotted timing, where a message arrives in its slot or not at all",
        at: "conditions.links.bandwidth")
    }
    let half = strategy.slots.duration.seconds / 2
    let latency = greatestLatency(links.latency)
    guard latency <= half else {
      let seen = latency.isFinite ? "can be \(QuantityKind.duration.text(latency))" : "has no bound"
      throw valueError(
        "in slotted timing a message must arrive within half a slot, but the latency \(seen)",
        at: "conditions.links.latency",
        hint:
          "it must be at most \(QuantityKind.duration.text(half)); whole slots are said by strategy.slots.message-delay"
      )
    }
  }

  /// The longest that a message can travel, seconds.
  private func greatestLatency(_ latency: LinkSettings.Latency) -> Double {
    switch latency {
    case .law(let law): law.support.upper
    case .regions(let regions):
      regions.jitter.support.upper * max(regions.within, regions.roundTrips.map(\.duration).max() ?? .zero).seconds / 2
    }
  }

  private func checkGossip(_ strategy: StrategySettings) throws(ScenarioError) {
    guard strategy.averagesInPairs else { return }
    try checkInstant("pairwise", at: "strategy.gossip.exchange")
  }

  /// Refuses conditions that an exchange would pass by.
  private func checkInstant(_ exchange: String, at path: String) throws(ScenarioError) {
    let links = draft.conditions.links
    guard links.bandwidth != nil || links.latency != .law(.constant(0)) else { return }
    throw valueError(
      "exchange \(exchange) happens at one instant, so links can have neither latency nor bandwidth", at: path,
      hint: "use push, or leave out conditions.links.latency and bandwidth")
  }

  private func checkPushSum(_ strategy: StrategySettings) throws(ScenarioError) {
    guard strategy.facts.passesShares else { return }
    if let failures = draft.conditions.failures, failures.onRecovery != .keep {
      throw valueError(
        "in push-sum a recovered agent has to keep its sum and mass, as forgetting them would lose part of the whole",
        at: "conditions.failures.on-recovery", hint: "use keep")
    }
    let slots = strategy.slots
    guard strategy.timing == .slotted, slots != SlotSettings(duration: slots.duration) else { return }
    throw error(
      "of slots push-sum knows the duration only: all agents are active, and nothing is delayed by slots",
      at: "strategy.slots")
  }

  /// Steps that take no time follow a clock or a message in gossip and push-sum; elsewhere they would follow each
  /// other without end at one instant.
  private func checkComputeTime(_ strategy: StrategySettings) throws(ScenarioError) {
    if draft.conditions.compute.work != nil {
      if draft.task.kind != .control {
        throw error("compute.work goes with task control only", at: "conditions.compute.work")
      }
      if tree.entry("conditions")?.value.entry("compute")?.value.entry("between-agents") != nil {
        throw error(
          "with compute.work steps take as long as what they compute, so between-agents says nothing",
          at: "conditions.compute.between-agents", hint: "use conditions.compute.work.agent-factor")
      }
    }
    guard !strategy.facts.bringsWeights else { return }
    let compute = draft.conditions.compute
    if let work = compute.work {
      guard work.environmentStep + work.sample == .zero || work.agentFactor.mean <= 0 else { return }
      throw valueError("conditions.compute.work must take time", at: "conditions.compute.work")
    }
    guard compute.betweenAgents.mean <= 0 else { return }
    let path = "conditions.compute.between-agents"
    throw valueError("\(path) must be above zero in the mean", at: path)
  }

  // MARK: - Task and learner

  func checkLearner(_ agents: AgentNames?, _ faults: inout Faults) {
    let learner = draft.learner
    _ = faults.gather(needing: ["task.kind", "learner.algorithm", "strategy.kind"]) { () throws(ScenarioError) in
      try checkAlgorithm()
    }
    let both = ["task.kind", "learner.algorithm"]
    _ = faults.gather(needing: both + ["learner", "strategy"]) { () throws(ScenarioError) in
      switch (draft.task.kind, learner.algorithm) {
      case (.control, .actorCritic): try checkActorCritic()
      case (.fiveState, _): try checkTabular()
      case (.linearRegression, .leastMeanSquares), (.linearRegression, .steepestDescent): try checkStepSize()
      default: break
      }
    }
    _ = faults.gather(needing: both + ["learner", "task.dimension"]) { () throws(ScenarioError) in
      try checkTabularKeys()
    }
    checkLearnerKeys(&faults)
    guard let agents, case .values(let values) = learner.initial else { return }
    _ = faults.gather(needing: ["learner.initial"]) { () throws(ScenarioError) in
      try checkLength(.values(values), agents, "learner.initial")
    }
  }

  /// Refuses keys that say nothing of such a learner.
  private func checkLearnerKeys(_ faults: inout Faults) {
    let learner = draft.learner
    let given = tree.entry("learner")?.value
    for key in LearnerSettings.actorCriticKeys where learner.algorithm != .actorCritic && given?.entry(key) != nil {
      _ = faults.gather(needing: ["learner.algorithm", "learner.\(key)"]) { () throws(ScenarioError) in
        throw error(
          "learner.\(key) goes with learner actor-critic only, here it is \(learner.algorithm.rawValue)",
          at: "learner.\(key)")
      }
    }
    _ = faults.gather(needing: ["learner.algorithm", "learner.gradient-noise-variance"]) {
      () throws(ScenarioError) in
      guard learner.gradientNoiseVariance > 0, learner.algorithm != .steepestDescent else { return }
      throw valueError(
        "gradient-noise-variance goes with learner steepest-descent only, here it is \(learner.algorithm.rawValue)",
        at: "learner.gradient-noise-variance")
    }
    _ = faults.gather(needing: ["learner.algorithm", "task.samples"]) { () throws(ScenarioError) in
      guard draft.task.settings.samples != nil, learner.algorithm != .leastMeanSquares else { return }
      throw valueError(
        "task.samples goes with learner lms only, here it is \(learner.algorithm.rawValue)", at: "task.samples")
    }
  }

  /// Which learner goes with which task.
  private func checkAlgorithm() throws(ScenarioError) {
    let algorithm = draft.learner.algorithm
    switch (draft.task.kind, algorithm) {
    case (.averaging, .none):
      if !draft.strategy.settings.facts.cooperates {
        throw valueError("task averaging needs a strategy in which agents cooperate", at: "strategy.kind")
      }
    case (.averaging, _):
      throw error(
        "task averaging has nothing to learn from, so it needs learner none, not \(algorithm.rawValue)",
        at: "learner", hint: "use learner.algorithm: none")
    case (.control, .actorCritic), (.fiveState, _): break
    case (.control, _):
      throw error(
        "task control needs learner actor-critic, not \(algorithm.rawValue)", at: "learner",
        hint: "use learner.algorithm: actor-critic")
    case (.linearRegression, .policyGradient), (.linearRegression, .dualAscent):
      throw valueError(
        "learner \(algorithm.rawValue) goes with task five-state only, here it is linear-regression",
        at: "learner.algorithm")
    case (.linearRegression, .none):
      throw valueError(
        "learner none goes with task averaging only, here it is linear-regression", at: "learner.algorithm")
    case (.linearRegression, .actorCritic):
      throw valueError(
        "learner actor-critic goes with task control only, here it is linear-regression", at: "learner.algorithm")
    case (.linearRegression, _): break
    }
  }

  /// What does not go with agents that act.
  private func checkActorCritic() throws(ScenarioError) {
    for key in ["step-size", "initial", "gradient-noise-variance"]
    where tree.entry("learner")?.value.entry(key) != nil {
      throw error(
        "learner.\(key) does not go with learner actor-critic", at: "learner.\(key)",
        hint: key == "step-size" ? "use critic-step-size and actor-step-size" : nil)
    }
    let strategy = draft.strategy.resolved
    if strategy.facts.passesShares, strategy.pushSum.runningSums {
      throw valueError(
        "running sums lose their small digits in the single precision of networks", at: "strategy.push-sum")
    }
    guard draft.learner.actorCritic.order == .gaussSeidel else { return }
    guard strategy.goesInPhases else {
      throw valueError(
        "order gauss-seidel goes with diffusion-atc, consensus and non-cooperative, with messages that are pushed, in "
          + "asynchronous and synchronous timing", at: "learner.order", hint: "use jacobi")
    }
  }
}
