// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Quantities

/// Links of the present graph that come and go, and what is on them then.
extension RunState {
  /// Lets one more cause keep links away. What is on one that goes is lost, and what was heard over it forgotten.
  ///
  /// - Returns: those that were there.
  @inline(never)
  mutating func remove(_ links: [LinkID]) -> [LinkID] {
    let gone = links.filter { present.remove($0, topology) }
    loseTravelling(on: gone)
    for link in gone {
      tell(.edgeGoes, on: link)
      interruptService(on: link, .edgeGone)
      transmissions.forgetArrivals(on: link)
      forget(link)
    }
    return gone
  }

  /// Lets a cause go that keeps links away. One that comes starts empty.
  ///
  /// - Returns: those that are there now.
  @inline(never)
  mutating func insert(_ links: [LinkID]) -> [LinkID] {
    let come = links.filter { present.insert($0, topology) }
    for link in come { tell(.edgeComes, on: link) }
    return come
  }

  /// Loses what is on its way over links, unless it is lost already.
  private func loseTravelling(on links: [LinkID]) {
    guard !links.isEmpty else { return }
    let gone = Set(links.map(\.index))
    for handle in 0..<UInt32(messages.highWater) {
      let message = messages[handle]
      guard message.isOnItsWay, !message.isWaiting, gone.contains(message.link.index), !isLostToCut(message) else {
        continue
      }
      messages[handle].loss = .edgeGone
    }
  }

  /// Forgets what was heard over a link.
  private mutating func forget(_ link: LinkID) {
    for position in mailboxes.positions(link.index..<link.index + 1) where !mailboxes[position].isEmpty {
      if mailboxes[position].isFresh { note(.replacedUnread, mailboxes[position].sendNumber, on: link) }
      snapshots.release(mailboxes[position].snapshot)
      mailboxes[position] = MailboxSlot()
    }
    if linkRecord.ages.isOn { linkRecord.ages.forget(link.index, at: now) }
  }

  /// Moves the agents to where they are now.
  ///
  /// - Returns: the links whose ends have come apart and together, and when to look again; nothing where nobody moves.
  @inline(never)
  func linksByMovement() -> (apart: [LinkID], together: [LinkID], interval: VirtualDuration)? {
    guard let interval = moveAgents() else { return nil }
    let near = nearness()
    var (apart, together): ([LinkID], [LinkID]) = ([], [])
    for link in 0..<topology.linkCount {
      let isClose = near[topology.senders[link].index * agentCount + topology.receivers[link].index]
      guard isClose != isNear[link] else { continue }
      isNear[link] = isClose
      if isClose { together.append(LinkID(link)) } else { apart.append(LinkID(link)) }
    }
    return (apart, together, interval)
  }

  private func moveAgents() -> VirtualDuration? {
    switch moving {
    case .some(let agents):
      agents.move(to: now)
      return agents.settings.every
    case .none: return nil
    }
  }

  private func nearness() -> [Bool] {
    switch moving {
    case .some(let agents): return agents.links()
    case .none: return []
    }
  }

  /// The links from and to an agent.
  func links(of node: NodeID) -> [LinkID] {
    topology.incoming(node).map { LinkID($0) } + topology.outgoing(node).map { topology.outgoing(at: $0) }
  }
}

/// Agents that come and go.
extension RunState {
  /// Takes an agent away for good, or before it has come: a cause that is never let go holds it down.
  @inline(never)
  mutating func takeAway(_ node: NodeID) {
    let wasUp = agents[node.index].isUp
    downStates[node.index].causes += 1
    if wasUp {
      crash(node, as: .leaves)
    } else {
      downStates[node.index].down += now - agents[node.index].since
      if timeRecord.isOn { timeRecord.down(node, now - agents[node.index].since) }
      tell(.leaves, node)
    }
    present.note(node, isThere: false, at: now)
  }

  /// Lets an agent exist from now on, with the parameters that it was given at the start or those of a live neighbour.
  /// Its links have to be there already.
  ///
  /// *Randomness*: `recoveryPeer` of the agent, behind its outages.
  ///
  /// - Returns: whether it is up.
  @inline(never)
  mutating func bringIn(_ node: NodeID, startsFromNeighbour: Bool) -> Bool {
    present.note(node, isThere: true, at: now)
    downStates[node.index].causes -= 1
    agents[node.index].since = now
    tell(.joins, node)
    if startsFromNeighbour { learnFromNeighbour(node, index: Self.indexOfJoin) }
    guard downStates[node.index].causes == 0 else {
      // Something else holds it down already.
      tell(.crashes, node)
      return false
    }
    if timeRecord.isOn { recordRecovery(node) }
    agents[node.index].forgetfulness = 0
    agents[node.index].isUp = true
    liveAgents += 1
    return true
  }

  /// Under which the neighbour is drawn that an agent starts from: behind those of all outages.
  private static var indexOfJoin: UInt64 { 1 << 32 }

  /// How many agents there are.
  var memberCount: Int { present.memberCount }
}
