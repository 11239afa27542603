// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Quantities
import Randomness

/// Whose turn it is, and when: every agent by a clock of its own, or one agent at a time by a clock for all.
///
/// One at a time, a ring falls to one of the agents that are there at that instant, each equally probable. What falls to an
/// agent that is down passes without a turn.
///
/// *Randomness*: `AgentClocks`; of one agent at a time also `gossipTurn` of the network at the number of the ring.
struct AgentTurns<Scalar: ParameterScalar>: ~Copyable {
  /// The turn of an agent, and its number among those of the agent.
  struct Turn {
    let agent: NodeID
    let number: UInt64
  }

  private let wake: GossipSettings.Wake
  private let clocks: AgentClocks
  private let turnKey: StreamKey
  private let agentCount: UInt32
  /// One at a time: whose timer the next ring is, and whose turn if all agents are there then; nobody's before the clock
  /// was started.
  private var nextAgent: NodeID?
  /// Turns of each agent so far, missed ones among them (one at a time).
  private let turns: Column<UInt64>

  init(_ settings: SimulationSettings, world: World, replication: UInt32) throws(SimulationError) {
    let network = EntityKey("network")
    let agents = world.network.keys
    let wake = settings.strategy.facts.audience == .oneNeighbour ? settings.strategy.gossip.wake : .independent
    clocks = try AgentClocks(
      settings, of: wake == .independent ? agents : [network], replication: replication)
    self.wake = wake
    turnKey = StreamFamily(seed: settings.seed, replication: replication, purpose: .gossipTurn).key(network)
    agentCount = UInt32(agents.count)
    turns = Column(repeating: 0, count: agents.count)
  }

  /// Sets the clocks going: for an agent that begins or has recovered, or whose crash took the timer of all with it.
  mutating func start(_ node: NodeID, _ run: inout RunState<Scalar>) {
    switch wake {
    case .independent:
      clocks.pass(node.index, before: run.now)
      run.setTimer(node, tag: TimerTag.ring, at: clocks.nextRing(of: node.index))
    case .oneAtATime:
      guard nextAgent == nil else { return }
      clocks.pass(0, before: run.now)
      scheduleTurn(&run)
    }
  }

  /// Keeps the clock of all going when the agent whose timer is next crashes or leaves.
  mutating func crashed(_ node: NodeID, _ run: inout RunState<Scalar>) {
    if nextAgent == node { run.setTimer(node, tag: TimerTag.ring, at: clocks.nextRing(of: 0)) }
  }

  /// A clock has rung by the timer of an agent; `wind` has to follow once the turn is over.
  ///
  /// - Returns: the turn, or nothing if the agent whose it is is down.
  @inline(__always)
  mutating func rang(for node: NodeID, _ run: borrowing RunState<Scalar>) -> Turn? {
    switch wake {
    case .independent:
      run.tell(.rings, node)
      return Turn(agent: node, number: clocks.ring(node.index))
    case .oneAtATime:
      let ring = clocks.ring(0)
      let agent = run.memberCount == run.agentCount ? node : presentAgent(at: ring, run) ?? node
      let number = turns[agent.index]
      turns[agent.index] = number + 1
      guard run.agents[agent.index].isUp else { return nil }
      run.tell(.rings, agent)
      return Turn(agent: agent, number: number)
    }
  }

  /// Whose turn a ring is while not all agents are there: drawn as `nextAgent`, among those who are; nobody's where none is.
  @inline(never)
  private func presentAgent(at ring: UInt64, _ run: borrowing RunState<Scalar>) -> NodeID? {
    guard run.memberCount > 0 else { return nil }
    var others = turnKey.integer(below: UInt32(run.memberCount), at: ring)
    for rank in 0..<Int(agentCount) where run.present.has(NodeID(rank)) {
      if others == 0 { return NodeID(rank) }
      others -= 1
    }
    return nil
  }

  /// Sets the timer of the next ring. It comes after what the turn has scheduled: an event that is near takes the place
  /// of the one just handled at the head of the queue, and one that is far a place at its end, which is less work.
  @inline(__always)
  mutating func wind(_ node: NodeID, _ run: inout RunState<Scalar>) {
    switch wake {
    case .independent: run.setTimer(node, tag: TimerTag.ring, at: clocks.nextRing(of: node.index))
    case .oneAtATime: scheduleTurn(&run)
    }
  }

  mutating func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    try clocks.visit(&memory)
    try memory.value("next agent", &nextAgent)
    try memory.column("turns", turns)
  }

  private mutating func scheduleTurn(_ run: inout RunState<Scalar>) {
    let agent = NodeID(rank: turnKey.integer(below: agentCount, at: clocks.count(of: 0)))
    nextAgent = agent
    run.setTimer(agent, tag: TimerTag.ring, at: clocks.nextRing(of: 0))
  }
}
