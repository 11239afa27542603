// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Quantities

/// Agents that go down and come back.
///
/// Where everybody waits for the dead, one that recovers with its memory goes on where it was; what was sent to it meanwhile is
/// gone unless it is sent again. One that has forgotten all has lost the token if it had it.
///
/// Where the dead are skipped, an agent that recovers takes part again from the sweep after the present one, with edges whose
/// multipliers are zero: of such an edge the later end hears first, in that sweep, and the earlier one in the sweep behind it.
extension IncrementalSweep {
  mutating func changed(_ node: NodeID, _ change: LifeChange, _ run: inout RunState<Scalar>) {
    switch change {
    case .crash, .departure: leave(node, &run)
    case .recovery, .arrival: comeBack(node, &run)
    }
  }

  private mutating func leave(_ node: NodeID, _ run: inout RunState<Scalar>) {
    let keeps = run.keepsMemory(node)
    if keeps, settings.deadAgents == .wait { messenger.suspend(node, &run) } else { messenger.abandon(node, &run) }
    isReady[node.index] = isReady[node.index] && keeps
    guard settings.deadAgents == .skip else { return }
    forgetMultipliers(node, atBothEnds: true, run)
    isReady[node.index] = false
    tokens[node.index] = 0
    repairOrder(without: node, &run)
    for position in run.topology.outgoing(node) {
      review(run.topology.receivers[run.topology.outgoing(at: position).index], &run)
    }
  }

  /// Sends the token on that an agent had, or that was on its way to it.
  private mutating func repairOrder(without node: NodeID, _ run: inout RunState<Scalar>) {
    guard settings.order == .token, !token.isStuck else { return }
    let isLast = token.isHeld ? token.place == node : destination(of: token.leg) == node
    let isRelay = !token.isHeld && run.topology.receivers[token.link.index] == node
    guard isLast || isRelay else { return }
    token.isHeld = false
    if isLast {
      guard let next = leg(after: token.leg, run) else {
        token.isStuck = true
        return
      }
      token.leg = next
    }
    resume(&run)
  }

  /// Sends a token on that got stuck, from the live agent nearest before it.
  private mutating func resume(_ run: inout RunState<Scalar>) {
    for distance in 0..<agentCount {
      let node = NodeID(rank: (token.place.rank + agentCount - distance) % agentCount)
      guard run.agents[node.index].isUp else { continue }
      return forward(from: node, &run)
    }
    token.isStuck = true
  }

  private mutating func comeBack(_ node: NodeID, _ run: inout RunState<Scalar>) {
    switch settings.deadAgents {
    case .wait:
      // A cause that came later may have made it forget.
      if run.keepsMemory(node) {
        messenger.resume(node, &run)
      } else {
        messenger.abandon(node, &run)
        forgetMultipliers(node, atBothEnds: false, run)
        isReady[node.index] = false
        tokens[node.index] = 0
      }
      review(node, &run)
    case .skip:
      takeIn(node, &run)
    }
    run.scheduleBegin(node)
  }

  /// Lets an agent take part again from the next sweep on.
  private mutating func takeIn(_ node: NodeID, _ run: inout RunState<Scalar>) {
    var latest = sweeps[node.index]
    if settings.order == .token { latest = max(latest, sweepOf(token.leg)) }
    for link in run.topology.incoming(node) {
      let neighbour = run.topology.senders[link]
      if run.agents[neighbour.index].isUp { latest = max(latest, sweeps[neighbour.index]) }
    }
    sweeps[node.index] = latest
    if takesTurns {
      for link in run.topology.incoming(node) {
        firstSweeps[link] = latest + 1
        firstSweeps[run.topology.reverse[link].index] = latest + 1
      }
    }
    guard settings.order == .token, token.isStuck else { return }
    // Nobody was there, or no way led on.
    let isGone =
      !run.agents[destination(of: token.leg).index].isUp
      || sweeps[destination(of: token.leg).index] >= sweepOf(token.leg)
    if isGone {
      guard let next = leg(after: token.leg, run) else { return }
      token.leg = next
    }
    resume(&run)
  }
}
