// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Quantities

/// Diffusion and consensus in which an agent uses what it has: it combines with what its mailbox holds at that
/// instant, and begins again when its round is done.
///
/// Where a step has phases, each has its own messages and combination; the round of a message is its phase.
///
/// With exponential compute times, links without latency and messages that carry w this is the continuous-time model
/// in which agents wake at the points of Poisson processes.
struct AsynchronousDiffusion<Scalar: ParameterScalar>: Cooperation, ~Copyable {
  private let arrangement: Arrangement
  private let rule: StrategySettings.MissingNeighbourRule
  private let sends: StrategySettings.MessageContent
  private let exchange: StrategySettings.Exchange
  /// ψ_k between the end of a step and the combination of the same instant; φ_k while the step at it runs.
  private let intermediate: Column<SnapshotHandle>
  private let linkClocks: LinkClocks<Scalar>

  init(_ context: StrategyContext) {
    let (settings, network) = (context.settings, context.world.network)
    let strategy = settings.strategy
    arrangement = strategy.facts.arrangement
    rule = strategy.missingNeighbour
    sends = strategy.message
    exchange = strategy.exchange
    intermediate = Column(repeating: .none, count: network.nodeCount)
    linkClocks = LinkClocks(strategy, network: network, seed: settings.seed, replication: context.replication)
  }

  mutating func begin(_ node: NodeID, _ run: inout RunState<Scalar>) {
    if exchange == .link { linkClocks.start(node, &run) }
    if arrangement == .combineThenAdapt {
      readNeighbours(of: node, &run)
      run.requestCombine(node)
    } else {
      run.launchStep(node)
    }
  }

  mutating func stepEnded(_ node: NodeID, _ psi: SnapshotHandle, _ run: inout RunState<Scalar>) {
    switch arrangement {
    case .adaptThenCombine:
      intermediate[node.index] = psi
      if exchange == .push, sends == .psi {
        run.broadcast(
          psi, from: node, round: UInt32(run.agents[node.index].phase),
          turn: run.agents[node.index].attempts - 1)
      }
      readNeighbours(of: node, &run)
      run.requestCombine(node)
    case .consensus:
      run.snapshots.release(psi)
      readNeighbours(of: node, &run)
      run.requestCombine(node)
    case .combineThenAdapt, .alone:
      run.snapshots.release(psi)
      run.adopt(node, intermediate[node.index])
      intermediate[node.index] = .none
      run.applyIncrement(node)
      finish(node, &run)
    }
  }

  /// Reads what the neighbours have now, where agents read.
  private func readNeighbours(of node: NodeID, _ run: inout RunState<Scalar>) {
    guard exchange == .pull else { return }
    for link in run.topology.incoming(node) where run.present.has(link) { run.read(over: LinkID(link)) }
  }

  mutating func received(_ message: Message, _ run: inout RunState<Scalar>) {
    run.keep(message, round: message.round)
  }

  mutating func combineDue(_ node: NodeID, _ run: inout RunState<Scalar>) {
    switch arrangement {
    case .adaptThenCombine:
      let psi = intermediate[node.index]
      intermediate[node.index] = .none
      run.combine(node, own: psi, round: nil, missing: rule)
      finish(node, &run)
    case .consensus:
      run.combine(node, own: run.snapshot(of: node), round: nil, missing: rule, addsIncrement: true)
      finish(node, &run)
    case .combineThenAdapt, .alone:
      let phi = run.combined(node, own: run.snapshot(of: node), round: nil, missing: rule)
      intermediate[node.index] = phi
      run.launchStep(node, at: phi)
    }
  }

  /// The agent has a new w: it says so where messages carry w, and begins again.
  private func finish(_ node: NodeID, _ run: inout RunState<Scalar>) {
    if exchange == .push, sends == .combined {
      let combined = run.snapshot(of: node)
      run.broadcast(
        combined, from: node, round: UInt32(run.agents[node.index].phase),
        turn: run.agents[node.index].attempts - 1)
      run.snapshots.release(combined)
    }
    run.advancePhase(node)
    run.scheduleBegin(node)
  }

  mutating func timerFired(_ node: NodeID, tag: UInt8, payload: UInt32, _ run: inout RunState<Scalar>) {
    linkClocks.fired(LinkID(rank: payload), of: node, &run)
  }

  mutating func changed(_ node: NodeID, _ change: LifeChange, _ run: inout RunState<Scalar>) {
    switch change {
    case .crash, .departure:
      if intermediate[node.index] != .none { run.snapshots.release(intermediate[node.index]) }
      intermediate[node.index] = .none
      linkClocks.stop(node)
    case .recovery, .arrival:
      run.scheduleBegin(node)
    }
  }

  mutating func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    try memory.column("intermediate estimates", intermediate)
    try linkClocks.visit(&memory)
  }
}
