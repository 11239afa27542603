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

private let alone = StrategySettings(kind: .nonCooperative)
private let two = NetworkSettings(topology: .edgeList(agents: ["a", "b"], edges: [.init("a", "b")]))

/// Agents a and b, which crash by these causes; steps of one second.
private func study(
  _ causes: [FailureSettings.Cause], _ strategy: StrategySettings = alone, until: Double
) -> SimulationSettings {
  settings(two, spread: 0.5, strategy: strategy, failures: FailureSettings(causes), until: until)
}

private func cause(
  _ agent: String, up: Double, down: Double, _ recovery: FailureSettings.Recovery = .keep, every: Double? = nil
) -> FailureSettings.Cause {
  .init(
    up: .constant(up), down: .constant(down), onRecovery: recovery, checkpointEvery: every.map { .seconds($0) },
    agents: [agent])
}

/// When agents crash and recover, as observers hear it.
private func changes(_ settings: SimulationSettings) throws -> [String] {
  final class Ear { var heard: [String] = [] }
  let ear = Ear()
  let world = try World(settings, replication: 0)
  _ = try simulate(
    settings, in: world,
    observer: RunObserver { occurrence in
      guard occurrence.kind == .crashes || occurrence.kind == .recovers, let agent = occurrence.agent else { return }
      ear.heard.append("\(occurrence.kind.rawValue) \(world.network.names[agent.index]) \(occurrence.time.seconds)")
    })
  return ear.heard
}

/// Down from 3 to 7 by one cause and from 5 to 9 by the other: once, from 3 to 9.
@Test func outagesThatOverlapAreOne() throws {
  let settings = study([cause("a", up: 3, down: 4), cause("a", up: 5, down: 4)], until: 9.75)
  #expect(try changes(settings) == ["crashes a 3.0", "recovers a 9.0"])
  let account = try Seen(settings).record.agents[0]
  #expect(account.down == 6 && account.updates == 2)
}

/// Agent a loses attempt 2 at 3 s, and begins again at 9 s: the outages share what they leave, and the most forgetful of
/// them decides.
@Test(arguments: FailureSettings.Recovery.allCases, FailureSettings.Recovery.allCases)
func theMostForgetfulCauseDecides(one: FailureSettings.Recovery, other: FailureSettings.Recovery) throws {
  let both = study(
    [cause("a", up: 3.5, down: 4, one, every: 2), cause("a", up: 5, down: 4, other, every: 2)], until: 9.75)
  let worst = one.forgetfulness < other.forgetfulness ? other : one
  let single = study([cause("a", up: 3.5, down: 5.5, worst, every: 2)], until: 9.75)
  let (seen, expected) = (try Seen(both), try Seen(single))
  #expect(seen.parameters == expected.parameters)
  #expect(seen.record.agents == expected.record.agents)
}

/// Causes of other agents, and further ones of the same, leave everybody's data as they are: agent b does not notice.
@Test func aCauseDisturbsNobodyElse() throws {
  let plain = try Seen(study([cause("a", up: 3.5, down: 2)], until: 20))
  let more = try Seen(
    study([cause("a", up: 3.5, down: 2), cause("a", up: 1.25, down: 1, .reset)], until: 20))
  #expect(plain.parameters[3..<6] == more.parameters[3..<6])
  #expect(plain.parameters[0..<3] != more.parameters[0..<3])
}

/// Written down at 2 s by one interval, at 3 s by another, each before the step that ends then; the outages from 3.5 s and
/// from 4 s end together. The older of the two is the more forgetful.
@Test func ofTwoCheckpointsTheOlderCounts() throws {
  for causes in [
    [cause("a", up: 3.5, down: 2, .checkpoint, every: 2), cause("a", up: 4, down: 1.5, .checkpoint, every: 3)],
    [cause("a", up: 3.5, down: 2, .checkpoint, every: 3), cause("a", up: 4, down: 1.5, .checkpoint, every: 2)],
  ] {
    let settings = study(causes, until: 5.75)
    let plain = PlainLearning(world: try World(settings, replication: 0), seed: settings.seed)
    let expected = plain.adapted([0, 0, 0], agent: 0, attempts: [0])
    #expect(Array(try Seen(settings).parameters[0..<3]) == expected)
  }
}

/// Who is down at a checkpoint is not written down: down from 1.5 to 2.5 s, and again from 4 s, before which the checkpoint
/// of 4 s was written. The multiples of 2 s at which it was up are 0 and 4.
@Test func aCheckpointIsOfThoseWhoAreUp() throws {
  var settings = study([cause("a", up: 1.5, down: 1, .checkpoint, every: 2)], until: 5.25)
  let plain = PlainLearning(world: try World(settings, replication: 0), seed: settings.seed)
  // Attempt 1 is lost at 1.5 s; what attempt 0 made is forgotten at 2.5 s. Attempt 2 ends at 3.5, attempt 3 is lost at 4 s,
  // attempt 4 from 5 s on is under way.
  let expected = plain.adapted([0, 0, 0], agent: 0, attempts: [2])
  #expect(Array(try Seen(settings).parameters[0..<3]) == expected)
  // Also where the timeline takes it down.
  settings.conditions.failures = nil
  settings.timeline = [
    TimelineEntry(
      at: [.after(.seconds(1.5)), .after(.seconds(4))], for: .seconds(1), action: "crash",
      [
        "agents": .names(["a"]), "on-recovery": .text("checkpoint"), "checkpoint-every": .duration(.seconds(2)),
      ])
  ]
  #expect(Array(try Seen(settings).parameters[0..<3]) == expected)
}

/// Agents of a group go down and come up together, but for who is held down by something else.
@Test func groupsGoDownTogether() throws {
  let rack = FailureSettings.Cause(
    .groups, ["up": .special(Distribution.constant(3)), "down": .special(Distribution.constant(4))])
  var settings = study([rack, cause("b", up: 6, down: 2)], until: 9.75)
  settings.conditions.groups = .named(["rack": ["a", "b"]])
  #expect(
    try changes(settings) == ["crashes a 3.0", "crashes b 3.0", "recovers a 7.0", "recovers b 8.0"])
}

/// Who is down from the start begins when it comes up.
@Test(arguments: everyStrategy) func anAgentMayBeDownFromTheStart(strategy: StrategySettings) throws {
  var use = TraceTable.Use()
  use.file = "phones.csv"
  let table = TraceTable(
    use, subjects: [["a"]], lines: [2],
    rows: [.init(subject: 0, nanoseconds: 0, value: 0), .init(subject: 0, nanoseconds: 4_000_000_000, value: 1)])
  let settings = study([.init(.trace, ["trace": .special(table)])], strategy, until: 30)
  #expect(try changes(settings) == ["crashes a 0.0", "recovers a 4.0"])
  let account = try Seen(settings).record.agents[0]
  #expect(account.down == 4 && account.updates > 0)
}
