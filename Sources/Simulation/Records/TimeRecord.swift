// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Quantities
import Records

/// What each agent has lost to which cause, and for how long it stood still or slept while it was up.
struct TimeRecord: ~Copyable {
  struct State: BitwiseCopyable {
    /// Which cause has taken the agent down last.
    var cause: UInt32 = 0
    /// From when on it has been up.
    var upSince = VirtualTime.zero
    var paused = VirtualDuration.zero
    var asleep = VirtualDuration.zero
    /// From when on it has been asleep; `never` while it is not.
    var asleepSince = VirtualTime.never
  }

  /// What an agent has lost to a cause.
  struct Loss: BitwiseCopyable {
    var agent: UInt32
    var cause: UInt32
    var wasted = VirtualDuration.zero
    var down = VirtualDuration.zero
    var messages: UInt64 = 0
  }

  let isOn: Bool
  private let states: Column<State>
  /// The names of all causes that take agents down or away, in the order in which they stand in the scenario.
  private let names: [String]
  private let numbers: [String: UInt32]
  /// The cause of the present change of the world.
  private let present = Column<UInt32>(repeating: 0, count: 1)
  /// By agent and cause, in the order in which they came.
  private var losses: [Loss] = []
  private var places: [UInt64: Int] = [:]

  init(
    _ settings: SimulationSettings, agents: Int, outages: borrowing Outages, timeline: borrowing Timeline
  ) {
    isOn = settings.measurement.records.countsLinks
    states = Column(repeating: State(), count: isOn ? agents : 0)
    var names: [String] = []
    var numbers: [String: UInt32] = [:]
    if isOn {
      let all = (0..<outages.lineCount).map { outages.name(of: $0) } + timeline.plans.map(\.name)
      for name in all where numbers[name] == nil {
        numbers[name] = UInt32(names.count)
        names.append(name)
      }
    }
    (self.names, self.numbers) = (names, numbers)
  }

  // MARK: - Causes

  /// Takes note of why the world changes now. Causes that take nobody down have no number.
  func blame(_ name: String) {
    if let number = numbers[name] { present[0] = number }
  }

  /// The present cause is to blame for the outage of an agent, or for its absence.
  func takeDown(_ node: NodeID) { states[node.index].cause = present[0] }

  /// An agent's crash has discarded a step.
  mutating func waste(_ node: NodeID, _ time: VirtualDuration) { losses[place(of: node)].wasted += time }

  /// An agent has been down for a while.
  mutating func down(_ node: NodeID, _ time: VirtualDuration) { losses[place(of: node)].down += time }

  /// A message has come to an agent that is down, or lay unread as it forgot all.
  mutating func miss(_ node: NodeID) { losses[place(of: node)].messages += 1 }

  private mutating func place(of node: NodeID) -> Int {
    let cause = states[node.index].cause
    let key = UInt64(node.rank) << 32 | UInt64(cause)
    if let place = places[key] { return place }
    losses.append(Loss(agent: node.rank, cause: cause))
    places[key] = losses.count - 1
    return losses.count - 1
  }

  /// What each agent has lost to each cause, in the order of the scenario.
  ///
  /// - Parameter ongoing: how long the present outage of an agent has lasted; nothing where it is up, or not there.
  func causes(agents: Int, ongoing: (NodeID) -> VirtualDuration?) -> [[AgentCause]] {
    var lost: [[UInt32: Loss]] = Array(repeating: [:], count: agents)
    // What a fusion centre has missed while it was down is no agent's.
    for loss in losses where loss.agent < agents { lost[Int(loss.agent)][loss.cause] = loss }
    return lost.enumerated().map { rank, byCause in
      var byCause = byCause
      if let time = ongoing(NodeID(rank)) {
        let cause = states[rank].cause
        byCause[cause, default: Loss(agent: UInt32(rank), cause: cause)].down += time
      }
      return byCause.keys.sorted().compactMap { cause in
        guard let loss = byCause[cause], names.indices.contains(Int(cause)) else { return nil }
        return AgentCause(
          cause: names[Int(cause)], wasted: loss.wasted.seconds, down: loss.down.seconds, messages: loss.messages)
      }
    }
  }

  // MARK: - Standing still

  /// An agent comes up.
  func comeUp(_ node: NodeID, at now: VirtualTime) { states[node.index].upSince = now }

  /// A pause of an agent that is up ends, with itself or with a crash.
  func endPause(_ node: NodeID, since start: VirtualTime, at now: VirtualTime) {
    states[node.index].paused += now - max(start, states[node.index].upSince)
  }

  /// How long an agent has stood still while it was up.
  ///
  /// - Parameter start: of the pause under way; nothing where the agent is down or goes on.
  func paused(_ node: NodeID, since start: VirtualTime?, at now: VirtualTime) -> VirtualDuration {
    let state = states[node.index]
    return state.paused + (start.map { now - max($0, state.upSince) } ?? .zero)
  }

  /// An agent sleeps from now on.
  func fallAsleep(_ node: NodeID, at now: VirtualTime) { states[node.index].asleepSince = now }

  /// An agent sleeps no longer.
  func wake(_ node: NodeID, at now: VirtualTime) {
    states[node.index].asleep = asleep(node, at: now)
    states[node.index].asleepSince = .never
  }

  /// How long an agent has slept.
  func asleep(_ node: NodeID, at now: VirtualTime) -> VirtualDuration {
    let state = states[node.index]
    return state.asleep + (state.asleepSince < now ? now - state.asleepSince : .zero)
  }

  /// All of it that changes while the run goes on.
  mutating func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    guard isOn else { return }
    try memory.column("times of agents", states)
    try memory.list("losses by cause", &losses)
    guard memory.isReading else { return }
    places = [:]
    for (place, loss) in losses.enumerated() { places[UInt64(loss.agent) << 32 | UInt64(loss.cause)] = place }
    guard losses.allSatisfy({ Int($0.agent) < states.count }) else {
      throw RunMemoryFault("it has losses of agents that there are not")
    }
  }
}
