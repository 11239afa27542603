// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Quantities
import Simulation

extension SimulationSettings {
  /// Why no recursion follows what the timeline does, though agents go through rounds; nothing where one may.
  func reasonForNoCurve(_ rounds: Rounds) -> String? {
    if let others = actionsWithoutRecursion { return others }
    for (entry, name) in zip(timeline, timeline.names(in: measurement.until)) {
      guard let change = entry.change else { continue }
      if case .tasks(let agents, _) = change, agents != .all {
        return "The exact recursion covers agents with a common minimiser; after \(name) they may have different ones."
      }
      if change.agentSelector?.isDrawn == true || change.linkSelector?.isDrawn == true {
        let what = change.isAboutAgents ? "Whom" : "Which links"
        return "\(what) \(name) is about is drawn anew in every replication."
      }
    }
    if let reason = reasonForNoConditions(rounds) { return reason }
    if conditions.compute.startPhase != .constant(0) { return "Agents do not all start at once." }
    return measurement.budget == nil ? nil : "A budget ends runs when it is spent, at a time of its own."
  }

  /// Why no recursion covers links that are cut and agents that are down; nothing where none are.
  private func reasonForNoConditions(_ rounds: Rounds) -> String? {
    let cutsLinks = timeline.contains { $0.change?.isAboutAgents == false } && strategy.facts.cooperates
    guard cutsLinks || timelineTakesDown else { return nil }
    if strategy.timing != .slotted {
      let what = cutsLinks ? "links that are cut" : "agents that go down"
      return "There is no closed form for \(what) in \(rounds.unit)s; in slots there is."
    }
    let leavesGaps = (canCutLinks || timelineTakesDown) && strategy.facts.cooperates
    return leavesGaps && strategy.missingNeighbour != .itself ? reasonForNoRounds : nil
  }

  /// What the timeline does that no recursion follows, as a sentence.
  private var actionsWithoutRecursion: String? {
    var actions: [String] = []
    for entry in timeline where entry.change?.isFollowed != true && !actions.contains(entry.action) {
      actions.append(entry.action)
    }
    guard !actions.isEmpty else { return nil }
    return "The exact recursion follows a timeline through cuts, partitions, crashes and moves of a common truth "
      + "only, not through " + actions.joined(separator: ", ") + "."
  }

  /// Why there are no rounds in which a recursion could follow the timeline.
  var reasonForNoTimeline: String {
    strategy.timing == .slotted
      ? reasonForNoRounds
      : "The exact recursion follows a timeline in slots, and in rounds or steps that all last the same time, only."
  }

  /// How long each round or slot lasts, where all last the same time and begin together.
  var constantRound: VirtualDuration? {
    if strategy.timing == .slotted { return strategy.slots.duration }
    let (compute, links) = (conditions.compute, conditions.links)
    guard let step = compute.onlyStep, step > .zero, !hasChangingSpeeds else { return nil }
    guard strategy.facts.cooperates else { return step }
    guard let latency = links.latency.law, latency.isConstant, !links.loss.canLose, links.bandwidth == nil else {
      return nil
    }
    let travel = VirtualDuration(seconds: latency.mean)
    switch strategy.timing {
    case .synchronousGlobal, .synchronousLocal:
      return strategy.facts.arrangement == .consensus ? max(step, travel) : step + travel
    // Where messages are late the recursion has no answer.
    case .asynchronous, .slotted: return step
    }
  }
}

extension ScriptedChange {
  /// Whether the exact recursion follows it.
  fileprivate var isFollowed: Bool {
    switch self {
    case .links(_, _, .cut), .links(_, _, .restore), .partition, .heal, .agents: true
    case .tasks(_, .shift), .links(_, _, .replace), .speeds, .members, .centre: false
    case .tasks: true
    }
  }
}
