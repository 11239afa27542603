// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Quantities
import Records

/// What the accounts of links and agents hear of a run. Where there are none, each verb asks a stored Bool.
extension RunState {
  /// Counts a message that is handed to a link, and sent again where it was sent before.
  @inline(__always)
  func recordSending(on link: LinkID, attempt: UInt32) {
    linkRecord.add(.sent, on: link)
    if attempt > 0 { linkRecord.add(.retransmitted, on: link) }
  }

  /// Counts bytes that go onto a link.
  @inline(__always)
  func recordStart(on link: LinkID, bytes: UInt32, isAcknowledgement: Bool) {
    linkRecord.add(.bytes, UInt64(bytes), on: link)
    if isAcknowledgement { linkRecord.add(.acknowledgements, on: link) }
  }

  /// Counts a message that comes to a receiver that is up.
  @inline(__always)
  func recordArrival(of message: Message) {
    if message.snapshot == .none {
      // An acknowledgement comes over the link back.
      linkRecord.add(.bytesHeard, UInt64(message.bytes), on: topology.reverse[message.link.index])
    } else {
      recordArrival(on: message.link, bytes: message.bytes)
    }
  }

  /// Counts a message that comes to a receiver that is up.
  @inline(__always)
  func recordArrival(on link: LinkID, bytes: UInt32) {
    linkRecord.add(.heard, on: link)
    linkRecord.add(.bytesHeard, UInt64(bytes), on: link)
  }

  /// Takes note of an estimate that an agent takes note of.
  @inline(__always)
  func recordHearing(on link: LinkID, birth: VirtualTime) {
    if linkRecord.ages.isOn { linkRecord.ages.hear(link, birth: birth, at: now) }
  }

  /// Counts a message that is lost.
  @inline(__always)
  func recordLoss(_ cause: LossCause, on link: LinkID) {
    switch cause {
    case .noise: linkRecord.add(.noise, on: link)
    case .burst: linkRecord.add(.burst, on: link)
    case .cut: linkRecord.add(.cut, on: link)
    case .edgeGone: linkRecord.add(.edgeGone, on: link)
    case .senderCrashed: linkRecord.add(.senderCrashed, on: link)
    }
  }

  // MARK: - Lives of agents

  /// Takes note that an agent goes down.
  @inline(never)
  mutating func recordCrash(_ node: NodeID, wasted: VirtualDuration) {
    timeRecord.takeDown(node)
    if wasted > .zero { timeRecord.waste(node, wasted) }
    if pauses.isPaused(node) { timeRecord.endPause(node, since: pauses.since(node), at: now) }
    timeRecord.wake(node, at: now)
    if linkRecord.ages.isOn { linkRecord.ages.heed(false, on: topology.incoming(node), at: now) }
  }

  /// Takes note that an agent comes up.
  @inline(never)
  mutating func recordRecovery(_ node: NodeID) {
    timeRecord.comeUp(node, at: now)
    if linkRecord.ages.isOn { linkRecord.ages.heed(true, on: topology.incoming(node), at: now) }
  }

  /// Takes note that an agent stands still, or goes on.
  @inline(never)
  func recordPause(_ node: NodeID, begins: Bool) {
    guard node.index < agentCount, agents[node.index].isUp else { return }
    timeRecord.wake(node, at: now)
    if !begins { timeRecord.endPause(node, since: pauses.since(node), at: now) }
  }

  /// Takes note that a slot begins, which an agent sleeps through or not.
  @inline(never)
  func recordSlot(_ node: NodeID, isAsleep: Bool) {
    timeRecord.wake(node, at: now)
    // Who stands still is not asleep.
    if isAsleep, !pauses.isPaused(node) { timeRecord.fallAsleep(node, at: now) }
  }

  // MARK: - The end

  /// The accounts of all links, as the run has ended; nothing where they are not kept.
  @inline(never)
  func linkAccounts() -> LinkAccounts? {
    guard linkRecord.isKept else { return nil }
    linkRecord.ages.close(at: now)
    return LinkAccounts(
      linksByEnd().enumerated().map { link, fates in
        LinkAccount(
          sender: topology.senders[link].index, receiver: topology.receivers[link].index, fates: fates,
          retransmissions: linkRecord.count(.retransmitted, on: link), heard: linkRecord.count(.heard, on: link),
          bytesHeard: linkRecord.count(.bytesHeard, on: link), age: linkRecord.ages.account(of: link))
      }, agents: agentCount)
  }

  /// The fates of the messages of each link, those still in mailboxes and on links included.
  private func linksByEnd() -> [MessageFates] {
    var all = (0..<topology.linkCount).map { linkRecord.fates(of: $0) }
    forEachOpenMessage { kind, _, link, cause in all[link.index].end(kind, cause) }
    return all
  }

  /// What each agent has sent and heard.
  func messagesOfAgents() -> [AgentMessages] {
    var all = [AgentMessages](repeating: AgentMessages(), count: topology.nodeCount)
    for link in 0..<topology.linkCount {
      let (sender, receiver) = (topology.senders[link].index, topology.receivers[link].index)
      all[sender].sent += linkRecord.count(.sent, on: link) - linkRecord.count(.copied, on: link)
      all[sender].bytesSent += linkRecord.count(.bytes, on: link)
      all[receiver].heard += linkRecord.count(.heard, on: link)
      all[receiver].bytesHeard += linkRecord.count(.bytesHeard, on: link)
    }
    return all
  }
}
