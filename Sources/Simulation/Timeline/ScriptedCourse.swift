// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Quantities

/// What a timeline does to links and tasks, known before a run: for whoever has to know it without one.
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
    while let time = timeline.next, time <= end, timeline.handle(time) {
      let turns = timeline.turns(at: time)
      let changes = turns.compactMap { timeline.follow($0.plan, $0.turn) }
      instants.append(
        Instant(
          time: time, names: turns.map { timeline.plans[$0.plan].name }, isCut: timeline.held { $0.cutsLinks },
          isAway: timeline.held { $0.isKnownCut }, changes: changes))
    }
    self.instants = instants
  }
}

extension Timeline {
  /// Lets causes hold links and let them go, as a run does.
  ///
  /// - Returns: how tasks change.
  fileprivate func follow(_ plan: Int, _ turn: ScriptedTurn) -> ScriptedTaskChange? {
    guard case .begin(let occurrence) = turn else {
      if plans[plan].change.isAboutLinks { releaseAll(by: plan) }
      return nil
    }
    switch plans[plan].change {
    case .links(let selector, let direction, .cut):
      for link in choose(selector, direction, for: plan, occurrence: occurrence) { _ = hold(link.index, by: plan) }
    case .links(let selector, let direction, .restore):
      let links = choose(selector, direction, for: plan, occurrence: occurrence)
      for cause in plans.indices where plans[cause].change.cutsChosenLinks {
        for link in links { _ = release(link.index, by: cause) }
      }
    case .partition:
      for link in (0..<network.linkCount).map({ LinkID($0) }) where parts(link, plan) {
        _ = hold(link.index, by: plan)
      }
    case .heal(let event):
      for cause in plans.indices {
        guard case .partition = plans[cause].change, event == nil || plans[cause].name == event else { continue }
        releaseAll(by: cause)
      }
    case .tasks(let selector, let change):
      // Later entries may be about those of this one.
      _ = choose(selector, for: plan, occurrence: occurrence)
      return change
    case .links(_, _, .replace), .agents, .speeds, .members: break
    }
    return nil
  }

  private func releaseAll(by plan: Int) {
    for link in 0..<network.linkCount { _ = release(link, by: plan) }
  }

  /// Which links are held by a plan of some kind.
  fileprivate func held(by isMeant: (ScriptedChange) -> Bool) -> [Bool] {
    let causes = plans.indices.filter { isMeant(plans[$0].change) }
    return (0..<network.linkCount).map { link in causes.contains { holds(link, by: $0) } }
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
