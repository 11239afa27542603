// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Quantities

/// Verbs of cooperations with a fusion centre, the node behind all agents.
extension RunState {
  var centre: NodeID { NodeID(agentCount) }

  /// Ends a local step: counts it and gives the mean gradient of its shared parameters, behind which stands the number of
  /// its samples.
  mutating func finishGradient(_ node: NodeID) -> SnapshotHandle {
    let work = learner.finishGradient(node)
    endStep(node, work)
    let gradient = snapshots.take()
    let values = snapshots.values(gradient)
    values.update(from: increments.base + node.index * dimension, count: layout.sharedCount)
    values[layout.sharedCount] = Scalar(work.samples)
    applyOwnIncrement(node)
    noteSpending()
    return gradient
  }

  /// The number of samples behind a gradient.
  func samples(of gradient: SnapshotHandle) -> UInt64 { UInt64(snapshots.values(gradient)[layout.sharedCount]) }

  /// Gathers what agents have sent of a round: the average of their gradients over all samples stands where the centre's
  /// increment will be, Σ_k (n_k / n) g_k in the order of names.
  ///
  /// - Returns: the number of samples n.
  mutating func gatherGradients(round: UInt32) -> Double {
    var (total, count) = (0.0, 0)
    for link in topology.incoming(centre) where holds(link, round: round) {
      count += 1
      total += Double(samples(of: mailboxes[mailboxes.position(link, round: round)].snapshot))
    }
    // The centre's own parameters take no part in the average.
    tellCombination(centre, of: count, own: .nan)
    let average = increments.base + centre.index * dimension
    var isFirst = true
    for link in topology.incoming(centre) where holds(link, round: round) {
      let position = mailboxes.position(link, round: round)
      let wasFresh = mailboxes[position].isFresh
      noteUse(of: position, on: link)
      let gradient = snapshots.values(mailboxes[position].snapshot)
      let share = Scalar(Double(gradient[layout.sharedCount]) / total)
      tellUse(of: position, on: link, by: centre, weight: Double(share), wasFresh: wasFresh)
      if isFirst {
        for entry in 0..<layout.sharedCount { average[entry] = share * gradient[entry] }
      } else {
        for entry in 0..<layout.sharedCount { average[entry] += share * gradient[entry] }
      }
      isFirst = false
    }
    return total
  }

  /// Tells of what a node has taken from a mailbox.
  private func tellUse(of position: Int, on link: Int, by node: NodeID, weight: Double, wasFresh: Bool) {
    tellPart(
      mailboxes[position].sendNumber, on: LinkID(link), of: node, weight: weight, birth: mailboxes[position].birth,
      wasFresh ? .fresh : .old)
  }

  /// Whether the mailbox of a link holds a message of a round.
  func holds(_ link: Int, round: UInt32) -> Bool {
    let slot = mailboxes[mailboxes.position(link, round: round)]
    return !slot.isEmpty && slot.round == round
  }

  /// Starts the centre's step, which ends with a timer of the centre.
  mutating func launchCentreStep(_ work: VirtualDuration) {
    tell(.stepBegins, centre)
    let end = end(of: centre, after: work)
    scheduleEnd(endOfStep(centre), of: centre, at: end)
  }

  /// Takes the centre's step along the gradients gathered.
  mutating func stepCentre() {
    tell(.stepEnds, centre)
    if speeds.isOn { speeds.finish(centre, computing: .zero) }
    let increment = increments.base + centre.index * dimension
    learner.turnIntoIncrement(increment, of: centre)
    let own = row(centre)
    for entry in 0..<layout.sharedCount { own[entry] += increment[entry] }
    agents[centre.index].updates += 1
  }

  /// Makes the newest parameters that the centre has sent over a link an agent's own.
  mutating func adoptNewest(on link: Int, _ node: NodeID) {
    guard let position = mailboxes.newest(link) else { return }
    let wasFresh = mailboxes[position].isFresh
    noteUse(of: position, on: link)
    tellCombination(node, of: 1, own: 0)
    tellUse(of: position, on: link, by: node, weight: 1, wasFresh: wasFresh)
    row(node).update(from: snapshots.values(mailboxes[position].snapshot), count: layout.sharedCount)
  }
}
