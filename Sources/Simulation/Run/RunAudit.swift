// SPDX-License-Identifier: GPL-3.0-or-later
import EventEngine
import Learners
import Quantities
import Records

/// What must hold at every moment of a run, whatever the scenario: only a fault of the program breaks it.
///
/// It hears what happens and counts for itself, and compares at every measurement with what the run says. Debug builds
/// audit every run, and release builds those that tests trace.
final class RunAudit {
  private var counts = Array(repeating: UInt64(0), count: Occurrence.Kind.allCases.count)
  private var bytes: UInt64 = 0
  private var latest = VirtualTime.zero
  private var isComputing: [Bool]
  /// The sums that the strategy conserves, as they were first; nothing where steps or losses change them.
  private var conserved: [Double]?
  private let conserves: Bool
  private let combinesByWeights: Bool

  init(_ settings: SimulationSettings, agents: Int) {
    isComputing = Array(repeating: false, count: agents)
    conserves =
      !settings.learning.adapts && !settings.losesMass && settings.conditions.links.duplication?.deliver != .twice
    combinesByWeights = settings.strategy.facts.combinesNeighbourhood
  }

  /// Whether every run is audited.
  static var isUsual: Bool {
    #if DEBUG
      true
    #else
      false
    #endif
  }

  // MARK: - What is heard

  func hear(_ occurrence: Occurrence) {
    precondition(occurrence.time >= latest, "Nothing happens before what has happened.")
    latest = occurrence.time
    counts[occurrence.kind.position] += 1
    bytes += UInt64(occurrence.bytes ?? 0)
    guard let agent = occurrence.agent?.index, agent < isComputing.count else { return }
    switch occurrence.kind {
    case .stepBegins:
      precondition(!isComputing[agent], "An agent runs one step at a time.")
      isComputing[agent] = true
    case .stepEnds, .stepDiscarded:
      precondition(isComputing[agent], "A step ends that has begun.")
      isComputing[agent] = false
    default: break
    }
  }

  private func count(_ kind: Occurrence.Kind) -> UInt64 { counts[kind.position] }

  // MARK: - What is compared

  /// - Parameters:
  ///   - conserved: the sums that the strategy conserves.
  ///   - hasEnded: whether what is still on its way has been told of.
  func check<Scalar>(_ run: borrowing RunState<Scalar>, conserved sums: [Double], hasEnded: Bool) {
    checkAccounts(hasEnded ? run.finalFates() : run.fates, acknowledgements: run.fates.acknowledgements)
    let fates = run.finalFates()
    precondition(fates.accounted == fates.sent, "What becomes of messages sums to those that were sent.")
    precondition(fates.losses.all == fates.lost, "The causes of losses sum to the messages lost.")
    precondition(
      run.departures == count(.starts) && run.departures == fates.started,
      "A message costs when it goes onto its link.")
    precondition(
      run.liveAgents == (0..<run.agentCount).count { run.agents[$0].isUp }, "Live agents are those that are up.")
    for rank in 0..<run.agentCount where run.agents[rank].isUp {
      precondition(run.present.has(NodeID(rank)), "Who is up is there.")
      precondition(run.agents[rank].isComputing == isComputing[rank], "An agent computes while its step is under way.")
      let spent = run.agents[rank].useful + run.downStates[rank].wasted + run.downStates[rank].down
      precondition(spent <= run.now.sinceStart, "No agent has spent more time than there was.")
    }
    checkWeights(run)
    checkHolders(run)
    checkSums(sums)
  }

  private func checkAccounts(_ fates: MessageFates, acknowledgements: UInt64) {
    let pairs: [(Occurrence.Kind, UInt64)] = [
      (.sent, fates.sent - fates.copies), (.copied, fates.copies), (.used, fates.used),
      (.replacedUnread, fates.replacedUnread),
      (.unreadAtEnd, fates.unreadAtEnd), (.overtaken, fates.overtaken), (.lost, fates.lost),
      (.superseded, fates.superseded), (.toDeadAgent, fates.toDeadAgent), (.late, fates.late),
      (.duplicate, fates.duplicate), (.inFlightAtEnd, fates.inFlightAtEnd), (.neverStarted, fates.neverStarted),
      (.acknowledgementStarts, acknowledgements),
    ]
    for (kind, expected) in pairs {
      precondition(count(kind) == expected, "What is counted as '\(kind.rawValue)' has been told of, once.")
    }
    precondition(bytes == fates.bytes, "The bytes of a run are those of what went onto links.")
  }

  private func checkWeights<Scalar>(_ run: borrowing RunState<Scalar>) {
    guard combinesByWeights else { return }
    if run.present.changes { return checkPresentWeights(run) }
    // They never change.
    guard count(.measured) <= 1 else { return }
    for rank in 0..<run.agentCount {
      let sum = run.topology.incoming(NodeID(rank)).reduce(run.topology.selfWeight(NodeID(rank))) {
        $0 + run.topology.weights[$1]
      }
      precondition(abs(sum - 1) < 1e-9, "The weights of a combination sum to one.")
    }
  }

  private func checkPresentWeights<Scalar>(_ run: borrowing RunState<Scalar>) {
    for rank in 0..<run.agentCount where run.present.isFresh(NodeID(rank)) {
      var sum = run.present.selfWeight(NodeID(rank))
      for link in run.topology.incoming(NodeID(rank)) where run.present.has(link) { sum += run.present.weight(link) }
      precondition(abs(sum - 1) < 1e-9, "The weights of a combination sum to one, of the present graph too.")
    }
    for link in 0..<run.topology.linkCount where !run.present.has(link) {
      precondition(run.mailboxes.newest(link) == nil, "What was heard over an absent link is forgotten.")
    }
  }

  /// Every estimate that is on its way or in a mailbox has at least as many holders.
  private func checkHolders<Scalar>(_ run: borrowing RunState<Scalar>) {
    var holders: [UInt32: UInt32] = [:]
    for position in run.mailboxes.positions(0..<run.topology.linkCount) where !run.mailboxes[position].isEmpty {
      holders[run.mailboxes[position].snapshot.slot, default: 0] += 1
    }
    for handle in 0..<UInt32(run.messages.highWater) {
      let message = run.messages[handle]
      if message.isOnItsWay, message.snapshot != .none { holders[message.snapshot.slot, default: 0] += 1 }
    }
    for (slot, count) in holders {
      precondition(run.snapshots.holders(of: slot) >= count, "Nobody gives up an estimate that others hold.")
    }
    precondition(run.snapshots.inUse >= holders.count, "Estimates that are held are in use.")
  }

  private func checkSums(_ sums: [Double]) {
    guard conserves, !sums.isEmpty else { return }
    guard let conserved else { return conserved = sums }
    let scale = conserved.reduce(1) { max($0, abs($1)) }
    for (first, present) in zip(conserved, sums) {
      precondition(abs(first - present) <= 1e-9 * scale, "Push-sum conserves the sum and the mass.")
    }
  }
}

extension Occurrence.Kind {
  /// Its position among all.
  fileprivate var position: Int { Self.positions[self] ?? 0 }

  private static let positions = Dictionary(uniqueKeysWithValues: zip(allCases, 0...))
}

/// Those who hear what happens in a run.
final class Listeners {
  private(set) var observer: RunObserver?
  private(set) var audit: RunAudit?
  /// The events of a run that tests trace.
  private(set) var events: [TracedEvent] = []

  init(_ run: PreparedRun) {
    // What has happened before a run was stopped is not told again.
    let isWhole = run.span?.start == nil
    if run.isTraced || RunAudit.isUsual, isWhole { audit = RunAudit(run.settings, agents: run.world.agentCount) }
    guard audit != nil || run.observer != nil || run.isTraced else { return }
    let heard = run.observer
    guard audit != nil || run.isTraced else {
      observer = heard
      return
    }
    observer = RunObserver(
      began: run.isTraced ? { [unowned self] event, time in note(event, time) } : nil,
      causes: heard?.causes ?? CauseNames(),
      { [audit] occurrence in
        audit?.hear(occurrence)
        heard?.tell(occurrence)
      })
  }

  private func note(_ event: Event, _ time: VirtualTime) {
    events.append(TracedEvent(time: time, kind: event.kind, tag: event.tag, subject: event.subject))
  }
}
