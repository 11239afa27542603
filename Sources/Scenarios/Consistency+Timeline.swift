// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Quantities
import Simulation

/// What entries of the timeline say, and to whom.
extension Consistency {
  func checkTimeline(_ agents: AgentNames?, _ faults: inout Faults) {
    guard case .list(let items) = tree.entry("timeline")?.value.content else { return }
    for (index, (entry, item)) in zip(draft.timeline, items).enumerated() {
      let key = "timeline[\(index)]"
      _ = faults.gather(needing: [key]) { () throws(ScenarioError) in try checkKeys(entry, item) }
      _ = faults.gather(needing: [key, "measure.until"]) { () throws(ScenarioError) in
        try checkTimes(entry, item)
      }
      _ = faults.gather(needing: [key, "strategy.kind"]) { () throws(ScenarioError) in
        try checkForgetting(entry, item)
      }
      _ = faults.gather(needing: [key]) { () throws(ScenarioError) in try checkName(index, item) }
      _ = faults.gather(needing: ["timeline", "measure.until"]) { () throws(ScenarioError) in
        try checkOrder(index, item)
      }
      guard let agents else { continue }
      _ = faults.gather(needing: [key, "conditions.groups", "conditions.links.latency"]) {
        () throws(ScenarioError) in try checkChoice(entry, agents, item.piece(at: entry.action).value)
      }
    }
  }

  /// Whom or what an entry chooses.
  ///
  /// - Parameter written: what stands at its action.
  private func checkChoice(_ entry: TimelineEntry, _ agents: AgentNames, _ written: Tree) throws(ScenarioError) {
    switch entry.change {
    case .agents(let selector, _), .speeds(.agents(let selector), _), .members(let selector, _):
      try checkSelector(selector, agents, entry.action, at: written.piece(at: "agents").value)
    case .links(let selector, _, let change):
      try checkBetween(written)
      try checkSelector(selector, agents, entry.action, at: written.piece(at: "links").value)
      if case .replace(let replacement) = change { try checkReplacement(replacement, agents, written) }
    case .partition(let partition):
      try checkSides(partition, agents, written)
    case .heal(let event?):
      let place = written.piece(at: "partitions").value.place(of: "event")
      try checkEvent(event, "a partition", at: place) { if case .partition = $0 { true } else { false } }
    case .tasks(let selector, _):
      try checkSelector(selector, agents, entry.action, at: written.piece(at: "agents").value)
    case .heal, .speeds(.centre, _), .centre, nil:
      break
    }
  }

  /// That links between groups are between two.
  private func checkBetween(_ written: Tree) throws(ScenarioError) {
    let beside = written.entry("between")
    guard let between = (written.entry("links")?.value.entry("between") ?? beside)?.value,
      case .list(let names) = between.content, names.count != 2
    else { return }
    throw between.error(
      "between is about two groups, here are \(names.isEmpty ? "none" : "\(names.count)")",
      hint: "write two, such as [west, east]")
  }

  /// Refuses changes of tasks that do not change so.
  func checkTaskChanges(_ plan: LearningPlan, _ faults: inout Faults) {
    guard case .list(let items) = tree.entry("timeline")?.value.content else { return }
    for (index, (entry, item)) in zip(draft.timeline, items).enumerated() {
      guard case .tasks(_, let change) = entry.change else { continue }
      _ = faults.gather(needing: ["timeline[\(index)]", "task"]) { () throws(ScenarioError) in
        try checkTaskChange(change, plan.task, item.piece(at: entry.action).value)
      }
    }
  }

  private func checkTaskChange(
    _ change: ScriptedTaskChange, _ task: TaskSettings, _ written: Tree
  ) throws(ScenarioError) {
    let name = task.definition.name
    guard task.facts.changes.contains(change.kind) else {
      switch change.kind {
      case .move: throw ScenarioError("task \(name) has no truth to move", at: written.keyPlace(of: "truth"))
      case .shift: throw ScenarioError("task \(name) has no other tasks to take", at: written.keyPlace(of: "shift"))
      }
    }
    guard case .by(let vector) = change, let count = task.facts.parameterCount, vector.count != count else { return }
    throw ScenarioError(
      "truth.by has \(counted(vector.count, "number")), but task.dimension is \(count)",
      at: written.place(of: "truth.by"))
  }

  /// Two events of one name would draw alike.
  private func checkName(_ index: Int, _ item: Tree) throws(ScenarioError) {
    guard let name = draft.timeline[index].name else { return }
    if draft.timeline[..<index].contains(where: { $0.name == name }) {
      throw ScenarioError(
        "another event of the timeline has the name '\(shown(name))'", at: item.place(of: "name"),
        hint: "events of one name would choose the same agents: give each its own")
    }
  }

  /// Refuses that an entry is about what an event chooses that has never come by then.
  private func checkOrder(_ index: Int, _ item: Tree) throws(ScenarioError) {
    let (entry, until) = (draft.timeline[index], draft.measure.until)
    guard let name = entry.change?.event,
      let other = draft.timeline.names(in: until).firstIndex(of: name)
    else { return }
    let place = item.piece(at: entry.action).value.place
    if other == index {
      throw ScenarioError("\(shown(name)) is about whom it has chosen itself, which is nobody", at: place)
    }
    let first = draft.timeline[other].firstBegin(in: until)
    let last = entry.lastBegin(in: until)
    if last < first || last == first && index < other {
      throw ScenarioError(
        "'\(shown(name))' has not come yet: it comes at \(first.text), this one at \(last.text)", at: place)
    }
  }

  /// Keys that say nothing beside the others.
  private func checkKeys(_ entry: TimelineEntry, _ item: Tree) throws(ScenarioError) {
    if entry.length != nil, entry.definition?.holds == false {
      throw ScenarioError(
        "\(entry.action) cannot be undone, so 'for' says nothing", at: item.keyPlace(of: "for"))
    }
    if case .agents(_, .takeDown(let recovery, let interval)) = entry.change {
      let forgets = recovery ?? draft.conditions.usualRecovery
      if forgets == .checkpoint, interval ?? draft.conditions.usualCheckpoint == nil {
        throw ScenarioError(
          "\(entry.action) goes back to checkpoints, but nothing says how often there are some",
          at: item.place(of: "\(entry.action).on-recovery"), hint: "such as checkpoint-every: 1 min")
      }
      if forgets != .checkpoint, interval != nil {
        throw ScenarioError(
          "checkpoint-every goes with on-recovery checkpoint only, here it is \(forgets.rawValue)",
          at: item.keyPlace(of: "\(entry.action).checkpoint-every"))
      }
    }
    if case .centre(.takeDown) = entry.change {
      for key in ["on-recovery", "checkpoint-every"] where entry.arguments[key] != nil {
        throw ScenarioError(
          "the fusion centre keeps its memory over a crash", at: item.keyPlace(of: "\(entry.action).\(key)"),
          hint: "leave \(key) out")
      }
    }
    if entry.times != nil, entry.every == nil {
      throw ScenarioError(
        "'times' says how often it comes again, but there is no 'every'", at: item.keyPlace(of: "times"))
    }
  }

  /// Times beyond the end of the run, and events that come again while they still hold.
  private func checkTimes(_ entry: TimelineEntry, _ item: Tree) throws(ScenarioError) {
    let until = draft.measure.until
    let times = entry.moments.map { $0.duration(in: until) }
    let title = entry.title(in: until)
    if times.contains(where: { $0 >= until }) {
      throw ScenarioError(
        "\(title) comes when the run is over (measure.until is \(until.text))", at: item.place(of: "at"))
    }
    guard let length = entry.length else { return }
    if let every = entry.every, length >= every {
      throw ScenarioError(
        "\(title) comes again every \(every.text) but holds for \(length.text)", at: item.place(of: "for"))
    }
    for (earlier, later) in zip(times.sorted(), times.sorted().dropFirst()) where later - earlier <= length {
      throw ScenarioError(
        "\(title) comes again after \((later - earlier).text) but holds for \(length.text)", at: item.place(of: "for"))
    }
  }

  /// In push-sum what an agent forgets is missing in the whole.
  private func checkForgetting(_ entry: TimelineEntry, _ item: Tree) throws(ScenarioError) {
    guard draft.strategy.resolved.facts.passesShares,
      let recovery = entry.arguments.text("on-recovery"), recovery != FailureSettings.Recovery.keep.rawValue
    else { return }
    throw ScenarioError(
      "in push-sum a recovered agent has to keep its sum and mass, as forgetting them would lose part of the whole",
      at: item.place(of: "\(entry.action).on-recovery"), hint: "use keep")
  }
}
