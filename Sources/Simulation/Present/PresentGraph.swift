// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Quantities
import Randomness

/// The present graph of a run: the agents that are there with the links that are there.
///
/// Everybody knows it at once and free of charge: nothing is sent over a link that is absent, nobody waits for one, and
/// weights are those of the scenario's rule on the present graph, at the instant of the combination. The links of the run
/// are all that there can ever be; each is there while no cause keeps it away. A run in which nothing of this changes asks
/// `changes` and nothing else.
///
/// *Complexity*: O(neighbours of its receiver) for each link that comes or goes, or O(agents) by rules that ask for the
/// whole network; the weights that an agent gives are made anew when it combines next. What is on links that go a run
/// finds by looking through all messages (`RunState.remove`).
struct PresentGraph: ~Copyable {
  private let inPlace = InPlace()
  /// Whether links or agents come and go in this run.
  let changes: Bool
  /// How many causes keep each link away.
  private let absences: Column<UInt32>
  /// Whether each node is there, and how many agents are.
  private let isMember: Column<Bool>
  private(set) var memberCount: Int
  /// When each agent has come and gone.
  private let joining: Column<VirtualTime>
  private let leaving: Column<VirtualTime>
  /// How many links that are there enter each node.
  let degrees: Column<UInt32>
  /// c_lk and c_kk on the present graph; those of an agent's row that is stale are of an earlier one.
  private let weights: Column<Double>
  private let selfWeights: Column<Double>
  private let isStale: Column<Bool>
  private let rule: ChangingWeights?

  init(changes: Bool, rule: ChangingWeights?, network: Network, agentCount: Int) {
    self.changes = changes
    self.rule = rule
    memberCount = agentCount
    let (links, nodes) = changes ? (network.linkCount, network.nodeCount) : (0, 0)
    absences = Column(repeating: 0, count: links)
    isMember = Column(repeating: true, count: nodes)
    joining = Column(repeating: .zero, count: nodes)
    leaving = Column(repeating: .never, count: nodes)
    degrees = Column((0..<nodes).map { UInt32(network.degree(NodeID($0))) })
    weights = Column(network.weights.prefix(links))
    selfWeights = Column(network.selfWeights.prefix(nodes))
    isStale = Column(repeating: true, count: nodes)
  }

  // MARK: - Links

  /// Whether a link is there.
  @inline(__always)
  func has(_ link: Int) -> Bool { !changes || absences[link] == 0 }

  /// Lets one more cause keep a link away.
  ///
  /// - Returns: whether it was there.
  func remove(_ link: LinkID, _ topology: borrowing RunTopology) -> Bool {
    absences[link.index] += 1
    guard absences[link.index] == 1 else { return false }
    degrees[topology.receivers[link.index].index] -= 1
    age(around: link, topology)
    return true
  }

  /// Lets a cause go that keeps a link away.
  ///
  /// - Returns: whether it is there now.
  func insert(_ link: LinkID, _ topology: borrowing RunTopology) -> Bool {
    precondition(absences[link.index] > 0, "A link that comes was away.")
    absences[link.index] -= 1
    guard absences[link.index] == 0 else { return false }
    degrees[topology.receivers[link.index].index] += 1
    age(around: link, topology)
    return true
  }

  /// One of the links over which an agent can send now, each equally probable; nothing where it has none.
  @inline(__always)
  func outgoing(
    of node: NodeID, drawnBy key: StreamKey, at index: UInt64, _ topology: borrowing RunTopology
  ) -> LinkID? {
    let links = topology.outgoing(node)
    if changes { return presentOutgoing(links, key, index, topology) }
    guard !links.isEmpty else { return nil }
    return topology.outgoing(at: links.lowerBound + Int(key.integer(below: UInt32(links.count), at: index)))
  }

  @inline(never)
  private func presentOutgoing(
    _ links: Range<Int>, _ key: StreamKey, _ index: UInt64, _ topology: borrowing RunTopology
  ) -> LinkID? {
    var count: UInt32 = 0
    for position in links where has(topology.outgoing(at: position).index) { count += 1 }
    guard count > 0 else { return nil }
    var choice = key.integer(below: count, at: index)
    for position in links where has(topology.outgoing(at: position).index) {
      if choice == 0 { return topology.outgoing(at: position) }
      choice -= 1
    }
    return nil
  }

  // MARK: - Agents

  /// Whether an agent is there.
  @inline(__always)
  func has(_ node: NodeID) -> Bool { !changes || isMember[node.index] }

  /// Who is there, by rank; nothing where all are, always.
  var members: [Bool]? { changes ? (0..<isMember.count).map { isMember[$0] } : nil }

  /// Takes note that an agent comes or goes.
  mutating func note(_ node: NodeID, isThere: Bool, at time: VirtualTime) {
    isMember[node.index] = isThere
    memberCount += isThere ? 1 : -1
    if isThere { joining[node.index] = time } else { leaving[node.index] = time }
    if rule?.asksAll != false { for rank in 0..<isStale.count { isStale[rank] = true } }
  }

  /// How long an agent has been there, and since when.
  func span(of node: NodeID, until now: VirtualTime) -> (start: VirtualTime, length: VirtualDuration) {
    guard changes else { return (.zero, now.sinceStart) }
    let end = isMember[node.index] ? now : leaving[node.index]
    let start = joining[node.index]
    return (start, end > start ? end - start : .zero)
  }

  // MARK: - Weights

  /// c_lk of a link that is there. The row of its receiver has to be fresh.
  @inline(__always)
  func weight(_ link: Int) -> Double { weights[link] }

  /// c_kk of an agent whose row is fresh.
  @inline(__always)
  func selfWeight(_ node: NodeID) -> Double { selfWeights[node.index] }

  /// Whether the weights that an agent gives are those of the present graph.
  func isFresh(_ node: NodeID) -> Bool { !isStale[node.index] }

  /// Makes the weights that an agent gives anew if the graph has changed around it.
  @inline(__always)
  func refresh(_ node: NodeID, _ topology: borrowing RunTopology) {
    if isStale[node.index] { weigh(node, topology) }
  }

  @inline(never)
  private func weigh(_ node: NodeID, _ topology: borrowing RunTopology) {
    isStale[node.index] = false
    let links = topology.incoming(node)
    guard let rule else { return returnWeights(node, links, topology) }
    let graph = PresentNeighbourhoods(degrees: UnsafePointer(degrees.base), count: degrees.count, present: memberCount)
    switch rule.weighing {
    case .given:
      returnWeights(node, links, topology)
    case .share:
      var given = 0.0
      for link in links where has(link) {
        let share = rule.share(graph, topology.senders[link].index, node.index)
        given += share
        weights[link] = share
      }
      selfWeights[node.index] = 1 - given
    case .standing:
      let own = rule.standing(graph, node.index)
      var sum = own
      for link in links where has(link) {
        weights[link] = rule.standing(graph, topology.senders[link].index)
        sum += weights[link]
      }
      for link in links where has(link) { weights[link] /= sum }
      selfWeights[node.index] = own / sum
    }
  }

  /// The weights of the whole graph; those of absent links return to the agent.
  private func returnWeights(_ node: NodeID, _ links: Range<Int>, _ topology: borrowing RunTopology) {
    var own = topology.selfWeight(node)
    for link in links where !has(link) { own += topology.weights[link] }
    selfWeights[node.index] = own
  }

  /// Lets the weights grow old that a change of a link may change: its receiver's, and of whoever hears the receiver, whose
  /// degree has changed.
  private func age(around link: LinkID, _ topology: borrowing RunTopology) {
    if rule?.asksAll == true {
      for rank in 0..<isStale.count { isStale[rank] = true }
      return
    }
    let receiver = topology.receivers[link.index]
    isStale[receiver.index] = true
    for position in topology.outgoing(receiver) {
      isStale[topology.receivers[topology.outgoing(at: position).index].index] = true
    }
  }

  /// What of it changes while the run goes on.
  mutating func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    try memory.column("absences of links", absences)
    try memory.column("members", isMember)
    try memory.column("joined at", joining)
    try memory.column("left at", leaving)
    try memory.column("present degrees", degrees)
    try memory.column("present weights", weights)
    try memory.column("present own weights", selfWeights)
    try memory.column("stale weights", isStale)
    try memory.value("present agents", &memberCount)
  }
}

/// The present graph as combination rules ask for it.
private struct PresentNeighbourhoods: Neighbourhoods {
  let degrees: UnsafePointer<UInt32>
  let count: Int
  let present: Int

  var nodeCount: Int { present }
  var largestDegree: Int { (0..<count).reduce(0) { max($0, Int(degrees[$1])) } }
  func degree(_ node: Int) -> Int { Int(degrees[node]) }
}
