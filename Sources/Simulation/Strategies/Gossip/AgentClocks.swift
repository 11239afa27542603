// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Quantities
import Randomness

/// Clocks that ring again and again, one for each agent or one for all.
///
/// When a clock rings does not depend on anything that happens in the run: clocks go on while an agent is down, which
/// misses those rings. So outages leave every later ring where it was, in all arms. An interval is at least one nanosecond.
///
/// *Randomness*: `clockSpeed` of the agent at index 0, once per study; `clockPhase` at index 0 and `clockInterval` at
/// the number of the ring that starts the interval, per replication.
struct AgentClocks: ~Copyable {
  private let inPlace = InPlace()
  private let typical: Column<Double>
  private let intervalKeys: Column<StreamKey>
  private let withinAgent: Distribution
  /// When each clock rings next.
  private let next: Column<VirtualTime>
  /// How often each clock has rung.
  private let rings: Column<UInt64>

  /// The clocks of agents, or of whatever else has a name.
  ///
  /// - Throws: if a clock would ring without end at one instant.
  init(_ settings: SimulationSettings, of entities: [EntityKey], replication: UInt32) throws(SimulationError) {
    let clock = settings.strategy.clock
    let study = settings.resample.contains(.speeds) ? replication : StreamFamily.study
    func family(_ purpose: Purpose, _ replication: UInt32) -> StreamFamily {
      StreamFamily(seed: settings.seed, replication: replication, purpose: purpose)
    }
    let phases = family(.clockPhase, replication)
    let intervals = family(.clockInterval, replication)
    let typical = clock.intervals(of: entities, seed: settings.seed, replication: study)
    guard clock.withinAgent.mean > 0, typical.allSatisfy({ $0 > 0 }) else {
      throw SimulationError("A clock needs an interval above zero, else it rings without end at one instant.")
    }
    self.typical = Column(typical)
    next = Column(entities.map { VirtualTime(seconds: clock.startPhase.sample(phases.key($0), at: 0)) })
    intervalKeys = Column(entities.map { intervals.key($0) })
    rings = Column(repeating: 0, count: entities.count)
    withinAgent = clock.withinAgent
  }

  /// When a clock rings next.
  func nextRing(of clock: Int) -> VirtualTime { next[clock] }

  /// How often a clock has rung.
  func count(of clock: Int) -> UInt64 { rings[clock] }

  /// Lets a clock ring.
  ///
  /// - Returns: the number of this ring, from zero.
  @inline(__always)
  func ring(_ clock: Int) -> UInt64 {
    let number = rings[clock]
    rings[clock] = number &+ 1
    let interval = VirtualDuration(seconds: withinAgent.sample(intervalKeys[clock], at: number) * typical[clock])
    next[clock] += interval == .zero ? .nanosecond : interval
    return number
  }

  /// Lets all rings before a time pass.
  func pass(_ clock: Int, before time: VirtualTime) {
    while next[clock] < time { _ = ring(clock) }
  }

  func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    try memory.column("next rings", next)
    try memory.column("rings", rings)
  }
}
