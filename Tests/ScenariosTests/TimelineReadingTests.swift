// SPDX-License-Identifier: GPL-3.0-or-later
import DamagedScenarios
import Quantities
import Scenarios
import Schema
import Simulation
import Testing

/// Every way to write an entry, and what it says; what is shown reads as the same.
private let entries: [(text: String, entry: TimelineEntry)] = [
  (
    "{at: 1 s, crash: all}",
    TimelineEntry(at: [.after(.seconds(1))], action: "crash", Arguments(["agents": .text("all")]))
  ),
  (
    "{at: 250 ms, for: 2 s, crash: [agent-1, agent-0]}",
    TimelineEntry(
      at: [.after(.seconds(0.25))], for: .seconds(2), action: "crash",
      Arguments(["agents": .names(["agent-1", "agent-0"])]))
  ),
  (
    "{at: [1 s, 50 %], every: 4 s, times: 2, for: 1 s, name: storm, crash: {agents: [agent-1], on-recovery: reset}}",
    TimelineEntry(
      at: [.after(.seconds(1)), .share(0.5)], every: .seconds(4), times: 2, for: .seconds(1), name: "storm",
      action: "crash", Arguments(["agents": .names(["agent-1"]), "on-recovery": .text("reset")]))
  ),
  (
    "{at: 0 s, recover: {agents: all}}",
    TimelineEntry(at: [.after(.zero)], action: "recover", Arguments(["agents": .text("all")]))
  ),
]

@Test(arguments: entries.indices) func anEntrySaysWhatIsWritten(_ index: Int) throws {
  let (text, entry) = entries[index]
  let read = try scenario(ValidScenarios.small + "timeline: [\(text)]\n")
  #expect(read.arms[0].settings.timeline == [entry])
  #expect(try scenario(read.resolvedText()) == read)
}

/// A timeline is one value: an arm replaces the whole of it.
@Test func anArmHasATimelineOfItsOwn() throws {
  let read = try scenario(
    ValidScenarios.small
      + "timeline: [\(entries[0].text)]\narms: {plain: {timeline: []}, both: {}, other: {timeline: [\(entries[3].text)]}}\n"
  )
  #expect(read.arms.map(\.settings.timeline) == [[], [entries[0].entry], [entries[3].entry]])
}

/// A scenario that says nothing of a timeline shows none.
@Test func noTimelineIsShownWhereThereIsNone() throws {
  #expect(try !scenario(ValidScenarios.small).resolvedText().contains("timeline"))
}
