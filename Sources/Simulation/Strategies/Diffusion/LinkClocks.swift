// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Networks
import Quantities
import Randomness

/// The clocks of links that send at times of their own.
///
/// *Randomness*: `linkClock` of the link at the number of the interval.
struct LinkClocks<Scalar: ParameterScalar>: ~Copyable {
  private let interval: Distribution
  private let keys: Column<StreamKey>
  /// How often the clock of each link has been set.
  private let settings: Column<UInt64>
  private let isRunning: Column<Bool>

  init(_ strategy: StrategySettings, network: Network, seed: UInt64, replication: UInt32) {
    let isUsed = strategy.exchange == .link
    interval = strategy.linkInterval ?? .constant(1)
    let family = StreamFamily(seed: seed, replication: replication, purpose: .linkClock)
    keys = Column((0..<(isUsed ? network.linkCount : 0)).map { family.key(network.key(LinkID($0))) })
    settings = Column(repeating: 0, count: keys.count)
    isRunning = Column(repeating: false, count: isUsed ? network.nodeCount : 0)
  }

  /// Starts the clocks of an agent's outgoing links, unless they run.
  func start(_ node: NodeID, _ run: inout RunState<Scalar>) {
    guard !isRunning[node.index] else { return }
    isRunning[node.index] = true
    for position in run.topology.outgoing(node) { set(run.topology.outgoing(at: position), of: node, &run) }
  }

  /// An agent has crashed; its timers have died with it.
  func stop(_ node: NodeID) {
    if isRunning.count > 0 { isRunning[node.index] = false }
  }

  func fired(_ link: LinkID, of node: NodeID, _ run: inout RunState<Scalar>) {
    run.tell(.rings, on: link)
    if run.present.has(link.index) {
      let estimate = run.parcel(of: node)
      run.send(
        estimate, over: link, round: 0, attempt: 0, index: run.transmissions.sent(over: link), birth: run.now,
        updates: run.agents[node.index].updates, bytes: run.outbox.bytes)
      run.snapshots.release(estimate)
    }
    set(link, of: node, &run)
  }

  func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    try memory.column("settings of link clocks", settings)
    try memory.column("running link clocks", isRunning)
  }

  private func set(_ link: LinkID, of node: NodeID, _ run: inout RunState<Scalar>) {
    let wait = VirtualDuration(seconds: interval.sample(keys[link.index], at: settings[link.index]))
    settings[link.index] += 1
    _ = run.setTimer(node, tag: TimerTag.link, payload: link.rank, after: wait)
  }
}
