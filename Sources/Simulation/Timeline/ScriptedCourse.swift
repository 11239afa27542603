// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Quantities

/// What a timeline does to links, agents and tasks, known before a run: for whoever has to know it without one.
///
/// It follows the timeline as a run does, with the same plans, choices and causes, but looks at replication 0 only; what
/// it says of a timeline that draws whom or what it is about holds there.
package struct ScriptedCourse: Sendable, Equatable {
  /// An instant of which the timeline says something.
  package struct Instant: Sendable, Equatable {
    package let time: VirtualTime
    /// The entries that come or are undone then.
    package let names: [String]
    /// Which links some cause cuts from then on, nobody being told.
    package let isCut: [Bool]
    /// Which links a cut that both ends know keeps out of the present graph from then on.
    package let isAway: [Bool]
    /// Which agents some cause of the timeline holds down from then on.
    package let isDown: [Bool]
    /// How tasks change then, in the order of the file.
    package let changes: [ScriptedTaskChange]
  }

  /// In the order of time, up to the end of the run.
  package let instants: [Instant]

  /// - Throws: if an entry names somebody or something that is not there.
  package init(_ settings: SimulationSettings, in world: World) throws(SimulationError) {
    var timeline = try Timeline(settings, world: world, replication: 0)
    let end = VirtualTime(settings.measurement.until)
    var instants: [Instant] = []
    while let time = timeline.nextInstant(until: end) {
      let turns = timeline.turns(at: time)
      let changes = turns.compactMap { timeline.follow($0.plan, $0.turn, knowsAbsence: settings.changesNetwork) }
      let (links, agents) = (world.network.linkCount, world.agentCount)
      instants.append(
        Instant(
          time: time, names: turns.map { timeline.plans[$0.plan].name }, isCut: timeline.held(links) { $0.cutsLinks },
          isAway: timeline.held(links) { $0.isKnownCut }, isDown: timeline.held(agents) { $0.takesAgentsDown },
          changes: changes))
    }
    self.instants = instants
  }
}

extension Timeline {
  /// Lets causes hold links and agents and let them go, as a run does.
  ///
  /// - Parameter knowsAbsence: whether agents are chosen by what there is of links, as some may be away.
  /// - Returns: how tasks change.
  fileprivate func follow(_ plan: Int, _ turn: ScriptedTurn, knowsAbsence: Bool) -> ScriptedTaskChange? {
    guard case .begin(let occurrence) = turn else {
      releaseAll(by: plan)
      return nil
    }
    let present = knowsAbsence ? PresentAgents(members: nil, degrees: presentDegrees) : nil
    switch plans[plan].change {
    case .links(let selector, let direction, .cut):
      for link in choose(selector, direction, for: plan, occurrence: occurrence) { _ = hold(link.index, by: plan) }
    case .links(let selector, let direction, .restore):
      let links = choose(selector, direction, for: plan, occurrence: occurrence)
      for cause in plans.indices where plans[cause].change.cutsChosenLinks {
        for link in links { _ = release(link.index, by: cause) }
      }
    case .partition(let partition):
      let sides = knowsAbsence ? presentSides(of: partition, plan) : plans[plan].sides
      for link in 0..<network.linkCount
      where sides[network.senders[link].index] != sides[network.receivers[link].index] { _ = hold(link, by: plan) }
    case .heal(let event):
      for cause in plans.indices {
        guard case .partition = plans[cause].change, event == nil || plans[cause].name == event else { continue }
        releaseAll(by: cause)
      }
    case .tasks(let selector, let change):
      // Later entries may be about those of this one.
      _ = choose(selector, for: plan, occurrence: occurrence, among: present)
      return change
    case .agents(let selector, .takeDown):
      for node in choose(selector, for: plan, occurrence: occurrence, among: present) {
        _ = hold(node.index, by: plan)
      }
    case .agents(let selector, .bringUp):
      let agents = choose(selector, for: plan, occurrence: occurrence, among: present)
      for cause in plans.indices where plans[cause].change.takesAgentsDown {
        for node in agents { _ = release(node.index, by: cause) }
      }
    case .links(_, _, .replace), .speeds, .members, .centre: break
    }
    return nil
  }

  private func releaseAll(by plan: Int) {
    let count = plans[plan].change.isAboutLinks ? network.linkCount : ground.count
    for rank in 0..<count { _ = release(rank, by: plan) }
  }

  /// Which of so many links or agents are held by a plan of some kind.
  fileprivate func held(_ count: Int, by isMeant: (ScriptedChange) -> Bool) -> [Bool] {
    let causes = plans.indices.filter { isMeant(plans[$0].change) }
    return (0..<count).map { rank in causes.contains { holds(rank, by: $0) } }
  }

  /// On which side each node is, where halves are of the present graph.
  private func presentSides(of partition: PartitionSettings, _ plan: Int) -> [Int] {
    let isAway = held(network.linkCount) { $0.isKnownCut }
    return sides(of: partition, plan, present: nil, hasLink: isAway.map(!))
  }

  /// How many others each agent hears over links that are not away.
  private var presentDegrees: [Int] {
    let isAway = held(network.linkCount) { $0.isKnownCut }
    return (0..<ground.count).map { agent in network.incoming(NodeID(agent)).count { !isAway[$0] } }
  }
}

extension World {
  /// c_lk of each link, and c_kk of each agent, on the present graph of a run while some links are away.
  ///
  /// - Throws: if values of the rule do not fit the agents.
  package func presentWeights(
    _ settings: SimulationSettings, isAway: [Bool]
  ) throws(SimulationError) -> (links: [Double], own: [Double]) {
    let topology = RunTopology(network)
    let graph = PresentGraph(
      changes: true, rule: try settings.changingWeights(in: self), network: network, agentCount: agentCount)
    for link in isAway.indices where isAway[link] { _ = graph.remove(LinkID(link), topology) }
    for agent in 0..<network.nodeCount { graph.refresh(NodeID(agent), topology) }
    return (
      (0..<network.linkCount).map { graph.has($0) ? graph.weight($0) : 0 },
      (0..<network.nodeCount).map { graph.selfWeight(NodeID($0)) }
    )
  }
}
