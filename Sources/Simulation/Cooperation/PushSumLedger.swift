// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Quantities

/// What agents hold in push-sum: a sum s (M numbers) and a mass (at first 1), of which they send equal shares.
///
/// The estimate z = s / mass is what stands in the agent's row of parameters. Plain messages carry a share, and what is
/// lost is lost for good. With running sums they carry σ, all shares that the sender has ever sent over each of its
/// links, and the receiver of a link remembers ρ, the σ that it has heard: it adds σ − ρ, so the next message brings
/// what an earlier one lost.
///
/// | symbol | numbers | meaning |
/// |---|---|---|
/// | holdings | N × (M + 1) | s and mass of each agent |
/// | σ | N × (M + 1) | s and mass sent over each outgoing link of an agent so far |
/// | ρ | links × (M + 1) | the newest σ heard over a link |
///
/// *Invariant* after every event: Σ holdings + Σ shares on their way (plain, nothing lost) or Σ holdings + Σ over
/// links (σ − ρ) (running sums, whatever is lost) is Σ x(0) and N, but for what local steps add.
///
/// Source: Kempe, Dobra and Gehrke, "Gossip-based computation of aggregate information", FOCS 2003; Hadjicostis, Vaidya
/// and Dominguez-Garcia, "Robust distributed average consensus via exchange of running sums", IEEE TAC 61 (2016).
struct PushSumLedger: ~Copyable {
  /// A mass below this is no divisor: under loss it decays for ever, and the last ratio stands.
  private static let leastMass = 1e-290

  private let width: Int
  private let usesRunningSums: Bool
  private let holdings: Column<Double>
  private let sent: Column<Double>
  private let heard: Column<Double>
  /// One more than the number of the newest message heard, by link.
  private let newest: Column<UInt64>
  private var isOpen = false

  /// - Throws: if a recovering agent would forget what its neighbours count on.
  init(_ settings: SimulationSettings, parameters: Int, world: World) throws(SimulationError) {
    if let failures = settings.conditions.failures, failures.onRecovery != .keep {
      throw SimulationError(
        "In push-sum a recovered agent has to keep its sum and mass: forgetting them would lose part of the whole.")
    }
    width = parameters + 1
    usesRunningSums = settings.strategy.pushSum.runningSums
    let (agents, links) = (world.network.agentCount, usesRunningSums ? world.network.linkCount : 0)
    holdings = Column(repeating: 0, count: agents * width)
    sent = Column(repeating: 0, count: usesRunningSums ? agents * width : 0)
    heard = Column(repeating: 0, count: links * width)
    newest = Column(repeating: 0, count: links)
  }

  /// Makes everybody's initial parameters their sum, with mass one; once.
  mutating func open<Learner: LearnerBank & ~Copyable>(_ run: borrowing RunState<Learner>) {
    if isOpen { return }
    isOpen = true
    for rank in 0..<run.topology.agentCount {
      let own = holdings(of: NodeID(rank))
      let parameters = run.row(NodeID(rank))
      for entry in 0..<width - 1 { own[entry] = Double(parameters[entry]) }
      own[width - 1] = 1
    }
  }

  /// s and mass of an agent.
  func holdings(of node: NodeID) -> UnsafeMutablePointer<Double> { holdings.base + node.index * width }

  /// Makes s / mass the agent's parameters.
  func publish<Learner: LearnerBank & ~Copyable>(_ node: NodeID, _ run: borrowing RunState<Learner>) {
    let own = holdings(of: node)
    let mass = own[width - 1]
    guard mass > Self.leastMass else { return }
    let row = run.row(node)
    for entry in 0..<width - 1 { row[entry] = Learner.Scalar(own[entry] / mass) }
  }

  /// Adds the increment of an agent's last step, which was taken at z, to its sum.
  func addIncrement<Learner: LearnerBank & ~Copyable>(_ node: NodeID, _ run: borrowing RunState<Learner>) {
    let own = holdings(of: node)
    let increment = run.increment(of: node)
    for entry in 0..<width - 1 { own[entry] += Double(increment[entry]) }
    publish(node, run)
  }

  /// Keeps one share of 1 / (1 + outgoing links) and sends one over each of them; z stays what it is.
  func split<Learner: LearnerBank & ~Copyable>(_ node: NodeID, _ run: inout RunState<Learner>) {
    let links = run.topology.outgoing(node)
    guard !links.isEmpty else { return }
    let parts = Double(1 + links.count)
    let own = holdings(of: node)
    let message = run.snapshots.take()
    let values = run.snapshots.values(message)
    for entry in 0..<width {
      own[entry] /= parts
      if usesRunningSums {
        let total = sent.base + node.index * width + entry
        total.pointee += own[entry]
        values[entry] = Learner.Scalar(total.pointee)
      } else {
        values[entry] = Learner.Scalar(own[entry])
      }
    }
    run.broadcast(message, from: node)
    run.snapshots.release(message)
  }

  /// Adds what a message brings to a row of s and mass, and counts the message.
  ///
  /// - Returns: whether it brought anything: a running sum older than what is known does not.
  func add<Learner: LearnerBank & ~Copyable>(
    _ message: Message, to row: UnsafeMutablePointer<Double>, _ run: inout RunState<Learner>
  ) -> Bool {
    let link = message.link.index
    let values = run.snapshots.values(message.snapshot)
    if usesRunningSums {
      guard message.sendNumber >= newest[link] else {
        run.fates.overtaken += 1
        return false
      }
      newest[link] = message.sendNumber + 1
      let known = heard.base + link * width
      for entry in 0..<width {
        let total = Double(values[entry])
        row[entry] += total - known[entry]
        known[entry] = total
      }
    } else {
      for entry in 0..<width { row[entry] += Double(values[entry]) }
    }
    run.noteUse(of: message)
    return true
  }

  /// The sum of all holdings and of all that is on its way: each entry of s, then the mass.
  func conservedSums<Learner: LearnerBank & ~Copyable>(_ run: borrowing RunState<Learner>) -> [Double] {
    guard isOpen else { return [] }
    var sums = [Double](repeating: 0, count: width)
    for index in 0..<holdings.count { sums[index % width] += holdings[index] }
    if usesRunningSums {
      for index in 0..<heard.count {
        let sender = run.topology.senders[index / width].index
        sums[index % width] += sent[sender * width + index % width] - heard[index]
      }
    } else {
      for handle in 0..<UInt32(run.messages.highWater) {
        let message = run.messages[handle]
        guard message.isOnItsWay, !message.isLost else { continue }
        let values = run.snapshots.values(message.snapshot)
        for entry in 0..<width { sums[entry] += Double(values[entry]) }
      }
    }
    return sums
  }
}
