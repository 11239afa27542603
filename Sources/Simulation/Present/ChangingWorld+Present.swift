// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import EventEngine
import Quantities

/// The network changes, and the strategy is told.
extension ChangingWorld {
  /// Takes away who joins later, and schedules when edges go first.
  mutating func startNetwork() {
    for node in run.timeline.joiners {
      run.blame(run.timeline.nameOfJoin(of: node))
      run.takeAway(node)
      cooperation.changed(node, .departure, &run)
      remove(run.links(of: node))
    }
    if run.memberCount < run.agentCount { countMembers() }
    if run.moving != nil { followMovement() }
    for line in 0..<run.edgeSpells.lineCount {
      scheduleEdge(LinkTag.edgeGoes, line, at: run.edgeSpells.end(of: line, after: run.now))
    }
  }

  /// An edge comes or goes by itself.
  mutating func changeNetwork(_ event: Event) {
    if event.tag == LinkTag.movement { return followMovement() }
    run.blame("edges-come-and-go")
    let line = Int(event.payload)
    let links = run.edgeSpells.links(of: line)
    if event.tag == LinkTag.edgeGoes {
      scheduleEdge(LinkTag.edgeComes, line, at: run.edgeSpells.comeback(of: line, after: run.now))
      remove(links)
    } else {
      run.edgeSpells.count(line)
      scheduleEdge(LinkTag.edgeGoes, line, at: run.edgeSpells.end(of: line, after: run.now))
      insert(links)
    }
  }

  /// Makes the links of agents that move anew, now and again a while later.
  private mutating func followMovement() {
    guard let change = run.linksByMovement() else { return }
    run.blame("movement")
    remove(change.apart)
    insert(change.together)
    run.scheduler.schedule(
      Event(kind: .linkChange, tag: LinkTag.movement, subject: 0), at: run.now + change.interval)
  }

  private mutating func scheduleEdge(_ tag: UInt8, _ line: Int, at time: VirtualTime?) {
    guard let time else { return }
    let sender = run.topology.senders[run.edgeSpells.links(of: line)[0].index]
    run.scheduler.schedule(
      Event(kind: .linkChange, tag: tag, subject: sender.rank, payload: UInt32(line)), at: time)
  }

  /// Lets one more cause keep links away.
  mutating func remove(_ links: [LinkID]) {
    for link in run.remove(links) { cooperation.linkChanged(link, .removal, &run) }
  }

  /// Lets a cause go that keeps links away.
  mutating func insert(_ links: [LinkID]) {
    for link in run.insert(links) { cooperation.linkChanged(link, .appearance, &run) }
  }

  /// Lets an agent exist from now on.
  mutating func join(_ node: NodeID, startsFromNeighbour: Bool) {
    insert(run.links(of: node))
    if run.bringIn(node, startsFromNeighbour: startsFromNeighbour) { cooperation.changed(node, .arrival, &run) }
  }

  /// Takes an agent away for good.
  mutating func leave(_ node: NodeID) {
    run.takeAway(node)
    cooperation.changed(node, .departure, &run)
    remove(run.links(of: node))
  }

  /// Has the learner count those who are there.
  mutating func countMembers() {
    run.learner.count((0..<run.agentCount).filter { run.present.has(NodeID($0)) }.map { NodeID($0) })
  }
}
