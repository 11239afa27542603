// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Networks
import Quantities
import Randomness
import Records
import Schema
import Simulation
import Testing

private func part(
  _ arguments: Arguments, at seconds: Double, for length: Double? = nil, name: String? = nil
) -> TimelineEntry {
  TimelineEntry(
    at: [.after(.seconds(seconds))], for: length.map { .seconds($0) }, name: name, action: "partition", arguments)
}

private func heal(_ event: String? = nil, at seconds: Double) -> TimelineEntry {
  TimelineEntry(
    at: [.after(.seconds(seconds))], action: "heal",
    ["partitions": event.map { .record(["event": .text($0)]) } ?? .text("all")])
}

private func lists(_ sides: [[String]]) -> Arguments { ["groups": .list(sides.map { .names($0) })] }

/// The triangle a, b, c with the tail d: between {a, b} and {c, d} lie the edges ac and bc.
private let between = LinkSelector.pairs([["a", "c"], ["b", "c"]])

private func study(
  _ strategy: StrategySettings, _ timeline: [TimelineEntry], groups: AgentGroups? = nil
) throws -> Seen {
  var settings = try settings(paw, spread: 0.5, strategy: strategy, until: 40)
    .withEverything(unit: 1, bandwidth: 200, up: 20, down: 3)
  settings.timeline = timeline
  settings.conditions.groups = groups
  return try Seen(settings)
}

private func expectTheSame(_ one: Seen, _ other: Seen) {
  #expect(one.parameters == other.parameters)
  #expect(one.record.messages == other.record.messages)
  #expect(one.record.agents == other.record.agents)
}

/// A partition cuts the links between its sides, however these are said.
@Test(arguments: cases(timelineStrategies, atLeast: 12))
func aPartitionIsACutBetweenItsSides(strategy: StrategySettings) throws {
  let groups = AgentGroups.named(["x": ["a", "b"], "y": ["c"]])
  for arguments: Arguments in [
    lists([["a", "b"], ["c", "d"]]), lists([["b", "a"]]), ["by": .text("group")], ["bisect": .text("spectral")],
    ["groups": .entries([("east", .names(["d", "c"])), ("west", .names(["a", "b"]))])],
  ] {
    // By group c is a side for itself, as is d, which is in none.
    let links = arguments["by"] == nil ? between : .pairs([["a", "c"], ["b", "c"], ["c", "d"]])
    expectTheSame(
      try study(strategy, [cut(links, at: 10, for: 15)]),
      try study(strategy, [part(arguments, at: 10, for: 15)], groups: groups))
  }
  expectTheSame(
    try study(strategy, [cut(between, at: 10, for: 15)]),
    try study(strategy, [part(lists([["a", "b"]]), at: 10), heal(at: 25)]))
}

/// Partitions may overlap each other and cuts: each ends what it began.
@Test func partitionsAndCutsDoNotEndEachOther() throws {
  let sides = lists([["a", "b"]])
  let whole = try study(StrategySettings(), [part(sides, at: 10, for: 15)])
  for timeline in [
    [part(sides, at: 10, for: 8), part(sides, at: 12, for: 13)],
    [part(sides, at: 10, name: "one"), part(sides, at: 12, name: "two"), heal("one", at: 20), heal("two", at: 25)],
    [part(sides, at: 10), part(sides, at: 12), heal(at: 25)],
    [part(sides, at: 10, for: 15), cut(between, at: 11), restore(.all, at: 20)],
    [part(sides, at: 10), cut(between, at: 11, for: 14), heal(at: 20)],
  ] {
    expectTheSame(whole, try study(StrategySettings(), timeline))
  }
}

/// Four agents and four others, each of whom hears each, and one edge between them.
private let twoCliques = NetworkSettings(
  topology: .edgeList(
    agents: "abcdefgh".map { String($0) },
    edges: [.init("d", "e")]
      + ["abcd", "efgh"].flatMap { clique in
        clique.flatMap { first in clique.filter { $0 > first }.map { .init(String(first), String($0)) } }
      }))

/// While the sides are apart each keeps its own mean, and the mean of all is kept throughout; healed they agree again.
@Test(arguments: [
  StrategySettings(timing: .slotted), StrategySettings(timing: .synchronousGlobal),
  StrategySettings(timing: .synchronousLocal, missingNeighbour: .itself, peerTimeout: .seconds(2)),
])
func healedSidesAgreeAgain(strategy: StrategySettings) throws {
  var settings = settings(
    twoCliques, dimension: 1, stepSize: 0, strategy: strategy,
    until: 300)
  settings.learner.initial = InitialParameters.Choice.normal(standardDeviation: 1)
  settings.timeline = [part(["bisect": .text("spectral")], at: 1.5, for: 148)]
  let record = try Seen(settings).record
  let disagreement = try #require(record.series.first { $0.metric == "disagreement" }?.values)
  #expect(disagreement[148] > 1e-6)
  #expect(abs(disagreement[148] - disagreement[140]) < 1e-9 * disagreement[148])
  #expect(disagreement[300] < 1e-9 * disagreement[148], "\(disagreement[300])")
}

/// A fusion centre is on the first side, or where it is told to be.
@Test func aCentreIsOnOneSide() throws {
  func updates(_ arguments: Arguments) throws -> [UInt64] {
    var settings = controlSettings(
      strategy: StrategySettings(kind: .centralised, timing: .synchronousGlobal), until: 10.5)
    settings.timeline = [part(arguments, at: 2.2)]
    return try Seen(settings).record.agents.map(\.updates)
  }
  var sides = lists([["a", "b"], ["c", "d"]])
  let first = try updates(sides)
  #expect(first[0] == first[1] && first[2] == first[3] && first[0] > first[2])
  sides["centre-with"] = .text("d")
  let second = try updates(sides)
  #expect(second[0] == first[2] && second[2] == first[0])
  sides = ["groups": .entries([("west", .names(["a", "b"])), ("east", .names(["c"]))]), "centre-with": .text("east")]
  let third = try updates(sides)
  #expect(third[2] > third[0] && third[0] == third[3])
}

@Test func aSideOfSomebodyWhoIsNotThereIsRefused() throws {
  let error = #expect(throws: SimulationError.self) {
    try study(StrategySettings(), [part(lists([["a"], ["z"]]), at: 10)])
  }
  #expect(error?.description == "There is no agent 'z' that partition@10s could be about.")
}
