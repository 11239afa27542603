// SPDX-License-Identifier: GPL-3.0-or-later
import Simulation

extension ScenarioReader {
  /// Refuses an event that is about the fusion centre where no arm has one; where some have, the others pass it by.
  func checkCentre(of arms: [Scenario.Arm]) throws(ScenarioError) {
    guard !arms.contains(where: { $0.settings.strategy.facts.hasCentre }) else { return }
    for arm in arms {
      for (index, entry) in arm.settings.timeline.enumerated() {
        guard entry.change?.isAboutCentre == true else { continue }
        var place = root.place(of: "timeline")
        if case .list(let items) = root.entry("timeline")?.value.content, items.indices.contains(index) {
          place = items[index].place(of: entry.action)
        }
        throw ScenarioError("no arm has a fusion centre to \(entry.action)", at: place)
      }
    }
  }
}
