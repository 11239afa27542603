// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Quantities

/// What a disturbance does, by family: to agents, to links and so on.
///
/// A family is a case here, a line in `RunLoop.perform`, and a file that says what happens when an event of it begins and
/// when it is undone (`ChangingWorld+ScriptedAgents.swift` is one).
package enum ScriptedChange: Sendable, Equatable {
  case agents(AgentSelector, AgentChange)
  case links(LinkSelector, LinkSelector.Direction, LinkChange)
  /// A cause that cuts all links between different sides.
  case partition(PartitionSettings)
  /// Ends partitions: that of an event, or all.
  case heal(event: String?)
  case tasks(AgentSelector, ScriptedTaskChange)
  case speeds(DisturbedNodes, SpeedChange)
  case members(AgentSelector, MemberChange)
  /// The fusion centre, where an arm has one.
  case centre(CentreChange)
}

/// What a disturbance does to the members of the network.
package enum MemberChange: Sendable, Equatable {
  /// The agents exist from then on; whether they start from what a live neighbour has learnt.
  case join(startsFromNeighbour: Bool)
  /// For good, and told.
  case leave
}

/// What a disturbance does to the fusion centre.
package enum CentreChange: Sendable, Equatable {
  /// A cause that holds it down until it is undone.
  case takeDown
  /// Ends what the timeline holds it down by.
  case bringUp
}

/// What a disturbance does to the agents that it is about.
package enum AgentChange: Sendable, Equatable {
  /// A cause that holds them down until it is undone; what they have forgotten then, and the time between the checkpoints
  /// that they come back to, where the event says it.
  case takeDown(FailureSettings.Recovery?, checkpointEvery: VirtualDuration?)
  /// Ends what the timeline holds them down by.
  case bringUp
}

/// What a disturbance does to the links that it is about.
package enum LinkChange: Sendable, Equatable {
  /// A cause that cuts them until it is undone; what becomes of what has left, and whether both ends know it, so that the
  /// links leave the present graph.
  case cut(InFlight, known: Bool)
  /// Ends what cuts of the timeline hold them by.
  case restore
  /// Other values in the place of what the conditions say.
  case replace(LinkReplacement)
}

/// What becomes of messages that have left when their link is cut.
package enum InFlight: String, Sendable, CaseIterable {
  case lost
  case arrive
}

extension ScriptedChange {
  /// Whether it is a cause that holds agents down.
  var takesAgentsDown: Bool {
    if case .agents(_, .takeDown) = self { true } else { false }
  }

  /// Whether it is about the fusion centre.
  package var isAboutCentre: Bool {
    switch self {
    case .centre, .speeds(.centre, _): true
    default: false
    }
  }

  /// Whether it is a cause that cuts the links that it is about.
  var cutsChosenLinks: Bool {
    if case .links(_, _, .cut) = self { true } else { false }
  }

  /// Whether it is a cause that cuts links, and nobody is told.
  package var cutsLinks: Bool {
    if case .partition = self { !isKnownCut } else { cutsChosenLinks && !isKnownCut }
  }

  /// Whether it is a cause that cuts links, and both ends know.
  var isKnownCut: Bool {
    switch self {
    case .links(_, _, .cut(_, let known)): known
    case .partition(let partition): partition.isKnown
    default: false
    }
  }

  /// Whether agents join or leave.
  package var changesMembers: Bool { if case .members = self { true } else { false } }

  /// Whether it lets agents leave.
  package var letsLeave: Bool { if case .members(_, .leave) = self { true } else { false } }

  /// Whether it takes edges out of the present graph.
  var takesEdges: Bool { letsLeave || isKnownCut }

  /// Whether it changes the present graph.
  package var changesNetwork: Bool { isKnownCut || changesMembers }

  /// The agents that it is about, or whose links; nothing where it chooses none.
  package var agentSelector: AgentSelector? {
    switch self {
    case .agents(let selector, _), .links(.of(let selector), _, _), .tasks(let selector, _),
      .speeds(.agents(let selector), _), .members(let selector, _):
      selector
    case .links, .partition, .heal, .speeds(.centre, _), .centre: nil
    }
  }

  /// The links that it is about; nothing where it chooses none.
  package var linkSelector: LinkSelector? {
    if case .links(let selector, _, _) = self { selector } else { nil }
  }

  /// The event of whose choice it is; nothing where it is of none.
  package var event: String? {
    if case .heal(let event) = self { return event }
    if case .links(.event(let event), _, _) = self { return event }
    if case .event(let event) = agentSelector { return event }
    return nil
  }

  /// Whether it is about all agents or links that another change is about, for certain.
  ///
  /// - Parameter name: of the event of that change.
  package func isAboutAll(of other: ScriptedChange, named name: String) -> Bool {
    if case .heal(let event) = self { return event ?? name == name }
    if case .links(_, let own, _) = self, case .links(_, let theirs, _) = other, own != .both, own != theirs {
      return false
    }
    if let event { return event == name }
    if agentSelector == .all || linkSelector == .all { return true }
    guard !isDrawn else { return false }
    if let agentSelector, linkSelector == nil { return agentSelector == other.agentSelector }
    return linkSelector != nil && linkSelector == other.linkSelector
  }

  /// Whether what it does, or whom it is about, may turn out in several ways.
  package var isDrawn: Bool {
    if case .tasks(_, let change) = self, change.isDrawn { return true }
    if case .members(_, .join(startsFromNeighbour: true)) = self { return true }
    return agentSelector?.isDrawn == true || linkSelector?.isDrawn == true
  }

  /// How many agents of so many it is about at most.
  func agentsAtMost(of agents: Double) -> Double {
    if isAboutCentre { return 1 }
    return agentSelector?.atMost(of: agents) ?? agents
  }
}

extension AgentSelector {
  /// How many agents of so many it chooses at most.
  func atMost(of agents: Double) -> Double {
    switch self {
    case .named(let names): Double(names.count)
    case .random(.count(let count)), .highestDegree(.count(let count)): min(Double(count), agents)
    case .random(.share(let share)), .highestDegree(.share(let share)): (share * agents).rounded()
    case .all, .group, .region, .event: agents
    }
  }
}

extension ScriptedChange {
  /// Whether it chooses agents.
  package var isAboutAgents: Bool {
    switch self {
    case .agents, .tasks, .speeds, .members, .centre: true
    case .links, .partition, .heal: false
    }
  }

  /// Whether what it chooses and holds are links, not agents.
  var isAboutLinks: Bool { !isAboutAgents }
}
