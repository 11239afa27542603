// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

/// What parameter vectors are made of: of each the weight of every agent's parameters at the start of the present window, and
/// behind these the weight of every agent's steps since then (2 × N numbers, a *make-up*).
///
/// Agents have a make-up for each phase of a step, as phases combine blocks of their own. So has each vector of the pool of
/// snapshots. One that was made in an earlier window is made of its maker's parameters at the start of this one, by
/// definition, and of no step: its make-up is written anew when somebody looks at it.
///
/// Where agents pass on shares, weights are masses: an agent's parameters are Σ_l m_lk z_l / Σ_l m_lk.
struct CarriedWeights: ~Copyable {
  /// When and by whom a snapshot was made, and the sum of the weights in it.
  struct Origin: BitwiseCopyable {
    var window: UInt32
    var maker: UInt32
    var whole: Double
  }

  let agentCount: Int
  let phaseCount: Int
  /// Numbers of a make-up.
  let length: Int
  /// Whether weights are masses, so that they need not sum to one.
  private let areMasses: Bool
  /// By agent and phase.
  private let agents: Column<Double>
  /// What has arrived at each agent and waits to be added (push-sum in slots), with the mass that came over each link.
  private let waiting: Column<Double>
  private let waitingMass: Column<Double>
  /// Of agents as they were written down, with the window of that.
  private let written: Column<Double>
  private let writtenWindows: Column<UInt32>
  private var window: UInt32 = 0
  /// By place in the pool of snapshots.
  private var snapshots: UnsafeMutablePointer<Double>
  private var origins: UnsafeMutablePointer<Origin>
  private(set) var capacity = 0
  private let account: GrowthAccount?

  /// - Parameters:
  ///   - waitsOn: how many links bring shares that wait; nothing where none wait.
  ///   - copies: of agents that may be written down.
  ///   - account: told of all that it takes.
  init(agents count: Int, phases: Int, areMasses: Bool, waitsOn links: Int?, copies: Int, account: GrowthAccount?) {
    (agentCount, phaseCount, length, self.areMasses, self.account) = (count, phases, 2 * count, areMasses, account)
    agents = Column(repeating: 0, count: count * phases * length)
    waiting = Column(repeating: 0, count: links == nil ? 0 : count * length)
    waitingMass = Column(repeating: 0, count: links ?? 0)
    written = Column(repeating: 0, count: copies * phases * length)
    writtenWindows = Column(repeating: .max, count: copies)
    snapshots = .allocate(capacity: 1)
    origins = .allocate(capacity: 1)
    for agent in 0..<count { for phase in 0..<phases { agents[(agent * phases + phase) * length + agent] = 1 } }
  }

  deinit {
    snapshots.deallocate()
    origins.deallocate()
  }

  // MARK: - Places

  /// The make-up of an agent's parameters, those of a phase.
  @inline(__always)
  func makeUp(of node: NodeID, _ phase: UInt8) -> UnsafeMutablePointer<Double> {
    agents.base + (node.index * phaseCount + Int(phase)) * length
  }

  /// The make-up of a snapshot that somebody has made.
  func makeUp(of slot: UInt32) -> UnsafeMutablePointer<Double> {
    assert(Int(slot) < capacity && origins[Int(slot)].window != .max, "Who makes a snapshot says what it is made of.")
    let numbers = snapshots + Int(slot) * length
    let origin = origins[Int(slot)]
    if origin.window != window {
      numbers.update(repeating: 0, count: length)
      numbers[Int(origin.maker)] = origin.whole
      origins[Int(slot)].window = window
    }
    return numbers
  }

  /// Room for the make-up of a snapshot that an agent makes.
  mutating func make(_ slot: UInt32, by maker: NodeID, whole: Double = 1) -> UnsafeMutablePointer<Double> {
    if Int(slot) >= capacity { grow(beyond: Int(slot)) }
    origins[Int(slot)] = Origin(window: window, maker: maker.rank, whole: whole)
    return snapshots + Int(slot) * length
  }

  private mutating func grow(beyond slot: Int) {
    let more = max(64, 2 * capacity, slot + 1)
    let size = length * MemoryLayout<Double>.stride + MemoryLayout<Origin>.stride
    account?.grow(by: (more - capacity) * size)
    let numbers = UnsafeMutablePointer<Double>.allocate(capacity: more * length)
    numbers.update(from: snapshots, count: capacity * length)
    (numbers + capacity * length).initialize(repeating: 0, count: (more - capacity) * length)
    let places = UnsafeMutablePointer<Origin>.allocate(capacity: more)
    places.update(from: origins, count: capacity)
    (places + capacity).initialize(
      repeating: Origin(window: .max, maker: 0, whole: 0), count: more - capacity)
    snapshots.deallocate()
    origins.deallocate()
    (snapshots, origins, capacity) = (numbers, places, more)
  }

  // MARK: - What happens to vectors

  /// A snapshot is what an agent's parameters are.
  mutating func copy(_ node: NodeID, _ phase: UInt8, to slot: UInt32) {
    make(slot, by: node).update(from: makeUp(of: node, phase), count: length)
  }

  /// A snapshot is what another one of the same agent is.
  mutating func copy(_ other: UInt32, to slot: UInt32, by node: NodeID) {
    let numbers = make(slot, by: node)
    numbers.update(from: makeUp(of: other), count: length)
  }

  /// An agent's parameters become a snapshot.
  func adopt(_ slot: UInt32, by node: NodeID, _ phase: UInt8) {
    makeUp(of: node, phase).update(from: makeUp(of: slot), count: length)
  }

  /// An agent takes on all that another one is.
  func adopt(_ other: NodeID, by node: NodeID) {
    makeUp(of: node, 0).update(from: makeUp(of: other, 0), count: length * phaseCount)
  }

  /// An agent's parameters are its own again and of no step.
  func forget(_ node: NodeID) {
    for phase in 0..<phaseCount {
      let numbers = makeUp(of: node, UInt8(phase))
      let whole = areMasses ? (0..<agentCount).reduce(0) { $0 + numbers[$1] } : 1
      numbers.update(repeating: 0, count: length)
      numbers[node.index] = whole
    }
  }

  /// An agent is written down.
  func write(_ node: NodeID, at place: Int) {
    let size = phaseCount * length
    (written.base + place * size).update(from: makeUp(of: node, 0), count: size)
    writtenWindows[place] = window
  }

  /// An agent is again what was written down.
  func recall(_ node: NodeID, from place: Int) {
    guard writtenWindows[place] == window else { return forget(node) }
    let size = phaseCount * length
    makeUp(of: node, 0).update(from: written.base + place * size, count: size)
  }

  /// A step of an agent comes into a make-up.
  @inline(__always)
  func addStep(of node: NodeID, to numbers: UnsafeMutablePointer<Double>) { numbers[agentCount + node.index] += 1 }

  /// own + Σ weight × (term − own), as parameters are combined.
  func combine(
    own: UnsafePointer<Double>, _ terms: borrowing Column<CombinationAccount.Term>, count: Int,
    into result: UnsafeMutablePointer<Double>
  ) {
    if result != UnsafeMutablePointer(mutating: own) { result.update(from: own, count: length) }
    var rest = 1.0
    for index in 0..<count { rest -= terms[index].weight }
    for entry in 0..<length { result[entry] *= rest }
    for index in 0..<count {
      let (weight, numbers) = (terms[index].weight, makeUp(of: terms[index].slot))
      for entry in 0..<length { result[entry] += weight * numbers[entry] }
    }
  }

  /// Both ends of a pair move half way towards each other, as far as each has heard the other.
  func mix(_ first: NodeID, hears: Bool, _ second: NodeID, isHeard: Bool) {
    let (one, other) = (makeUp(of: first, 0), makeUp(of: second, 0))
    for entry in 0..<length {
      let mean = (one[entry] + other[entry]) / 2
      if hears { one[entry] = mean }
      if isHeard { other[entry] = mean }
    }
  }

  // MARK: - Shares

  /// A snapshot is a share of what an agent has.
  ///
  /// - Parameters:
  ///   - share: the mass in it.
  ///   - before: the agent's mass before, and `after` what it keeps.
  mutating func split(_ node: NodeID, into slot: UInt32, share: Double, before: Double, after: Double) {
    let own = makeUp(of: node, 0)
    let numbers = make(slot, by: node, whole: share)
    guard before > 0 else { return numbers.update(repeating: 0, count: length) }
    for entry in 0..<length {
      numbers[entry] = own[entry] * (share / before)
      own[entry] *= after / before
    }
  }

  /// A share comes to what an agent has, or to what waits for it.
  func add(_ slot: UInt32, to numbers: UnsafeMutablePointer<Double>) {
    let share = makeUp(of: slot)
    for entry in 0..<length { numbers[entry] += share[entry] }
  }

  /// A share becomes part of another one of the same agent.
  func merge(_ earlier: UInt32, into later: UInt32) {
    add(earlier, to: makeUp(of: later))
    origins[Int(later)].whole += origins[Int(earlier)].whole
  }

  /// What waits for an agent.
  func waiting(for node: NodeID) -> UnsafeMutablePointer<Double> {
    assert(waiting.count > 0, "Shares wait in slots only.")
    return waiting.base + node.index * length
  }

  /// Takes note of all the mass that has come over a link and waits.
  func wait(on link: Int, mass: Double) { waitingMass[link] = mass }

  /// Adds what has waited for an agent.
  func takeWaiting(_ node: NodeID, over links: Range<Int>) {
    let (own, numbers) = (makeUp(of: node, 0), waiting(for: node))
    for entry in 0..<length {
      own[entry] += numbers[entry]
      numbers[entry] = 0
    }
    for link in links { waitingMass[link] = 0 }
  }

  // MARK: - Windows

  /// Begins a window: everybody is made of itself.
  mutating func beginWindow(_ topology: borrowing RunTopology) {
    window += 1
    for agent in 0..<agentCount { forget(NodeID(agent)) }
    guard waiting.count > 0 else { return }
    waiting.base.update(repeating: 0, count: waiting.count)
    for link in 0..<waitingMass.count {
      waiting(for: topology.receivers[link])[topology.senders[link].index] += waitingMass[link]
    }
  }

  /// The product of the window so far, row after row: the mean over the phases.
  var product: [Double] {
    var entries = [Double](repeating: 0, count: agentCount * agentCount)
    forEachMakeUp { receiver, numbers, whole in
      for sender in 0..<agentCount {
        entries[sender * agentCount + receiver] += numbers[sender] / whole / Double(phaseCount)
      }
    }
    return entries
  }

  /// How much of the steps of each agent is in all parameters together.
  var stepWeights: [Double] {
    var sums = [Double](repeating: 0, count: agentCount)
    forEachMakeUp { _, numbers, whole in
      for agent in 0..<agentCount { sums[agent] += numbers[agentCount + agent] / whole }
    }
    return sums
  }

  private func forEachMakeUp(_ body: (Int, UnsafePointer<Double>, _ whole: Double) -> Void) {
    for agent in 0..<agentCount {
      for phase in 0..<phaseCount {
        let numbers = UnsafePointer(makeUp(of: NodeID(agent), UInt8(phase)))
        let whole = areMasses ? (0..<agentCount).reduce(0) { $0 + numbers[$1] } : 1
        if whole > 0 { body(agent, numbers, whole) }
      }
    }
  }

  /// Bytes that it holds.
  var bytesHeld: Int {
    (agents.count + waiting.count + waitingMass.count + written.count + capacity * length) * MemoryLayout<Double>.stride
      + capacity * MemoryLayout<Origin>.stride
  }

  mutating func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    try memory.column("make-up of agents", agents)
    try memory.column("make-up that waits", waiting)
    try memory.column("mass that waits", waitingMass)
    try memory.column("make-up written down", written)
    try memory.column("windows of what is written down", writtenWindows)
    try memory.value("window", &window)
    let count = try memory.count("make-ups of snapshots", capacity, ofSize: length * MemoryLayout<Double>.stride)
    if count > capacity { grow(beyond: count - 1) }
    guard capacity == count else { throw RunMemoryFault("it has \(count) make-ups, and the run \(capacity)") }
    try memory.values("make-up of snapshots", snapshots, count: capacity * length)
    try memory.values("origins of snapshots", origins, count: capacity)
  }
}
