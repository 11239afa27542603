// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Networks
import Quantities

/// Whom and what a timeline is about when its entries come for the first time in replication 0, known before the run.
package struct ScriptedChoices: Sendable {
  /// What an entry has chosen.
  package struct Choice: Sendable {
    package let name: String
    /// Ranks of agents, where it is about some that its text does not name.
    package let agents: [Int]
    /// How many links it cuts or changes, likewise.
    package let links: Int
    /// On which side of a partition each agent is; empty where it is none.
    package let sides: [Int]
  }

  /// In the order of time.
  package let choices: [Choice]

  /// - Throws: if an entry names somebody or something that is not there.
  package init(_ settings: SimulationSettings, in world: World) throws(SimulationError) {
    var timeline = try Timeline(settings, world: world, replication: 0)
    let end = VirtualTime(settings.measurement.until)
    var choices: [Choice] = []
    while let time = timeline.nextInstant(until: end) {
      for case (let plan, .begin(let occurrence)) in timeline.turns(at: time) {
        // Choices are kept in mind, as later entries may be about the same.
        let choice = timeline.choice(plan, occurrence, knowsAbsence: settings.changesNetwork)
        if occurrence == 0, let choice { choices.append(choice) }
      }
    }
    self.choices = choices
  }
}

extension World {
  /// Checks that whatever the timeline is about is there.
  ///
  /// - Throws: if an entry names somebody or something that is not, such as a link between agents that have none.
  package func checkTimeline(_ settings: SimulationSettings) throws(SimulationError) {
    guard !settings.timeline.isEmpty else { return }
    _ = try Timeline(settings, world: self, replication: 0)
  }
}

extension Timeline {
  /// - Parameter knowsAbsence: whether choices at random are among those who are there then, which nobody knows before.
  fileprivate func choice(_ plan: Int, _ occurrence: Int, knowsAbsence: Bool) -> ScriptedChoices.Choice? {
    let (name, change) = (plans[plan].name, plans[plan].change)
    if case .members(let selector, .join) = change {
      let ranks = joiners(by: plan, occurrence: occurrence).map(\.index)
      return selector.isEvident ? nil : ScriptedChoices.Choice(name: name, agents: ranks, links: 0, sides: [])
    }
    if case .partition = change {
      let sides = Array(plans[plan].sides.prefix(ground.count))
      let links = (0..<network.linkCount).count { parts(LinkID($0), plan) }
      return knowsAbsence ? nil : ScriptedChoices.Choice(name: name, agents: [], links: links, sides: sides)
    }
    if case .links(let selector, let direction, _) = change {
      let links = choose(selector, direction, for: plan, occurrence: occurrence).count
      return knowsAbsence || selector.isEvident
        ? nil : ScriptedChoices.Choice(name: name, agents: [], links: links, sides: [])
    }
    guard let selector = change.agentSelector else { return nil }
    let ranks = choose(selector, for: plan, occurrence: occurrence).map(\.index)
    return knowsAbsence || selector.isEvident
      ? nil : ScriptedChoices.Choice(name: name, agents: ranks, links: 0, sides: [])
  }
}

extension AgentSelector {
  /// Whether its text says whom it chooses.
  fileprivate var isEvident: Bool {
    switch self {
    case .all, .named: true
    case .random, .highestDegree, .group, .region, .event: false
    }
  }
}

extension LinkSelector {
  fileprivate var isEvident: Bool {
    switch self {
    case .all, .pairs: true
    case .of, .share, .between, .event: false
    }
  }
}
