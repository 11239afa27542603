// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Quantities
import Randomness
import Schema
import Simulation

/// What goes together in a strategy.
extension Consistency {
  // MARK: - Strategy

  func checkStrategy(_ agents: AgentNames?, _ plan: LearningPlan?, _ faults: inout Faults) {
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
    _ = faults.gather(needing: ["strategy", "conditions.links.duplication"]) { () throws(ScenarioError) in
      try checkDuplication(strategy)
    }
    _ = faults.gather(needing: ["strategy.kind", "strategy.timing", "strategy.slots", "conditions.failures"]) {
      () throws(ScenarioError) in try checkPushSum(strategy)
    }
    _ = faults.gather(needing: ["strategy.kind", "task.kind", "conditions.compute"]) {
      () throws(ScenarioError) in try checkComputeTime(strategy)
    }
    _ = faults.gather(needing: ["strategy", "learner.algorithm", "task.kind"]) { () throws(ScenarioError) in
      try checkTurns(strategy)
    }
    _ = faults.gather(needing: ["strategy"]) { () throws(ScenarioError) in
      try checkTurnConditions(strategy)
    }
    if let plan {
      _ = faults.gather(needing: ["strategy", "learner"]) { () throws(ScenarioError) in
        try checkLearner(plan, strategy)
      }
    }
    guard let agents else { return }
    _ = faults.gather(needing: ["strategy.timing", "strategy.slots", "conditions.links"]) {
      () throws(ScenarioError) in try checkSlots(strategy, agents)
    }
    _ = faults.gather(needing: ["strategy", "learner", "conditions.links.latency"]) { () throws(ScenarioError) in
      try checkCentre(strategy, agents, plan)
    }
  }

  private func checkTiming(_ strategy: StrategySettings) throws(ScenarioError) {
    let possible = strategy.kind.timings
    guard !possible.contains(strategy.timing) else { return }
    throw valueError(
      "timing \(strategy.timing.rawValue) does not go with strategy \(strategy.kind.name)", at: "strategy.timing",
      hint: "use " + possible.map(\.rawValue).joined(separator: " or "))
  }

  private func checkMissingNeighbour(_ strategy: StrategySettings) throws(ScenarioError) {
    let timing = strategy.timing
    if strategy.missingNeighbour == .wait, timing == .asynchronous || timing == .slotted, !strategy.facts.hasCentre {
      throw valueError(
        "missing-neighbour wait goes with synchronous timings only, here it is \(timing.rawValue)",
        at: "strategy.missing-neighbour", hint: "use last-heard, self or renormalise")
    }
    if strategy.peerTimeout != nil, timing != .synchronousLocal {
      throw error(
        "peer-timeout goes with synchronous-local timing only, here it is \(timing.rawValue)",
        at: "strategy.peer-timeout")
    }
    if strategy.forgetAfter != nil, timing != .asynchronous || !strategy.facts.combinesNeighbourhood {
      throw error(
        timing == .asynchronous
          ? "forget-after goes with estimates that agents keep, and strategy \(strategy.kind.name) keeps none"
          : "forget-after goes with asynchronous timing only", at: "strategy.forget-after")
    }
    if timing == .synchronousLocal, strategy.missingNeighbour != .wait, strategy.peerTimeout == nil {
      throw valueError(
        "missing-neighbour \(strategy.missingNeighbour.rawValue) in synchronous-local timing needs a time to wait",
        at: "strategy.missing-neighbour", hint: "give strategy.peer-timeout, or use wait")
    }
  }

  private func checkMessages(_ strategy: StrategySettings) throws(ScenarioError) {
    let (timing, exchange) = (strategy.timing, strategy.exchange)
    let speaksToAll = strategy.facts.combinesNeighbourhood && strategy.facts.audience == .neighbourhood
    if exchange != .push, timing != .asynchronous || !speaksToAll {
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
        "message psi goes with strategy diffusion-atc only, here it is \(strategy.kind.name)",
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
    try checkLength(strategy.slots.activeProbability, agents.count, "strategy.slots.active-probability")
    let links = draft.conditions.links
    if links.bandwidth != nil {
      throw error(
        "bandwidth does not go with slotted timing, where a message arrives in its slot or not at all",
        at: "conditions.links.bandwidth")
    }
    let half = strategy.slots.duration.seconds / 2
    let latency = links.latency.greatest
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

  private func checkGossip(_ strategy: StrategySettings) throws(ScenarioError) {
    guard strategy.averagesInPairs else { return }
    try checkInstant("pairwise", at: "strategy.gossip.exchange")
  }

  /// Refuses conditions that an exchange would pass by.
  private func checkInstant(_ exchange: String, at path: String) throws(ScenarioError) {
    let links = draft.conditions.links
    guard links.bandwidth != nil || !links.latency.isZero else { return }
    throw valueError(
      "exchange \(exchange) happens at one instant, so links can have neither latency nor bandwidth", at: path,
      hint: "use push, or leave out conditions.links.latency and bandwidth")
  }

  /// Refuses that copies are delivered where nobody would notice.
  private func checkDuplication(_ strategy: StrategySettings) throws(ScenarioError) {
    guard draft.conditions.links.duplication?.deliver == .twice, !strategy.actsOnArrival else { return }
    throw valueError(
      "deliver: twice does nothing where mailboxes keep the newest", at: "conditions.links.duplication.deliver",
      hint: "use once; gossip over messages and push-sum without running sums act on what arrives")
  }

  private func checkPushSum(_ strategy: StrategySettings) throws(ScenarioError) {
    guard strategy.facts.passesShares else { return }
    for (index, outages) in draft.conditions.outageCauses.enumerated() where outages.onRecovery != .keep {
      throw ScenarioError(
        "in push-sum a recovered agent has to keep its sum and mass, as forgetting them would lose part of the whole",
        at: cause(index).place(of: "on-recovery"), hint: "use keep", key: "conditions.failures.on-recovery")
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
      if !draft.task.definition.hasEpisodes {
        throw error("compute.work goes with \(Self.tasksOfEpisodes) only", at: "conditions.compute.work")
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
    guard compute.meanTypicalStep(agents: 1) <= 0 else { return }
    let path = "conditions.compute.between-agents"
    throw valueError("\(path) must be above zero in the mean", at: path)
  }
}
