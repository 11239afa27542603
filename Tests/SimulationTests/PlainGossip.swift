// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Networks
import Quantities
import Randomness
import Simulation

/// Push gossip with local steps written once more, as plainly as can be, on the draws of the run. No two of its events
/// may fall together, and nobody crashes.
struct PlainGossip {
  private enum What {
    case ring
    case arrival(estimate: [Double])
    case stepEnd
  }

  private struct Agent {
    var parameters: [Double]
    var rings = 0
    /// Whose peer the next exchange takes.
    var turn = 0
    var attempts = 0
    var increment: [Double]?
    var owes = false
    var changes = 0
  }

  let settings: SimulationSettings
  let learning: PlainLearning
  private var agents: [Agent]
  private var events: [(time: VirtualTime, agent: Int, what: What)] = []
  private var sent: [Int]
  private(set) var lost = 0
  private(set) var steps = 0
  /// Changes of parameters while steps were under way, all together.
  private(set) var changes = 0

  init(_ settings: SimulationSettings) throws {
    self.settings = settings
    let world = try World(settings, replication: 0)
    learning = PlainLearning(world: world, seed: settings.seed)
    let start = [Double](repeating: 0, count: settings.parameterCount)
    agents = Array(repeating: Agent(parameters: start), count: world.network.nodeCount)
    sent = Array(repeating: 0, count: world.network.linkCount)
    for agent in agents.indices {
      let phase = draw(settings.strategy.clock.startPhase, .clockPhase, world.network.keys[agent], 0)
      events.append((VirtualTime(seconds: phase), agent, .ring))
    }
  }

  var parameters: [Double] { agents.flatMap(\.parameters) }
  var sentCount: Int { sent.reduce(0, +) }

  private var network: Network { learning.world.network }
  private var order: GossipSettings.Order { settings.strategy.gossip.order }

  private func draw(
    _ law: Distribution, _ purpose: Purpose, _ entity: EntityKey, _ index: Int, replication: UInt32 = 0
  ) -> Double {
    law.sample(key(purpose, entity, replication: replication), at: UInt64(index))
  }

  private func key(_ purpose: Purpose, _ entity: EntityKey, replication: UInt32 = 0) -> StreamKey {
    StreamFamily(seed: settings.seed, replication: replication, purpose: purpose).key(entity)
  }

  mutating func run() {
    while let next = events.indices.min(by: { events[$0].time < events[$1].time }) {
      let (time, agent, what) = events.remove(at: next)
      if time > VirtualTime(settings.measurement.until) { break }
      switch what {
      case .ring: ring(agent, time)
      case .arrival(let estimate): hear(agent, estimate, time)
      case .stepEnd: endStep(agent, time)
      }
    }
  }

  private mutating func ring(_ agent: Int, _ time: VirtualTime) {
    let clock = settings.strategy.clock
    let name = network.keys[agent]
    let typical = draw(clock.betweenAgents, .clockSpeed, name, 0, replication: StreamFamily.study)
    let interval = VirtualDuration(
      seconds: draw(clock.withinAgent, .clockInterval, name, agents[agent].rings) * typical)
    if order == .combineThenAdapt || agents[agent].increment == nil { agents[agent].turn = agents[agent].rings }
    agents[agent].rings += 1
    events.append((time + interval, agent, .ring))
    if order == .adaptThenCombine { launch(agent, time) } else { send(agent, time) }
  }

  private mutating func send(_ agent: Int, _ time: VirtualTime) {
    let links = network.outgoing(NodeID(agent))
    var draws = Draws(key(.gossipPeer, network.keys[agent]), at: UInt64(agents[agent].turn))
    let link = links[links.startIndex + Int(draws.integer(below: UInt32(links.count)))]
    let number = sent[link.index]
    sent[link.index] += 1
    var luck = Draws(key(.loss, network.key(link)), at: UInt64(number))
    guard luck.uniform() >= (settings.conditions.links.loss.independent ?? 0) else {
      lost += 1
      return
    }
    guard let law = settings.conditions.links.latency.law else { return }
    let arrival = time + VirtualDuration(seconds: draw(law, .latency, network.key(link), number))
    events.append((arrival, network.receivers[link.index].index, .arrival(estimate: agents[agent].parameters)))
  }

  private mutating func hear(_ agent: Int, _ estimate: [Double], _ time: VirtualTime) {
    for entry in estimate.indices {
      let own = agents[agent].parameters[entry]
      agents[agent].parameters[entry] = own + (estimate[entry] - own) / 2
    }
    if agents[agent].increment != nil { agents[agent].changes += 1 }
    if order == .combineThenAdapt { launch(agent, time) }
  }

  private mutating func launch(_ agent: Int, _ time: VirtualTime) {
    if agents[agent].increment != nil {
      agents[agent].owes = true
      return
    }
    let start = agents[agent].parameters
    let end = learning.increment(start, agent: agent, attempt: agents[agent].attempts)
    agents[agent].increment = end
    let compute = settings.conditions.compute
    let typical = draw(compute.betweenAgents, .agentSpeed, network.keys[agent], 0, replication: StreamFamily.study)
    let factor = draw(compute.withinAgent, .computeTime, network.keys[agent], agents[agent].attempts)
    let duration = VirtualDuration(seconds: factor * typical)
    agents[agent].attempts += 1
    if duration == .zero { endStep(agent, time) } else { events.append((time + duration, agent, .stepEnd)) }
  }

  private mutating func endStep(_ agent: Int, _ time: VirtualTime) {
    guard let increment = agents[agent].increment else { return }
    for entry in increment.indices { agents[agent].parameters[entry] += increment[entry] }
    agents[agent].increment = nil
    steps += 1
    changes += agents[agent].changes
    agents[agent].changes = 0
    if order == .adaptThenCombine { send(agent, time) }
    if agents[agent].owes { agents[agent].turn = agents[agent].rings - 1 }
    if agents[agent].owes {
      agents[agent].owes = false
      launch(agent, time)
    }
  }
}
