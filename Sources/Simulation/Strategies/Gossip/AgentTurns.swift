// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Quantities
import Randomness

/// Whose turn it is, and when: every agent by a clock of its own, or one agent at a time by a clock for all.
///
/// What falls to an agent that is down passes without a turn.
///
/// *Randomness*: `AgentClocks`; of one agent at a time also `gossipTurn` of the network at the number of the ring.
struct AgentTurns<Scalar: ParameterScalar>: ~Copyable {
  private let wake: GossipSettings.Wake
  private let clocks: AgentClocks
  private let turnKey: StreamKey
  private let agentCount: UInt32
  /// One at a time: whose turn the next ring is; nobody's before the clock was started.
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

  /// Keeps the clock of all going when the agent whose turn comes next crashes.
  mutating func crashed(_ node: NodeID, _ run: inout RunState<Scalar>) {
    if nextAgent == node { run.setTimer(node, tag: TimerTag.ring, at: clocks.nextRing(of: 0)) }
  }

  /// A clock has rung; `wind` has to follow once the turn is over.
  ///
  /// - Returns: the number of the agent's turn, or nothing if the agent is down.
  @inline(__always)
  mutating func rang(for node: NodeID, _ run: borrowing RunState<Scalar>) -> UInt64? {
    switch wake {
    case .independent:
      return clocks.ring(node.index)
    case .oneAtATime:
      _ = clocks.ring(0)
      let number = turns[node.index]
      turns[node.index] = number + 1
      return run.agents[node.index].isUp ? number : nil
    }
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
