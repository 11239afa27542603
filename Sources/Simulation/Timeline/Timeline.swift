// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Networks
import Quantities
import Randomness

/// The scripted changes of one run, which of them hold, and whom they have chosen.
///
/// Everything about when they come follows from the scenario, so nothing is kept of it but the instant handled last. All
/// that the timeline says of one instant happens in the order of the file, before whatever was drawn for it.
///
/// *Randomness*: `choice` of the name of an entry, as `SelectionGround` says, at the number of the occurrence.
struct Timeline: ~Copyable {
  /// What an entry does, and when.
  struct Plan {
    /// Names the cause and keys its draws.
    let name: String
    let occurrences: Occurrences
    let change: ScriptedChange
  }

  let plans: [Plan]
  /// Those among whom entries choose.
  let ground: SelectionGround
  private let choices: StreamFamily
  private let agentCount: Int
  /// Whether the cause of a plan holds an agent down (plans × agents).
  private let holding: Column<Bool>
  /// Whom each plan has chosen last (plans × agents).
  private let chosen: Column<Bool>
  /// In nanoseconds; −1 before the start.
  private var handled: Int64 = -1

  /// - Throws: if an entry names somebody or something that is not there.
  init(_ settings: SimulationSettings, world: World, replication: UInt32) throws(SimulationError) {
    let until = settings.measurement.until
    ground = SelectionGround(
      agents: world.agents, groups: settings.conditions.groups,
      regionOfAgent: settings.conditions.links.regionOfAgent)
    choices = StreamFamily(seed: settings.seed, replication: replication, purpose: .choice)
    agentCount = world.agentCount
    var plans: [Plan] = []
    let names = settings.timeline.names(in: until)
    for (entry, name) in zip(settings.timeline, names) {
      guard let change = entry.change else { throw SimulationError("There is no disturbance '\(entry.action)'.") }
      if let missing = change.missing(in: ground, events: names) {
        throw SimulationError("There is no \(missing) that \(name) could be about.")
      }
      plans.append(Plan(name: name, occurrences: entry.occurrences(in: until), change: change))
    }
    self.plans = plans
    holding = Column(repeating: false, count: plans.count * agentCount)
    chosen = Column(repeating: false, count: plans.count * agentCount)
  }

  /// When something happens next.
  var next: VirtualTime? {
    plans.compactMap { $0.occurrences.next(after: handled) }.min().map { VirtualTime(nanoseconds: $0) }
  }

  /// Takes note that an instant is handled.
  ///
  /// - Returns: whether it was not before, and there is anything that could happen.
  mutating func handle(_ time: VirtualTime) -> Bool {
    guard !plans.isEmpty, time.nanoseconds > handled else { return false }
    handled = time.nanoseconds
    return true
  }

  /// What of it changes while the run goes on.
  mutating func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    try memory.column("held by the timeline", holding)
    try memory.column("chosen by the timeline", chosen)
    try memory.value("timeline is handled until", &handled)
  }

  // MARK: - Whom it is about

  /// What a plan draws at one of its occurrences.
  func draw(_ plan: Int, occurrence: Int) -> ChoiceDraw {
    ChoiceDraw(choices, name: plans[plan].name, occurrence: occurrence)
  }

  /// The agents that a selector of a plan chooses at one of its occurrences, in the order of their names. Whom `event`
  /// means is known at that time only.
  func agents(_ selector: AgentSelector, of plan: Int, occurrence: Int) -> [NodeID] {
    let ranks = ground.ranks(
      selector, draw(plan, occurrence: occurrence),
      chosenBefore: { name in
        guard let event = plans.firstIndex(where: { $0.name == name }) else { return [] }
        return (0..<agentCount).filter { chosen[event * agentCount + $0] }
      })
    return ranks.map { NodeID($0) }
  }

  /// Has a plan choose agents, and keeps in mind whom it has chosen.
  func choose(_ selector: AgentSelector, for plan: Int, occurrence: Int) -> [NodeID] {
    let agents = agents(selector, of: plan, occurrence: occurrence)
    for rank in 0..<agentCount { chosen[plan * agentCount + rank] = false }
    for agent in agents { chosen[plan * agentCount + agent.index] = true }
    return agents
  }

  // MARK: - Whom it holds

  /// Lets the cause of a plan hold an agent down.
  ///
  /// - Returns: whether it did not before.
  func hold(_ node: NodeID, by plan: Int) -> Bool { change(node, plan, to: true) }

  /// Lets the cause of a plan go.
  ///
  /// - Returns: whether it held the agent down.
  func release(_ node: NodeID, by plan: Int) -> Bool { change(node, plan, to: false) }

  /// Whether the cause of a plan holds an agent.
  func holds(_ node: NodeID, by plan: Int) -> Bool { holding[plan * agentCount + node.index] }

  private func change(_ node: NodeID, _ plan: Int, to holds: Bool) -> Bool {
    let place = plan * agentCount + node.index
    defer { holding[place] = holds }
    return holding[place] != holds
  }
}

extension ScriptedChange {
  /// What it names that is not there, in words; nothing where all is there.
  func missing(in ground: SelectionGround, events: [String]) -> String? {
    agentSelector.flatMap { $0.missing(in: ground, events: events) }
  }
}

extension AgentSelector {
  /// What it names that is not there, in words.
  func missing(in ground: SelectionGround, events: [String]) -> String? {
    switch self {
    case .named(let names): names.first { ground.rank($0) == nil }.map { "agent '\($0)'" }
    case .group(let name?): ground.groups.contains { $0.name == name } ? nil : "group '\(name)'"
    case .region(let name?): ground.regions.contains { $0.name == name } ? nil : "region '\(name)'"
    case .group(nil): ground.groups.isEmpty ? "group" : nil
    case .region(nil): ground.regions.isEmpty ? "region" : nil
    case .event(let name): events.contains(name) ? nil : "event '\(name)'"
    case .all, .random, .highestDegree: nil
    }
  }
}
