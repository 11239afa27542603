// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
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
      let regions = Set(draft.conditions.links.regionOfAgent.values).sorted(by: naturallyPrecedes)
      try check(
        name, among: regions, "region", "conditions.links.latency.regions", at: place.place(of: "region"))
    case .event(let name):
      try checkEvent(name, at: place.place(of: "event"))
    case .all, .random, .highestDegree:
      break
    }
  }

  /// Refuses the name of an event that is none.
  func checkEvent(_ name: String, at place: Place) throws(ScenarioError) {
    let events = draft.timeline.names(in: draft.measure.until)
    guard !events.contains(name) else { return }
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
