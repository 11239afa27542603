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
/// *Randomness*: `choice` of the name of an entry, as `SelectionGround` says, at the number of the occurrence; moves of
/// minimisers `truthChange` of the name likewise, M standard normals.
struct Timeline: ~Copyable {
  /// What an entry does, and when.
  struct Plan {
    /// Names the cause and keys its draws.
    let name: String
    let occurrences: Occurrences
    let change: ScriptedChange
    /// On which side of a partition each node of the network is; empty where it is none.
    let sides: [Int]
    /// Where the flags of its agents or links begin in columns of all plans.
    let start: Int
    /// When the run ends, in nanoseconds.
    let end: Int64
  }

  let plans: [Plan]
  /// Those among whom entries choose.
  let ground: SelectionGround
  let network: Network
  private let choices: StreamFamily
  private let moves: StreamFamily
  private let agentCount: Int
  /// Whom each plan lets join, and at which of its occurrences.
  private let joins: [ScriptedJoin]
  /// Whether the cause of a plan holds an agent or a link: of each plan all agents or all links.
  private let holding: Column<Bool>
  /// Whom each plan has chosen last, in the same way.
  private let chosen: Column<Bool>
  /// In nanoseconds; −1 before the start.
  private var handled: Int64 = -1

  /// - Throws: if an entry names somebody or something that is not there.
  init(_ settings: SimulationSettings, world: World, replication: UInt32) throws(SimulationError) {
    let until = settings.measurement.until
    ground = SelectionGround(
      agents: world.agents, groups: settings.conditions.groups,
      regionOfAgent: settings.conditions.links.regionOfAgent(world.agents.names))
    choices = StreamFamily(seed: settings.seed, replication: replication, purpose: .choice)
    network = world.network
    agentCount = world.agentCount
    var plans: [Plan] = []
    var start = 0
    let names = settings.timeline.names(in: until)
    for (entry, name) in zip(settings.timeline, names) {
      guard let change = entry.change else { throw SimulationError("There is no disturbance '\(entry.action)'.") }
      if let missing = change.missing(in: ground, network: world.network, events: names) {
        throw SimulationError("There is no \(missing) that \(name) could be about.")
      }
      var sides: [Int] = []
      if case .partition(let partition) = change {
        sides = try partition.sides(in: ground, hasCentre: world.network.nodeCount > world.agentCount)
      }
      plans.append(
        Plan(
          name: name, occurrences: entry.occurrences(in: until), change: change, sides: sides, start: start,
          end: until.nanoseconds))
      start += change.isAboutLinks ? world.network.linkCount : world.agentCount
    }
    moves = StreamFamily(seed: settings.seed, replication: replication, purpose: .truthChange)
    self.plans = plans
    joins = Self.joins(plans, ground, choices)
    holding = Column(repeating: false, count: start)
    chosen = Column(repeating: false, count: start)
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

  /// The next instant of a run that ends then, for whoever follows a timeline without one; nothing after the last.
  mutating func nextInstant(until end: VirtualTime) -> VirtualTime? {
    guard let time = next, time <= end, handle(time) else { return nil }
    return time
  }

  /// What begins and what is undone at an instant, in the order of the file.
  func turns(at time: VirtualTime) -> [(plan: Int, turn: ScriptedTurn)] {
    plans.indices.flatMap { number -> [(plan: Int, turn: ScriptedTurn)] in
      let (occurrences, now) = (plans[number].occurrences, time.nanoseconds)
      var turns: [(plan: Int, turn: ScriptedTurn)] = []
      if occurrences.ends(at: now) { turns.append((number, .end)) }
      if occurrences.begins(at: now) { turns.append((number, .begin(occurrence: occurrences.count(before: now)))) }
      return turns
    }
  }

  /// What of it changes while the run goes on.
  mutating func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    try visit("held by the timeline", holding, &memory)
    try visit("chosen by the timeline", chosen, &memory)
    try memory.value("timeline is handled until", &handled)
  }

  /// What is kept of all entries, or of the first ones: of those that a branch has more nothing has come.
  private func visit(
    _ name: StaticString, _ column: borrowing Column<Bool>, _ memory: inout RunMemory
  ) throws(RunMemoryFault) {
    let count = try memory.count(name, column.count, ofSize: MemoryLayout<Bool>.stride)
    guard count <= column.count else { throw RunMemoryFault("it has more in its timeline") }
    try memory.values(name, column.base, count: count)
  }

  // MARK: - Whom it is about

  /// What a plan draws at one of its occurrences.
  func draw(_ plan: Int, occurrence: Int) -> ChoiceDraw {
    ChoiceDraw(choices, name: plans[plan].name, occurrence: occurrence)
  }

  /// The agents that a selector of a plan chooses at one of its occurrences, in the order of their names. Whom `event`
  /// means is known at that time only.
  ///
  /// - Parameter present: who is there to be chosen, where agents come and go.
  func agents(
    _ selector: AgentSelector, of plan: Int, occurrence: Int, among present: PresentAgents? = nil
  ) -> [NodeID] {
    func isThere(_ rank: Int) -> Bool { present?.members?[rank] ?? true }
    let ranks = ground.ranks(
      selector, draw(plan, occurrence: occurrence), isPresent: isThere,
      degree: present.map { list in { list.degrees[$0] } },
      chosenBefore: { name in
        guard let event = plans.first(where: { $0.name == name && !$0.change.isAboutLinks }) else { return [] }
        return (0..<agentCount).filter { chosen[event.start + $0] }
      })
    return ranks.filter(isThere).map { NodeID($0) }
  }

  /// Standard normal numbers for an occurrence of a plan.
  func normal(_ count: Int, _ plan: Int, occurrence: Int) -> [Double] {
    var draws = Draws(moves.key(EntityKey(plans[plan].name)), at: UInt64(occurrence))
    var numbers = [Double](repeating: 0, count: count)
    numbers.withUnsafeMutableBufferPointer { fillStandardNormal($0, from: &draws) }
    return numbers
  }

  /// Has a plan choose agents, and keeps in mind whom it has chosen.
  func choose(
    _ selector: AgentSelector, for plan: Int, occurrence: Int, among present: PresentAgents? = nil
  ) -> [NodeID] {
    let agents = agents(selector, of: plan, occurrence: occurrence, among: present)
    for rank in 0..<agentCount { chosen[plans[plan].start + rank] = false }
    for agent in agents { chosen[plans[plan].start + agent.index] = true }
    return agents
  }

  /// Has a plan choose links, and keeps in mind which.
  ///
  /// - Parameter present: who is there to be chosen, where agents come and go.
  func choose(
    _ selector: LinkSelector, _ direction: LinkSelector.Direction, for plan: Int, occurrence: Int,
    among present: PresentAgents? = nil
  ) -> [LinkID] {
    let links = ground.links(
      selector, direction, in: network, draw(plan, occurrence: occurrence),
      chosenAgents: { agents($0, of: plan, occurrence: occurrence, among: present).map(\.index) },
      chosenBefore: { name in
        guard let event = plans.first(where: { $0.name == name && $0.change.isAboutLinks }) else { return [] }
        return (0..<network.linkCount).filter { chosen[event.start + $0] }
      })
    for link in 0..<network.linkCount { chosen[plans[plan].start + link] = false }
    for link in links { chosen[plans[plan].start + link] = true }
    return links.map { LinkID($0) }
  }

  /// Whether a plan has chosen an agent or a link, the last time.
  func hasChosen(_ rank: Int, _ plan: Int) -> Bool { chosen[plans[plan].start + rank] }

  /// Whether the ends of a link are on different sides of a partition.
  func parts(_ link: LinkID, _ plan: Int) -> Bool {
    let sides = plans[plan].sides
    return sides[network.senders[link.index].index] != sides[network.receivers[link.index].index]
  }

  /// On which side of a partition each node is, where agents come and go.
  func sides(of partition: PartitionSettings, _ plan: Int, present: [Bool]?, hasLink: [Bool]) -> [Int] {
    let hasCentre = network.nodeCount > agentCount
    // Links to and from a fusion centre are none of the network of agents.
    let sides = try? partition.sides(
      in: ground, hasCentre: hasCentre, members: present.map { Array($0.prefix(agentCount)) },
      hasLink: hasCentre ? nil : hasLink)
    return sides ?? plans[plan].sides
  }

  /// Those who join at an occurrence of a plan.
  func joiners(by plan: Int, occurrence: Int) -> [NodeID] {
    let join = joins.first { $0.plan == plan && $0.occurrence == occurrence }
    for rank in 0..<agentCount { chosen[plans[plan].start + rank] = false }
    for rank in join?.ranks ?? [] { chosen[plans[plan].start + rank] = true }
    return join?.ranks.map { NodeID($0) } ?? []
  }

  /// Those who are not there at the start.
  var joiners: [NodeID] { joins.flatMap(\.ranks).sorted().map { NodeID($0) } }

  /// What the event is called by which an agent joins.
  func nameOfJoin(of node: NodeID) -> String {
    joins.first { $0.ranks.contains(node.index) }.map { plans[$0.plan].name } ?? ""
  }

  // MARK: - Whom it holds

  /// Lets the cause of a plan hold an agent or a link.
  ///
  /// - Parameter rank: of the agent or the link.
  /// - Returns: whether it did not before.
  func hold(_ rank: Int, by plan: Int) -> Bool { change(rank, plan, to: true) }

  /// Lets the cause of a plan go.
  ///
  /// - Returns: whether it held the agent or the link.
  func release(_ rank: Int, by plan: Int) -> Bool { change(rank, plan, to: false) }

  /// Whether the cause of a plan holds an agent or a link.
  func holds(_ rank: Int, by plan: Int) -> Bool { holding[plans[plan].start + rank] }

  private func change(_ rank: Int, _ plan: Int, to holds: Bool) -> Bool {
    let place = plans[plan].start + rank
    defer { holding[place] = holds }
    return holding[place] != holds
  }
}

/// Who joins at an occurrence of a plan.
struct ScriptedJoin {
  let plan: Int
  let occurrence: Int
  let ranks: [Int]
}

extension Timeline {
  /// Who joins when. It is settled before the run begins, as these agents are not there until then: each joins by the first
  /// event that chooses it, and shares are of those whom no earlier one has chosen.
  private static func joins(
    _ plans: [Plan], _ ground: SelectionGround, _ choices: StreamFamily
  ) -> [ScriptedJoin] {
    var times: [(time: Int64, plan: Int, occurrence: Int)] = []
    for (plan, entry) in plans.enumerated() {
      guard case .members(_, .join) = entry.change else { continue }
      var time: Int64 = -1
      while let next = entry.occurrences.next(after: time), next < entry.end {
        time = next
        times.append((time, plan, entry.occurrences.count(before: time)))
      }
    }
    var isTaken = Set<Int>()
    return times.sorted { ($0.time, $0.plan) < ($1.time, $1.plan) }.map { turn in
      let selector = plans[turn.plan].change.agentSelector ?? .all
      let draw = ChoiceDraw(choices, name: plans[turn.plan].name, occurrence: turn.occurrence)
      let ranks = ground.ranks(selector, draw, isPresent: { !isTaken.contains($0) }).filter { !isTaken.contains($0) }
      isTaken.formUnion(ranks)
      return ScriptedJoin(plan: turn.plan, occurrence: turn.occurrence, ranks: ranks)
    }
  }
}

extension ScriptedChange {
  /// What it names that is not there, in words; nothing where all is there.
  func missing(in ground: SelectionGround, network: Network, events: [String]) -> String? {
    switch self {
    case .heal(let event?): events.contains(event) ? nil : "event '\(event)'"
    case .partition(let partition): partition.missing(in: ground)
    case .agents, .links, .heal, .tasks, .speeds, .members, .centre:
      agentSelector.flatMap { $0.missing(in: ground, events: events) }
        ?? linkSelector.flatMap { $0.missing(in: ground, network: network, events: events) }
    }
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

extension LinkSelector {
  /// What it names that is not there, in words.
  func missing(in ground: SelectionGround, network: Network, events: [String]) -> String? {
    switch self {
    case .pairs(let pairs):
      // Around a fusion centre agents have other links than in other arms.
      let edges = ground.agents.edges.union(network.edges)
      let missing = pairs.first { pair in !pair.contains(CentreSettings.name) && !edges.contains(Set(pair)) }
      return missing.map { "link between '\($0.joined(separator: "' and '"))'" }
    case .between(let first, let second):
      return [first, second].first { ground.group($0) == nil }.map { "group '\($0)'" }
    case .event(let name): return events.contains(name) ? nil : "event '\(name)'"
    case .all, .of, .share: return nil
    }
  }
}

extension Network {
  /// The ends of every link, by name.
  fileprivate var edges: Set<Set<String>> {
    Set((0..<linkCount).map { [names[senders[$0].index], names[receivers[$0].index]] })
  }
}

extension PartitionSettings {
  /// What it names that is not there, in words.
  fileprivate func missing(in ground: SelectionGround) -> String? {
    guard case .listed(let sides) = sides else { return nil }
    return sides.flatMap(\.agents).first { ground.rank($0) == nil }.map { "agent '\($0)'" }
  }
}
