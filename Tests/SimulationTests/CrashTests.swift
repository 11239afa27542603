// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Networks
import Quantities
import Records
import Simulation
import Testing

/// Agents a and b with one edge; steps of one second.
let pair = NetworkSettings(topology: .edgeList(agents: ["a", "b"], edges: [.init("a", "b")]))

/// Only agent a crashes, after so many seconds up each time.
private func crashing(
  _ strategy: StrategySettings, up: Double, down: Double, _ recovery: FailureSettings.Recovery = .keep, until: Double,
  dimension: Int = 3
) -> SimulationSettings {
  settings(
    pair, dimension: dimension, spread: 0.5, strategy: strategy,
    failures: FailureSettings(
      up: .constant(up), down: .constant(down), onRecovery: recovery, checkpointEvery: .seconds(2), agents: ["a"]),
    until: until)
}

private let alone = StrategySettings(kind: .nonCooperative)

/// Agent a completes attempts 0 and 1, loses attempt 2 half way, and goes on with 3 and 4 ten seconds later.
@Test func aCrashDiscardsTheStepUnderWayAndItsDataAreNeverUsed() throws {
  let settings = crashing(alone, up: 2.5, down: 10, until: 14.75)
  let plain = PlainLearning(world: try World(settings, replication: 0), seed: settings.seed)
  let seen = try Seen(settings)
  #expect(Array(seen.parameters[0..<3]) == plain.adapted([0, 0, 0], agent: 0, attempts: [0, 1, 3, 4]))
  #expect(Array(seen.parameters[3..<6]) == plain.adapted([0, 0, 0], agent: 1, attempts: Array(0..<14)))
  let account = seen.record.agents[0]
  #expect(account.updates == 4)
  #expect(account.useful == 4 && account.wasted == 0.5 && account.down == 10 && account.unfinished == 0.25)
}

/// The crash comes first in its instant, so the step that would end then is lost.
@Test func aCrashAtTheEndOfAStepComesFirst() throws {
  let record = try Seen(crashing(alone, up: 4, down: 1, until: 5.5)).record
  #expect(record.agents[0].updates == 3)
  #expect(record.agents[0].wasted == 1)
}

@Test(arguments: FailureSettings.Recovery.allCases)
func aRecoveredAgentKnowsWhatTheScenarioLetsItKnow(recovery: FailureSettings.Recovery) throws {
  var settings = crashing(alone, up: 3.5, down: 2, recovery, until: 5.75)
  settings.learner.initial = .normal(standardDeviation: 1)
  let world = try World(settings, replication: 0)
  let plain = PlainLearning(world: world, seed: settings.seed)
  let learner = LeastMeanSquares(
    try #require(world.regression), initial: settings.learner.initial, agents: world.network.keys, seed: settings.seed,
    replication: 0)
  var initial = [Double](repeating: 0, count: 6)
  learner.initialise(NodeID(0), into: &initial)
  initial.withUnsafeMutableBufferPointer { learner.initialise(NodeID(1), into: $0.baseAddress! + 3) }
  let (own, other) = (Array(initial[0..<3]), Array(initial[3..<6]))
  let expected =
    switch recovery {
    case .keep: plain.adapted(own, agent: 0, attempts: [0, 1, 2])
    // At 2 s before the step that ended then.
    case .checkpoint: plain.adapted(own, agent: 0, attempts: [0])
    case .reset: own
    case .neighbour: plain.adapted(other, agent: 1, attempts: [0, 1, 2, 3, 4])
    }
  let seen = try Seen(settings)
  #expect(Array(seen.parameters[0..<3]) == expected)
  #expect(seen.record.messages.recoveryBytes == (recovery == .neighbour ? 24 : 0))
}

@Test func withoutALiveNeighbourARecoveredAgentStartsFromItsInitialParameters() throws {
  var settings = crashing(alone, up: 3.5, down: 2, .neighbour, until: 5.75)
  settings.conditions.failures?.causes[0].agents = .all
  settings.learner.initial = .constant(0.75)
  // Both crash at 3.5 and recover at 5.5: for the first of them nobody lives, for the second the first does.
  #expect(try Seen(settings).parameters == [Double](repeating: 0.75, count: 6))
}

/// Agent b takes 3 s a step and sends at 3, 6, …; a combines it at 3, crashes at 3.5, recovers at 4 and ends its step
/// at 5. Only with a kept mailbox does it still know what b said. Agent b combines once, at 3.
@Test(arguments: FailureSettings.Recovery.allCases)
func onlyAKeptMailboxSurvivesACrash(recovery: FailureSettings.Recovery) throws {
  var settings = crashing(StrategySettings(), up: 3.5, down: 0.5, recovery, until: 5.25)
  settings.conditions.compute.stragglers = [.init(choice: .named(["b"]), slowdown: 3)]
  let record = try Seen(settings).record
  #expect(record.staleness.count == (recovery == .keep ? 3 : 2))
}

/// Messages of b travel for a second and reach a at 2, 3, 4, 5. Agent a is down from 4 to 5: failures and recoveries
/// come first in their instant, so the message at 4 is lost on it and the one at 5 is not.
@Test func theOrderOfClassesDecidesBetweenACrashAndAnArrivalOfOneInstant() throws {
  var settings = crashing(StrategySettings(), up: 4, down: 1, until: 5.5)
  settings.conditions.links.latency = .law(.constant(1))
  let record = try Seen(settings).record
  #expect(record.messages.toDeadAgent == 1)
  // 2 and 3 were read at once, 5 is unread; b has read those of a that arrived at 2, 3 and 4.
  #expect(record.messages.unreadAtEnd == 1)
  #expect(record.messages.used == 2 + 3)
}

/// Service takes 2.5 s, travel 1 s. Agent a sends at 1, 2, 3 and crashes at 3.2: the first message is on its way and
/// arrives at 4.5, the second was replaced by the third, and the third never left.
@Test func aMessageInFlightSurvivesItsSendersCrashAndAWaitingOneDoesNot() throws {
  var settings = crashing(StrategySettings(), up: 3.2, down: 100, until: 20, dimension: 1)
  settings.conditions.links = LinkSettings(
    latency: .law(.constant(1)), bandwidth: .rate(Bandwidth(bytes: 8, per: .seconds(2.5))))
  let seen = try Seen(settings)
  #expect(seen.arrivals(at: 1) == [4.5])
  #expect(seen.record.messages.losses.senderCrashed == 1 && seen.record.messages.losses.waiting == 1)
  // The last of b waits when the run ends.
  #expect(seen.record.messages.neverStarted == 1)
}

/// In line the second message of a starts at 3.5, the instant of the crash: it has started. The third is dropped. The
/// link is busy until 6, so what a sends at 5, after its recovery at 4, starts then.
@Test func aLinkStaysBusyWithWhatWasInServiceWhenItsSenderCrashed() throws {
  var settings = crashing(StrategySettings(), up: 3.5, down: 0.5, until: 10, dimension: 1)
  settings.conditions.links = LinkSettings(
    latency: .law(.constant(1)), bandwidth: .rate(Bandwidth(bytes: 8, per: .seconds(2.5))), queue: .fifo)
  let seen = try Seen(settings)
  #expect(seen.arrivals(at: 1) == [4.5, 7, 9.5])
}

extension Seen {
  /// When messages reached an agent.
  func arrivals(at agent: Int) -> [Double] {
    events.filter { $0.kind == .arrival && $0.tag == 0 && $0.subject == UInt32(agent) }.map(\.time.seconds)
  }
}
