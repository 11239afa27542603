// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import EventEngine
import Learners
import Quantities

/// Local steps: how they begin, how long they take, and what is counted when they end.
extension RunState {
  /// Starts a local step from the agent's parameters as they are now; if one is running, or the agent is paused, the new
  /// one is owed.
  ///
  /// *Randomness*: data and compute time are keyed by the number of the attempt.
  mutating func launchStep(_ node: NodeID) {
    if agents[node.index].isComputing || pauses.isPaused(node) {
      agents[node.index].owesStep = true
      return
    }
    launchStep(node, at: row(node))
  }

  /// Starts a local step at an estimate of the shared parameters, which must be held until it ends. No step of the agent
  /// may be running.
  mutating func launchStep(_ node: NodeID, at estimate: SnapshotHandle) {
    launchStep(node, at: UnsafePointer(snapshots.values(estimate)))
  }

  /// Starts a local step at given shared parameters, and the agent's own as they are now, that ends at a given time, or
  /// after what it takes. No step of the agent may be running.
  ///
  /// Where the law of compute times needs to know what the step takes, it is computed now; else it may be computed any
  /// time before its end. The phases of a step are one attempt and share a draw of that law in equal parts.
  mutating func launchStep(_ node: NodeID, at point: UnsafePointer<Scalar>, until given: VirtualTime? = nil) {
    if !agents[node.index].isAttempting { agents[node.index].attempts += 1 }
    agents[node.index].isAttempting = true
    let attempt = agents[node.index].attempts - 1
    learner.begin(
      LocalStep(node, attempt: attempt, phase: Int(agents[node.index].phase)), at: whole(point, of: node),
      increment: increments.base + node.index * dimension)
    let end: VirtualTime
    if let given {
      end = given
    } else if computeTimes.dependsOnWork {
      let work = learner.work(of: node)
      end = self.end(
        of: node,
        after: computeTimes.duration(
          of: node, attempt: attempt, environmentSteps: work.environmentSteps,
          gradientSamples: agentsComputeGradients ? work.gradientSamples : 0))
    } else {
      let whole = computeTimes.duration(of: node, attempt: attempt)
      end = self.end(of: node, after: durationOfPhase(of: node, in: whole))
    }
    agents[node.index].isComputing = true
    agents[node.index].since = now
    tell(.stepBegins, node)
    scheduleEnd(endOfStep(node), of: node, at: end)
  }

  /// Shared parameters with the agent's own behind them.
  @inline(__always)
  private func whole(_ point: UnsafePointer<Scalar>, of node: NodeID) -> UnsafePointer<Scalar> {
    if layout.ownCount == 0 || point == UnsafePointer(row(node)) { return point }
    stepPoint.base.update(from: point, count: layout.sharedCount)
    (stepPoint.base + layout.sharedCount).update(from: row(node) + layout.sharedCount, count: layout.ownCount)
    return UnsafePointer(stepPoint.base)
  }

  /// The part of a step that its present phase takes: the parts of all phases are equal to a nanosecond, and add up.
  @inline(__always)
  private func durationOfPhase(of node: NodeID, in whole: VirtualDuration) -> VirtualDuration {
    if layout.phaseCount == 1 { return whole }
    let phase = Int(agents[node.index].phase)
    return whole.end(ofPart: phase + 1, of: layout.phaseCount) - whole.end(ofPart: phase, of: layout.phaseCount)
  }

  /// Makes an intermediate estimate the agent's parameters, those of the phase, and gives it up.
  mutating func adopt(_ node: NodeID, _ estimate: SnapshotHandle) {
    let block = layout.shared(agents[node.index].phase)
    (row(node) + block.lowerBound).update(from: snapshots.values(estimate) + block.lowerBound, count: block.count)
    if realised.carries { realised.carried.adopt(estimate.slot, by: node, agents[node.index].phase) }
    snapshots.release(estimate)
  }

  /// A copy of the agent's shared parameters; the caller holds it.
  @inline(__always)
  mutating func snapshot(of node: NodeID) -> SnapshotHandle {
    let handle = snapshots.take()
    snapshots.values(handle).update(from: row(node), count: layout.sharedCount)
    if realised.carries { realiseCopy(node, to: handle) }
    return handle
  }

  // MARK: - Ends

  /// Ends a local step: counts it and makes the intermediate estimate ψ = s + d.
  ///
  /// Only the agent's own combination changes its parameters while it computes, so s still stands in its row.
  /// The estimate is one of the shared parameters of the step's phase; the rest of the vector is undefined. The agent's
  /// own parameters change here, whatever becomes of the estimate.
  mutating func finishStep(_ node: NodeID) -> SnapshotHandle {
    endStep(node, learner.finish(node))
    let psi = snapshots.take()
    let values = snapshots.values(psi)
    let start = row(node)
    let increment = increments.base + node.index * dimension
    for entry in layout.shared(agents[node.index].phase) { values[entry] = start[entry] + increment[entry] }
    if realised.carries { realiseEstimate(node, psi) }
    applyOwnIncrement(node)
    noteSpending()
    return psi
  }

  /// Counts a local step that has ended; the last of its phases counts as the update.
  mutating func endStep(_ node: NodeID, _ work: StepWork) {
    agents[node.index].isComputing = false
    agents[node.index].useful += now - agents[node.index].since
    if speeds.isOn { speeds.finish(node, computing: now - agents[node.index].since) }
    note(work, of: node)
    tell(.stepEnds, node)
    if Int(agents[node.index].phase) == layout.phaseCount - 1 {
      agents[node.index].isAttempting = false
      agents[node.index].updates += 1
      updates += 1
    }
  }

  /// Counts what a step has taken.
  @inline(__always)
  mutating func note(_ work: StepWork, of node: NodeID) {
    agents[node.index].samples += work.samples
    agents[node.index].episodes += work.episodes
    samples += work.samples
    episodes += work.episodes
  }

  /// Goes on to the next phase of a step whose present phase has been combined.
  mutating func advancePhase(_ node: NodeID) {
    let next = agents[node.index].phase + 1
    agents[node.index].phase = Int(next) == layout.phaseCount ? 0 : next
  }
}
