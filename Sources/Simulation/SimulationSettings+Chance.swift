// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Networks
import Randomness

extension SimulationSettings {
  /// Whether replications can be nothing but copies of each other: none of what is drawn in each of them anew can turn
  /// out in two ways. What is drawn once per study, such as a network, may well, unless it is resampled.
  package var isDeterministic: Bool {
    !learningVaries && !stepsVary && !linksVary && !outagesVary && !turnsVary && !worldVaries && !networkChangesByChance
  }

  /// Edges that come and go, agents that move, and whom they send to.
  private var networkChangesByChance: Bool {
    network.changesByItself || network.sendTo == .randomNeighbour && strategy.facts.cooperates
  }

  /// Data, episodes, noise of gradients and parameters to start from.
  private var learningVaries: Bool {
    let facts = learning
    return facts.startsVary || facts.isRandom
  }

  private var stepsVary: Bool {
    let compute = conditions.compute
    let centre = strategy.facts.hasCentre ? [strategy.centre.stepTime] : []
    if heedsSpeeds, compute.spells?.isRandom == true { return true }
    return ([compute.withinAgent, compute.startPhase] + centre).contains { !$0.isConstant }
  }

  private var linksVary: Bool {
    let links = conditions.links
    // They go down whether anything is sent or not.
    if links.outages?.facts(outageQuestion).varies == true { return true }
    guard strategy.facts.cooperates else { return false }
    let interval = strategy.exchange == .link ? strategy.linkInterval : nil
    let isReplacedByChance = timeline.replacements.contains { other in
      other.loss?.canLose == true || other.latency?.facts.law.isConstant == false || other.duplication != nil
    }
    return isReplacedByChance || links.loss.canLose || !links.latency.facts.law.isConstant || links.duplication != nil
      || !(interval?.isConstant ?? true)
  }

  private var outagesVary: Bool {
    if recoveries.contains(.neighbour) || timeline.contains(where: { $0.change?.isDrawn == true }) { return true }
    return conditions.outageCauses.contains { $0.facts(outageQuestion).varies }
  }

  /// Whose turn it is, whom it meets, and when.
  private var turnsVary: Bool {
    if strategy.facts.audience == .oneNeighbour { return true }
    if usesClock, !strategy.clock.withinAgent.isConstant || !strategy.clock.startPhase.isConstant { return true }
    return strategy.timing == .slotted && !strategy.slots.activeProbability.isOnly([0, 1])
  }

  /// What is drawn anew although it could be drawn once per study.
  private var worldVaries: Bool {
    let compute = conditions.compute
    return resample.contains { part in
      switch part {
      case .network: network.topology.definition.isRandom
      case .tasks: task.facts.varies || !learner.stepSize.isConstant
      case .speeds:
        compute.drawsTypicalSteps || compute.stragglers.contains(where: \.varies)
          || usesClock && !strategy.clock.betweenAgents.isConstant
      }
    }
  }
}

extension ComputeSettings.Stragglers {
  /// Whether it is drawn who they are.
  fileprivate var varies: Bool {
    switch choice {
    case .named: false
    case .share(let share): 0 < share && share < 1
    case .selected(let selector): selector.isDrawn
    }
  }
}

extension PerAgent {
  /// Whether no agent has any number but these.
  fileprivate func isOnly(_ numbers: [Double]) -> Bool {
    switch self {
    case .law(let law): law.isConstant && numbers.contains(law.mean)
    case .values(let values): values.allSatisfy(numbers.contains)
    }
  }
}
