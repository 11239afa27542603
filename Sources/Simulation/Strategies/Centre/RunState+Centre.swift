// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Quantities

/// Verbs of cooperations with a fusion centre, the node behind all agents.
extension RunState {
  var centre: NodeID { NodeID(agentCount) }

  var centreIsUp: Bool { agents[centre.index].isUp }

  /// Ends a local step: counts it and gives the mean gradient of its shared parameters, behind which stands the number of
  /// its samples.
  mutating func finishGradient(_ node: NodeID) -> SnapshotHandle {
    let work = learner.finishGradient(node)
    endStep(node, work)
    let gradient = snapshots.take()
    let values = snapshots.values(gradient)
    values.update(from: increments.base + node.index * dimension, count: layout.sharedCount)
    // One that is exact counts like one of a sample.
    values[layout.sharedCount] = Scalar(max(1, work.samples))
    applyOwnIncrement(node)
    noteSpending()
    return gradient
  }

  /// The number of samples behind a gradient.
  func samples(of gradient: SnapshotHandle) -> UInt64 { UInt64(snapshots.values(gradient)[layout.sharedCount]) }

  /// Gathers what agents have sent over some links: the average of their gradients over all samples stands where the centre's
  /// increment will be, Σ_k (n_k / n) c_k g_k in the order of the list.
  ///
  /// - Parameters:
  ///   - links: whose mailboxes it is about, the first so many of a list.
  ///   - factors: c_k by the place in the list.
  /// - Returns: the number of samples n.
  mutating func gatherGradients(
    _ links: borrowing Column<Int>, count: Int, factors: borrowing Column<Double>
  ) -> Double {
    var total = 0.0
    for place in 0..<count { total += Double(samples(of: mailboxes[links[place]].snapshot)) }
    // What is gathered has come since the last step, and is used here.
    for place in 0..<count { noteUse(of: mailboxes.position(links[place], round: 0), on: links[place]) }
    // The centre's own parameters take no part in the average.
    tellCombination(centre, of: count, own: .nan)
    let average = increments.base + centre.index * dimension
    for place in 0..<count {
      let link = links[place]
      let position = mailboxes.position(link, round: 0)
      let gradient = snapshots.values(mailboxes[position].snapshot)
      let share = Scalar(Double(gradient[layout.sharedCount]) / total * factors[place])
      tellUse(of: position, on: link, by: centre, weight: Double(share), wasFresh: true)
      if place == 0 {
        for entry in 0..<layout.sharedCount { average[entry] = share * gradient[entry] }
      } else {
        for entry in 0..<layout.sharedCount { average[entry] += share * gradient[entry] }
      }
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
    agents[centre.index].isComputing = true
    tell(.stepBegins, centre)
    let end = end(of: centre, after: work)
    scheduleEnd(endOfStep(centre), of: centre, at: end)
  }

  /// Takes the centre's step along the gradients gathered.
  mutating func stepCentre() {
    agents[centre.index].isComputing = false
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

  // MARK: - Outages of the centre

  /// Takes the centre down: the step under way and its timers die, and what waits for a link; it keeps its memory.
  @inline(never)
  mutating func crashCentre() {
    if agents[centre.index].isComputing {
      if speeds.isOn { speeds.finish(centre, computing: .zero) }
      tell(.stepDiscarded, centre)
    }
    tell(.crashes, centre)
    agents[centre.index].incarnation += 1
    agents[centre.index].isUp = false
    agents[centre.index].isComputing = false
    agents[centre.index].hasRequestedCombine = false
    pauses.forget(centre)
    withdrawWaitingMessages(of: centre, .senderCrashed)
  }

  /// Brings the centre up again.
  @inline(never)
  mutating func recoverCentre() {
    agents[centre.index].isUp = true
    tell(.recovers, centre)
  }
}
