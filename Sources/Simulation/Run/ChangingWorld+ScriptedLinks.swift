// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Quantities

/// What the timeline does to links: it cuts them, one by one or between sides, and restores them.
extension ChangingWorld {
  mutating func perform(
    _ change: LinkChange, of selector: LinkSelector, _ direction: LinkSelector.Direction, by plan: Int,
    _ turn: ScriptedTurn
  ) {
    guard case .begin(let occurrence) = turn else { return undo(change, by: plan) }
    let links = run.timeline.choose(selector, direction, for: plan, occurrence: occurrence, among: presentAgents)
    switch change {
    case .cut(let inFlight, false):
      for link in links { cut(link, by: plan, inFlight) }
    case .cut(_, true):
      takeOut(links, by: plan)
    case .replace:
      // What they do then was known before the run began.
      for link in links { run.tell(.changes, on: link) }
    case .restore:
      let causes = run.timeline.plans.indices.filter { run.timeline.plans[$0].change.cutsChosenLinks }
      for link in links { for cause in causes { restore(link, by: cause) } }
    }
  }

  private mutating func undo(_ change: LinkChange, by plan: Int) {
    restoreAll(by: plan)
    guard case .replace = change else { return }
    for link in 0..<run.topology.linkCount where run.timeline.hasChosen(link, plan) {
      run.tell(.changesBack, on: LinkID(link))
    }
  }

  mutating func part(_ partition: PartitionSettings, by plan: Int, _ turn: ScriptedTurn) {
    guard case .begin = turn else { return restoreAll(by: plan) }
    let sides = run.present.changes ? presentSides(of: partition, plan) : nil
    let parted = (0..<run.topology.linkCount).map { LinkID($0) }.filter { link in
      guard let sides else { return run.timeline.parts(link, plan) }
      return sides[run.topology.senders[link.index].index] != sides[run.topology.receivers[link.index].index]
    }
    if partition.isKnown { return takeOut(parted, by: plan) }
    for link in parted { cut(link, by: plan, partition.inFlight) }
  }

  /// On which side each node is; halves are of the present graph.
  private func presentSides(of partition: PartitionSettings, _ plan: Int) -> [Int] {
    let hasLink = (0..<run.topology.linkCount).map { run.present.has($0) }
    return run.timeline.sides(of: partition, plan, present: run.present.members, hasLink: hasLink)
  }

  mutating func heal(event: String?) {
    for plan in run.timeline.plans.indices {
      guard case .partition = run.timeline.plans[plan].change else { continue }
      if event == nil || run.timeline.plans[plan].name == event { restoreAll(by: plan) }
    }
  }

  private mutating func restoreAll(by plan: Int) {
    for link in 0..<run.topology.linkCount { restore(LinkID(link), by: plan) }
  }

  private mutating func cut(_ link: LinkID, by plan: Int, _ inFlight: InFlight) {
    guard run.timeline.hold(link.index, by: plan) else { return }
    if run.cut(link, losesTravelling: inFlight == .lost) { cooperation.linkChanged(link, .cut, &run) }
  }

  /// Lets a known cause cut links: they leave the present graph.
  private mutating func takeOut(_ links: [LinkID], by plan: Int) {
    remove(links.filter { run.timeline.hold($0.index, by: plan) })
  }

  private mutating func restore(_ link: LinkID, by plan: Int) {
    guard run.timeline.release(link.index, by: plan) else { return }
    if run.timeline.plans[plan].change.isKnownCut { return insert([link]) }
    guard run.restore(link) else { return }
    cooperation.linkChanged(link, .restoration, &run)
  }
}
