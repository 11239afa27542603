// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Quantities

/// The neighbours' estimates and weights of one combination, gathered before the sum.
struct CombinationWorkspace<Scalar: BitwiseCopyable & BinaryFloatingPoint>: ~Copyable {
  let estimates: Column<UnsafePointer<Scalar>>
  let weights: Column<Scalar>
  /// Where they are from, for whoever hears of combinations; else empty.
  let sources: Column<CombinedEstimate>

  init(neighbours: Int, isObserved: Bool) {
    // Filled before it is read: the address of an empty vector stands for no estimate.
    let nowhere = UnsafePointer(UnsafeMutablePointer<Scalar>(bitPattern: MemoryLayout<Scalar>.alignment)!)
    estimates = Column(repeating: nowhere, count: neighbours)
    weights = Column(repeating: 0, count: neighbours)
    sources = Column(repeating: CombinedEstimate(), count: isObserved ? neighbours : 0)
  }
}

/// An estimate of a combination: its place among the mailboxes, its link, and whether it is used for the first time.
struct CombinedEstimate: BitwiseCopyable {
  var position = 0
  var link = LinkID(0)
  var isFresh = false
}

extension RunState {
  /// The weighted average of an agent's own estimate and its neighbours', which becomes the agent's parameters.
  ///
  /// In increment form, neighbours in the order of their names: w_k = ψ_k + Σ_{l≠k} c_lk (ψ_l − ψ_k). So a constant
  /// stays exactly constant, and leaving a term out returns its weight to the agent. Of a step with phases the block of
  /// the present phase is combined.
  ///
  /// - Parameters:
  ///   - own: ψ_k; it is given up.
  ///   - round: the round whose messages count; nothing means whatever the mailbox holds.
  ///   - missing: what replaces an estimate that is not there.
  ///   - addsIncrement: whether the increment of the agent's last step is added to the average.
  mutating func combine(
    _ node: NodeID, own: SnapshotHandle, round: UInt32?, missing: StrategySettings.MissingNeighbourRule,
    addsIncrement: Bool = false
  ) {
    let count = gather(node, round: round, missing: missing)
    combineRows(
      own: snapshots.values(own), count: count, into: row(node), block: layout.shared(agents[node.index].phase))
    if realised.isOn { realiseCombination(node, own: own, count: count) }
    snapshots.release(own)
    if addsIncrement { applyIncrement(node) }
  }

  /// The same average as an estimate of its own; the agent's parameters stay as they are.
  mutating func combined(
    _ node: NodeID, own: SnapshotHandle, round: UInt32?, missing: StrategySettings.MissingNeighbourRule
  ) -> SnapshotHandle {
    let count = gather(node, round: round, missing: missing)
    let average = snapshots.take()
    combineRows(
      own: snapshots.values(own), count: count, into: snapshots.values(average),
      block: layout.shared(agents[node.index].phase))
    if realised.isOn { realiseCombination(node, own: own, count: count, average: average) }
    snapshots.release(own)
    return average
  }

  /// Gathers the estimates and weights of one combination, and says how many there are.
  private mutating func gather(_ node: NodeID, round: UInt32?, missing: StrategySettings.MissingNeighbourRule) -> Int {
    let missing = peers.isOn ? .itself : missing
    var found = 0
    var isComplete = true
    let changes = present.changes
    if changes { present.refresh(node, topology) }
    var weightPresent = changes ? present.selfWeight(node) : topology.selfWeight(node)
    let phase = agents[node.index].phase
    var ages = staleness.combined
    for link in topology.incoming(node) {
      if changes, !present.has(link) { continue }
      guard let position = estimate(on: link, of: phase, round: round, missing: missing) else {
        isComplete = false
        continue
      }
      if isObserved {
        combination.sources[found] = CombinedEstimate(
          position: position, link: LinkID(link), isFresh: mailboxes[position].isFresh)
      }
      noteUse(of: position, on: link, &ages)
      combination.estimates[found] = UnsafePointer(snapshots.values(mailboxes[position].snapshot))
      let weight = changes ? present.weight(link) : topology.weights[link]
      combination.weights[found] = Scalar(weight)
      weightPresent += weight
      if realised.isOn {
        let slot = mailboxes[position]
        realised.gather(found, on: link, weight: weight, age: now - slot.birth, slot: slot.snapshot)
      }
      found += 1
    }
    staleness.combined = ages
    if peers.isOn {
      for index in 0..<found { combination.weights[index] = 1 / Scalar(1 + found) }
      if realised.isOn { realised.account.share(terms: found) }
    } else if missing == .renormalise, !isComplete {
      for index in 0..<found { combination.weights[index] /= Scalar(weightPresent) }
      if realised.isOn { realised.account.divide(terms: found, by: weightPresent) }
    }
    if isObserved { tellCombination(node, of: found) }
    return found
  }

  /// Tells what an agent combines, and with which weights: in increment form its own has what the others leave.
  @inline(never)
  private func tellCombination(_ node: NodeID, of count: Int) {
    let others = (0..<count).reduce(0) { $0 + Double(combination.weights[$1]) }
    tellCombination(node, of: count, own: 1 - others)
    for index in 0..<count {
      let source = combination.sources[index]
      tellPart(
        mailboxes[source.position].sendNumber, on: source.link, of: node, weight: Double(combination.weights[index]),
        birth: mailboxes[source.position].birth, source.isFresh ? .fresh : .old)
    }
  }

  /// The position of the estimate that counts for a link, or nothing if the rule leaves the link out.
  @inline(__always)
  private func estimate(
    on link: Int, of phase: UInt8, round: UInt32?, missing: StrategySettings.MissingNeighbourRule
  ) -> Int? {
    if let round {
      let position = mailboxes.position(link, round: round)
      let slot = mailboxes[position]
      if !slot.isEmpty, slot.round == round { return position }
      return missing == .lastHeard ? newest(link, of: phase) : nil
    }
    guard let position = newest(link, of: phase) else { return nil }
    if now - mailboxes[position].birth > forgetAfter { return nil }
    return missing == .lastHeard || mailboxes[position].isFresh ? position : nil
  }

  /// The position of the newest estimate of a link, of a phase where there are several: then each has a slot.
  @inline(__always)
  private func newest(_ link: Int, of phase: UInt8) -> Int? {
    if layout.phaseCount == 1 { return mailboxes.newest(link) }
    let position = mailboxes.position(link, round: UInt32(phase))
    return mailboxes[position].isEmpty ? nil : position
  }

  /// Counts an estimate in a mailbox that is used.
  mutating func noteUse(of position: Int, on link: Int) {
    var ages = staleness.combined
    noteUse(of: position, on: link, &ages)
    staleness.combined = ages
  }

  @inline(__always)
  private mutating func noteUse(of position: Int, on link: Int, _ ages: inout CombinedAges) {
    let slot = mailboxes[position]
    if slot.isFresh {
      mailboxes[position].isFresh = false
      note(.used, slot.sendNumber, on: LinkID(link))
    }
    let sender = topology.senders[link].index
    staleness.add(age: now - slot.birth, ageUpdates: agents[sender].updates - slot.updates, to: &ages)
  }

  /// One pass over the block of the phase in the gathered estimates; each entry adds its terms in the order of names.
  private func combineRows(
    own: UnsafePointer<Scalar>, count: Int, into result: UnsafeMutablePointer<Scalar>, block: Range<Int>
  ) {
    let estimates = combination.estimates.base
    let weights = combination.weights.base
    // Four sums side by side do not wait for each other.
    var entry = block.lowerBound
    while entry &+ 4 <= block.upperBound {
      let psi = (own[entry], own[entry &+ 1], own[entry &+ 2], own[entry &+ 3])
      var sums = psi
      for index in 0..<count {
        let (weight, estimate) = (weights[index], estimates[index] + entry)
        sums.0 += weight * (estimate[0] - psi.0)
        sums.1 += weight * (estimate[1] - psi.1)
        sums.2 += weight * (estimate[2] - psi.2)
        sums.3 += weight * (estimate[3] - psi.3)
      }
      (result[entry], result[entry &+ 1], result[entry &+ 2], result[entry &+ 3]) = sums
      entry &+= 4
    }
    for entry in entry..<block.upperBound {
      let psi = own[entry]
      var sum = psi
      for index in 0..<count { sum += weights[index] * (estimates[index][entry] - psi) }
      result[entry] = sum
    }
  }
}
