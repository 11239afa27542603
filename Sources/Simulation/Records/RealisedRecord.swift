// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Quantities

/// What a run keeps of the combination matrices that its agents realise, by windows of virtual time: window m holds what
/// happens from m × W on and before (m + 1) × W. The verbs of `RunState` feed it.
///
/// A window ends without an event: before the first event at or after its end is handled.
struct RealisedRecord: ~Copyable {
  let isOn: Bool
  /// Whether the make-up of every vector is kept.
  let carries: Bool
  private let every: VirtualDuration
  /// The window under way.
  private var start = VirtualTime.zero
  private(set) var end: VirtualTime
  let account: CombinationAccount
  var carried: CarriedWeights
  private(set) var closed: ClosedWindows
  /// When the newest estimate was made that waits to be added, by link (push-sum in slots).
  let births: Column<VirtualTime>
  private let growth: GrowthAccount?

  init(_ settings: SimulationSettings, network: Network, phases: Int, growth: GrowthAccount?) {
    let realised = settings.realised
    let agents = network.nodeCount
    isOn = realised != nil
    carries = realised?.keepsProduct(agents: agents) ?? false
    every = realised?.every ?? .zero
    end = realised.map { .zero + $0.every } ?? .never
    let links = isOn ? network.linkCount : 0
    let widest = isOn ? (0..<agents).map { network.degree(NodeID($0)) }.max() ?? 0 : 0
    let passesShares = settings.strategy.facts.passesShares
    let waits = passesShares && settings.strategy.timing == .slotted
    account = CombinationAccount(links: links, agents: isOn ? agents : 0, widest: widest)
    carried = CarriedWeights(
      agents: carries ? agents : 0, phases: phases, areMasses: passesShares, waitsOn: carries && waits ? links : nil,
      copies: carries ? settings.checkpointIntervals.count * agents : 0, account: growth)
    closed = ClosedWindows(agents: agents)
    births = Column(repeating: .zero, count: waits ? links : 0)
    self.growth = growth
  }

  /// Notes a neighbour's estimate as one of the combination that is being gathered.
  @inline(__always)
  func gather(_ position: Int, on link: Int, weight: Double, age: VirtualDuration, slot: SnapshotHandle) {
    account.terms[position] = CombinationAccount.Term(
      link: UInt32(truncatingIfNeeded: link), weight: weight, age: age, slot: slot.slot)
  }

  /// Keeps the window under way and begins the next.
  ///
  /// - Parameter time: where it ends, which is before its time when the run does.
  mutating func close(at time: VirtualTime, _ agents: borrowing Column<AgentState>, _ topology: borrowing RunTopology) {
    let before = closed.bytesHeld
    let steps = (0..<account.updatesBefore.count).map { rank in
      let count = agents[rank].updates - account.updatesBefore[rank]
      account.updatesBefore[rank] = agents[rank].updates
      return count
    }
    if carries {
      closed.append(start..<time, account, steps: steps, product: carried.product, stepWeights: carried.stepWeights)
      carried.beginWindow(topology)
    } else {
      closed.append(start..<time, account, steps: steps, product: [], stepWeights: [])
    }
    growth?.grow(by: closed.bytesHeld - before)
    account.clear()
    start = time
    end = time + every
  }

  /// Whether something of a window is under way at the end of a run.
  func isUnderWay(at time: VirtualTime) -> Bool { isOn && time > start }

  /// Bytes that it holds.
  var bytesHeld: Int {
    guard isOn else { return 0 }
    let perLink = MemoryLayout<CombinationAccount.Use>.stride
    return account.uses.count * perLink + carried.bytesHeld + closed.bytesHeld
  }

  /// All of it that changes while the run goes on.
  mutating func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    guard isOn else { return }
    try memory.value("start of the window", &start)
    try memory.value("end of the window", &end)
    try account.visit(&memory)
    if carries { try carried.visit(&memory) }
    try closed.visit(&memory)
    try memory.column("births of what waits", births)
  }
}
