// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Quantities

/// What agents hold in push-sum: a sum s (M numbers) and a mass (at first 1), of which they send equal shares.
///
/// The estimate z = s / mass is what stands in the agent's row of parameters. Plain messages carry a share, and what is
/// lost is lost for good. With running sums they carry σ, all shares that the sender has ever sent over each of its
/// links, and the receiver of a link remembers ρ, the σ that it has heard: it adds σ − ρ, so the next message brings
/// what an earlier one lost. σ and ρ stand for exact numbers: their difference is formed from the shares between them
/// (`ShareHistory`), so where nothing is lost or overtaken running sums are plain push-sum bit for bit.
///
/// | symbol | numbers | meaning |
/// |---|---|---|
/// | holdings | N × (M + 1) | s and mass of each agent |
/// | σ | N | the number of the shares sent over each outgoing link of an agent so far |
/// | ρ | links | the number of the newest σ heard over a link |
///
/// *Invariant* after every event: Σ holdings + Σ shares on their way (plain, nothing lost) or Σ holdings + Σ over
/// links (σ − ρ) (running sums, whatever is lost) is Σ x(0) and N, but for what local steps add. Every z lies between
/// the least and the greatest of the initial values, to rounding, where there are no local steps.
///
/// Source: Kempe, Dobra and Gehrke, "Gossip-based computation of aggregate information", FOCS 2003; Hadjicostis, Vaidya
/// and Dominguez-Garcia, "Robust distributed average consensus via exchange of running sums", IEEE TAC 61 (2016).
struct PushSumLedger<Scalar: ParameterScalar>: ~Copyable {
  /// A mass below this is no divisor: under loss it decays for ever, and the last ratio stands.
  private static var leastMass: Double { 1e-290 }

  private let inPlace = InPlace()
  private let width: Int
  private let usesRunningSums: Bool
  private let holdings: Column<Double>
  /// The shares that each agent has sent and not everybody has heard of, and how many it has sent (σ).
  private var histories: [ShareHistory<Scalar>]
  private let sent: Column<UInt64>
  /// The number of the newest message heard, by link (ρ).
  private let heard: Column<UInt64>
  private var isOpen = false

  /// - Throws: if a recovering agent would forget what its neighbours count on.
  init(_ settings: SimulationSettings, parameters: Int, world: World) throws(SimulationError) {
    if settings.recoveries.contains(where: { $0 != .keep }) {
      throw SimulationError(
        "In push-sum a recovered agent has to keep its sum and mass: forgetting them would lose part of the whole.")
    }
    width = parameters + 1
    usesRunningSums = settings.strategy.pushSum.runningSums
    let agents = world.network.nodeCount
    holdings = Column(repeating: 0, count: agents * width)
    histories = Array(repeating: ShareHistory(), count: usesRunningSums ? agents : 0)
    sent = Column(repeating: 0, count: usesRunningSums ? agents : 0)
    heard = Column(repeating: 0, count: usesRunningSums ? world.network.linkCount : 0)
  }

  /// Makes everybody's initial parameters their sum, with mass one; once.
  mutating func open(_ run: borrowing RunState<Scalar>) {
    if isOpen { return }
    isOpen = true
    for rank in 0..<run.topology.nodeCount {
      let own = holdings(of: NodeID(rank))
      let parameters = run.row(NodeID(rank))
      for entry in 0..<width - 1 { own[entry] = Double(parameters[entry]) }
      own[width - 1] = 1
    }
  }

  /// s and mass of an agent.
  func holdings(of node: NodeID) -> UnsafeMutablePointer<Double> { holdings.base + node.index * width }

  func mass(of node: NodeID) -> Double { holdings[node.index * width + width - 1] }

  /// The mass of each agent.
  var masses: [Double] { (0..<holdings.count / width).map { mass(of: NodeID($0)) } }

  /// Makes s / mass the agent's parameters.
  func publish(_ node: NodeID, _ run: borrowing RunState<Scalar>) {
    let own = holdings(of: node)
    let mass = own[width - 1]
    guard mass > Self.leastMass else { return }
    let row = run.row(node)
    for entry in 0..<width - 1 { row[entry] = Scalar(own[entry] / mass) }
  }

  /// Adds the increment of an agent's last step, which was taken at z, to its sum.
  func addIncrement(_ node: NodeID, _ run: borrowing RunState<Scalar>) {
    let own = holdings(of: node)
    let increment = run.increment(of: node)
    for entry in 0..<width - 1 { own[entry] += Double(increment[entry]) }
    if run.realised.carries { run.realiseStep(node) }
    publish(node, run)
  }

  /// Keeps one share of 1 / (1 + outgoing links) and sends one over each of them; z stays what it is. Where messages are
  /// rounded, the sender keeps what is rounded off, so that the whole is what it was.
  mutating func split(_ node: NodeID, _ run: inout RunState<Scalar>) {
    let links = linkCount(of: node, run)
    guard links > 0 else { return }
    let parts = Double(1 + links)
    let own = holdings(of: node)
    let mass = own[width - 1]
    let message = run.snapshots.take()
    let values = run.snapshots.values(message)
    for entry in 0..<width {
      own[entry] /= parts
      values[entry] = Scalar(own[entry])
    }
    if !run.outbox.isExact { roundShares(message, of: node, links: links, run) }
    if run.realised.carries {
      run.realised.carried.split(
        node, into: message.slot, share: Double(values[width - 1]), before: mass, after: own[width - 1])
    }
    run.broadcast(parcel: message, from: node)
    if usesRunningSums { remember(message, of: node, &run) }
    run.snapshots.release(message)
  }

  /// Over how many links an agent sends.
  @inline(__always)
  private func linkCount(of node: NodeID, _ run: borrowing RunState<Scalar>) -> Int {
    let links = run.topology.outgoing(node)
    guard run.present.changes else { return links.count }
    return links.count { run.present.has(run.topology.outgoing(at: $0).index) }
  }

  /// What is sent now is not owed to links that are away: they stand where their sender does.
  private func pass(_ node: NodeID, _ run: borrowing RunState<Scalar>) {
    for position in run.topology.outgoing(node) {
      let link = run.topology.outgoing(at: position)
      guard !run.present.has(link.index) else { continue }
      heard[link.index] = sent[node.index]
      run.transmissions.setSent(sent[node.index], over: link)
    }
  }

  /// A link is away from now on: with running sums its sender takes back what it has sent over it and nobody has heard.
  /// Shares of plain messages are lost.
  mutating func takeBack(_ link: LinkID, _ run: inout RunState<Scalar>) {
    guard usesRunningSums, isOpen else { return }
    let sender = run.topology.senders[link.index]
    let own = holdings(of: sender)
    for shares in histories[sender.index].shares(after: heard[link.index], upTo: .max) {
      add(shares, to: own, run)
      if run.realised.carries { run.realised.carried.add(shares.slot, to: run.realised.carried.makeUp(of: sender, 0)) }
    }
    heard[link.index] = sent[sender.index]
    publish(sender, run)
  }

  /// Rounds the shares of an agent to what messages carry of them, and leaves the rest with the agent. A mass so small
  /// that messages have few digits for it, or of which rounding would leave nothing, stays whole.
  private func roundShares(_ message: SnapshotHandle, of node: NodeID, links: Int, _ run: borrowing RunState<Scalar>) {
    let own = holdings(of: node)
    let values = run.snapshots.values(message)
    let mass = Double(run.outbox.rounded(values[width - 1]))
    let isSendable = mass >= run.outbox.leastNormal && Double(links) * mass < Double(links + 1) * own[width - 1]
    for entry in 0..<width {
      let share = isSendable ? run.outbox.rounded(values[entry]) : 0
      own[entry] += Double(links) * (own[entry] - Double(share))
      values[entry] = share
    }
    publish(node, run)
  }

  /// Keeps the share that has just been sent over all links of an agent.
  private mutating func remember(_ share: SnapshotHandle, of node: NodeID, _ run: inout RunState<Scalar>) {
    sent[node.index] += 1
    if run.present.changes { pass(node, run) }
    histories[node.index].append(share, number: sent[node.index], &run)
    guard histories[node.index].isFull else { return }
    let places = run.topology.outgoing(node).map { heard[run.topology.outgoing(at: $0).index] }
    histories[node.index].clear(heard: places, &run)
  }

  /// Adds what a message brings to a row of s and mass, and counts the message.
  ///
  /// - Parameter makeUp: what the row is made of, where a record is kept of that.
  /// - Returns: whether it brought anything: a running sum older than what is known does not.
  func add(
    _ message: Message, to row: UnsafeMutablePointer<Double>, madeOf makeUp: UnsafeMutablePointer<Double>?,
    _ run: inout RunState<Scalar>
  ) -> Bool {
    if usesRunningSums {
      let link = message.link.index
      guard message.sendNumber > heard[link] else {
        run.note(.overtaken, message)
        return false
      }
      let sender = run.topology.senders[link].index
      for shares in histories[sender].shares(after: heard[link], upTo: message.sendNumber) {
        add(shares, to: row, run)
        if let makeUp { run.realised.carried.add(shares.slot, to: makeUp) }
      }
      heard[link] = message.sendNumber
    } else {
      add(message.snapshot, to: row, run)
      if let makeUp { run.realised.carried.add(message.snapshot.slot, to: makeUp) }
    }
    run.noteUse(of: message)
    return true
  }

  private func add(_ shares: SnapshotHandle, to row: UnsafeMutablePointer<Double>, _ run: borrowing RunState<Scalar>) {
    let values = run.snapshots.values(shares)
    for entry in 0..<width { row[entry] += Double(values[entry]) }
  }

  mutating func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    try memory.column("holdings", holdings)
    for agent in histories.indices { try histories[agent].visit(&memory) }
    try memory.column("shares sent", sent)
    try memory.column("shares heard", heard)
    try memory.value("is open", &isOpen)
  }

  /// The sum of all holdings and of all that is on its way: each entry of s, then the mass.
  func conservedSums(_ run: borrowing RunState<Scalar>) -> [Double] {
    guard isOpen else { return [] }
    var sums = [Double](repeating: 0, count: width)
    for index in 0..<holdings.count { sums[index % width] += holdings[index] }
    if usesRunningSums {
      for link in 0..<heard.count {
        let history = histories[run.topology.senders[link].index]
        for shares in history.shares(after: heard[link], upTo: .max) {
          let values = run.snapshots.values(shares)
          for entry in 0..<width { sums[entry] += Double(values[entry]) }
        }
      }
    } else {
      for handle in 0..<UInt32(run.messages.highWater) {
        let message = run.messages[handle]
        guard message.isOnItsWay, message.loss == nil, !message.isSecond, !run.isLostToCut(message) else { continue }
        let values = run.snapshots.values(message.snapshot)
        for entry in 0..<width { sums[entry] += Double(values[entry]) }
      }
    }
    return sums
  }
}

extension StrategyDefinition {
  package static let pushSum = StrategyDefinition(
    "push-sum", "agents send shares of a sum and of a mass, whose ratio is the estimate; for directed networks",
    source: "Kempe, Dobra and Gehrke, Gossip-based computation of aggregate information, FOCS 2003",
    facts: StrategyFacts(
      recursion: .shares, bringsWeights: true, numbersBesideParameters: 1, timingsByClock: [.asynchronous],
      keys: ["push-sum", "clock"]),
    forms: [
      StrategyForm([.asynchronous], AsynchronousPushSum<Float>.self, AsynchronousPushSum<Double>.self),
      StrategyForm([.slotted], SlottedPushSum<Float>.self, SlottedPushSum<Double>.self),
    ])
}
