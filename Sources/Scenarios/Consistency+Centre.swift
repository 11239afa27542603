// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Schema
import Simulation

/// What goes together with a fusion centre.
extension Consistency {
  func checkCentre(
    _ strategy: StrategySettings, _ agents: AgentNames, _ plan: LearningPlan?
  ) throws(ScenarioError) {
    try checkCentreRegion(strategy)
    guard strategy.facts.hasCentre else { return }
    let learner = draft.learner.definition
    guard learner.givesGradients else {
      let able = LearnerDefinition.all.filter(\.givesGradients).map(\.name)
      throw valueError(
        "strategy centralised goes with learner \(alternatives(able)) only, here it is \(learner.name)",
        at: "strategy.kind")
    }
    if let (parameter, hint) = plan?.facts.startsApart {
      throw valueError(
        "strategy centralised starts all agents from the parameters of the centre", at: "learner.\(parameter)",
        hint: hint)
    }
    if agents.contains(CentreSettings.name) {
      throw valueError(
        "an agent is called '\(CentreSettings.name)', as the fusion centre of strategy centralised is",
        at: "strategy.kind", hint: "give the agent another name")
    }
    if strategy.timing == .asynchronous {
      try checkAsynchronous(strategy)
    } else {
      try checkRounds(strategy)
    }
  }

  private func checkRounds(_ strategy: StrategySettings) throws(ScenarioError) {
    if strategy.missingNeighbour != .itself {
      throw valueError(
        "missing-neighbour \(strategy.missingNeighbour.rawValue) does not go with strategy centralised, in which the centre "
          + "waits for all live agents", at: "strategy.missing-neighbour",
        hint: "leave it out, or use timing asynchronous with last-heard or wait")
    }
    let (centre, usual) = (strategy.centre, CentreSettings())
    let keys = [
      ("buffer", centre.buffer != usual.buffer), ("oldest-gradient", centre.oldestGradient != nil),
      ("staleness-exponent", centre.stalenessExponent != 0), ("compensate-frequency", centre.compensatesFrequency),
    ]
    for (key, isSaid) in keys where isSaid {
      throw valueError(
        "centre.\(key) goes with asynchronous timing only: in rounds all gradients are of the present version",
        at: "strategy.centre.\(key)", hint: "use timing asynchronous, or leave it out")
    }
  }

  private func checkAsynchronous(_ strategy: StrategySettings) throws(ScenarioError) {
    if ![.lastHeard, .wait].contains(strategy.missingNeighbour) {
      throw valueError(
        "missing-neighbour \(strategy.missingNeighbour.rawValue) does not go with an asynchronous fusion centre",
        at: "strategy.missing-neighbour",
        hint: "use last-heard, to go on with what was heard last, or wait, for the centre's answer")
    }
    if strategy.upload == .episodes {
      throw valueError(
        "an asynchronous fusion centre takes gradients only: episodes would be judged at other parameters than those that "
          + "played them", at: "strategy.upload", hint: "use gradients")
    }
  }

  /// Latencies between regions need the region of the centre, and nothing else does.
  private func checkCentreRegion(_ strategy: StrategySettings) throws(ScenarioError) {
    guard let regions = draft.conditions.links.latency.regions else {
      if strategy.centre.region != nil {
        throw error(
          "centre.region goes with latencies between regions only", at: "strategy.centre.region",
          hint: "give conditions.links.latency.regions")
      }
      return
    }
    let known = Set(regions.regionOfAgent.values).union(regions.inTurn).sorted()
    if let region = strategy.centre.region, !known.contains(region) {
      throw valueError(
        "there is no region '\(region)'", at: "strategy.centre.region",
        note: "regions with agents: \(known.joined(separator: ", "))")
    }
    if strategy.facts.hasCentre, strategy.centre.region == nil {
      throw error(
        "with latencies between regions the fusion centre needs one too", at: "strategy",
        hint: "give strategy.centre.region, one of \(known.joined(separator: ", "))")
    }
  }
}
