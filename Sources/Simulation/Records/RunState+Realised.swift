// SPDX-License-Identifier: GPL-3.0-or-later
import EventEngine
import Quantities

/// What the record of realised combination matrices hears of a run. Where there is none, each verb asks a stored Bool.
extension RunState {
  /// Does what is to be done before an event is handled: ends the windows that are over, and tells who hears of it.
  @inline(never)
  mutating func attend(_ event: Event) {
    while now >= realised.end { realised.close(at: realised.end, agents, topology) }
    if let began = observer?.began { began(event, now) }
  }

  /// Ends the last window with the run; one that begins with the end of the run is none.
  @inline(never)
  mutating func closeLastWindow() {
    if realised.isUnderWay(at: now) { realised.close(at: now, agents, topology) }
  }

  // MARK: - Combinations

  /// Counts a combination of terms that were gathered, whose average is to stand somewhere.
  ///
  /// - Parameter average: the snapshot that it becomes; `none` for the agent's parameters.
  @inline(never)
  mutating func realiseCombination(_ node: NodeID, own: SnapshotHandle, count: Int, average: SnapshotHandle = .none) {
    realised.account.count(of: node, terms: count)
    guard realised.carries else { return }
    let phase = agents[node.index].phase
    let result =
      average == .none ? realised.carried.makeUp(of: node, phase) : realised.carried.make(average.slot, by: node)
    realised.carried.combine(
      own: realised.carried.makeUp(of: own.slot), realised.account.terms, count: count, into: result)
  }

  /// Counts an average of an agent's parameters with an estimate that it has just heard, which both have half the weight.
  @inline(never)
  mutating func realiseMixing(_ node: NodeID, with message: Message) {
    realised.gather(0, on: message.link.index, weight: 0.5, age: now - message.birth, slot: message.snapshot)
    realised.account.count(of: node, terms: 1)
    guard realised.carries else { return }
    let own = realised.carried.makeUp(of: node, 0)
    realised.carried.combine(own: own, realised.account.terms, count: 1, into: own)
  }

  /// Counts an average of both ends of a link at one instant, as far as each has heard the other.
  @inline(never)
  mutating func realisePair(_ link: LinkID, isHeard: Bool, _ back: LinkID, answerIsHeard: Bool) {
    let (caller, partner) = (topology.senders[link.index], topology.receivers[link.index])
    for (node, way, hears) in [(caller, back, answerIsHeard), (partner, link, isHeard)] where hears {
      realised.gather(0, on: way.index, weight: 0.5, age: .zero, slot: .none)
      realised.account.count(of: node, terms: 1)
    }
    if realised.carries { realised.carried.mix(caller, hears: answerIsHeard, partner, isHeard: isHeard) }
  }

  /// Counts shares that an agent adds when they arrive: a combination whose weights are shares of mass.
  ///
  /// - Parameters:
  ///   - mass: that the message has brought.
  ///   - whole: the agent's mass with it.
  @inline(never)
  mutating func realiseShares(_ node: NodeID, of message: Message, mass: Double, whole: Double) {
    guard whole > 0 else { return }
    realised.gather(
      0, on: message.link.index, weight: mass / whole, age: now - message.birth, slot: message.snapshot)
    realised.account.count(of: node, terms: 1)
  }

  // MARK: - Vectors

  /// Tells what a copy of an agent's parameters is made of.
  @inline(never)
  mutating func realiseCopy(_ node: NodeID, to snapshot: SnapshotHandle) {
    realised.carried.copy(node, agents[node.index].phase, to: snapshot.slot)
  }

  /// Tells what an intermediate estimate is made of: the agent's parameters and a step.
  @inline(never)
  mutating func realiseEstimate(_ node: NodeID, _ psi: SnapshotHandle) {
    realiseCopy(node, to: psi)
    realised.carried.addStep(of: node, to: realised.carried.makeUp(of: psi.slot))
  }

  /// Tells that a step has come into an agent's parameters.
  @inline(never)
  func realiseStep(_ node: NodeID) {
    realised.carried.addStep(of: node, to: realised.carried.makeUp(of: node, agents[node.index].phase))
  }
}
