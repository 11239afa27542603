// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
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
    "{at: 1 s, crash: {share: 30 %}}",
    TimelineEntry(
      at: [.after(.seconds(1))], action: "crash", Arguments(["agents": .record(["share": .number(0.3)])]))
  ),
  (
    "{at: 1 s, crash: {highest-degree: 2, on-recovery: keep}}",
    TimelineEntry(
      at: [.after(.seconds(1))], action: "crash",
      Arguments(["agents": .record(["highest-degree": .count(2)]), "on-recovery": .text("keep")]))
  ),
  (
    "{at: 1 s, crash: {agents: {highest-degree: 25 %}}}",
    TimelineEntry(
      at: [.after(.seconds(1))], action: "crash", Arguments(["agents": .record(["highest-degree": .number(0.25)])]))
  ),
  (
    "{at: 2 s, recover: {event: storm}}",
    TimelineEntry(
      at: [.after(.seconds(2))], action: "recover", Arguments(["agents": .record(["event": .text("storm")])]))
  ),
  (
    "{at: 1 s, cut: [[agent-0, agent-1]]}",
    TimelineEntry(
      at: [.after(.seconds(1))], action: "cut", Arguments(["links": .list([.names(["agent-0", "agent-1"])])]))
  ),
  (
    "{at: 1 s, cut: {of: {count: 1}, direction: forward, in-flight: arrive}}",
    TimelineEntry(
      at: [.after(.seconds(1))], action: "cut",
      Arguments([
        "links": .record(["of": .record(["count": .count(1)])]), "direction": .text("forward"),
        "in-flight": .text("arrive"),
      ]))
  ),
  (
    "{at: 1 s, restore: {share: 20 %}}",
    TimelineEntry(
      at: [.after(.seconds(1))], action: "restore", Arguments(["links": .record(["share": .number(0.2)])]))
  ),
  (
    "{at: 1 s, name: split, partition: {groups: {west: [agent-1], east: [agent-0]}, centre-with: east}}",
    TimelineEntry(
      at: [.after(.seconds(1))], name: "split", action: "partition",
      Arguments([
        "groups": .entries([("west", .names(["agent-1"])), ("east", .names(["agent-0"]))]),
        "centre-with": .text("east"),
      ]))
  ),
  (
    "{at: 1 s, partition: [[agent-1], [agent-0]]}",
    TimelineEntry(
      at: [.after(.seconds(1))], action: "partition",
      Arguments(["groups": .list([.names(["agent-1"]), .names(["agent-0"])])]))
  ),
  (
    "{at: 1 s, for: 1 s, partition: {bisect: spectral}}",
    TimelineEntry(
      at: [.after(.seconds(1))], for: .seconds(1), action: "partition", Arguments(["bisect": .text("spectral")]))
  ),
  (
    "{at: 1 s, heal: all}",
    TimelineEntry(at: [.after(.seconds(1))], action: "heal", Arguments(["partitions": .text("all")]))
  ),
  (
    "{at: 0 s, recover: {agents: all}}",
    TimelineEntry(at: [.after(.zero)], action: "recover", Arguments(["agents": .text("all")]))
  ),
]

@Test(arguments: entries.indices) func anEntrySaysWhatIsWritten(_ index: Int) throws {
  let (text, entry) = entries[index]
  // What an entry may be about, and at the same time what comes before it.
  let storm = text.contains("event: storm") ? "{at: 1 s, name: storm, crash: [agent-0]}, " : ""
  let read = try scenario(ValidScenarios.small + "timeline: [\(storm)\(text)]\n")
  #expect(read.arms[0].settings.timeline.last == entry)
  #expect(read.arms[0].settings.timeline.count == (storm.isEmpty ? 1 : 2))
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

/// Groups of agents, as they are written; what is shown reads as the same.
@Test func groupsAreListsOfAgentsOrOfOneSize() throws {
  for (text, groups) in [
    (
      "{rack-10: [agent-1], rack-2: [agent-0, agent-1]}",
      AgentGroups.named(["rack-10": ["agent-1"], "rack-2": ["agent-0", "agent-1"]])
    ),
    ("{size: 2}", .size(2)), ("{size: [agent-0]}", .named(["size": ["agent-0"]])),
  ] {
    let read = try scenario(ValidScenarios.small + "conditions: {groups: \(text)}\n")
    #expect(read.arms[0].settings.conditions.groups == groups)
    #expect(try scenario(read.resolvedText()) == read)
  }
}

/// Events without a name are called by what they do first and when; of equal ones the later ones are numbered.
@Test func eventsOfOneNameAreNumbered() throws {
  let timeline = [
    "{at: 4 s, crash: all}", "{at: [4 s, 5 s], crash: all}", "{at: 50 %, recover: all}",
    "{at: 4 s, name: crash@4s#2, crash: all}", "{at: 4 s, crash: all}",
  ]
  let settings = try scenario(ValidScenarios.small + "timeline: [\(timeline.joined(separator: ", "))]\n").arms[0]
    .settings
  let until = settings.measurement.until
  #expect(
    settings.timeline.names(in: until) == [
      "crash@4s", "crash@4s#3", "recover@\(plainNumber(until.seconds / 2))s", "crash@4s#2", "crash@4s#4",
    ])
}
