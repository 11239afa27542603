// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Networks
import Quantities
import Simulation
import Testing

private let clock = ClockSettings(
  betweenAgents: .lognormal(median: 1, sigma: 0.3), withinAgent: .exponential(mean: 1),
  startPhase: .exponential(mean: 1))

/// Every strategy in every timing, on agents whose steps have one phase.
private let inOnePhase: [StrategySettings] =
  [StrategySettings.Kind.diffusionATC, .diffusionCTA, .consensus].flatMap { kind in
    StrategySettings.Timing.allCases.map { StrategySettings(kind: kind, timing: $0) }
      + [StrategySettings.Exchange.pull, .link].map {
        StrategySettings(kind: kind, exchange: $0, linkInterval: .exponential(mean: 1))
      } + [
        StrategySettings(
          kind: kind, timing: .slotted,
          slots: SlotSettings(activity: .sleep, activeProbability: .law(.constant(0.6)), gradientDelay: 2))
      ]
  }
  + GossipSettings.Exchange.allCases.flatMap { exchange in
    GossipSettings.Order.allCases.map {
      StrategySettings(kind: .gossip, clock: clock, gossip: GossipSettings(exchange: exchange, order: $0))
    }
  }
  + [false, true].flatMap { running in
    [StrategySettings.Timing.asynchronous, .slotted].map {
      StrategySettings(kind: .pushSum, timing: $0, clock: clock, pushSum: PushSumSettings(runningSums: running))
    }
  } + [
    StrategySettings(kind: .centralised, timing: .synchronousGlobal, upload: .gradients),
    StrategySettings(kind: .nonCooperative),
  ]

/// Every strategy and timing that goes in phases.
private let inPhases: [StrategySettings] =
  [StrategySettings.Kind.diffusionATC, .consensus].flatMap { kind in
    [StrategySettings.Timing.asynchronous, .synchronousGlobal, .synchronousLocal].map {
      StrategySettings(kind: kind, timing: $0)
    } + [
      StrategySettings(
        kind: kind, timing: .synchronousLocal, missingNeighbour: .lastHeard, peerTimeout: .seconds(2))
    ]
  } + [StrategySettings(kind: .nonCooperative)]

private let recoveries: [FailureSettings.Recovery] = [.keep, .reset, .neighbour]

/// Settings in which everything goes wrong, and agents have forgotten so much after a crash.
private func study(_ strategy: StrategySettings, _ recovery: FailureSettings.Recovery) throws -> SimulationSettings {
  var settings = try settings(paw, strategy: strategy, until: 60)
    .withEverything(unit: 1, bandwidth: 200, up: 20, down: 5)
  settings.conditions.failures?.onRecovery = recovery
  return settings
}

/// What agents have for themselves is what their own steps made of it, each of them once and none that a crash took,
/// whatever is said on the network; so is the environment that lives on, and the buffer.
@Test(arguments: inOnePhase.map { ($0, StepLayout.personal) } + inPhases.map { ($0, StepLayout.personalInPhases) })
func whatAgentsHaveForThemselvesIsTheirOwnDoing(strategy: StrategySettings, layout: StepLayout) throws {
  for recovery in recoveries where strategy.kind != .pushSum || recovery == .keep {
    let run = try PersonalRun(study(strategy, recovery), layout)
    for agent in 0..<4 {
      let expected = try run.expected(agent)
      #expect(run.own(agent) == expected.own)
      #expect(run.watch.memories[agent] == expected.memory)
    }
    #expect(run.watch.happenings.reduce(0) { $0 + $1.count } > 30)
    #expect(run.seen.record.messages.accounted == run.seen.record.messages.sent)
    #expect(run.seen.parameters.allSatisfy(\.isFinite))
    let crashed = run.seen.record.agents.contains { $0.down > 0 }
    #expect(crashed)
  }
}

/// Agents that start alike in what they share, and do not change it, stay alike to the last bit, though each has numbers of
/// its own: none of these is ever sent. A vector has no room for them.
@Test(arguments: inOnePhase.map { ($0, StepLayout.personal) } + inPhases.map { ($0, StepLayout.personalInPhases) })
func whatIsAnAgentsOwnIsNeverSent(strategy: StrategySettings, layout: StepLayout) throws {
  let run = try PersonalRun(study(strategy, .keep), layout, sharedRate: 0)
  for agent in 0..<4 {
    #expect(run.shared(agent).allSatisfy { abs($0 - 0.1) <= (strategy.kind == .pushSum ? 1e-12 : 0) })
    #expect(run.own(agent).allSatisfy { $0 != 0.1 })
  }
  let beside = [.pushSum, .centralised].contains(strategy.kind) ? 1 : 0
  #expect(run.seen.trace.memory.numbersPerVector == layout.sharedCount + beside)
}

/// A message is as long as the shared parameters of its phase, and each is sent once over every link.
@Test(arguments: inPhases.filter { $0.kind != .nonCooperative && $0.timing == .asynchronous })
func messagesAreAsLongAsWhatIsSharedInTheirPhase(strategy: StrategySettings) throws {
  var settings = settings(paw, strategy: strategy, until: 40.5)
  settings.conditions.compute.betweenAgents = .lognormal(median: 1, sigma: 0.5)
  settings.conditions.links.overhead = ByteCount(7)
  let layout = StepLayout.personalInPhases
  let run = try PersonalRun(settings, layout)
  let world = try World(settings, replication: 0)
  var bytes: UInt64 = 0
  for agent in 0..<4 {
    let links = UInt64(world.network.outgoing(NodeID(agent)).count)
    for case .ended(_, let phase) in run.watch.happenings[agent] {
      bytes += links * UInt64(8 * layout.phases[phase].shared.count + 7)
    }
  }
  #expect(run.seen.record.messages.bytes == bytes)
  #expect(bytes > 10_000)
}

/// Steps whose phases nobody could combine one after the other are refused.
@Test(arguments: inOnePhase.filter { !$0.goesInPhases })
func phasesAreRefusedWhereNothingFollowsThem(strategy: StrategySettings) throws {
  let settings = try study(strategy, .keep)
  #expect(throws: SimulationError.self) { try PersonalRun(settings, .personalInPhases) }
}
