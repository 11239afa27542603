// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Quantities
import Schema

/// Whom causes of outages are about.
extension Consistency {
  /// A cause of outages as it is written.
  func cause(_ index: Int) -> Tree {
    let whole = tree.piece(at: "conditions.failures").value
    if case .list(let causes) = whole.content, causes.indices.contains(index) { return causes[index] }
    return whole
  }

  func checkCause(
    _ cause: FailureSettings.Cause, written: Tree, _ agents: AgentNames
  ) throws(ScenarioError) {
    let chosen = written.piece(at: "agents").value
    if case .event = cause.agents {
      throw ScenarioError(
        "conditions.failures is there from the start, so no event has chosen anybody", at: chosen.place(of: "event"),
        hint: "use crash in the timeline")
    }
    try checkSelector(cause.agents, agents, "conditions.failures", at: chosen)
    if let trace = cause.arguments.trace {
      try checkTrace(trace, agents, at: written.piece(at: "\(cause.kind.name).file").value.place)
    }
    if cause.kind == .groups { try checkGroups(cause.arguments.groupKind, written) }
  }

  /// Refuses a trace of agents that the network does not have.
  func checkTrace(_ trace: TraceTable, _ agents: AgentNames, at place: Place) throws(ScenarioError) {
    guard trace.assignment == .byName else { return }
    for (names, line) in zip(trace.subjects, trace.lines) {
      guard let stranger = names.first(where: { !agents.contains($0) }) else { continue }
      throw ScenarioError(
        "line \(line) of \(trace.file) is about agent '\(shown(stranger))', which the network does not have", at: place,
        hint: agents.nearest(to: stranger).map { "did you mean '\($0)'?" }
          ?? (names.count == 1 ? "use assign: random" : nil),
        note: "agents: \(agents.text)")
    }
  }

  private func checkGroups(_ kind: OutageDefinition.GroupKind, _ written: Tree) throws(ScenarioError) {
    let (isThere, key) =
      switch kind {
      case .group: (draft.conditions.groups != nil, "conditions.groups: {rack-1: [agent-0, agent-1]} or {size: 4}")
      case .region: (!draft.conditions.links.regions.isEmpty, "conditions.links.latency: {regions: ...}")
      }
    guard !isThere else { return }
    throw ScenarioError(
      "there are no \(kind.rawValue)s that could fail", at: written.place(of: "groups.of"), hint: "give \(key)")
  }
}
