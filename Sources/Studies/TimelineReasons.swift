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
        return "Which links \(name) is about is drawn anew in every replication."
      }
    }
    let changesLinks = timeline.contains { $0.change?.isAboutAgents == false }
    if changesLinks, strategy.facts.cooperates {
      if strategy.timing != .slotted {
        return "There is no closed form for links that are cut in \(rounds.unit)s; in slots there is."
      }
      if canCutLinks, strategy.missingNeighbour != .itself { return reasonForNoRounds }
    }
    if conditions.compute.startPhase != .constant(0) { return "Agents do not all start at once." }
    return measurement.budget == nil ? nil : "A budget ends runs when it is spent, at a time of its own."
  }

  /// What the timeline does that no recursion follows, as a sentence.
  private var actionsWithoutRecursion: String? {
    var actions: [String] = []
    for entry in timeline where entry.change?.isFollowed != true && !actions.contains(entry.action) {
      actions.append(entry.action)
    }
    guard !actions.isEmpty else { return nil }
    return "The exact recursion follows a timeline through cuts, partitions and moves of a common truth only, not "
      + "through " + actions.joined(separator: ", ") + "."
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
    case .links(_, _, .cut), .links(_, _, .restore), .partition, .heal: true
    case .tasks(_, .shift), .links(_, _, .replace), .agents, .speeds, .members: false
    case .tasks: true
    }
  }
}
