// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Quantities

/// What the timeline does to links: it cuts them, one by one or between sides, and restores them.
extension RunLoop where Strategy: ~Copyable {
  mutating func perform(
    _ change: LinkChange, of selector: LinkSelector, _ direction: LinkSelector.Direction, by plan: Int,
    _ turn: ScriptedTurn
  ) {
    guard case .begin(let occurrence) = turn else { return restoreAll(by: plan) }
    let links = run.timeline.choose(selector, direction, for: plan, occurrence: occurrence)
    switch change {
    case .cut(let inFlight):
      for link in links { cut(link, by: plan, inFlight) }
    case .replace:
      // What they do then was known before the run began.
      break
    case .restore:
      let causes = run.timeline.plans.indices.filter { run.timeline.plans[$0].change.cutsChosenLinks }
      for link in links { for cause in causes { restore(link, by: cause) } }
    }
  }

  mutating func part(_ partition: PartitionSettings, by plan: Int, _ turn: ScriptedTurn) {
    guard case .begin = turn else { return restoreAll(by: plan) }
    for link in 0..<run.topology.linkCount where run.timeline.parts(LinkID(link), plan) {
      cut(LinkID(link), by: plan, partition.inFlight)
    }
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

  private mutating func restore(_ link: LinkID, by plan: Int) {
    guard run.timeline.release(link.index, by: plan), run.restore(link) else { return }
    cooperation.linkChanged(link, .restoration, &run)
  }
}
