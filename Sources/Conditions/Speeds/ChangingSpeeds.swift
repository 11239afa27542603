// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Quantities
import Randomness

/// The speeds of agents as functions of time, and how far their steps have come.
///
/// A step ends when the integral of its agent's speed over time equals its work, what it takes at speed one. Causes
/// multiply: slow spells, a trace, what the timeline says. The first two are known for all times, so the end of a step is
/// known when it begins, and no event is made of their changes; what the timeline changes is told here when it comes.
///
/// *Rounding*: pieces of a speed begin at whole nanoseconds, and a step ends at the nanosecond nearest to its end. Between
/// these nothing is rounded (`WorkLeft`), however many pieces a step goes through, so no work is lost or done twice.
///
/// *Randomness*: that of `SlowSpells`, the same whatever the agents do.
package struct ChangingSpeeds: ~Copyable {
  private let inPlace = InPlace()
  /// Whether there is any speed but one, ever; else a step ends after its work, and nobody asks here.
  package let isOn: Bool
  private let spells: SlowSpells
  private let traces: SpeedTraces
  /// What holds of each agent now: at the last time that it was asked for.
  private let present: Column<PresentSpeed>
  private let steps: Column<StepProgress>
  /// When the run ends: what a step has still to do then is not looked for.
  private let horizon: VirtualTime

  /// The speeds of one replication.
  ///
  /// - Parameters:
  ///   - concerned: the ranks of the agents that have slow spells.
  ///   - changes: whether the timeline changes speeds.
  ///   - agentCount: those that learn, which come first on the network; whoever else is there follows no trace.
  package init(
    _ settings: ComputeSettings, slowSpellsOf concerned: [Int], timelineChanges changes: Bool, network: Network,
    agentCount: Int, until horizon: VirtualTime, seed: UInt64, replication: UInt32
  ) {
    let spells = SlowSpells(settings.spells, of: concerned, network: network, seed: seed, replication: replication)
    let traces = SpeedTraces(settings.trace, network: network, agentCount: agentCount, seed: seed)
    isOn = settings.hasChangingSpeeds || changes
    let count = isOn ? network.nodeCount : 0
    present = Column(
      (0..<count).map {
        PresentSpeed(spell: spells.first(of: NodeID($0)), trace: traces.piece(of: NodeID($0), at: .zero))
      })
    steps = Column(repeating: StepProgress(), count: count)
    self.spells = spells
    self.traces = traces
    self.horizon = horizon
  }

  // MARK: - Steps

  /// Begins a step. Nobody may ask for a time before this one any more.
  ///
  /// - Returns: when it ends unless the timeline changes the agent's speed until then; *never* where the agent stands
  ///   still for ever.
  package func begin(_ node: NodeID, work: VirtualDuration, at time: VirtualTime) -> VirtualTime {
    goOn(node, to: time)
    steps[node.index].begin(work, at: time)
    return end(node)
  }

  /// Ends the step under way, which has gone on for so long without pauses.
  package func finish(_ node: NodeID, computing: VirtualDuration) {
    let step = steps[node.index]
    steps[node.index].slowed += computing.nanoseconds - step.work
    steps[node.index].isUnderWay = false
  }

  /// Gives the step under way up, which has gone on for so long without pauses.
  package func discard(_ node: NodeID, computing: VirtualDuration, at time: VirtualTime) {
    guard steps[node.index].isUnderWay else { return }
    steps[node.index].slowed += computing.nanoseconds - done(node, at: time)
    steps[node.index].isUnderWay = false
  }

  /// Whether a step is under way.
  package func isStepUnderWay(_ node: NodeID) -> Bool { steps[node.index].isUnderWay }

  /// Time that the agent has spent computing up to now, less what its steps would have taken at speed one: negative where
  /// it is faster. The step under way has gone on for so long without pauses.
  package func slowed(_ node: NodeID, computing: VirtualDuration, at time: VirtualTime) -> Double {
    let step = steps[node.index]
    let own = step.isUnderWay ? computing.nanoseconds - done(node, at: time) : 0
    return Double(step.slowed + own) / 1e9
  }

  // MARK: - What the timeline changes

  /// How many times longer steps take by the timeline.
  package func scripted(_ node: NodeID) -> Double { present[node.index].scripted }

  /// Lets steps take so many times longer by the timeline from now on; infinitely where the agent stands still.
  ///
  /// - Returns: when the step under way ends now; *never* where it stands still.
  package func change(_ node: NodeID, slowdown: Double, at time: VirtualTime) -> VirtualTime {
    if steps[node.index].isUnderWay {
      steps[node.index].left = left(node, at: time)
      steps[node.index].since = time
    }
    goOn(node, to: time)
    present[node.index].scripted = slowdown
    return steps[node.index].isUnderWay ? end(node) : .never
  }

  /// What of it changes while the run goes on.
  package func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    try memory.column("present speeds", present)
    try memory.column("progress of steps", steps)
  }

  // MARK: - The integral of a speed

  /// Goes on to the pieces that hold at a time.
  @inline(__always)
  private func goOn(_ node: NodeID, to time: VirtualTime) {
    while present[node.index].until <= time { goOn(&present[node.index], of: node) }
  }

  private func goOn(_ speed: inout PresentSpeed, of node: NodeID) {
    let until = speed.until
    if speed.spell.until == until { speed.spell = spells.next(after: speed.spell, of: node) }
    if speed.trace.until == until { speed.trace = traces.piece(of: node, at: until) }
  }

  /// When the step ends that was last looked at when its present piece held.
  private func end(_ node: NodeID) -> VirtualTime {
    var speed = present[node.index]
    var (time, left) = (steps[node.index].since, steps[node.index].left)
    if left.isNone { return time }
    while speed.scripted < .infinity {
      let length = speed.until - time
      if let needed = left.time(slowdown: speed.slowdown, within: length.nanoseconds) {
        return time + VirtualDuration(nanoseconds: needed)
      }
      if speed.until > horizon { return speed.until }
      left.work(nanoseconds: length.nanoseconds, slowdown: speed.slowdown)
      time = speed.until
      goOn(&speed, of: node)
    }
    return .never
  }

  /// What is left at a time of the step under way.
  private func left(_ node: NodeID, at end: VirtualTime) -> WorkLeft {
    var speed = present[node.index]
    var (time, left) = (steps[node.index].since, steps[node.index].left)
    while time < end {
      let next = min(speed.until, end)
      left.work(nanoseconds: (next - time).nanoseconds, slowdown: speed.slowdown)
      time = next
      if speed.until <= time { goOn(&speed, of: node) }
    }
    return left
  }

  /// Nanoseconds at speed one that are done at a time of the step under way.
  private func done(_ node: NodeID, at time: VirtualTime) -> Int64 {
    steps[node.index].work - left(node, at: time).nanoseconds
  }
}
