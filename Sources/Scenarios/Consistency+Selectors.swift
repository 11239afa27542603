// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Networks
import Quantities
import Simulation

/// Agents and links that keys choose.
extension Consistency {
  /// Refuses a choice of somebody who is not there.
  ///
  /// - Parameters:
  ///   - what: whatever chooses, for messages.
  ///   - place: where the choice stands, or the map that has its key.
  func checkSelector(
    _ selector: AgentSelector, _ agents: AgentNames, _ what: String, at place: Tree
  ) throws(ScenarioError) {
    switch selector {
    case .named(let names):
      if names.isEmpty { throw place.error("\(what) names no agent", hint: "write all for all of them") }
      try checkNames(names, agents, at: place)
    case .random(.count(let count)), .highestDegree(.count(let count)):
      guard count > agents.count else { return }
      let key = if case .random = selector { "count" } else { "highest-degree" }
      throw ScenarioError(
        "\(what) chooses \(counted(count, "agent")), but the network has \(counted(agents.count, "agent"))",
        at: place.place(of: key))
    case .group(let name):
      let groups = draft.conditions.groups?.names(agents: agents.count) ?? []
      try check(name, among: groups, "group", "conditions.groups", at: place.place(of: "group"))
    case .region(let name):
      let regions = draft.conditions.links.regions.sorted(by: naturallyPrecedes)
      try check(
        name, among: regions, "region", "conditions.links.latency.regions", at: place.place(of: "region"))
    case .event(let name):
      try checkEvent(name, "agents", at: place.place(of: "event")) { $0.isAboutAgents }
    case .all, .random, .highestDegree:
      break
    }
  }

  /// Refuses a choice of links between those who are not there.
  func checkSelector(
    _ selector: LinkSelector, _ agents: AgentNames, _ what: String, at place: Tree
  ) throws(ScenarioError) {
    switch selector {
    case .pairs(let pairs):
      try checkPairs(pairs, agents, what, at: place)
    case .of(let selector):
      try checkSelector(selector, agents, "\(what) of links", at: place.piece(at: "of").value)
    case .between(let first, let second):
      let groups = draft.conditions.groups?.names(agents: agents.count) ?? []
      let regions = draft.conditions.links.regions.sorted(by: naturallyPrecedes)
      for name in [first, second] {
        try check(name, among: groups + regions, "group", "conditions.groups", at: place.place(of: "between"))
      }
      if first == second { throw ScenarioError("a group has no links to itself", at: place.place(of: "between")) }
    case .event(let name):
      try checkEvent(name, "links", at: place.place(of: "event")) { $0.linkSelector != nil }
    case .all, .share:
      break
    }
  }

  private func checkPairs(
    _ pairs: [[String]], _ agents: AgentNames, _ what: String, at list: Tree
  ) throws(ScenarioError) {
    if pairs.isEmpty { throw list.error("\(what) names no links", hint: "write all for all of them") }
    for (index, pair) in pairs.enumerated() {
      guard case .list(let items) = list.content, items.indices.contains(index) else { return }
      if pair.count != 2 { throw items[index].error("a link has two ends, such as [a, b]") }
      if pair[0] == pair[1] { throw items[index].error("'\(shown(pair[0]))' is linked with others only") }
      for name in pair where name != CentreSettings.name && !agents.contains(name) {
        throw unknownAgent(name, agents, at: items[index].place)
      }
    }
  }

  /// Refuses sides that are none.
  func checkSides(_ partition: PartitionSettings, _ agents: AgentNames, _ written: Tree) throws(ScenarioError) {
    let sides: [(name: String?, agents: [String])]
    switch partition.sides {
    case .halves(let bisection):
      let most = Bisection.mostNodesOfSpectral
      if bisection == .spectral, agents.count > most {
        throw ScenarioError(
          "a spectral bisection is of at most \(most) agents", at: written.place(of: "bisect"), hint: "use bfs")
      }
      sides = agents.count > 1 ? [(nil, []), (nil, [])] : []
    case .by(let kind):
      sides = try sidesBy(kind, agents, at: written.place(of: "by"))
    case .listed(let listed):
      sides = listed.map { ($0.name, $0.agents) }
    }
    let lists = written.piece(at: "groups").value
    var sideOfAgent: [String: Int] = [:]
    for (number, side) in sides.enumerated() {
      for name in side.agents {
        guard agents.contains(name) else { throw unknownAgent(name, agents, at: lists.place) }
        guard let other = sideOfAgent.updateValue(number, forKey: name) else { continue }
        let names = [sides[other].name, side.name].compactMap { $0 }.map { "'\(shown($0))'" }
        let text = names.count == 2 && other != number ? "the sides \(names[0]) and \(names[1])" : "two sides"
        throw ScenarioError("\(name) is on \(text)", at: written.place)
      }
    }
    let rest = sideOfAgent.count < agents.count ? 1 : 0
    let isHalved = if case .halves = partition.sides { sides.count == 2 } else { false }
    if !isHalved, sides.count(where: { !$0.agents.isEmpty }) + rest < 2 {
      throw ScenarioError("a partition has two sides or more", at: written.place)
    }
    try checkSideOfCentre(partition, sides.compactMap(\.name), agents, at: written.place(of: "centre-with"))
  }

  private func sidesBy(
    _ kind: PartitionSettings.Kind, _ agents: AgentNames, at place: Place
  ) throws(ScenarioError) -> [(name: String?, agents: [String])] {
    let all = agents.all
    let regionOfAgent = draft.conditions.links.regionOfAgent(all)
    switch kind {
    case .region:
      if regionOfAgent.isEmpty { throw ScenarioError("there are no regions to part by", at: place) }
      return Dictionary(grouping: all) { regionOfAgent[$0] ?? "" }.filter { !$0.key.isEmpty }.map { ($0.key, $0.value) }
    case .group:
      guard let groups = draft.conditions.groups?.groups(of: all), !groups.isEmpty else {
        throw ScenarioError("there are no groups to part by", at: place, hint: "see conditions.groups")
      }
      return groups.map { group in (group.name, group.ranks.map { all[$0] }) }
    }
  }

  private func checkSideOfCentre(
    _ partition: PartitionSettings, _ sides: [String], _ agents: AgentNames, at place: Place
  ) throws(ScenarioError) {
    guard let name = partition.centreWith, !sides.contains(name), !agents.contains(name) else { return }
    throw ScenarioError("there is no side and no agent '\(shown(name))' for the fusion centre to be with", at: place)
  }

  /// Refuses the name of an event that is none, or is about something else.
  func checkEvent(
    _ name: String, _ subject: String, at place: Place, isMeant: (ScriptedChange) -> Bool
  ) throws(ScenarioError) {
    let events = draft.timeline.names(in: draft.measure.until)
    if let number = events.firstIndex(of: name) {
      if let change = draft.timeline[number].change, !isMeant(change) {
        throw ScenarioError("the event '\(shown(name))' is not about \(subject)", at: place)
      }
      return
    }
    throw ScenarioError(
      "there is no event '\(shown(name))'", at: place,
      hint: nearest(to: name, among: events).map { "did you mean '\($0)'?" },
      note: "events of the timeline: \(events.prefix(20).map { shown($0) }.joined(separator: ", "))")
  }

  /// Refuses the name of something that is not there, or any of what there is none of.
  private func check(
    _ name: String?, among names: [String], _ what: String, _ key: String, at place: Place
  ) throws(ScenarioError) {
    guard let name else {
      if names.isEmpty { throw ScenarioError("there are no \(what)s to choose from", at: place, hint: "see \(key)") }
      return
    }
    guard !names.contains(name) else { return }
    throw ScenarioError(
      "there is no \(what) '\(shown(name))'", at: place,
      hint: nearest(to: name, among: names).map { "did you mean '\($0)'?" },
      note: names.isEmpty ? "\(what)s are those of \(key)" : "\(what)s: \(names.prefix(20).joined(separator: ", "))")
  }
}
