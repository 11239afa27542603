// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import EventEngine
import Learners
import Quantities

/// Verbs of cooperations in which an agent's parameters change when something arrives.
extension RunState {
  // MARK: - Averaging

  /// Moves an agent half way towards an estimate: w ← w + (estimate − w)/2, so that a constant stays exactly constant.
  @inline(__always)
  func mix(_ node: NodeID, with estimate: UnsafePointer<Scalar>) {
    let own = row(node)
    for entry in 0..<layout.sharedCount { own[entry] += (estimate[entry] - own[entry]) / 2 }
  }

  /// Moves two agents half way towards each other, as far as each has heard the other.
  ///
  /// Both move by the same half difference, so their mean is kept to rounding: also where messages are rounded, as the
  /// difference is then that of what both have said.
  ///
  /// Source: Frasca, Carli, Fagnani and Zampieri, "Average consensus on networks with quantized communication",
  /// International Journal of Robust and Nonlinear Control 19 (2009): x ← x + (P − I) q(x).
  func mix(_ first: NodeID, hears: Bool, _ second: NodeID, isHeard: Bool) {
    let one = row(first)
    let other = row(second)
    for entry in 0..<layout.sharedCount {
      let half = (outbox.rounded(other[entry]) - outbox.rounded(one[entry])) / 2
      if hears { one[entry] += half }
      if isHeard { other[entry] -= half }
    }
  }

  // MARK: - Steps

  /// Takes a local step from the agent's parameters as they are now. One that takes no time is done at once, without
  /// an event; any other ends with an event, and is owed while one is running.
  ///
  /// *Randomness*: as `launchStep`.
  ///
  /// - Returns: whether it is done; then its increment stands in `increment(of:)`, and that of shared parameters is the
  ///   caller's to apply.
  mutating func takeStep(_ node: NodeID) -> Bool { takeStep(node, isApplied: false) }

  /// Takes a local step in the same way; one that is done has been added to the parameters.
  @inline(__always)
  mutating func takeAndApplyStep(_ node: NodeID) -> Bool { takeStep(node, isApplied: true) }

  @inline(__always)
  private mutating func takeStep(_ node: NodeID, isApplied: Bool) -> Bool {
    let index = node.index
    let attempt = agents[index].attempts
    guard !agents[index].isComputing, computeTimes.isInstant(node, attempt: attempt), !pauses.isPaused(node) else {
      launchStep(node)
      return false
    }
    let increment = increments.base + index &* dimension
    let work: StepWork
    if isApplied {
      work = learner.stepInPlace(LocalStep(node, attempt: attempt), at: row(node), increment: increment)
      if realised.carries { realiseStep(node) }
    } else {
      learner.begin(LocalStep(node, attempt: attempt), at: row(node), increment: increment)
      work = learner.finish(node)
      applyOwnIncrement(node)
    }
    agents[index].attempts = attempt + 1
    agents[index].updates += 1
    updates += 1
    tell(.stepBegins, node)
    tell(.stepEnds, node)
    note(work, of: node)
    staleness.stepped(afterUpdates: 0)
    noteSpending()
    return true
  }

  /// The increment of the agent's last step.
  @inline(__always)
  func increment(of node: NodeID) -> UnsafePointer<Scalar> {
    UnsafePointer(increments.base + node.index * dimension)
  }

  /// Adds the increment of the agent's last step to its shared parameters.
  @inline(__always)
  func applyIncrement(_ node: NodeID) {
    let own = row(node)
    let increment = increment(of: node)
    for entry in layout.shared(agents[node.index].phase) { own[entry] += increment[entry] }
    if realised.carries { realiseStep(node) }
  }

  /// Adds the increment of the agent's last step to the parameters that are its own: once, when the step ends.
  @inline(__always)
  func applyOwnIncrement(_ node: NodeID) {
    if layout.ownCount == 0 { return }
    let own = row(node)
    let increment = increment(of: node)
    for entry in layout.own(agents[node.index].phase) { own[entry] += increment[entry] }
  }

  // MARK: - Messages

  /// Sends an estimate over one link and gives it up; the draws of the message are keyed by its number on the link.
  @inline(__always)
  mutating func hand(_ estimate: SnapshotHandle, over link: LinkID) {
    let place = transmissions.place(of: link)
    hand(
      estimate, at: place, round: 0, attempt: 0, index: transmissions.outgoing[place].sent, birth: now,
      updates: agents[topology.senders[link.index].index].updates, bytes: outbox.bytes)
  }

  /// Counts a message that its receiver uses as it arrives.
  @inline(__always)
  mutating func noteUse(of message: Message) {
    let age = now - message.birth
    note(.used, message)
    if linkRecord.isOn { recordHearing(on: message.link, birth: message.birth) }
    staleness.delivered(after: age)
    staleness.add(
      age: age, ageUpdates: agents[topology.senders[message.link.index].index].updates - message.updates)
  }

  /// Counts a message that takes no time.
  ///
  /// - Parameter loss: why it is lost; nothing where it arrives.
  mutating func passAtOnce(over link: LinkID, loss: LossCause?) {
    let number = transmissions.sent(over: link) + 1
    transmissions.setSent(number, over: link)
    noteInstant(number, on: link)
    if let loss {
      noteLoss(loss, number, on: link)
    } else if agents[topology.receivers[link.index].index].isUp {
      note(.used, number, on: link)
      if linkRecord.isOn {
        recordArrival(on: link, bytes: outbox.bytes)
        recordHearing(on: link, birth: now)
      }
      tellMixing(number, on: link, weight: 0.5, birth: now)
      staleness.delivered(after: .zero)
      staleness.add(age: .zero, ageUpdates: 0)
    } else {
      noteMissed(by: topology.receivers[link.index], number, on: link)
    }
  }

  /// Counts a message that is sent and goes onto its link at once, with all its bytes.
  @inline(__always)
  mutating func noteInstant(_ number: UInt64, on link: LinkID) {
    fates.sent += 1
    departures += 1
    tell(.sent, number, on: link)
    tell(.starts, number, on: link, bytes: outbox.bytes)
    if linkRecord.isOn {
      recordSending(on: link, attempt: 0)
      recordStart(on: link, bytes: outbox.bytes, isAcknowledgement: false)
    }
    spend(outbox.bytes)
  }

  // MARK: - Appointments

  /// Sets a timer of an agent for a point of time; it dies with the agent's incarnation.
  @inline(__always)
  mutating func setTimer(_ node: NodeID, tag: UInt8, at time: VirtualTime) {
    scheduler.schedule(
      Event(kind: .timer, tag: tag, subject: node.rank, incarnation: agents[node.index].incarnation),
      at: time)
  }
}
