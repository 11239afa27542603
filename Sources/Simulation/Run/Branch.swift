// SPDX-License-Identifier: GPL-3.0-or-later
import EventEngine
import Quantities

/// Runs that go on from the state of another one, with more in their timeline from then on.
///
/// Whatever the timeline may do needs something kept beforehand: which message is in service when a link is cut, how much
/// work is left when a speed changes. A run that is *branchable* keeps it from its start, and has an event in the place of
/// the next instant of its timeline even where nothing is to come, so that events of the branch are told apart from others
/// of their instant as they would be had they been known at the start. So a branch from a kept state is bit for bit the run
/// that is carried out from zero, event by event.
extension RunState {
  /// Looks again when the timeline comes next.
  ///
  /// - Parameter time: up to which everything has happened.
  /// - Returns: whether it comes again.
  fileprivate mutating func branch(after time: VirtualTime) throws(RunMemoryFault) -> Bool {
    guard isBranchable else { throw RunMemoryFault("the run does not keep what branches need") }
    guard let next = timeline.next else { return false }
    guard next > time, let event = scheduler.replace(timelineEvent, with: .timeline, at: next) else {
      throw RunMemoryFault("it is not of a run that branches, or beyond the first change")
    }
    timelineEvent = event
    return true
  }
}

extension RunLoop where Strategy: ~Copyable {
  /// Goes on with another timeline than that of the run whose state it has taken up.
  ///
  /// - Parameter time: up to which everything has happened.
  mutating func branch(after time: VirtualTime) throws(RunMemoryFault) {
    // In the other run nobody could proceed any more, perhaps; here something is still to come.
    if try run.branch(after: time) { (ending, endTime) = (.until, nil) }
  }
}

extension SimulationSettings {
  /// Why a run with these settings cannot go on from the state of another one that has less in its timeline; nothing where
  /// it can.
  package func obstacleToBranching(from other: SimulationSettings) -> String? {
    if ties != .firstInFirstOut { return "Exact ties are taken at random." }
    if changesNetwork, !other.changesNetwork { return "Before it nobody kept account of a network that changes." }
    if timeline.replacements.count > other.timeline.replacements.count {
      return "What links do is settled before a run begins."
    }
    if timeline.foreseen > other.timeline.foreseen { return "Who joins is not there before." }
    return checkpointIntervals == other.checkpointIntervals ? nil : "Before it other checkpoints were written."
  }
}

extension [TimelineEntry] {
  /// How many entries a run has to know of from its start.
  fileprivate var foreseen: Int { count { $0.definition?.isKnownBefore == true } }
}
