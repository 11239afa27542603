// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Quantities

/// The way of the token.
extension IncrementalSweep {
  /// The sweep of a leg.
  func sweepOf(_ leg: UInt32) -> UInt32 { leg / agentCount }

  /// Where a leg leads.
  func destination(of leg: UInt32) -> NodeID { NodeID(rank: leg % agentCount) }

  /// The leg after a leg: to the next agent, or to the next that takes part in the sweep where the dead are skipped; nothing
  /// where nobody does.
  func leg(after leg: UInt32, _ run: borrowing RunState<Scalar>) -> UInt32? {
    if settings.deadAgents == .wait { return leg + 1 }
    for next in leg + 1...leg + 2 * agentCount {
      let node = destination(of: next)
      if run.agents[node.index].isUp, sweeps[node.index] < sweepOf(next) { return next }
    }
    return nil
  }

  /// An agent has had its turn: the token goes on.
  mutating func passOn(from node: NodeID, _ run: inout RunState<Scalar>) {
    let leg = tokens[node.index]
    tokens[node.index] = 0
    token.place = node
    token.isHeld = false
    guard let next = self.leg(after: leg, run) else {
      token.isStuck = true
      return
    }
    token.leg = next
    forward(from: node, &run)
  }

  /// Sends the token on its way from an agent that has an estimate for it, where it carries one.
  mutating func forward(from node: NodeID, _ run: inout RunState<Scalar>) {
    if destination(of: token.leg) == node { return hold(node, &run) }
    let parcel = takesTurns ? run.blankParcel() : run.parcel(of: node)
    forward(parcel, from: node, &run)
    run.snapshots.release(parcel)
  }

  /// Sends the token over the next link of its way.
  private mutating func forward(_ parcel: SnapshotHandle, from node: NodeID, _ run: inout RunState<Scalar>) {
    let skips = settings.deadAgents == .skip
    let next = routes.next(from: node, to: destination(of: token.leg), run) { link in
      !skips || run.agents[run.topology.receivers[link.index].index].isUp
    }
    token.place = node
    guard let next else {
      token.isStuck = true
      return
    }
    token.isStuck = false
    token.link = next
    let round = SweepCode.token(leg: token.leg)
    messenger.send(parcel, round: round, over: next, index: UInt64(round), bytes: tokenBytes, &run)
  }

  /// The token is where it was to go.
  mutating func hold(_ node: NodeID, _ run: inout RunState<Scalar>) {
    tokens[node.index] = token.leg
    token.place = node
    token.isHeld = true
    token.isStuck = false
    if takesTurns { review(node, &run) } else { run.scheduleBegin(node) }
  }

  mutating func receivedToken(_ message: Message, _ run: inout RunState<Scalar>) {
    let leg = SweepCode.number(message.round)
    let link = message.link.index
    let node = run.topology.receivers[link]
    guard leg > legsHeard[link] else { return run.note(.duplicate, message) }
    legsHeard[link] = leg
    // A leg that was given up when the agent died to which it led.
    guard leg == token.leg, !token.isHeld, token.link.index == link else { return run.note(.late, message) }
    run.noteUse(of: message)
    let isAdopted = !takesTurns && destination(of: leg) == node
    run.tellMixing(message.sendNumber, on: message.link, weight: isAdopted ? 1 : 0, birth: message.birth)
    if destination(of: leg) == node {
      if isAdopted { run.adopt(message) }
      hold(node, &run)
    } else {
      forward(message.snapshot, from: node, &run)
    }
  }

  /// Whether what was sent over a link may still be waited for.
  func isWanted(_ position: Int, _ run: borrowing RunState<Scalar>) -> Bool {
    if settings.deadAgents == .wait { return true }
    guard run.agents[run.topology.receivers[position / 2].index].isUp else { return false }
    let round = messenger.round(at: position)
    return !SweepCode.isToken(round) || SweepCode.number(round) == token.leg && !token.isHeld
  }
}
